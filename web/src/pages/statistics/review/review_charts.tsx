import type { ReactNode } from "react";
import { BarChart } from "../../../charts/bar_chart.tsx";
import { CalendarChart } from "../../../charts/calendar_chart.tsx";
import { createMeasure } from "../../../format/metric.ts";
import { useFormat } from "../../../format/use_format.ts";
import { Card } from "../../../parts/card.tsx";
import { ChartFigure } from "../../../parts/chart_figure.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { SportsCard } from "../distribution/share_cards.tsx";
import { findMost } from "../distribution/find_most.ts";
import { useMetricName } from "../metric_choice.tsx";
import { toMetric } from "../search.ts";
import { useStatisticsSearch } from "../use_search.ts";
import type { YearReview } from "./use_review.ts";

/** The sports, the months and the days of a year. */
export function ReviewCharts({ review }: { review: YearReview }): ReactNode {
  return (
    <>
      <SportsCard sports={review.sports} />
      <MonthsCard review={review} />
      <DaysCard review={review} />
    </>
  );
}

function MonthsCard(
  { review: { year, months } }: { review: YearReview },
): ReactNode {
  const { statistics: texts } = useTexts();
  const format = useFormat();
  const { search } = useStatisticsSearch();
  const metric = toMetric(search);
  const name = useMetricName()(metric);
  const { text } = createMeasure(metric, format);
  const shown = months.map((total, index) => {
    const month = `${year}-${String(index + 1).padStart(2, "0")}`;
    return { month, value: total[metric] };
  });
  const most = findMost(shown, ({ value }) => value);
  return (
    <Card title={texts.months.ofYear(year)} whole>
      <ChartFigure
        isSummaryVisible
        summary={most
          ? texts.most(format.month(most.month), text(most.value))
          : texts.none}
        table={{
          columns: [texts.month, name],
          rows: shown.map(({ month, value }) => [
            format.month(month),
            text(value),
          ]),
        }}
      >
        <BarChart
          height={180}
          bars={shown.map((each) => ({
            key: each.month,
            label: format.month(each.month, "short"),
            title: format.month(each.month),
            value: each.value,
            text: text(each.value),
            isHighlighted: each === most,
          }))}
        />
      </ChartFigure>
    </Card>
  );
}

function DaysCard(
  { review: { year, today, calendar, activeDays, days } }: {
    review: YearReview;
  },
): ReactNode {
  const { statistics, overview: texts, charts, metrics } = useTexts();
  const format = useFormat();
  return (
    <Card title={statistics.calendar.title(year)} whole>
      <ChartFigure
        isSummaryVisible
        summary={texts.calendarSummary(activeDays, days)}
        table={{
          columns: [charts.date, metrics.count, metrics.distance],
          rows: calendar.map((day) => [
            format.day(day.date),
            format.number(day.count),
            format.distance(day.distance),
          ]),
        }}
      >
        <CalendarChart
          year={year}
          days={calendar}
          today={today}
          weekStart={format.weekStart}
          toMonth={(month) => format.month(month, "short")}
          toTitle={(date, day) =>
            texts.calendarDay(
              format.day(date, "long"),
              day ? format.distance(day.distance) : texts.rest,
            )}
        />
      </ChartFigure>
    </Card>
  );
}
