import * as z from "zod";
import { RecentActivity } from "../activity.ts";
import { athleteInput } from "../athlete.ts";
import { Counts } from "./counts.ts";
import { PeriodTotal } from "./compare.ts";
import { EddingtonNow } from "./eddington.ts";
import { NextMilestone } from "./milestones.ts";
import { exclusions, LocalDate, weeks } from "./period.ts";
import { FetchedAt, Total, YtdStatistic } from "./statistic.ts";
import { StreaksStatistic } from "./streaks.ts";
import { TrainingDay } from "./training_load.ts";

/** The sums of a month. */
export const MonthTotal = z.object({
  month: z.string().regex(/^\d{4}-\d{2}$/).meta({
    description: "Local calendar month",
    example: "2025-12",
  }),
  total: Total,
}).meta({ id: "MonthTotal", description: "The sums of a month" });

/** The filters of the overview. */
export const OverviewInput = z.strictObject({
  ...exclusions,
  ...weeks,
  ...athleteInput,
}).default({ week_start: "monday" });

/** The statistics of a front page in one response. */
export const OverviewStatistic = z.object({
  type: z.literal("overview"),
  data: z.object({
    today: LocalDate.meta({
      description: "The athlete's local day, to which all values refer",
      example: "2025-12-06",
    }),
    ytd: YtdStatistic.shape.data.meta({
      description: "The current local year so far",
    }),
    this_week: PeriodTotal.meta({
      description: "The current week, all sports",
    }),
    this_month: PeriodTotal.meta({
      description: "The current month, all sports",
    }),
    last_12_months: z.array(MonthTotal).meta({
      description:
        "The current month and the 11 before it, all sports, newest first, including months " +
        "without activities",
    }),
    streaks: StreaksStatistic.shape.data,
    eddington: z.object({ km: EddingtonNow, mi: EddingtonNow }).meta({
      description:
        "Eddington numbers of all sports, in kilometres and in miles",
    }),
    training_load: TrainingDay.nullable().meta({
      description: "Training load of the current day, all sports",
    }),
    training_load_reason: z.literal("no_activity").nullable().meta({
      description: "Why `training_load` is null: there is no activity yet",
      example: null,
    }),
    recent_activities: z.array(RecentActivity).meta({
      description:
        "The newest 5 activities that the caller can see, newest first",
    }),
    next_milestones: z.object({
      distance_km: NextMilestone,
      distance_mi: NextMilestone,
      moving_time_hours: NextMilestone,
      elevation_gain_m: NextMilestone,
      count: NextMilestone,
    }).meta({
      description:
        "The next milestone of each sum: kilometres, miles, hours, metres of climbing, and " +
        "activities",
    }),
  }),
  fetched_at: FetchedAt,
  counts: Counts,
}).meta({
  id: "OverviewStatistic",
  description: "The statistics of a front page in one response",
});
