import {
  EddingtonInput,
  EddingtonStatistic,
  type NextEddington,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import { listActivityMetrics } from "../../../db/activity_metrics.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import {
  computeEddington,
  type Eddington,
  type EddingtonNumber,
  listNextDays,
} from "../compute/eddington.ts";
import { resolvePeriod } from "../compute/spans.ts";
import { countVisible } from "../counted.ts";
import { createStatisticMeta, toStatistic } from "../statistic.ts";

const EXAMPLE = {
  data: {
    ...toExampleNumber(2, 1),
    next_days: [
      { date: "2025-04-06", amount: 21, activity_ids: [13987654321] },
      { date: "2025-04-05", amount: 3, activity_ids: [13976543210] },
    ],
    history: [
      { value: 1, date: "2025-04-05" },
      { value: 2, date: "2025-04-06" },
    ],
    years: [{ year: 2025, ...toExampleNumber(2, 1) }],
    sports: [
      { sport: "run", ...toExampleNumber(1, 2) },
      { sport: "ride", ...toExampleNumber(2, 2) },
    ],
  },
};

/** The Eddington number, its history, and the numbers of each year and sport. */
export const eddington = syncedAthleteProcedure
  .meta(createStatisticMeta("eddington", {
    cost: 3,
    summary: "Eddington number",
    description:
      "The greatest n such that at least n kilometres, or miles, were covered on at least n local " +
      "days. With the days needed for the next number, those that count for it, the day on which " +
      "each number was reached, and the numbers of each year and each sport alone. " +
      "`metric=elevation_gain` counts metres or feet of climbing, and `by=week` weeks.",
    example: EXAMPLE,
  }))
  .input(EddingtonInput)
  .output(EddingtonStatistic)
  .query(async ({ ctx, input: { sport, metric, by, ...input } }) => {
    const unit = input.unit ?? (metric === "distance" ? "km" : "m");
    const { scope, counts } = countVisible(ctx, input);
    const rows = await listActivityMetrics(ctx.sql, {
      ...scope,
      sport,
      ...resolvePeriod(input),
    });
    const options = { unit, metric, by, weekStart: input.week_start };
    const number = computeEddington(rows, { ...options, sport });
    const nextDays = listNextDays(rows, {
      ...options,
      value: number.next.value,
    });
    const data = {
      unit,
      metric,
      by,
      ...toEddington(number),
      next_days: nextDays.map(({ activityIds, ...day }) => ({
        ...day,
        activity_ids: activityIds,
      })),
    };
    return toStatistic("eddington", data, { ...ctx, counts });
  });

type WireEddington = z.input<typeof EddingtonStatistic>["data"];

/** Renders an Eddington number with its history. */
export function toEddington(
  { history, years, ...number }: Eddington,
): Omit<WireEddington, "unit" | "metric" | "by" | "next_days"> {
  return {
    ...toEddingtonNow(number),
    history,
    years: years.map(({ year, ...number }) => ({ year, ...toNumber(number) })),
  };
}

/** Renders an Eddington number without its history. */
export function toEddingtonNow(
  { sports, ...number }: EddingtonNumber & Pick<Eddington, "sports">,
): Pick<WireEddington, "value" | "next" | "sports"> {
  return {
    ...toNumber(number),
    sports: sports.map(({ sport, ...number }) => ({
      sport,
      ...toNumber(number),
    })),
  };
}

function toNumber(
  { value, next }: EddingtonNumber,
): { value: number; next: z.input<typeof NextEddington> } {
  return {
    value,
    next: { value: next.value, days_needed: next.daysNeeded },
  };
}

function toExampleNumber(
  value: number,
  daysNeeded: number,
): ReturnType<typeof toNumber> {
  return toNumber({ value, next: { value: value + 1, daysNeeded } });
}
