import { sortedYears, type Total, type YearlyStatistic } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { StackedBars } from "../../charts/stacked_bars.tsx";
import { createMeasure } from "../../format/metric.ts";
import { SPORT_GROUPS, toSportGroup } from "../../format/sports.ts";
import { useFormat } from "../../format/use_format.ts";
import { Answer } from "../../parts/answer.tsx";
import { Card } from "../../parts/card.tsx";
import { ChartFigure } from "../../parts/chart_figure.tsx";
import { DataTable } from "../../parts/data_table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { MetricChoice } from "./metric_choice.tsx";
import { toMetric } from "./search.ts";
import { useStatisticsSearch } from "./use_search.ts";
import { addTotals, groupTotals, toYearLabel } from "./year_sums.ts";

/** Every year: bars by sport, and all sums as a table. */
export function Years(): ReactNode {
  const { statistics: texts } = useTexts();
  const { search: { sport } } = useStatisticsSearch();
  const yearly = useQuery({
    ...useApi().stats.yearly.queryOptions({ sport }),
    placeholderData: keepPreviousData,
  });
  return (
    <Card title={texts.years.title} actions={<MetricChoice />}>
      <Answer request={yearly} height={520}>
        {({ data }) =>
          Object.keys(data).length === 0
            ? <Empty title={texts.none} text={texts.noneText} />
            : (
              <>
                <YearBars data={data} />
                <YearTable data={data} />
              </>
            )}
      </Answer>
    </Card>
  );
}

function YearBars({ data }: { data: YearlyStatistic["data"] }): ReactNode {
  const { sports, statistics: texts } = useTexts();
  const format = useFormat();
  const { search } = useStatisticsSearch();
  const metric = toMetric(search);
  const measure = createMeasure(metric, format);
  const years = sortedYears(data, { order: "asc" });
  const groups = years.map(({ sports }) => groupTotals(sports, toSportGroup));
  const shown = SPORT_GROUPS.filter((group) =>
    groups.some((totals) => totals[group] !== undefined)
  );
  const sums = years.map(({ sports }) => addTotals(Object.values(sports)));
  const best = sums.reduce(
    (best, total, index) => total[metric] > sums[best]![metric] ? index : best,
    0,
  );
  return (
    <ChartFigure
      isSummaryVisible
      summary={texts.most(
        String(years[best]!.year),
        measure.text(sums[best]![metric]),
      )}
      table={{
        columns: [
          texts.year,
          ...shown.map((group) => sports[group]),
          texts.sum,
        ],
        rows: years.map(({ year }, index) => [
          String(year),
          ...shown.map((group) =>
            measure.text(groups[index]?.[group]?.[metric] ?? 0)
          ),
          measure.text(sums[index]![metric]),
        ]).reverse(),
      }}
    >
      <StackedBars
        height={220}
        stacks={shown.map((group) => ({
          key: group,
          name: sports[group],
          colour: `--chart-${SPORT_GROUPS.indexOf(group) + 1}`,
        }))}
        bars={years.map(({ year }, index) => ({
          key: String(year),
          label: toYearLabel(year, years.length),
          title: `${year}: ${measure.text(sums[index]![metric])}`,
          values: shown.map((group) => groups[index]?.[group]?.[metric] ?? 0),
        }))}
      />
    </ChartFigure>
  );
}

function YearTable({ data }: { data: YearlyStatistic["data"] }): ReactNode {
  const { metrics, statistics: texts } = useTexts();
  const format = useFormat();
  const years = sortedYears(data);
  const toCells = (total: Total): string[] => [
    format.number(total.count),
    createMeasure("distance", format).text(total.distance),
    createMeasure("moving_time", format).text(total.moving_time),
    createMeasure("elevation_gain", format).text(total.elevation_gain),
  ];
  return (
    <DataTable
      label={texts.years.title}
      columns={[
        texts.year,
        metrics.count,
        metrics.distance,
        metrics.movingTime,
        metrics.elevation,
      ]}
      rows={[
        ...years.map(({ year, sports }) => ({
          key: String(year),
          cells: [
            <Link key="year" to="/statistics/calendar" search={{ year }}>
              {year}
            </Link>,
            ...toCells(addTotals(Object.values(sports))),
          ],
        })),
        {
          key: "sum",
          isSum: true,
          cells: [
            texts.sum,
            ...toCells(
              addTotals(years.flatMap(({ sports }) => Object.values(sports))),
            ),
          ],
        },
      ]}
    />
  );
}
