import type { PeriodTotal, Total } from "@paceline/sdk/schemas";
import type * as z from "zod";
import type { TotalRow } from "../../db/activity_totals.ts";
import type { Meta, SyncedAthlete } from "../trpc.ts";
import type { Counts } from "./counted.ts";
import { countDays, type Span } from "./compute/spans.ts";

/** Creates the meta of a statistic that is served at `/strava/stats/{name}`. */
export function createStatisticMeta(
  name: string,
  { summary, description, ...meta }:
    & { summary: string; description: string }
    & Pick<Meta, "cost" | "errors" | "example">,
): Meta {
  return {
    openapi: {
      method: "GET",
      path: `/strava/stats/${name}`,
      tags: ["stats"],
      protect: false,
      summary,
      description,
    },
    ...meta,
  };
}

/** Wraps data in the envelope that all statistics share. */
export function toStatistic<Type extends string, Data>(
  type: Type,
  data: Data,
  { athlete, counts }: { athlete: SyncedAthlete; counts: Counts },
): { type: Type; data: Data; fetched_at: Date; counts: Counts } {
  return { type, data, fetched_at: athlete.lastSuccessAt, counts };
}

/**
 * Renders a sport as an object key. superjson and zod refuse or drop `__proto__`, `constructor` and
 * `prototype`, because these names reach into an object's prototype: they get one more `_`. So do
 * names that already end in `_`, so that no two sports share a key.
 */
export function toSportKey(sport: string): string {
  return /^(__proto__|constructor|prototype)_*$/.test(sport)
    ? `${sport}_`
    : sport;
}

/** Renders a total, without further fields of the row. */
export function toTotal(
  { count, distance, movingTime, elevationGain }: TotalRow,
): z.input<typeof Total> {
  return {
    count,
    distance,
    moving_time: movingTime,
    elevation_gain: elevationGain,
  };
}

/** Renders the total of a period. */
export function toPeriodTotal(
  { from, to }: Span,
  total: TotalRow,
): z.input<typeof PeriodTotal> {
  return { from, to, days: countDays({ from, to }), total: toTotal(total) };
}
