import type { TotalRow } from "../../db/stats.ts";
import { countDays, type Span } from "./compute/spans.ts";
import type { SyncedAthlete } from "../trpc.ts";

/** Data in the envelope that every statistic has. */
export function toStatistic<Type extends string, Data>(
  type: Type,
  data: Data,
  athlete: SyncedAthlete,
): { type: Type; data: Data; fetched_at: Date } {
  return { type, data, fetched_at: athlete.lastSuccessAt };
}

/**
 * A sport as a key. The names that superjson and zod refuse or drop, since they reach into an
 * object's prototype, get a `_` more; so do those that would otherwise be taken for these.
 */
export function toSportKey(sport: string): string {
  return /^(__proto__|constructor|prototype)_*$/.test(sport)
    ? `${sport}_`
    : sport;
}

/** The wire form of sums. */
export function toTotal(
  { count, distance, moving_time, elevation_gain }: TotalRow,
): TotalRow {
  return { count, distance, moving_time, elevation_gain };
}

/** The wire form of the sums of a period. */
export function toPeriodTotal(
  span: Span,
  total: TotalRow,
): Span & { days: number; total: TotalRow } {
  return { ...span, days: countDays(span), total: toTotal(total) };
}
