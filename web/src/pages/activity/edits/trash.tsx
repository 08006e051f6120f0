import type { DeletedActivity } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { UserOnly } from "../../../app/user_only.tsx";
import { useFormat } from "../../../format/use_format.ts";
import { useSportName } from "../../../format/use_sport_name.ts";
import { Answer } from "../../../parts/answer.tsx";
import { Empty } from "../../../parts/empty.tsx";
import { Icon, toSportIcon } from "../../../parts/icon.tsx";
import { PageTitle } from "../../../parts/page_title.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { MOST_IDS } from "./changes.ts";
import { useEdits } from "./use_edits.ts";

/** The deleted activities, which can be restored. */
export function Trash(): ReactNode {
  const { edits: texts } = useTexts();
  return (
    <>
      <PageTitle title={texts.trash} />
      <UserOnly>{() => <TrashList />}</UserOnly>
    </>
  );
}

function TrashList(): ReactNode {
  const { edits: texts } = useTexts();
  const format = useFormat();
  const trash = useQuery(
    useApi().activities.deleted.queryOptions({ limit: MOST_IDS }),
  );
  return (
    <Answer request={trash} height={320}>
      {({ data }) =>
        data.length === 0
          ? <Empty title={texts.trashNone} text={texts.trashText} />
          : (
            <section className="card" aria-label={texts.trash}>
              <p className="soft">{texts.trashText}</p>
              <ul className="rows">
                {data.map((each) => <TrashRow key={each.id} activity={each} />)}
              </ul>
              {data.length === MOST_IDS && (
                <p className="soft">
                  {texts.trashMore(format.number(MOST_IDS))}
                </p>
              )}
            </section>
          )}
    </Answer>
  );
}

function TrashRow({ activity }: { activity: DeletedActivity }): ReactNode {
  const { edits: texts } = useTexts();
  const format = useFormat();
  const edits = useEdits();
  const toSportName = useSportName();
  const { id, name, sport_type: sport, deleted_by: by } = activity;
  const moment = format.moment(activity.deleted_at);
  return (
    <li>
      <span className="activity-name">
        <Icon name={toSportIcon(sport)} />
        <span>
          {name}
          <span className="soft">
            {[
              toSportName(sport),
              format.day(activity.start_date_local),
              format.distance(activity.distance),
              by === "strava"
                ? texts.deletedAtStrava(moment)
                : texts.deletedAt(moment),
            ].join(" · ")}
          </span>
        </span>
      </span>
      <button
        type="button"
        className="button"
        aria-label={texts.restoreOne(name)}
        onClick={() => void edits.restore([id])}
      >
        {texts.restore}
      </button>
    </li>
  );
}
