import {
  OverviewInput,
  OverviewStatistic,
  type Total,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import { listActivities } from "../../../db/activity_list.ts";
import {
  listLoadInputs,
  type LoadInputRow,
} from "../../../db/activity_loads.ts";
import type { TotalRow } from "../../../db/activity_totals.ts";
import type { SportGroup } from "../../../db/sports.ts";
import { toRecentActivity } from "../../activities/activity.ts";
import { localDate } from "../../activities/local_time.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import { computeEddingtonNow } from "../compute/eddington.ts";
import { computeNextMilestones } from "../compute/milestones.ts";
import { findSpan, type Span, subtractMonths } from "../compute/spans.ts";
import { GROUP_OF } from "../compute/sport_groups.ts";
import { computeStreaks } from "../compute/streaks.ts";
import { sumActivities } from "../compute/sums.ts";
import { computeTrainingDays } from "../compute/training_load.ts";
import { countVisible, countWholeMonths } from "../counted.ts";
import { listDayLoads } from "../day_loads.ts";
import { EXAMPLE_YTD, toExampleTotal } from "../examples.ts";
import {
  createStatisticMeta,
  toPeriodTotal,
  toStatistic,
  toTotal,
} from "../statistic.ts";
import { toEddingtonNow } from "./eddington.ts";
import { toLadders } from "./milestones.ts";
import { EXAMPLE_STREAKS } from "./streaks.ts";
import { toTrainingDay } from "./training_load.ts";

const THIS_MONTH = toExampleTotal(4, 41820.2, 12040, 410.5);

const EXAMPLE = {
  data: {
    ytd: EXAMPLE_YTD,
    this_week: {
      from: "2025-12-01",
      to: "2025-12-07",
      days: 7,
      total: THIS_MONTH,
    },
    this_month: {
      from: "2025-12-01",
      to: "2025-12-31",
      days: 31,
      total: THIS_MONTH,
    },
    last_12_months: [
      { month: "2025-12", total: THIS_MONTH },
      { month: "2025-11", total: toExampleTotal(17, 201377.8, 61022, 2204.1) },
    ],
    streaks: EXAMPLE_STREAKS,
    next_milestones: {
      distance_km: { value: 50000, remaining: 27639.6 },
      distance_mi: { value: 20000, remaining: 6105.8 },
      moving_time_hours: { value: 2000, remaining: 768.2 },
      elevation_gain_m: { value: 500000, remaining: 268765.6 },
      count: { value: 2000, remaining: 868 },
    },
  },
};

/** Number of recent activities. */
const MAX_RECENT = 5;

/** Today's values of the other statistics, in one response. */
export const overview = syncedAthleteProcedure
  .meta(createStatisticMeta("overview", {
    cost: 5,
    summary: "Everything a front page needs",
    description:
      "This year, week and month, the last 12 months, streaks, Eddington numbers, today's " +
      "training load, the newest activities and the next milestones, with the same values as the " +
      "statistics of these names. `counts` is about the year and the months: all other values " +
      "count only what the caller may see.",
    example: EXAMPLE,
  }))
  .input(OverviewInput)
  .output(OverviewStatistic)
  .query(async ({ ctx, input }) => {
    const today = localDate(ctx.now(), ctx.athlete);
    const weekStart = input.week_start;
    const months = listLastMonths(today);
    const { scope: visible } = countVisible(ctx, input);
    const { scope, counts } = countWholeMonths(ctx, input);
    const [{ activities, loads }, withHidden, recent] = await Promise.all([
      listDayLoads(ctx, visible),
      scope.hiddenDays &&
      listLoadInputs(ctx.sql, { ...scope, from: months.at(-1)!.from }),
      listActivities(ctx.sql, {
        ...visible,
        to: today,
        limit: MAX_RECENT,
      }),
    ]);
    const lastDay = computeTrainingDays(loads, { today, from: today })
      .at(-1);
    const dates = activities.map(({ date }) => date);
    const total = sumActivities(activities);
    const past = activities.filter(({ date }) => date <= today);
    // Both the year and the months begin in the last 12 months.
    const counted = (withHidden ?? activities)
      .filter(({ date }) => date >= months.at(-1)!.from && date <= today);
    const week = findSpan("week", today, { weekStart });
    const month = findSpan("month", today);
    const eddington = computeEddingtonNow(activities, ["km", "mi"]);
    return toStatistic("overview", {
      today,
      ytd: sumGroups(counted, findSpan("year", today)),
      this_week: toPeriodTotal(week, sumWithin(past, week)),
      this_month: toPeriodTotal(month, sumWithin(counted, month)),
      last_12_months: months.map(({ month, ...span }) => ({
        month,
        total: toTotal(sumWithin(counted, span)),
      })),
      streaks: computeStreaks(dates, { today, weekStart }),
      eddington: {
        km: toEddingtonNow(eddington.km),
        mi: toEddingtonNow(eddington.mi),
      },
      training_load: lastDay ? toTrainingDay(lastDay) : null,
      training_load_reason: lastDay ? null : "no_activity" as const,
      recent_activities: recent.map(toRecentActivity),
      next_milestones: toLadders(computeNextMilestones(total)),
    }, { ...ctx, counts });
  });

function sumWithin(
  activities: readonly LoadInputRow[],
  { from, to }: Span,
): TotalRow {
  return sumActivities(
    activities.filter(({ date }) => date >= from && date <= to),
  );
}

function sumGroups(
  activities: readonly LoadInputRow[],
  span: Span,
): Record<SportGroup | "other", z.input<typeof Total>> {
  const sumGroup = (group: SportGroup | undefined): z.input<typeof Total> => {
    const ofGroup = activities.filter(({ sportType }) =>
      GROUP_OF.get(sportType) === group
    );
    return toTotal(sumWithin(ofGroup, span));
  };
  return {
    run: sumGroup("run"),
    ride: sumGroup("ride"),
    swim: sumGroup("swim"),
    other: sumGroup(undefined),
  };
}

/** Lists the current month and the 11 before it, newest first. */
function listLastMonths(today: string): (Span & { month: string })[] {
  const first = `${today.slice(0, 7)}-01`;
  return Array.from({ length: 12 }, (_, monthsAgo) => {
    const span = findSpan("month", subtractMonths(first, monthsAgo));
    return { month: span.from.slice(0, 7), ...span };
  });
}
