import type { CumulativeStatistic } from "@paceline/sdk";
import { type ReactNode, useMemo } from "react";
import { LineChart } from "../../charts/line_chart.tsx";
import { MONTH_STARTS, toYearDay } from "../../charts/year_axis.ts";
import { createMeasure } from "../../format/metric.ts";
import { useFormat } from "../../format/use_format.ts";
import { ChartFigure } from "../../parts/chart_figure.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { useMetricName } from "./metric_choice.tsx";
import { findToday } from "./progress_days.ts";

const HEIGHT = 320;
const COLOURS = ["--chart-1", "--chart-2", "--chart-3", "--chart-4"] as const;

/** A line for each year. The newest one is filled. */
export function ProgressChart(
  { data, years }: {
    data: CumulativeStatistic["data"];
    /** The years to show, the newest first. */
    years: readonly number[];
  },
): ReactNode {
  const { statistics: texts, charts } = useTexts();
  const format = useFormat();
  const name = useMetricName()(data.metric);
  const key = years.join();
  const { measure, lines } = useMemo(() => {
    const measure = createMeasure(data.metric, format);
    return {
      measure,
      lines: years.map((year, index) => ({
        label: String(year),
        values: (data.years[year] ?? []).map((value) =>
          value === null ? null : measure.inUnit(value)
        ),
        colour: COLOURS[index % COLOURS.length]!,
        isDashed: index >= COLOURS.length,
        isFilled: index === 0,
        format: (value: number) =>
          `${format.number(value)} ${measure.unit}`.trim(),
      })),
    };
  }, [data, format, key]);
  const x = useMemo(() => data.days.map((_, index) => index), [data]);
  const at = findToday(data);
  return (
    <ChartFigure
      isSummaryVisible
      summary={texts.progress.summary(
        toYearDay(format, data.days[at]!),
        years.map((year) =>
          `${year}: ${measure.text(data.years[year]?.[at] ?? 0)}`
        ).join(", "),
      )}
      table={{
        columns: [charts.date, ...years.map((year) => `${name} ${year}`)],
        rows: [...MONTH_STARTS.slice(1).map((start) => start - 1), 365]
          .map((index) => [
            toYearDay(format, data.days[index]!),
            ...years.map((year) => {
              const value = data.years[year]?.[index];
              return value == null ? "–" : measure.text(value);
            }),
          ]),
      }}
    >
      <LineChart
        x={x}
        lines={lines}
        height={HEIGHT}
        unit={measure.unit || name}
        formatX={(index) => toYearDay(format, data.days[index] ?? "01-01")}
        formatTick={(index) =>
          format.month(`2024-${data.days[index]!.slice(0, 2)}`, "short")}
        formatY={(value) => format.number(value)}
        ticks={MONTH_STARTS}
      />
    </ChartFigure>
  );
}
