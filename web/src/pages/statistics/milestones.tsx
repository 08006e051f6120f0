import type { Milestones as MilestonesOf } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useFormat } from "../../format/use_format.ts";
import { ActivityLink } from "../../parts/activity_link.tsx";
import { Answer } from "../../parts/answer.tsx";
import { Card } from "../../parts/card.tsx";
import { ProgressBar } from "../../parts/progress_bar.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { useStatisticsSearch } from "./use_search.ts";

/** Round numbers: the next one of each sum, and the activities that reached the others. */
export function Milestones(): ReactNode {
  const { metrics } = useTexts();
  const { distanceUnit } = useFormat();
  const { search: { sport } } = useStatisticsSearch();
  const milestones = useQuery({
    ...useApi().stats.milestones.queryOptions({ sport }),
    placeholderData: keepPreviousData,
  });
  return (
    <Answer request={milestones} height={480}>
      {({ data }) => (
        <div className="cards">
          <MilestoneCard
            title={metrics.distance}
            unit={distanceUnit}
            milestones={data[`distance_${distanceUnit}`]}
          />
          <MilestoneCard
            title={metrics.movingTime}
            unit="h"
            milestones={data.moving_time_hours}
          />
          <MilestoneCard
            title={metrics.elevation}
            unit="m"
            milestones={data.elevation_gain_m}
          />
          <MilestoneCard
            title={metrics.count}
            unit=""
            milestones={data.count}
          />
        </div>
      )}
    </Answer>
  );
}

function MilestoneCard(
  { title, unit, milestones: { total, reached, next } }: {
    title: string;
    unit: string;
    milestones: MilestonesOf;
  },
): ReactNode {
  const { statistics: { milestones: texts } } = useTexts();
  const format = useFormat();
  const toText = (value: number, digits = 0): string =>
    `${format.number(value, digits)} ${unit}`.trim();
  const toGo = texts.toGo(toText(next.remaining, 1), toText(next.value));
  return (
    <Card title={title}>
      <p className="big-number">{toText(total)}</p>
      <ProgressBar
        label={texts.next(toText(next.value))}
        text={toGo}
        share={total / next.value}
      />
      <p className="soft">{toGo}</p>
      {reached.length > 0 && (
        <ul className="rows records">
          {[...reached].reverse().map(({ value, date, activity }) => (
            <li key={value}>
              <span className="number nowrap">{toText(value)}</span>
              <span className="right">
                <ActivityLink id={activity.id}>{activity.name}</ActivityLink>
                <span className="soft">{format.day(date)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
