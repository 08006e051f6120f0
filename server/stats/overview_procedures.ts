import { AthleteInput, OverviewStatistic } from "@paceline/sdk/schemas";
import { listActivities } from "../../db/activity_list.ts";
import type { ActivityMetrics } from "../../db/activity_metrics.ts";
import type { EffortRow } from "../../db/activity_loads.ts";
import type { SportGroup } from "../../db/sports.ts";
import type { TotalRow } from "../../db/stats.ts";
import { visibleTo } from "../auth/access.ts";
import { localDate } from "../activities/local_time.ts";
import { type Eddington, readEddington } from "./compute/eddington.ts";
import { readMilestones } from "./compute/milestones.ts";
import { type Span, spanOf, subtractMonths } from "./compute/spans.ts";
import { GROUP_OF } from "./compute/sport_groups.ts";
import { readStreaks } from "./compute/streaks.ts";
import { sumUp } from "./compute/sums.ts";
import { listTrainingDays } from "./compute/training_load.ts";
import { syncedAthleteProcedure } from "../trpc.ts";
import { toRecentActivity } from "../activities/activity.ts";
import { listLoads } from "./day_loads.ts";
import { toPeriodTotal, toStatistic } from "./statistic.ts";
import { toTrainingDay } from "./load_procedures.ts";
import { OVERVIEW_EXAMPLE } from "./examples.ts";

const RECENT_COUNT = 5;

/** What the other statistics say of today, in one answer. */
export const overviewProcedures = {
  /** All that a front page needs. */
  overview: syncedAthleteProcedure
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
      example: OVERVIEW_EXAMPLE,
    })
    .input(AthleteInput)
    .output(OverviewStatistic)
    .query(async ({ ctx }) => {
      const athleteId = ctx.athlete.id;
      const [{ efforts, loads }, recent] = await Promise.all([
        listLoads(ctx, { athleteId }),
        listActivities(ctx.sql, {
          athleteId,
          visibility: visibleTo(ctx),
          limit: RECENT_COUNT,
        }),
      ]);
      const today = localDate(ctx.now(), ctx.athlete);
      const lastDay = listTrainingDays(loads, { today }).at(-1);
      const milestones = readMilestones([toMetrics(sumUp(efforts))]);
      const sumPeriod = (span: Span): ReturnType<typeof toPeriodTotal> =>
        toPeriodTotal(span, sumWithin(efforts, span));
      return toStatistic("overview", {
        today,
        ytd: sumGroups(efforts, spanOf("year", today)),
        this_week: sumPeriod(spanOf("week", today)),
        this_month: sumPeriod(spanOf("month", today)),
        last_12_months: lastMonths(today).map(({ month, ...span }) => ({
          month,
          total: sumWithin(efforts, span),
        })),
        streaks: readStreaks(efforts.map(({ date }) => date), { today }),
        eddington: {
          km: toEddingtonNow(readEddington(efforts, { unit: "km" })),
          mi: toEddingtonNow(readEddington(efforts, { unit: "mi" })),
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

function sumWithin(
  efforts: readonly EffortRow[],
  { from, to }: Span,
): TotalRow {
  return sumUp(efforts.filter(({ date }) => date >= from && date <= to));
}

function sumGroups(
  efforts: readonly EffortRow[],
  span: Span,
): Record<SportGroup, TotalRow> {
  const sumGroup = (group: SportGroup): TotalRow =>
    sumWithin(
      efforts.filter(({ sport_type }) => GROUP_OF.get(sport_type) === group),
      span,
    );
  return {
    run: sumGroup("run"),
    ride: sumGroup("ride"),
    swim: sumGroup("swim"),
  };
}

/** The current month and the 11 before it, newest first. */
function lastMonths(today: string): (Span & { month: string })[] {
  const first = `${today.slice(0, 7)}-01`;
  return Array.from({ length: 12 }, (_, back) => {
    const span = spanOf("month", subtractMonths(first, back));
    return { month: span.from.slice(0, 7), ...span };
  });
}

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
function toMetrics(total: TotalRow): TotalRow & ActivityMetrics {
  return {
    ...total,
    id: 0,
    sport_type: "",
    start_date_local: "",
    is_visible: false,
  };
}
