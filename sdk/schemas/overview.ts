import * as z from "zod";
import { RecentActivity } from "./activity.ts";
import { PeriodTotal } from "./compare.ts";
import { EddingtonNow } from "./eddington.ts";
import { NextMilestone } from "./milestones.ts";
import { LocalDate } from "./period.ts";
import { FetchedAt, Total } from "./statistic.ts";
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

/** All that a front page needs. */
export const OverviewStatistic = z.object({
  type: z.literal("overview"),
  data: z.object({
    today: LocalDate.meta({
      description: "The athlete's local day, to which all of it refers",
      example: "2025-12-06",
    }),
    ytd: z.object({ run: Total, ride: Total, swim: Total }).meta({
      description: "This local year so far",
    }),
    this_week: PeriodTotal.meta({
      description: "The current ISO week, all sports",
    }),
    this_month: PeriodTotal.meta({
      description: "The current month, all sports",
    }),
    last_12_months: z.array(MonthTotal).meta({
      description:
        "All sports in the current month and the 11 before it, newest first, empty ones too",
    }),
    streaks: StreaksStatistic.shape.data,
    eddington: z.object({ km: EddingtonNow, mi: EddingtonNow }).meta({
      description: "All sports, in kilometres and in miles",
    }),
    training_load: TrainingDay.nullable().meta({
      description: "Of today, all sports",
    }),
    training_load_reason: z.literal("no_activity").nullable().meta({
      description: "Why `training_load` is null: there is no activity yet",
      example: null,
    }),
    recent_activities: z.array(RecentActivity).meta({
      description:
        "The newest 5 that the caller may see one by one, newest first",
    }),
    next_milestones: z.object({
      distance_km: NextMilestone,
      distance_mi: NextMilestone,
      moving_time_hours: NextMilestone,
      elevation_gain_m: NextMilestone,
      count: NextMilestone,
    }).meta({
      description:
        "The round number ahead of each sum: kilometres, miles, hours, metres of climbing, " +
        "activities",
    }),
  }),
  fetched_at: FetchedAt,
}).meta({
  id: "OverviewStatistic",
  description: "All that a front page needs",
});
