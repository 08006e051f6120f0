import type {
  CalendarDay,
  SportRecords,
  SportShare,
  Streak,
} from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import { useFormat } from "../../../format/use_format.ts";
import { toMetric } from "../search.ts";
import { useStatisticsSearch } from "../use_search.ts";
import { useToday } from "../use_years.ts";
import { computeReview, type Review } from "./compute_review.ts";

/** Everything that the page of a year shows. */
export interface YearReview extends Review {
  year: number;
  today: string;
  calendar: readonly CalendarDay[];
  sports: readonly SportShare[];
  records: Readonly<Record<string, SportRecords>>;
  streak: Streak | null;
}

/** The answers that a review needs, as one request. */
export interface ReviewRequest {
  data: YearReview | undefined;
  error: Error | null;
  isPlaceholderData: boolean;
  refetch: () => unknown;
}

/** Requests what the page of a year shows. */
export function useReview(year: number): ReviewRequest {
  const { weekStart } = useFormat();
  const { search } = useStatisticsSearch();
  const { sport } = search;
  const metric = toMetric(search);
  const today = useToday();
  const { stats } = useApi();
  const days = useQuery(stats.calendar.queryOptions({ year, sport }));
  const before = useQuery(
    stats.calendar.queryOptions({ year: year - 1, sport }),
  );
  const inYear = { year, sport, week_start: weekStart };
  const distribution = useQuery(stats.distribution.queryOptions(inYear));
  const records = useQuery(stats.records.queryOptions(inYear));
  const streaks = useQuery(stats.streaks.queryOptions(inYear));
  const all = [days, before, distribution, records, streaks];
  const failed = all.find(({ error }) => error !== null);
  const isComplete = days.data && before.data && distribution.data &&
    records.data && streaks.data;
  return {
    data: isComplete
      ? {
        ...computeReview(days.data.data.days, {
          year,
          before: before.data.data.days,
          today,
          metric,
          weekStart,
        }),
        year,
        today,
        calendar: days.data.data.days,
        sports: distribution.data.data.sports,
        records: records.data.data,
        streak: streaks.data.data.day.longest,
      }
      : undefined,
    error: failed?.error ?? null,
    isPlaceholderData: false,
    refetch: () => Promise.all(all.map((each) => each.refetch())),
  };
}
