import type { CalendarDay, Total } from "@paceline/sdk";
import { addDays, toDayOfYear, toWeekday } from "../../../format/days.ts";
import type { Metric } from "../../../format/metric.ts";
import { addTotals } from "../year_sums.ts";

/** The biggest days that a review lists. */
const TOP_DAYS = 5;

/** A year in numbers. */
export interface Review {
  total: Total;
  /** The year before, up to the same day if the year is not over. */
  before: Total;
  /** Days with activities. */
  activeDays: number;
  /** Days of the year that have begun. */
  days: number;
  /** The sums of January to December. */
  months: Total[];
  /** The days with the greatest sums, the greatest first. */
  topDays: CalendarDay[];
  /** The week with the greatest sum, counted with its days of the year. */
  topWeek: { start: string; total: Total } | undefined;
}

/** Computes the numbers of a year from its days and those of the year before. */
export function computeReview(
  days: readonly CalendarDay[],
  { year, before, today, metric, weekStart }: {
    year: number;
    before: readonly CalendarDay[];
    today: string;
    /** The sum that decides on the biggest days and the biggest week. */
    metric: Metric;
    weekStart: "monday" | "sunday";
  },
): Review {
  const last = today.startsWith(`${year}-`) ? today : `${year}-12-31`;
  const upTo = last.slice(5);
  const weeks = Map.groupBy(
    days,
    ({ date }) => addDays(date, -toWeekday(date, weekStart)),
  );
  let topWeek: Review["topWeek"];
  for (const [start, each] of weeks) {
    const total = addTotals(each);
    if (total[metric] > (topWeek?.total[metric] ?? 0)) {
      topWeek = { start, total };
    }
  }
  return {
    total: addTotals(days),
    before: addTotals(before.filter(({ date }) => date.slice(5) <= upTo)),
    activeDays: days.length,
    days: toDayOfYear(last),
    months: Array.from({ length: 12 }, (_, index) => {
      const month = `${year}-${String(index + 1).padStart(2, "0")}`;
      return addTotals(days.filter(({ date }) => date.startsWith(month)));
    }),
    topDays: days.filter((day) => day[metric] > 0)
      .sort((a, b) => b[metric] - a[metric])
      .slice(0, TOP_DAYS),
    topWeek,
  };
}
