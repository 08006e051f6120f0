import * as z from "zod";
import { athleteInput } from "../athlete.ts";
import { Counts } from "./counts.ts";
import { isInOrder, LocalDate, NOT_IN_ORDER, periodOrYear } from "./period.ts";
import { NamedActivity } from "./records.ts";
import { FetchedAt } from "./statistic.ts";

/** The filters of the milestones. */
export const MilestonesInput = z.strictObject({
  ...periodOrYear,
  ...athleteInput,
})
  .refine(isInOrder, NOT_IN_ORDER).default({});

/** A round number and when it was reached. */
export const Milestone = z.object({
  value: z.number().meta({
    description: "Value in the unit of the list's name",
    example: 1000,
  }),
  date: LocalDate.meta({
    description: "Local day on which it was reached",
    example: "2025-12-06",
  }),
  activity: NamedActivity,
}).meta({
  id: "Milestone",
  description: "A round number, and the activity that reached it",
});

/** The next round number. */
export const NextMilestone = z.object({
  value: z.number().meta({
    description: "Value in the unit of the list's name",
    example: 2000,
  }),
  remaining: z.number().meta({
    description: "Remaining amount in the same unit, rounded up to a tenth",
    example: 517.7,
  }),
}).meta({ id: "NextMilestone", description: "The next round number" });

/** The round numbers of one sum. */
export const Milestones = z.object({
  total: z.number().meta({
    description:
      "The sum in the unit of the list's name, rounded down to a tenth",
    example: 1482.3,
  }),
  reached: z.array(Milestone).meta({
    description: "Milestones that were reached, smallest first",
  }),
  next: NextMilestone,
}).meta({
  id: "Milestones",
  description: "Milestones of one sum: 1, 2 and 5 times a power of ten",
});

/** The milestones of each sum. */
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
      "Milestones by unit. They start at 10 kilometres, 10 miles, 10 hours, 100 metres of " +
      "climbing and 1 activity",
  }),
  fetched_at: FetchedAt,
  counts: Counts,
}).meta({
  id: "MilestonesStatistic",
  description: "The milestones of each sum",
});
