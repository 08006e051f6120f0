import {
  CalendarInput,
  CalendarStatistic,
  CumulativeInput,
  CumulativeStatistic,
  DistributionInput,
  DistributionStatistic,
  EddingtonInput,
  EddingtonStatistic,
  MilestonesInput,
  MilestonesStatistic,
  RecordsInput,
  RecordsStatistic,
  StreaksInput,
  StreaksStatistic,
} from "@paceline/sdk/schemas";
import {
  listActivityMetrics,
  listAmounts,
  listDates,
  listDistances,
} from "../../db/activity_metrics.ts";
import { readSnapshot } from "../../db/driver/snapshot.ts";
import { visibleTo } from "../auth/access.ts";
import type { Context } from "../context.ts";
import { localDate, localYear } from "../activities/local_time.ts";
import { readCalendar } from "./compute/calendar.ts";
import { DAYS, readCumulative } from "./compute/cumulative.ts";
import { readDistribution } from "./compute/distribution.ts";
import { readEddington } from "./compute/eddington.ts";
import { readMilestones } from "./compute/milestones.ts";
import { listRecords } from "./compute/records.ts";
import { intersect, type Span, spanOf, windowOf } from "./compute/spans.ts";
import { readStreaks } from "./compute/streaks.ts";
import { sumDays } from "./compute/sums.ts";
import {
  type Meta,
  type SyncedAthlete,
  syncedAthleteProcedure,
} from "../trpc.ts";
import { listLoads } from "./day_loads.ts";
import { nameMilestones, nameRecords } from "./named_activity.ts";
import { toSportKey, toStatistic } from "./statistic.ts";
import {
  CUMULATIVE_EXAMPLE,
  DISTRIBUTION_EXAMPLE,
  EDDINGTON_EXAMPLE,
  MILESTONES_EXAMPLE,
  RECORDS_EXAMPLE,
  STREAKS_EXAMPLE,
} from "./examples.ts";

/** What an athlete has reached, day by day and best of all, by the athlete's local date. */
export const recordsProcedures = {
  /** The best activities and periods of each sport. */
  records: syncedAthleteProcedure
    .meta(toMeta("records", {
      summary: "Records",
      description:
        "By sport the longest, the one with the most climbing, the fastest over some distances, " +
        "and the biggest day, ISO week, month and year: of all time, of this year, or of the last " +
        "4, 12, 26 or 52 weeks. Without the API key only activities that `PUBLIC_VISIBILITY` lets " +
        "everyone see make records.",
      example: RECORDS_EXAMPLE,
    }))
    .input(RecordsInput)
    .output(RecordsStatistic)
    .query(async ({ ctx, input }) => {
      const { sport, metric, min_distance } = input;
      const span = intersect(windowOf(input.window, todayOf(ctx)), input);
      const who = { athleteId: ctx.athlete.id, visibility: visibleTo(ctx) };
      const records = await readSnapshot(ctx.sql, async (sql) => {
        const figures = await listActivityMetrics(sql, {
          ...who,
          sport,
          ...span,
        });
        const records = listRecords(figures, {
          ...{ sport, metric },
          minDistance: min_distance,
        });
        return await nameRecords(sql, { ...who, records });
      });
      const { from = null, to = null } = span;
      const data = Object.fromEntries([...records].map(([name, best]) => {
        const reason = Object.values(best).includes(null)
          ? "no_activity" as const
          : null;
        return [toSportKey(name), { ...best, metric, from, to, reason }];
      }));
      return toStatistic("records", data, ctx.athlete);
    }),

  /** On how many days how far. */
  eddington: syncedAthleteProcedure
    .meta(toMeta("eddington", {
      summary: "Eddington number",
      description:
        "The greatest n such that on at least n local days at least n kilometres, or miles, were " +
        "covered; what the next one needs, when each was reached, and each year and each sport by " +
        "itself.",
      example: EDDINGTON_EXAMPLE,
    }))
    .input(EddingtonInput)
    .output(EddingtonStatistic)
    .query(async ({ ctx, input: { unit, sport, year, from, to } }) => {
      const rows = await listDistances(ctx.sql, {
        ...{ athleteId: ctx.athlete.id, sport },
        ...intersect({ from, to }, year === undefined ? {} : toYear(year)),
      });
      const eddington = readEddington(rows, { unit, sport });
      return toStatistic("eddington", { unit, ...eddington }, ctx.athlete);
    }),

  /** Days, weeks and months in a row. */
  streaks: syncedAthleteProcedure
    .meta(toMeta("streaks", {
      summary: "Streaks",
      description:
        "The longest and the current streak of local days, ISO weeks and months with an activity " +
        "in each.",
      example: STREAKS_EXAMPLE,
    }))
    .input(StreaksInput)
    .output(StreaksStatistic)
    .query(async ({ ctx, input }) => {
      const dates = await listDates(ctx.sql, {
        athleteId: ctx.athlete.id,
        ...input,
      });
      const streaks = readStreaks(dates, { today: todayOf(ctx) });
      return toStatistic("streaks", streaks, ctx.athlete);
    }),

  /** A year day by day. */
  calendar: syncedAthleteProcedure
    .meta(toMeta("calendar", {
      summary: "A year day by day",
      description:
        "Sums and training load of each local day of a year that has activities, with a level for " +
        "heat maps.",
    }))
    .input(CalendarInput)
    .output(CalendarStatistic)
    .query(async ({ ctx, input: { year = yearOf(ctx), sport } }) => {
      const counted = { athleteId: ctx.athlete.id, sport, ...toYear(year) };
      const { efforts, loads } = await listLoads(ctx, counted);
      const calendar = readCalendar(sumDays(efforts), { year, loads });
      return toStatistic("calendar", calendar, ctx.athlete);
    }),

  /** Year against year. */
  cumulative: syncedAthleteProcedure
    .meta(toMeta("cumulative", {
      summary: "Year against year",
      description:
        "Sums of one measure from the first of January up to each day, year by year side by side.",
      example: CUMULATIVE_EXAMPLE,
    }))
    .input(CumulativeInput)
    .output(CumulativeStatistic)
    .query(async ({ ctx, input: { metric, sport, ...asked } }) => {
      const years = readYears(asked, yearOf(ctx));
      const rows = await listAmounts(ctx.sql, {
        ...{ athleteId: ctx.athlete.id, metric, sport },
        ...years && {
          from: toYear(years[0]!).from,
          to: toYear(years.at(-1)!).to,
        },
      });
      const sums = readCumulative(rows, { years, today: todayOf(ctx) });
      return toStatistic(
        "cumulative",
        { metric, days: [...DAYS], years: sums },
        ctx.athlete,
      );
    }),

  /** When, what, how far. */
  distribution: syncedAthleteProcedure
    .meta(toMeta("distribution", {
      summary: "By weekday, hour, sport and distance",
      description:
        "Sums by weekday, by hour of the local start, by sport and by band of distances.",
      example: DISTRIBUTION_EXAMPLE,
    }))
    .input(DistributionInput)
    .output(DistributionStatistic)
    .query(async ({ ctx, input: { band_width, ...counted } }) => {
      const figures = await listActivityMetrics(ctx.sql, {
        athleteId: ctx.athlete.id,
        visibility: visibleTo(ctx),
        ...counted,
      });
      const distribution = readDistribution(figures, {
        sport: counted.sport,
        bandWidth: band_width,
      });
      return toStatistic("distribution", distribution, ctx.athlete);
    }),

  /** Round numbers crossed. */
  milestones: syncedAthleteProcedure
    .meta(toMeta("milestones", {
      summary: "Milestones",
      description:
        "When the sums of all activities crossed round numbers of kilometres, miles, hours, " +
        "metres of climbing and activities, and with which one; without the API key only those " +
        "that `PUBLIC_VISIBILITY` lets everyone see are named and dated.",
      example: MILESTONES_EXAMPLE,
    }))
    .input(MilestonesInput)
    .output(MilestonesStatistic)
    .query(async ({ ctx, input }) => {
      const who = { athleteId: ctx.athlete.id, visibility: visibleTo(ctx) };
      const milestones = await readSnapshot(ctx.sql, async (sql) => {
        const figures = await listActivityMetrics(sql, { ...who, ...input });
        const milestones = readMilestones(figures);
        return await nameMilestones(sql, { ...who, milestones });
      });
      return toStatistic("milestones", milestones, ctx.athlete);
    }),
};

type AthleteContext = Context & { athlete: SyncedAthlete };

/** The athlete's local day. */
function todayOf(ctx: AthleteContext): string {
  return localDate(ctx.now(), ctx.athlete);
}

function yearOf(ctx: AthleteContext): number {
  return localYear(ctx.now(), ctx.athlete);
}

function toYear(year: number): Span {
  return spanOf("year", `${year}-01-01`);
}

/** The years asked for, each once, oldest first; none where all are. */
function readYears(
  { years, year_list }: {
    years?: number | undefined;
    year_list?: string | undefined;
  },
  year: number,
): number[] | undefined {
  if (years !== undefined) {
    return Array.from({ length: years }, (_, index) => year - index).reverse();
  }
  const list = new Set(year_list?.split(",").map(Number));
  return list.size > 0 ? [...list].sort((a, b) => a - b) : undefined;
}

function toMeta(
  name: string,
  { summary, description, example }: {
    summary: string;
    description: string;
    example?: unknown;
  },
): Meta {
  return {
    openapi: {
      method: "GET",
      path: `/strava/stats/${name}`,
      tags: ["stats"],
      protect: false,
      summary,
      description,
    },
    ...(example === undefined ? {} : { example }),
  };
}
