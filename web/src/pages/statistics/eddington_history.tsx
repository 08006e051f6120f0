import type { Eddington } from "@paceline/sdk";
import { type ReactNode, useMemo } from "react";
import { LineChart } from "../../charts/line_chart.tsx";
import { useFormat } from "../../format/use_format.ts";
import { ChartFigure } from "../../parts/chart_figure.tsx";
import { useTexts } from "../../texts/use_texts.ts";

const DAY_MS = 86_400_000;
const HEIGHT = 200;

/** The Eddington number over the years. */
export function EddingtonHistory(
  { data: { history } }: { data: Eddington },
): ReactNode {
  const { statistics: { eddington: texts, sections, none }, charts } =
    useTexts();
  const format = useFormat();
  const chart = useMemo(() => ({
    x: history.map(({ date }) => Date.parse(`${date}T00:00:00Z`) / DAY_MS),
    lines: [{
      label: sections.eddington,
      values: history.map(({ value }) => value),
      colour: "--chart-1",
      isFilled: true,
      format: (value: number) => format.number(value),
    }],
  }), [history, format, sections]);
  const last = history.at(-1);
  if (!last) return <p className="soft">{none}</p>;
  const toDay = (x: number): string =>
    new Date(Math.round(x) * DAY_MS).toISOString().slice(0, 10);
  return (
    <ChartFigure
      isSummaryVisible
      summary={texts.reached(last.value, format.day(last.date))}
      table={{
        columns: [sections.eddington, charts.date],
        rows: history.map(({ value, date }) => [
          String(value),
          format.day(date),
        ]).reverse(),
      }}
    >
      <LineChart
        {...chart}
        height={HEIGHT}
        formatX={(x) => format.day(toDay(x))}
        formatTick={(x) => format.month(toDay(x).slice(0, 7))}
        tickSpace={110}
      />
    </ChartFigure>
  );
}
