import { OverviewStatistic } from "@paceline/sdk/schemas";
import { listActivities } from "../../db/activity_list.ts";
import { getTotal } from "../../db/counted.ts";
import { type Figure, listSportDays } from "../../db/figures.ts";
import {
  getYearTotals,
  listMonthTotals,
  type TotalRow,
} from "../../db/stats.ts";
import { visibleTo } from "../access.ts";
import { localDate } from "../local_time.ts";
import { type Eddington, readEddington } from "../statistics/eddington.ts";
import { readMilestones } from "../statistics/milestones.ts";
import { spanOf } from "../statistics/spans.ts";
import { readStreaks } from "../statistics/streaks.ts";
import { listTrainingDays } from "../statistics/training_load.ts";
import { athleteProcedure } from "../trpc.ts";
import { toRecentActivity } from "./activity.ts";
import { listDayLoads } from "./day_loads.ts";
import { toPeriodTotal, toStatistic, toTotal } from "./statistic.ts";
import { toTrainingDay } from "./stats_load.ts";

const RECENT_COUNT = 5;

/** What the other statistics say of today, in one answer. */
export const overviewProcedures = {
  /** All that a front page needs. */
  overview: athleteProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/stats/overview",
        tags: ["stats"],
        protect: false,
        summary: "All that a front page needs",
        description:
          "This year, week and month, the last 12 months, streaks, Eddington numbers, today's " +
          "training load, the newest activities and the milestones ahead, each as its own statistic " +
          "has it.",
      },
    })
    .output(OverviewStatistic)
    .query(async ({ ctx }) => {
      const { sql } = ctx;
      const athleteId = ctx.athlete.id;
      const visibility = visibleTo(ctx);
      const today = localDate(ctx.now(), ctx.athlete);
      const week = spanOf("week", today);
      const month = spanOf("month", today);
      const [ytd, ofWeek, ofMonth, months, total, days, loads, recent] =
        await Promise
          .all([
            getYearTotals(sql, {
              athleteId,
              year: Number(today.slice(0, 4)),
              groups: ["run", "ride", "swim"],
            }),
            getTotal(sql, { athleteId, ...week }),
            getTotal(sql, { athleteId, ...month }),
            listMonthTotals(sql, { athleteId, month: today.slice(0, 7) }),
            getTotal(sql, { athleteId }),
            listSportDays(sql, { athleteId }),
            listDayLoads(ctx, { athleteId }),
            listActivities(sql, { athleteId, visibility, limit: RECENT_COUNT }),
          ]);
      const lastDay = listTrainingDays(loads, { today }).at(-1);
      const milestones = readMilestones([toFigure(total)]);
      return toStatistic("overview", {
        today,
        ytd,
        this_week: toPeriodTotal(week, ofWeek),
        this_month: toPeriodTotal(month, ofMonth),
        last_12_months: months.map((row) => ({
          month: row.month,
          total: toTotal(row),
        })),
        streaks: readStreaks(days.map(({ date }) => date), { today }),
        eddington: {
          km: toEddingtonNow(readEddington(days, { unit: "km" })),
          mi: toEddingtonNow(readEddington(days, { unit: "mi" })),
        },
        training_load: lastDay ? toTrainingDay(lastDay) : null,
        training_load_reason: lastDay ? null : "no_activity" as const,
        recent_activities: recent.map(toRecentActivity),
        next_milestones: {
          distance_km: milestones.distance_km.next,
          distance_mi: milestones.distance_mi.next,
          moving_time_hours: milestones.moving_time_hours.next,
          elevation_gain_m: milestones.elevation_gain_m.next,
          count: milestones.count.next,
        },
      }, ctx.athlete);
    }),
};

/** The number without its history, which its own statistic has. */
function toEddingtonNow(
  { value, next, sports }: Eddington,
): Pick<Eddington, "value" | "next" | "sports"> {
  return { value, next, sports };
}

/**
 * The sum of all activities in place of each: the milestones ahead follow from it alone, and of
 * those behind, which it cannot tell apart, nothing is told here.
 */
function toFigure(total: TotalRow): TotalRow & Figure {
  return {
    ...total,
    id: 0,
    sport_type: "",
    start_date_local: "",
    is_visible: false,
  };
}
