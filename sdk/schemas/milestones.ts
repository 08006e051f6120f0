import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { isInOrder, LocalDate, NOT_IN_ORDER, period } from "./period.ts";
import { NamedActivity } from "./records.ts";
import { FetchedAt } from "./statistic.ts";

/** Of which sport, and which local days. */
export const MilestonesInput = z.strictObject({ ...period, ...athleteInput })
  .refine(isInOrder, NOT_IN_ORDER).default({});

/** A round number and when it was crossed. */
export const Milestone = z.object({
  value: z.number().meta({
    description: "In the unit of the list's name",
    example: 1000,
  }),
  date: LocalDate.nullable().meta({
    description:
      "Local day on which it was crossed; null where no activity is named",
    example: "2025-12-06",
  }),
  activity: NamedActivity.nullable(),
  reason: z.literal("hidden").nullable().meta({
    description: "Why no activity is named: the caller may not see it",
    example: "hidden",
  }),
}).meta({
  id: "Milestone",
  description: "A round number, and the activity that crossed it",
});

/** The round number ahead. */
export const NextMilestone = z.object({
  value: z.number().meta({
    description: "In the unit of the list's name",
    example: 2000,
  }),
  remaining: z.number().meta({
    description: "What is missing, in the same unit, rounded up to a tenth",
    example: 517.7,
  }),
}).meta({ id: "NextMilestone", description: "The round number ahead" });

/** The round numbers of one sum. */
export const Milestones = z.object({
  total: z.number().meta({
    description: "What there is, in the list's unit, rounded down to a tenth",
    example: 1482.3,
  }),
  reached: z.array(Milestone).meta({ description: "Smallest first" }),
  next: NextMilestone,
}).meta({
  id: "Milestones",
  description: "1, 2 and 5 times a power of ten, as they were crossed",
});

/** Round numbers crossed. */
export const MilestonesStatistic = z.object({
  type: z.literal("milestones"),
  data: z.object({
    distance_km: Milestones,
    distance_mi: Milestones,
    moving_time_hours: Milestones,
    elevation_gain_m: Milestones,
    count: Milestones,
  }).meta({
    description:
      "From 10 kilometres, 10 miles, 10 hours, 100 metres of climbing and 1 activity on",
  }),
  fetched_at: FetchedAt,
}).meta({ id: "MilestonesStatistic", description: "Round numbers crossed" });
