import type { OverviewStatistic } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { ChartFigure } from "../../parts/chart_figure.tsx";
import { LineChart } from "../../charts/line_chart.tsx";
import { MONTH_STARTS, toYearDay } from "../../charts/year_axis.ts";
import { useFormat } from "../../format/use_format.ts";
import { Card, Skeleton } from "../../parts/card.tsx";
import { Failure } from "../../parts/failure.tsx";
import { Value, Values } from "../../parts/values.tsx";
import { useTexts } from "../../texts/use_texts.ts";

const SPORTS = ["run", "ride", "swim", "other"] as const;
const HEIGHT = 240;

/** This year: the distance of each sport, and the sum over the year against the last one. */
export function YearCard(
  { overview }: { overview: OverviewStatistic["data"] },
): ReactNode {
  const { overview: texts, sports } = useTexts();
  const format = useFormat();
  const year = Number(overview.today.slice(0, 4));
  const shown = SPORTS.filter((sport) => overview.ytd[sport].count > 0);
  return (
    <Card title={texts.yearSoFar(year)} to="/statistics" wide>
      <Values>
        {(shown.length > 0 ? shown : SPORTS.slice(0, 1)).map((sport) => (
          <Value
            key={sport}
            name={sports[sport]}
            value={format.distance(overview.ytd[sport].distance, 0)}
            note={`${
              texts.activities(
                overview.ytd[sport].count,
                format.number(overview.ytd[sport].count),
              )
            } · ${format.duration(overview.ytd[sport].moving_time)}`}
          />
        ))}
      </Values>
      <YearChart today={overview.today} />
    </Card>
  );
}

function YearChart({ today }: { today: string }): ReactNode {
  const { overview: texts, charts } = useTexts();
  const format = useFormat();
  const cumulative = useQuery(
    useApi().stats.cumulative.queryOptions({ years: 2 }),
  );
  const data = cumulative.data?.data;
  const year = Number(today.slice(0, 4));
  const chart = useMemo(() => {
    if (!data) return undefined;
    const { distanceUnit, inDistanceUnit } = format;
    return {
      x: data.days.map((_, index) => index),
      lines: [year, year - 1].map((each, index) => ({
        label: String(each),
        // In the unit that is shown, so that the axis has round numbers.
        values: data.days.map((_, day) => {
          const metres = data.years[each]?.[day];
          return metres == null ? null : inDistanceUnit(metres);
        }),
        colour: index === 0 ? "--chart-1" : "--chart-2",
        isDashed: index === 1,
        isFilled: index === 0,
        format: (value: number) => `${format.number(value)} ${distanceUnit}`,
      })),
    };
  }, [data, year, format]);
  if (cumulative.isError) {
    return <Failure error={cumulative.error} retry={cumulative.refetch} />;
  }
  if (!data || !chart) return <Skeleton height={HEIGHT + 40} />;
  const at = data.days.indexOf(today.slice(5));
  const now = data.years[year]?.[at] ?? 0;
  const before = data.years[year - 1]?.[at] ?? 0;
  const difference = now - before;
  const toDay = (index: number): string =>
    toYearDay(format, data.days[index] ?? "01-01");
  return (
    <ChartFigure
      summary={difference === 0
        ? texts.sameAs(year - 1)
        : difference > 0
        ? texts.ahead(format.distance(difference, 0), year - 1)
        : texts.behind(format.distance(-difference, 0), year - 1)}
      isSummaryVisible
      table={{
        columns: [charts.date, String(year), String(year - 1)],
        rows: [...MONTH_STARTS.slice(1).map((start) => start - 1), 365]
          .map((index) => [
            toDay(index),
            ...[year, year - 1].map((each) => {
              const metres = data.years[each]?.[index];
              return metres == null ? "–" : format.distance(metres, 0);
            }),
          ]),
      }}
    >
      <LineChart
        {...chart}
        height={HEIGHT}
        unit={format.distanceUnit}
        formatX={toDay}
        formatTick={(index) =>
          format.month(`2024-${data.days[index]!.slice(0, 2)}`, "short")}
        formatY={(value) => format.number(value)}
        ticks={MONTH_STARTS}
      />
    </ChartFigure>
  );
}
