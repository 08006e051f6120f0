import { useApi } from "@paceline/sdk/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { Answer } from "../../parts/answer.tsx";
import { Card } from "../../parts/card.tsx";
import { Empty } from "../../parts/empty.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { MetricChoice } from "./metric_choice.tsx";
import { MonthBars, WeekBars } from "./month_charts.tsx";
import { MonthGrid } from "./month_grid.tsx";
import { toMetric } from "./search.ts";
import { type DaySum, toDaySums } from "./sums.ts";
import { useStatisticsSearch } from "./use_search.ts";
import { YearSelect } from "./year_select.tsx";

/** Every month of every year, and the months and weeks of one. */
export function Months(): ReactNode {
  const { statistics: texts } = useTexts();
  const { search } = useStatisticsSearch();
  const cumulative = useQuery({
    ...useApi().stats.cumulative.queryOptions({
      sport: search.sport,
      metric: toMetric(search),
    }),
    placeholderData: keepPreviousData,
  });
  const data = cumulative.data?.data;
  const days = useMemo(() => data ? toDaySums(data) : [], [data]);
  return (
    <div className="stacked">
      <Card title={texts.months.title} actions={<MetricChoice />}>
        <Answer request={cumulative} height={360}>
          {() =>
            days.some(({ value }) => value > 0)
              ? <MonthGrid days={days} />
              : <Empty title={texts.none} text={texts.noneText} />}
        </Answer>
      </Card>
      {days.some(({ value }) => value > 0) && <OneYear days={days} />}
    </div>
  );
}

function OneYear({ days }: { days: readonly DaySum[] }): ReactNode {
  const { statistics: texts } = useTexts();
  const { search: { year } } = useStatisticsSearch();
  const years = [...new Set(days.map(({ date }) => Number(date.slice(0, 4))))];
  const shown = year !== undefined && years.includes(year)
    ? year
    : years.at(-1)!;
  return (
    <Card
      title={texts.months.ofYear(shown)}
      actions={<YearSelect years={years} value={shown} />}
    >
      <MonthBars days={days} year={shown} />
      <h3 className="subtitle">{texts.months.weeks}</h3>
      <WeekBars days={days} year={shown} />
    </Card>
  );
}
