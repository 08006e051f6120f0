import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { addDays } from "../../../format/days.ts";
import { createMeasure } from "../../../format/metric.ts";
import { useFormat } from "../../../format/use_format.ts";
import { useSportName } from "../../../format/use_sport_name.ts";
import { ActivityLink } from "../../../parts/activity_link.tsx";
import { Card } from "../../../parts/card.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { toSportOrder } from "../records/record_periods.ts";
import { toMetric } from "../search.ts";
import { useStatisticsSearch } from "../use_search.ts";
import type { YearReview } from "./use_review.ts";

/** Sports whose longest activity is listed. */
const MAX_SPORTS = 5;

/** The biggest day and week, the longest streak, the longest activities, and the top days. */
export function Highlights({ review }: { review: YearReview }): ReactNode {
  const { statistics: { review: texts } } = useTexts();
  return (
    <>
      <Card title={texts.highlights}>
        <ul className="rows records">
          <PeriodRows review={review} />
          <LongestRows review={review} />
        </ul>
      </Card>
      <Card title={texts.topDays}>
        <TopDays review={review} />
      </Card>
    </>
  );
}

function PeriodRows(
  { review: { topDays: [day], topWeek, streak } }: { review: YearReview },
): ReactNode {
  const { statistics: { records, review: texts }, overview } = useTexts();
  const format = useFormat();
  const { search } = useStatisticsSearch();
  const metric = toMetric(search);
  const { text } = createMeasure(metric, format);
  return (
    <>
      {day && (
        <Row name={records.biggest.day} value={text(day[metric])}>
          <DaysLink from={day.date} to={day.date} />
        </Row>
      )}
      {topWeek && (
        <Row name={records.biggest.week} value={text(topWeek.total[metric])}>
          <DaysLink from={topWeek.start} to={addDays(topWeek.start, 6)} />
        </Row>
      )}
      {streak && (
        <Row name={texts.streak} value={overview.days(streak.length)}>
          <DaysLink from={streak.start} to={streak.end} />
        </Row>
      )}
    </>
  );
}

function LongestRows(
  { review: { records } }: { review: YearReview },
): ReactNode {
  const { statistics: { review: texts } } = useTexts();
  const format = useFormat();
  const toName = useSportName();
  const longest = Object.entries(records)
    .filter(([, { longest_distance }]) => longest_distance !== null)
    .sort(([a], [b]) => toSportOrder(a, b))
    .slice(0, MAX_SPORTS);
  return longest.map(([sport, { longest_distance: record }]) =>
    record && (
      <Row
        key={sport}
        name={texts.longest(toName(sport))}
        value={format.distance(record.value)}
      >
        <ActivityLink id={record.activity.id}>
          {record.activity.name}
        </ActivityLink>{" "}
        <span className="soft">{format.day(record.date, "dayMonth")}</span>
      </Row>
    )
  );
}

function TopDays({ review: { topDays } }: { review: YearReview }): ReactNode {
  const { overview } = useTexts();
  const format = useFormat();
  const { search } = useStatisticsSearch();
  const metric = toMetric(search);
  const { text } = createMeasure(metric, format);
  return (
    <ol className="rows records top-days">
      {topDays.map((day) => (
        <li key={day.date}>
          <span>
            <DaysLink from={day.date} to={day.date} />
            <span className="soft record-of">
              {overview.activities(day.count, format.number(day.count))} ·{" "}
              {format.duration(day.moving_time)}
            </span>
          </span>
          <span className="number nowrap">{text(day[metric])}</span>
        </li>
      ))}
    </ol>
  );
}

function Row(
  { name, value, children }: {
    name: string;
    value: string;
    children: ReactNode;
  },
): ReactNode {
  return (
    <li>
      <span>
        <span className="soft">{name}</span>
        <span className="record-of">{children}</span>
      </span>
      <span className="number nowrap">{value}</span>
    </li>
  );
}

function DaysLink({ from, to }: { from: string; to: string }): ReactNode {
  const format = useFormat();
  const { search: { sport } } = useStatisticsSearch();
  return (
    <Link
      to="/activities"
      search={{ from, to, ...sport !== undefined && { sport } }}
    >
      {from === to
        ? format.day(from, "weekday")
        : `${format.day(from, "dayMonth")} – ${format.day(to, "dayMonth")}`}
    </Link>
  );
}
