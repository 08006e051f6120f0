import type { GearTotal } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useGearReminders } from "../../app/gear_reminders.ts";
import { useVisitor } from "../../app/session.ts";
import { RowBars } from "../../charts/row_bars.tsx";
import { createMeasure } from "../../format/metric.ts";
import { useFormat } from "../../format/use_format.ts";
import { Answer } from "../../parts/answer.tsx";
import { Card } from "../../parts/card.tsx";
import { ChartFigure } from "../../parts/chart_figure.tsx";
import { Empty } from "../../parts/empty.tsx";
import { PageTitle } from "../../parts/page_title.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { AddGear } from "./gear_actions.tsx";
import { GearCard, useGearName } from "./gear_card.tsx";
import { findDue, groupGear, GROUPS } from "./gear_groups.ts";
import { mergeGear } from "./merge_gear.ts";

/** Shoes and bikes: the distance of each, and when it is worn out. */
export function Gear(): ReactNode {
  const { gear: texts } = useTexts();
  const api = useApi();
  const gear = useQuery(api.stats.gear.queryOptions({}));
  const isUser = useVisitor().kind === "user";
  const all = useQuery({ ...api.gear.list.queryOptions(), enabled: isUser });
  return (
    <>
      <PageTitle title={texts.title} />
      <Answer request={gear} height={640}>
        {({ data }) => {
          const merged = mergeGear(data, all.data?.data ?? []);
          return (
            <div className="stacked">
              <div>
                <AddGear />
              </div>
              {merged.length === 0
                ? <Empty title={texts.none} text={texts.noneText} />
                : <AllGear gear={merged} />}
            </div>
          );
        }}
      </Answer>
    </>
  );
}

function AllGear({ gear }: { gear: readonly GearTotal[] }): ReactNode {
  const { gear: texts } = useTexts();
  const groups = groupGear(gear);
  return (
    <div className="stacked">
      <DueNotes gear={gear} />
      {GROUPS.filter((group) => groups[group].length > 0).map((group) => (
        <section key={group} aria-labelledby={`gear-${group}`}>
          <h2 id={`gear-${group}`} className="section-title">
            {texts.groups[group]}
          </h2>
          <div className="stacked">
            {groups[group].length > 1 && (
              <DistanceCard title={texts.distances} gear={groups[group]} />
            )}
            <div className="cards">
              {groups[group].map((each) => (
                <GearCard key={each.id} gear={each} />
              ))}
            </div>
          </div>
        </section>
      ))}
      <p className="soft">{texts.kept}</p>
    </div>
  );
}

/** Tells which gear has reached its reminder. */
function DueNotes({ gear }: { gear: readonly GearTotal[] }): ReactNode {
  const { gear: texts } = useTexts();
  const format = useFormat();
  const toName = useGearName();
  const reminders = useGearReminders();
  const due = findDue(gear, reminders);
  if (due.length === 0) return null;
  return (
    <div className="note bad" role="status">
      <ul>
        {due.map((each) => (
          <li key={each.id}>
            {texts.due(
              toName(each),
              format.distance(each.distance, 0),
              format.distance(reminders.get(each.id) ?? 0, 0),
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function DistanceCard(
  { title, gear }: { title: string; gear: readonly GearTotal[] },
): ReactNode {
  const { gear: texts, metrics } = useTexts();
  const format = useFormat();
  const toName = useGearName();
  const distance = createMeasure("distance", format);
  const time = createMeasure("moving_time", format);
  return (
    <Card title={title}>
      <ChartFigure
        summary={gear.map((each) =>
          `${toName(each)}: ${distance.text(each.distance)}`
        ).join(", ")}
        table={{
          columns: [
            texts.name,
            metrics.distance,
            metrics.movingTime,
            metrics.count,
          ],
          rows: gear.map((each) => [
            toName(each),
            distance.text(each.distance),
            time.text(each.moving_time),
            format.number(each.count),
          ]),
        }}
      >
        <RowBars
          bars={gear.map((each) => ({
            key: each.id,
            name: toName(each),
            value: each.distance,
            text: distance.text(each.distance),
          }))}
        />
      </ChartFigure>
    </Card>
  );
}
