import * as z from "zod";
import { athleteInput } from "../athlete.ts";
import { Amount } from "../parts.ts";
import { Counts } from "./counts.ts";
import {
  isInOrder,
  LocalDate,
  NOT_IN_ORDER,
  periodOrYear,
  weeks,
} from "./period.ts";
import { FetchedAt } from "./statistic.ts";

/** The filters of the streaks. */
export const StreaksInput = z.strictObject({
  ...periodOrYear,
  ...weeks,
  ...athleteInput,
}).refine(isInOrder, NOT_IN_ORDER).default({ week_start: "monday" });

/** Periods in a row with an activity in each. */
export const Streak = z.object({
  length: Amount.meta({
    description: "Number of days, weeks or months",
    example: 9,
  }),
  start: LocalDate.meta({
    description: "First local day of the first period",
    example: "2025-11-28",
  }),
  end: LocalDate.meta({
    description: "Last local day of the last period",
    example: "2025-12-06",
  }),
}).meta({
  id: "Streak",
  description: "Days, weeks or months in a row with an activity in each",
});

/** The longest and the current streak. */
export const Streaks = z.object({
  longest: Streak.nullable(),
  current: Streak.nullable(),
  reason: z.enum(["no_activity", "ended"]).nullable().meta({
    description:
      "Why `current` is null. `no_activity`: there is no activity. `ended`: the last streak " +
      "ended before the previous day, week or month",
    example: "ended",
  }),
}).meta({
  id: "Streaks",
  description:
    "The longest streak, the earliest one on a tie, and the current streak",
});

/** The streaks of days, weeks and months. */
export const StreaksStatistic = z.object({
  type: z.literal("streaks"),
  data: z.object({ day: Streaks, week: Streaks, month: Streaks }).meta({
    description: "Streaks of local days, weeks and calendar months",
  }),
  fetched_at: FetchedAt,
  counts: Counts,
}).meta({
  id: "StreaksStatistic",
  description: "The streaks of days, weeks and months",
});
