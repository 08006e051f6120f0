import type { TrainingDay } from "@paceline/sdk";
import { type ReactNode, useMemo } from "react";
import { LineChart } from "../../charts/line_chart.tsx";
import { useFormat } from "../../format/use_format.ts";
import { ChartFigure } from "../../parts/chart_figure.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** A line over the days. */
export interface DayLine {
  key: "ctl" | "atl" | "tsb" | "acwr" | "monotony" | "strain";
  name: string;
  colour: string;
  digits: number;
}

/** Days of one row of the table. */
const TABLE_STEP = 7;
/** A longer time has its years at the axis. */
const MAX_DAYS_WITHOUT_YEAR = 366;
const KEY = "training";

/** Lines over days. All of these charts show the values of the same day. */
export function DayChart(
  { days, lines, height, summary }: {
    days: readonly TrainingDay[];
    lines: readonly DayLine[];
    height: number;
    summary: string;
  },
): ReactNode {
  const { charts } = useTexts();
  const format = useFormat();
  const names = lines.map(({ name }) => name).join();
  const chart = useMemo(() => ({
    x: days.map((_, index) => index),
    lines: lines.map(({ key, name, colour, digits }) => ({
      label: name,
      colour,
      values: days.map((day) => day[key]),
      format: (value: number) => format.number(value, digits),
    })),
  }), [days, names, format]);
  return (
    <ChartFigure
      summary={summary}
      table={{
        columns: [charts.date, ...lines.map(({ name }) => name)],
        rows: days.filter((_, index) =>
          (days.length - 1 - index) % TABLE_STEP === 0
        ).map((day) => [
          format.day(day.date),
          ...lines.map(({ key, digits }) => {
            const value = day[key];
            return value === null ? "–" : format.number(value, digits);
          }),
        ]).reverse(),
      }}
    >
      <LineChart
        {...chart}
        height={height}
        formatX={(index) => days[index] ? format.day(days[index].date) : ""}
        formatTick={(index) =>
          !days[index]
            ? ""
            : days.length > MAX_DAYS_WITHOUT_YEAR
            ? format.month(days[index].date.slice(0, 7))
            : format.day(days[index].date, "dayMonth")}
        formatY={(value) => format.number(value, 1)}
        tickSpace={110}
        syncKey={KEY}
      />
    </ChartFigure>
  );
}
