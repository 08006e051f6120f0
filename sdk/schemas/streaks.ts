import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { Amount } from "./parts.ts";
import { isInOrder, LocalDate, NOT_IN_ORDER, period } from "./period.ts";
import { FetchedAt } from "./statistic.ts";

/** Of which sport, and which local days. */
export const StreaksInput = z.strictObject({ ...period, ...athleteInput })
  .refine(isInOrder, NOT_IN_ORDER).default({});

/** Periods in a row. */
export const Streak = z.object({
  length: Amount.meta({
    description: "How many days, weeks or months",
    example: 9,
  }),
  start: LocalDate.meta({
    description: "First local day of the first of them",
    example: "2025-11-28",
  }),
  end: LocalDate.meta({
    description: "Last local day of the last of them",
    example: "2025-12-06",
  }),
}).meta({
  id: "Streak",
  description: "Days, weeks or months in a row with an activity in each",
});

/** The longest and the current one. */
export const Streaks = z.object({
  longest: Streak.nullable(),
  current: Streak.nullable(),
  reason: z.enum(["no_activity", "ended"]).nullable().meta({
    description:
      "Why there is no current one: `no_activity` at all, or the last one has `ended` before the " +
      "day, week or month that was before this one",
    example: "ended",
  }),
}).meta({
  id: "Streaks",
  description: "The longest ever, the first of equals, and the current one",
});

/** Streaks. */
export const StreaksStatistic = z.object({
  type: z.literal("streaks"),
  data: z.object({ day: Streaks, week: Streaks, month: Streaks }).meta({
    description: "Of local days, of ISO weeks, of calendar months",
  }),
  fetched_at: FetchedAt,
}).meta({
  id: "StreaksStatistic",
  description: "Days, weeks and months in a row",
});
