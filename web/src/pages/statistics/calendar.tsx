import type { CalendarStatistic } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { CalendarChart } from "../../charts/calendar_chart.tsx";
import { toDayOfYear } from "../../format/days.ts";
import { createMeasure } from "../../format/metric.ts";
import { useFormat } from "../../format/use_format.ts";
import { Answer } from "../../parts/answer.tsx";
import { Card } from "../../parts/card.tsx";
import { ChartFigure } from "../../parts/chart_figure.tsx";
import { Value, Values } from "../../parts/values.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { useToday, useYears } from "./use_years.ts";
import { useStatisticsSearch } from "./use_search.ts";
import { YearSelect } from "./year_select.tsx";
import { addTotals } from "./year_sums.ts";

/** The days of any year. A day leads to its activities. */
export function Calendar(): ReactNode {
  const { statistics } = useTexts();
  const { search: { sport, year } } = useStatisticsSearch();
  const years = useYears();
  const calendar = useQuery({
    ...useApi().stats.calendar.queryOptions({ sport, year }),
    placeholderData: keepPreviousData,
  });
  const shown = year ?? calendar.data?.data.year;
  return (
    <Card
      title={shown === undefined
        ? statistics.sections.calendar
        : statistics.calendar.title(shown)}
      actions={shown !== undefined &&
        <YearSelect years={years} value={shown} />}
    >
      <Answer request={calendar} height={320}>
        {({ data }) => (
          <>
            <YearValues data={data} />
            <YearDays data={data} />
            <p className="soft">{statistics.calendar.hint}</p>
          </>
        )}
      </Answer>
    </Card>
  );
}

function YearValues({ data }: { data: CalendarStatistic["data"] }): ReactNode {
  const { metrics, statistics: texts } = useTexts();
  const format = useFormat();
  const total = addTotals(data.days);
  return (
    <Values>
      <Value
        name={texts.calendar.activeDays}
        value={format.number(data.days.length)}
      />
      <Value name={metrics.count} value={format.number(total.count)} />
      <Value
        name={metrics.distance}
        value={createMeasure("distance", format).text(total.distance)}
      />
      <Value
        name={metrics.movingTime}
        value={createMeasure("moving_time", format).text(total.moving_time)}
      />
    </Values>
  );
}

function YearDays(
  { data: { year, days } }: { data: CalendarStatistic["data"] },
): ReactNode {
  const { overview: texts, metrics, charts } = useTexts();
  const format = useFormat();
  const navigate = useNavigate();
  const { search: { sport } } = useStatisticsSearch();
  const today = useToday();
  const last = today.startsWith(String(year)) ? today : `${year}-12-31`;
  const toSearch = (day: string): { from: string; to: string } => ({
    from: day,
    to: day,
    ...sport !== undefined && { sport },
  });
  return (
    <ChartFigure
      isSummaryVisible
      summary={texts.calendarSummary(days.length, toDayOfYear(last))}
      table={{
        columns: [
          charts.date,
          metrics.count,
          metrics.distance,
          metrics.movingTime,
        ],
        rows: days.map((day) => [
          <Link key="day" to="/activities" search={toSearch(day.date)}>
            {format.day(day.date)}
          </Link>,
          format.number(day.count),
          format.distance(day.distance),
          format.duration(day.moving_time),
        ]).reverse(),
      }}
    >
      <CalendarChart
        year={year}
        days={days}
        today={today}
        weekStart={format.weekStart}
        toMonth={(month) => format.month(month, "short")}
        onDay={(day) =>
          void navigate({ to: "/activities", search: toSearch(day) })}
        toTitle={(date, day) =>
          texts.calendarDay(
            format.day(date, "long"),
            day
              ? `${texts.activities(day.count, String(day.count))}, ${
                format.distance(day.distance)
              }`
              : texts.rest,
          )}
      />
    </ChartFigure>
  );
}
