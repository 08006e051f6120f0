import {
  Activity,
  AthleteInput,
  BySportInput,
  InYearInput,
  MonthlyStatistic,
  RecentActivitiesStatistic,
  TotalsStatistic,
  YearlyStatistic,
  YtdStatistic,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import { getLongestActivity } from "../../db/activities.ts";
import { listActivities } from "../../db/activity_list.ts";
import type { SportGroup } from "../../db/sports.ts";
import {
  getYearTotals,
  listMonthTotals,
  listSportTotals,
  listYearTotals,
  type TotalRow,
} from "../../db/stats.ts";
import { visibleTo } from "../auth/access.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { localMonth, localYear } from "../activities/local_time.ts";
import { router, type SyncedAthlete, syncedAthleteProcedure } from "../trpc.ts";
import { toActivity, toRecentActivity } from "../activities/activity.ts";
import { loadProcedures } from "./load_procedures.ts";
import { overviewProcedures } from "./overview_procedures.ts";
import { recordsProcedures } from "./records_procedures.ts";
import { listProcedures } from "./list_procedures.ts";
import { toSportKey, toStatistic, toTotal } from "./statistic.ts";
import { LONG_RIDE_EXAMPLE, YEARLY_EXAMPLE, YTD_EXAMPLE } from "./examples.ts";

const RECENT_COUNT = 30;

/** Statistics of all stored activities, counted by the athlete's local date. */
export const statsRouter = router({
  ...recordsProcedures,
  ...loadProcedures,
  ...overviewProcedures,
  ...listProcedures,

  /** This year so far: runs and rides. */
  ytd: syncedAthleteProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/stats/ytd",
        tags: ["stats"],
        protect: false,
        summary: "This year so far",
        description:
          "Totals of runs and rides in the athlete's current local year.",
      },
      example: YTD_EXAMPLE,
    })
    .input(AthleteInput)
    .output(YtdStatistic)
    .query(async ({ ctx }) => {
      const totals = await getYearTotals(ctx.sql, {
        athleteId: ctx.athlete.id,
        year: localYear(ctx.now(), ctx.athlete),
        groups: ["run", "ride"],
      });
      return toStatistic("ytd", totals, ctx.athlete);
    }),

  /** The last 12 months, all sports together. */
  monthly: syncedAthleteProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/stats/monthly",
        tags: ["stats"],
        protect: false,
        summary: "The last 12 months",
        description:
          "Totals of all sports for the last 12 local calendar months with the current one, " +
          "newest first; months without activities are zeros.",
      },
    })
    .input(AthleteInput)
    .output(MonthlyStatistic)
    .query(async ({ ctx }) => {
      const month = localMonth(ctx.now(), ctx.athlete);
      const rows = await listMonthTotals(ctx.sql, {
        athleteId: ctx.athlete.id,
        month,
      });
      const data = Object.fromEntries(
        rows.map((row) => [row.month, toTotal(row)]),
      );
      return toStatistic("monthly", data, ctx.athlete);
    }),

  /** The newest 30 activities. */
  activities: syncedAthleteProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/stats/activities",
        tags: ["stats"],
        protect: false,
        summary: "The newest activities",
        description:
          "The last 30 activities, newest first. Without the API key only those that " +
          "`PUBLIC_VISIBILITY` lets everyone see.",
      },
    })
    .input(AthleteInput)
    .output(RecentActivitiesStatistic)
    .query(async ({ ctx }) => {
      const rows = await listActivities(ctx.sql, {
        athleteId: ctx.athlete.id,
        visibility: visibleTo(ctx),
        limit: RECENT_COUNT,
      });
      return toStatistic(
        "recent_activities",
        rows.map(toRecentActivity),
        ctx.athlete,
      );
    }),

  /** All time, by sport. */
  totals: syncedAthleteProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/stats/totals",
        tags: ["stats"],
        protect: false,
        summary: "All time, by sport",
        description:
          "Totals of each sport over the whole history, the most frequent first.",
      },
    })
    .input(BySportInput)
    .output(TotalsStatistic)
    .query(async ({ ctx, input }) => {
      const rows = await listSportTotals(ctx.sql, {
        athleteId: ctx.athlete.id,
        by: input.by,
      });
      const data = Object.fromEntries(
        rows.map((row) => [toSportKey(row.sport), toTotal(row)]),
      );
      return toStatistic("all_time_totals", data, ctx.athlete);
    }),

  /** Year by year, by sport. */
  yearly: syncedAthleteProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/stats/yearly",
        tags: ["stats"],
        protect: false,
        summary: "Year by year, by sport",
        description:
          "Totals of each sport in each local year that has activities.",
      },
      example: YEARLY_EXAMPLE,
    })
    .input(BySportInput)
    .output(YearlyStatistic)
    .query(async ({ ctx, input }) => {
      const rows = await listYearTotals(ctx.sql, {
        athleteId: ctx.athlete.id,
        by: input.by,
      });
      const data: Record<string, Record<string, TotalRow>> = {};
      for (const row of rows) {
        (data[row.year] ??= {})[toSportKey(row.sport)] = toTotal(row);
      }
      return toStatistic("yearly_stats", data, ctx.athlete);
    }),

  /** The longest run of a year by distance. */
  longestRun: syncedAthleteProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/stats/longest-run",
        tags: ["stats"],
        protect: false,
        summary: "The longest run of a year",
        description:
          "By distance; trail and virtual runs count. 404 where the year has no run that the " +
          "caller may see.",
      },
      errors: ["activity_not_found"],
    })
    .input(InYearInput)
    .output(Activity)
    .query(({ ctx, input }) =>
      getLongest(ctx, { group: "run", year: input.year })
    ),

  /** The longest ride of a year by distance. */
  longestRide: syncedAthleteProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/stats/longest-ride",
        tags: ["stats"],
        protect: false,
        summary: "The longest ride of a year",
        description:
          "By distance; gravel, mountain bike, electric and virtual rides count. 404 where the " +
          "year has no ride that the caller may see.",
      },
      errors: ["activity_not_found"],
      example: LONG_RIDE_EXAMPLE,
    })
    .input(InYearInput)
    .output(Activity)
    .query(({ ctx, input }) =>
      getLongest(ctx, { group: "ride", year: input.year })
    ),
});

async function getLongest(
  ctx: Context & { athlete: SyncedAthlete },
  { group, year = localYear(ctx.now(), ctx.athlete) }: {
    group: SportGroup;
    year: number | undefined;
  },
): Promise<z.input<typeof Activity>> {
  const activity = await getLongestActivity(ctx.sql, {
    athleteId: ctx.athlete.id,
    visibility: visibleTo(ctx),
    group,
    year,
  });
  if (!activity) {
    throw new AppError("activity_not_found", {
      detail: `The year ${year} has no ${group} that you may see`,
    });
  }
  return toActivity(activity);
}
