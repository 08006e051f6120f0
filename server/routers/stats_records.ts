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
import type { OpenApiMeta } from "trpc-to-openapi";
import { listDayTotals } from "../../db/counted.ts";
import { listFigures, listSportDays } from "../../db/figures.ts";
import { visibleTo } from "../access.ts";
import type { Context } from "../context.ts";
import { localDate, localYear } from "../local_time.ts";
import { readCalendar } from "../statistics/calendar.ts";
import { DAYS, listCumulative } from "../statistics/cumulative.ts";
import { readDistribution } from "../statistics/distribution.ts";
import { listEddington } from "../statistics/eddington.ts";
import { readMilestones } from "../statistics/milestones.ts";
import { listRecords } from "../statistics/records.ts";
import { readStreaks } from "../statistics/streaks.ts";
import { athleteProcedure, type SyncedAthlete } from "../trpc.ts";
import { toStatistic } from "./statistic.ts";

const CUMULATIVE_YEARS = 5;

/** What an athlete has reached, day by day and best of all, by the athlete's local date. */
export const recordsProcedures = {
  /** The best activities and periods of each sport. */
  records: athleteProcedure
    .meta(toMeta("records", {
      summary: "Records",
      description:
        "By sport the longest, the one with the most climbing, the fastest over a distance, and " +
        "the biggest day, ISO week, month and year: of all time, this year, and the last 4, 12, " +
        "26 and 52 weeks.",
    }))
    .input(RecordsInput)
    .output(RecordsStatistic)
    .query(async ({ ctx, input: { sport, min_distance } }) => {
      const figures = await listFigures(ctx.sql, {
        athleteId: ctx.athlete.id,
        visibility: visibleTo(ctx),
        sport,
      });
      const records = listRecords(figures, {
        today: todayOf(ctx),
        sport,
        minDistance: min_distance,
      });
      return toStatistic("records", records, ctx.athlete);
    }),

  /** On how many days how far. */
  eddington: athleteProcedure
    .meta(toMeta("eddington", {
      summary: "Eddington numbers",
      description:
        "By sport the greatest n such that on at least n local days at least n kilometres, or " +
        "miles, were covered; when each was reached, what the next needs, and each year by itself.",
    }))
    .input(EddingtonInput)
    .output(EddingtonStatistic)
    .query(async ({ ctx, input }) => {
      const days = await listSportDays(ctx.sql, {
        athleteId: ctx.athlete.id,
        ...input,
      });
      return toStatistic("eddington", listEddington(days, input), ctx.athlete);
    }),

  /** Days, weeks and months in a row. */
  streaks: athleteProcedure
    .meta(toMeta("streaks", {
      summary: "Streaks",
      description:
        "The longest and the current streak of local days, ISO weeks and months with an activity " +
        "in each.",
    }))
    .input(StreaksInput)
    .output(StreaksStatistic)
    .query(async ({ ctx, input: { sport } }) => {
      const days = await listDayTotals(ctx.sql, {
        athleteId: ctx.athlete.id,
        sport,
      });
      const dates = days.map(({ date }) => date);
      const streaks = readStreaks(dates, { today: todayOf(ctx) });
      return toStatistic("streaks", streaks, ctx.athlete);
    }),

  /** A year day by day. */
  calendar: athleteProcedure
    .meta(toMeta("calendar", {
      summary: "A year day by day",
      description:
        "Sums of every local day of a year, with a level for heat maps; zeros where nothing was.",
    }))
    .input(CalendarInput)
    .output(CalendarStatistic)
    .query(async ({ ctx, input: { year = yearOf(ctx), sport } }) => {
      const days = await listDayTotals(ctx.sql, {
        athleteId: ctx.athlete.id,
        sport,
        from: `${year}-01-01`,
        to: `${year}-12-31`,
      });
      const calendar = readCalendar(days, { year });
      return toStatistic("calendar", calendar, ctx.athlete);
    }),

  /** Year against year. */
  cumulative: athleteProcedure
    .meta(toMeta("cumulative", {
      summary: "Year against year",
      description:
        "Sums from the first of January up to each day, for several years side by side.",
    }))
    .input(CumulativeInput)
    .output(CumulativeStatistic)
    .query(async ({ ctx, input }) => {
      const years = readYears(input, yearOf(ctx));
      const days = await listDayTotals(ctx.sql, {
        athleteId: ctx.athlete.id,
        sport: input.sport,
        from: `${years.at(-1)}-01-01`,
        to: `${years[0]}-12-31`,
      });
      const sums = listCumulative(days, { years, today: todayOf(ctx) });
      return toStatistic(
        "cumulative",
        { days: [...DAYS], years: sums },
        ctx.athlete,
      );
    }),

  /** When, what, how far. */
  distribution: athleteProcedure
    .meta(toMeta("distribution", {
      summary: "By weekday, hour, sport and distance",
      description:
        "Sums by weekday, by hour of the local start, by sport and by band of distances.",
    }))
    .input(DistributionInput)
    .output(DistributionStatistic)
    .query(async ({ ctx, input: { band_width, ...counted } }) => {
      const figures = await listFigures(ctx.sql, {
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
  milestones: athleteProcedure
    .meta(toMeta("milestones", {
      summary: "Milestones",
      description:
        "When the sums of all activities crossed round numbers of kilometres, miles, hours, " +
        "metres of climbing and activities, and with which one.",
    }))
    .input(MilestonesInput)
    .output(MilestonesStatistic)
    .query(async ({ ctx, input: { sport } }) => {
      const figures = await listFigures(ctx.sql, {
        athleteId: ctx.athlete.id,
        visibility: visibleTo(ctx),
        sport,
      });
      return toStatistic("milestones", readMilestones(figures), ctx.athlete);
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

/** The years asked for, each once, newest first. */
function readYears(
  { years = CUMULATIVE_YEARS, year_list }: {
    years?: number | undefined;
    year_list?: string | undefined;
  },
  year: number,
): number[] {
  const list = year_list?.split(",").map(Number) ??
    Array.from({ length: years }, (_, index) => year - index);
  return [...new Set(list)].sort((a, b) => b - a);
}

function toMeta(
  name: string,
  { summary, description }: { summary: string; description: string },
): OpenApiMeta {
  return {
    openapi: {
      method: "GET",
      path: `/strava/stats/${name}`,
      tags: ["stats"],
      protect: false,
      summary,
      description,
    },
  };
}
