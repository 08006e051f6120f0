import type { Eddington as EddingtonData } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { BarChart } from "../../charts/bar_chart.tsx";
import { addDays } from "../../format/days.ts";
import { useFormat } from "../../format/use_format.ts";
import { useSportName } from "../../format/use_sport_name.ts";
import { Answer } from "../../parts/answer.tsx";
import { Card } from "../../parts/card.tsx";
import { ChartFigure } from "../../parts/chart_figure.tsx";
import { Choice } from "../../parts/choice.tsx";
import { DataTable } from "../../parts/data_table.tsx";
import { ProgressBar } from "../../parts/progress_bar.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { EddingtonHistory } from "./eddington_history.tsx";
import { useStatisticsSearch } from "./use_search.ts";
import { toYearLabel } from "./year_sums.ts";

/** The Eddington number, how it grew, and what the next one takes. */
export function Eddington(): ReactNode {
  const { statistics: { eddington: texts, sections } } = useTexts();
  const { distanceUnit, weekStart } = useFormat();
  const { search, change } = useStatisticsSearch();
  const unit = search.unit ?? distanceUnit;
  const by = search.by ?? "day";
  const eddington = useQuery({
    ...useApi().stats.eddington.queryOptions({
      sport: search.sport,
      unit,
      by,
      week_start: weekStart,
    }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <div className="filters">
        <Choice
          label={texts.unit}
          options={[["km", "km"], ["mi", "mi"]]}
          value={unit}
          onChange={(unit) => change({ unit })}
        />
        <Choice
          label={texts.by}
          options={[["day", texts.days], ["week", texts.weeks]]}
          value={by}
          onChange={(by) => change({ by: by === "day" ? undefined : by })}
        />
      </div>
      <Answer request={eddington} height={640}>
        {({ data }) => (
          <div className="cards">
            <NumberCard data={data} />
            <Card title={texts.history} wide>
              <EddingtonHistory data={data} />
            </Card>
            <YearsCard data={data} title={sections.years} />
            <SportsCard data={data} />
            <NextDaysCard data={data} />
          </div>
        )}
      </Answer>
    </>
  );
}

interface Props {
  data: EddingtonData;
}

function NumberCard({ data }: Props): ReactNode {
  const { statistics: { eddington: texts, sections } } = useTexts();
  const { value, next, unit, by, next_days } = data;
  const text = texts.next[by](next.value, unit, next.days_needed);
  return (
    <Card title={sections.eddington}>
      <p className="big-number">
        {value} <span className="soft">{unit}</span>
      </p>
      <p>{texts.meaning[by](value, unit)}</p>
      <ProgressBar
        label={texts.toNext(next.value)}
        text={text}
        share={next_days.length / next.value}
      />
      <p className="soft">{text}</p>
    </Card>
  );
}

function YearsCard({ data, title }: Props & { title: string }): ReactNode {
  const { statistics: { year, none, sections, most } } = useTexts();
  const best = data.years.reduce(
    (best, each) => each.value > (best?.value ?? 0) ? each : best,
    undefined as EddingtonData["years"][number] | undefined,
  );
  return (
    <Card title={title}>
      <ChartFigure
        isSummaryVisible
        summary={best ? most(String(best.year), String(best.value)) : none}
        table={{
          columns: [year, sections.eddington],
          rows: data.years.map(({ year, value }) => [
            String(year),
            String(value),
          ]).reverse(),
        }}
      >
        <BarChart
          height={150}
          bars={data.years.map((each) => ({
            key: String(each.year),
            label: toYearLabel(each.year, data.years.length),
            title: String(each.year),
            value: each.value,
            text: String(each.value),
            isHighlighted: each === best,
          }))}
        />
      </ChartFigure>
    </Card>
  );
}

function SportsCard({ data }: Props): ReactNode {
  const { statistics: { eddington: texts, sections, sport } } = useTexts();
  const toName = useSportName();
  return (
    <Card title={texts.sports}>
      <DataTable
        label={texts.sports}
        columns={[sport, sections.eddington, texts.nextNumber, texts.missing]}
        rows={data.sports.filter(({ value }) => value > 0)
          .sort((a, b) => b.value - a.value)
          .map(({ sport, value, next }) => ({
            key: sport,
            cells: [toName(sport), value, next.value, next.days_needed],
          }))}
      />
    </Card>
  );
}

function NextDaysCard({ data }: Props): ReactNode {
  const { statistics: { eddington: texts }, charts } = useTexts();
  const format = useFormat();
  const { search: { sport } } = useStatisticsSearch();
  const { next, next_days, unit, by } = data;
  return (
    <Card title={texts.nextDays[by](next.value, unit)}>
      <div className="tall">
        <DataTable
          label={texts.nextDays[by](next.value, unit)}
          columns={[charts.date, unit]}
          rows={next_days.map(({ date, amount }) => ({
            key: date,
            cells: [
              <Link
                key="day"
                to="/activities"
                search={{
                  from: date,
                  to: by === "day" ? date : addDays(date, 6),
                  ...sport !== undefined && { sport },
                }}
              >
                {format.day(date)}
              </Link>,
              format.number(amount),
            ],
          }))}
        />
      </div>
    </Card>
  );
}
