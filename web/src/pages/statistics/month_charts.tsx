import type { ReactNode } from "react";
import { BarChart } from "../../charts/bar_chart.tsx";
import { addDays } from "../../format/days.ts";
import { createMeasure } from "../../format/metric.ts";
import { useFormat } from "../../format/use_format.ts";
import { ChartFigure } from "../../parts/chart_figure.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { useMetricName } from "./metric_choice.tsx";
import { toMetric } from "./search.ts";
import { type DaySum, sumByMonth, sumByWeek } from "./sums.ts";
import { useStatisticsSearch } from "./use_search.ts";

interface Props {
  days: readonly DaySum[];
  year: number;
}

/** The months of a year. */
export function MonthBars({ days, year }: Props): ReactNode {
  const { statistics: texts } = useTexts();
  const format = useFormat();
  const months = [...sumByMonth(days)]
    .filter(([month]) => month.startsWith(String(year)))
    .map(([month, value]) => ({
      key: month,
      value,
      name: format.month(month),
      label: format.month(month, "short"),
    }));
  return <PeriodBars periods={months} column={texts.month} />;
}

/** The weeks of a year, from the first day of a week that is usual in the visitor's region. */
export function WeekBars({ days, year }: Props): ReactNode {
  const { statistics: texts } = useTexts();
  const format = useFormat();
  const { weekStart } = format;
  let month = "";
  const weeks = sumByWeek(days, { year, weekStart }).map(({ start, value }) => {
    const end = addDays(start, 6);
    // The day that decides on the year decides on the month too.
    const middle = addDays(start, 3).slice(0, 7);
    const isNewMonth = middle !== month;
    month = middle;
    return {
      key: start,
      value,
      name: texts.months.week(format.day(start), format.day(end)),
      // A label for each week has no space: the first one of a month has the month's.
      label: isNewMonth ? format.month(month, "short") : "",
    };
  });
  return <PeriodBars periods={weeks} column={texts.week} />;
}

function PeriodBars(
  { periods, column }: {
    periods: readonly {
      key: string;
      name: string;
      label: string;
      value: number;
    }[];
    column: string;
  },
): ReactNode {
  const { statistics: texts } = useTexts();
  const format = useFormat();
  const { search } = useStatisticsSearch();
  const metric = toMetric(search);
  const name = useMetricName()(metric);
  const measure = createMeasure(metric, format);
  const best = periods.reduce(
    (best, each) => each.value > (best?.value ?? 0) ? each : best,
    undefined as (typeof periods)[number] | undefined,
  );
  return (
    <ChartFigure
      isSummaryVisible
      summary={best
        ? texts.most(best.name, measure.text(best.value))
        : texts.none}
      table={{
        columns: [column, name],
        rows: periods.map(({ name, value }) => [name, measure.text(value)])
          .reverse(),
      }}
    >
      <BarChart
        height={170}
        bars={periods.map(({ key, label, name, value }) => ({
          key,
          label,
          title: name,
          value,
          text: measure.text(value),
          isHighlighted: key === best?.key,
        }))}
      />
    </ChartFigure>
  );
}
