import type { ReactNode } from "react";
import type { OverviewStatistic } from "@paceline/sdk";
import { useFormat } from "../../format/use_format.ts";
import { Card } from "../../parts/card.tsx";
import { Value, Values } from "../../parts/values.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** The current week or month. */
export function PeriodCard(
  { title, period: { from, to, total } }: {
    title: string;
    period: OverviewStatistic["data"]["this_week"];
  },
): ReactNode {
  const { overview: texts, metrics } = useTexts();
  const format = useFormat();
  return (
    <Card title={title}>
      <p className="soft">
        {format.day(from, "weekday")} – {format.day(to, "weekday")}
      </p>
      <Values>
        <Value
          name={metrics.distance}
          value={format.distance(total.distance)}
          note={texts.activities(total.count, format.number(total.count))}
        />
        <Value
          name={metrics.movingTime}
          value={format.duration(total.moving_time)}
          note={`↑ ${format.elevation(total.elevation_gain)}`}
        />
      </Values>
    </Card>
  );
}
