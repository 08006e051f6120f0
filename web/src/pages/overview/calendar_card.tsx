import type { ReactNode } from "react";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import { CalendarChart } from "../../charts/calendar_chart.tsx";
import { toDayOfYear } from "../../format/days.ts";
import { useFormat } from "../../format/use_format.ts";
import { Card, Skeleton } from "../../parts/card.tsx";
import { ChartFigure } from "../../parts/chart_figure.tsx";
import { Failure } from "../../parts/failure.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** The days of this year, darker where more was done. */
export function CalendarCard({ today }: { today: string }): ReactNode {
  const { overview: texts, metrics, charts } = useTexts();
  const format = useFormat();
  const calendar = useQuery(useApi().stats.calendar.queryOptions({}));
  const data = calendar.data?.data;
  return (
    <Card title={texts.calendar} to="/statistics/calendar" wide>
      {calendar.isError
        ? <Failure error={calendar.error} retry={calendar.refetch} />
        : !data
        ? <Skeleton height={150} />
        : (
          <ChartFigure
            isSummaryVisible
            summary={texts.calendarSummary(
              data.days.length,
              toDayOfYear(today),
            )}
            table={{
              columns: [charts.date, metrics.count, metrics.distance],
              rows: [...data.days].reverse().map((day) => [
                format.day(day.date),
                format.number(day.count),
                format.distance(day.distance),
              ]),
            }}
          >
            <CalendarChart
              year={data.year}
              days={data.days}
              today={today}
              weekStart={format.weekStart}
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
        )}
    </Card>
  );
}
