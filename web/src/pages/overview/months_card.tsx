import type { ReactNode } from "react";
import type { OverviewStatistic } from "@paceline/sdk";
import { BarChart } from "../../charts/bar_chart.tsx";
import { useFormat } from "../../format/use_format.ts";
import { Card } from "../../parts/card.tsx";
import { ChartFigure } from "../../parts/chart_figure.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** The distance of each of the last 12 months. */
export function MonthsCard(
  { months }: { months: OverviewStatistic["data"]["last_12_months"] },
): ReactNode {
  const { overview: texts, metrics } = useTexts();
  const format = useFormat();
  const oldestFirst = [...months].reverse();
  const [now] = months;
  return (
    <Card title={texts.months12} to="/statistics/months">
      <ChartFigure
        summary={now
          ? `${format.month(now.month)}: ${format.distance(now.total.distance)}`
          : texts.months12}
        table={{
          columns: [
            texts.thisMonth,
            metrics.distance,
            metrics.movingTime,
            metrics.count,
          ],
          rows: months.map(({ month, total }) => [
            format.month(month),
            format.distance(total.distance),
            format.duration(total.moving_time),
            format.number(total.count),
          ]),
        }}
      >
        <BarChart
          height={160}
          bars={oldestFirst.map(({ month, total }) => ({
            key: month,
            label: format.month(month, "short"),
            value: total.distance,
            text: format.distance(total.distance),
            isHighlighted: month === now?.month,
          }))}
        />
      </ChartFigure>
    </Card>
  );
}
