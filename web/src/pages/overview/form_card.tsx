import type { OverviewStatistic } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { ChartFigure } from "../../parts/chart_figure.tsx";
import { LineChart } from "../../charts/line_chart.tsx";
import { addDays } from "../../format/days.ts";
import { useFormat } from "../../format/use_format.ts";
import { Card, Skeleton } from "../../parts/card.tsx";
import { Failure } from "../../parts/failure.tsx";
import { Value, Values } from "../../parts/values.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** Days of the chart. */
const DAYS = 120;
const HEIGHT = 200;

/** Fitness, fatigue and form today, and over the last months. */
export function FormCard(
  { overview: { today, training_load: load } }: {
    overview: OverviewStatistic["data"];
  },
): ReactNode {
  const { overview: texts } = useTexts();
  const format = useFormat();
  return (
    <Card title={texts.form} to="/training" wide>
      {load
        ? (
          <>
            <Values>
              <Value name={texts.fitness} value={format.number(load.ctl)} />
              <Value name={texts.fatigue} value={format.number(load.atl)} />
              <Value
                name={texts.formValue}
                value={format.signed(load.tsb)}
              />
            </Values>
            <FormChart today={today} />
          </>
        )
        : <p className="soft">{texts.noLoad}</p>}
    </Card>
  );
}

function FormChart({ today }: { today: string }): ReactNode {
  const { overview: texts, charts } = useTexts();
  const format = useFormat();
  const load = useQuery(
    useApi().stats.trainingLoad.queryOptions({ from: addDays(today, -DAYS) }),
  );
  const days = load.data?.data.days;
  const chart = useMemo(() => {
    if (!days) return undefined;
    const line = (
      label: string,
      key: "ctl" | "atl" | "tsb",
      colour: string,
    ) => ({
      label,
      colour,
      values: days.map((day) => day[key]),
      format: (value: number) => format.number(value, 0),
    });
    return {
      x: days.map((_, index) => index),
      lines: [
        line(texts.fitness, "ctl", "--chart-1"),
        line(texts.fatigue, "atl", "--chart-2"),
        line(texts.formValue, "tsb", "--chart-3"),
      ],
    };
  }, [days, texts, format]);
  if (load.isError) return <Failure error={load.error} retry={load.refetch} />;
  if (!days || !chart) return <Skeleton height={HEIGHT + 40} />;
  const last = days.at(-1);
  return (
    <ChartFigure
      summary={last
        ? `${texts.fitness} ${format.number(last.ctl)}, ${texts.fatigue} ${
          format.number(last.atl)
        }, ${texts.formValue} ${format.signed(last.tsb)}`
        : texts.noLoad}
      table={{
        columns: [charts.date, texts.fitness, texts.fatigue, texts.formValue],
        rows: days.filter((_, index) => (days.length - 1 - index) % 7 === 0)
          .map(({ date, ctl, atl, tsb }) => [
            format.day(date),
            format.number(ctl),
            format.number(atl),
            format.signed(tsb),
          ]),
      }}
    >
      <LineChart
        {...chart}
        height={HEIGHT}
        formatX={(index) =>
          days[index] ? format.day(days[index].date, "dayMonth") : ""}
      />
    </ChartFigure>
  );
}
