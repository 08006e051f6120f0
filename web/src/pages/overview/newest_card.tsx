import type { ReactNode } from "react";
import type { RecentActivity } from "@paceline/sdk";
import { useFormat } from "../../format/use_format.ts";
import { ActivityLink } from "../../parts/activity_link.tsx";
import { Card } from "../../parts/card.tsx";
import { Icon, toSportIcon } from "../../parts/icon.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { PageLink } from "../../parts/page_link.tsx";

/** The newest activities. */
export function NewestCard(
  { activities }: { activities: readonly RecentActivity[] },
): ReactNode {
  const { overview: texts } = useTexts();
  const format = useFormat();
  return (
    <Card title={texts.newest} to="/activities">
      <ul className="rows">
        {activities.map((activity) => (
          <li key={activity.id}>
            <span className="activity-name">
              <Icon name={toSportIcon(activity.type)} />
              <span>
                <ActivityLink id={activity.id} className="row-link">
                  {activity.name}
                </ActivityLink>
                <span className="soft">
                  {format.moment(activity.start_date)}
                </span>
              </span>
            </span>
            <span className="right">
              <span className="number">
                {format.distance(activity.distance)}
              </span>
              <span className="soft">{format.clock(activity.moving_time)}</span>
            </span>
          </li>
        ))}
      </ul>
      <p>
        <PageLink to="/activities">{texts.all}</PageLink>
      </p>
    </Card>
  );
}
