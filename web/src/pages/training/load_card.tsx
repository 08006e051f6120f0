import type { TrainingDay } from "@paceline/sdk";
import type { ReactNode } from "react";
import { BarChart } from "../../charts/bar_chart.tsx";
import { addDays } from "../../format/days.ts";
import { useFormat } from "../../format/use_format.ts";
import { Card } from "../../parts/card.tsx";
import { ChartFigure } from "../../parts/chart_figure.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { findMost } from "../statistics/distribution/find_most.ts";
import { findFirsts, sumLoad } from "./load_sums.ts";

/** Bars between two labels. */
const MIN_SPACE = 3;

/** The load of each week, or of each month if many are shown. */
export function LoadCard(
  { days }: { days: readonly TrainingDay[] },
): ReactNode {
  const { training: texts, statistics } = useTexts();
  const format = useFormat();
  const { length, sums } = sumLoad(days, format.weekStart);
  const isWeek = length === "week";
  // A label for each bar has no space: months are named where they begin, or years.
  const parts = sums.map(({ start }) => start.slice(0, isWeek ? 7 : 4));
  const labelled = findFirsts(parts, MIN_SPACE);
  const bars = sums.map(({ start, load }, index) => {
    const part = parts[index]!;
    return {
      key: start,
      value: load,
      label: !labelled.has(index)
        ? ""
        : isWeek
        ? format.month(part, "short")
        : part,
      title: isWeek
        ? statistics.months.week(
          format.day(start, "dayMonth"),
          format.day(addDays(start, 6)),
        )
        : format.month(start.slice(0, 7)),
      text: texts.points(format.number(load)),
    };
  });
  const most = findMost(bars, ({ value }) => value);
  return (
    <Card title={isWeek ? texts.loadByWeek : texts.loadByMonth} wide>
      <ChartFigure
        isSummaryVisible
        summary={most ? statistics.most(most.title, most.text) : texts.noLoad}
        table={{
          columns: [isWeek ? statistics.week : statistics.month, texts.load],
          rows: bars.map(({ title, text }) => [title, text]).reverse(),
        }}
      >
        <BarChart
          height={180}
          bars={bars.map((bar) => ({ ...bar, isHighlighted: bar === most }))}
        />
      </ChartFigure>
    </Card>
  );
}
