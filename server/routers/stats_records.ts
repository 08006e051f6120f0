import { RecordsInput, RecordsStatistic } from "@paceline/sdk/schemas";
import { listFigures } from "../../db/figures.ts";
import type { Context } from "../context.ts";
import { localDate } from "../local_time.ts";
import { listRecords } from "../statistics/records.ts";
import { athleteProcedure, type SyncedAthlete } from "../trpc.ts";
import { visibleTo } from "./activity.ts";
import { toStatistic } from "./statistic.ts";

type AthleteContext = Context & { athlete: SyncedAthlete };

/** What an athlete has reached, day by day and best of all, by the athlete's local date. */
export const recordsProcedures = {
  /** The best activities and periods of each sport. */
  records: athleteProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/stats/records",
        tags: ["stats"],
        protect: false,
        summary: "Records",
        description:
          "By sport the longest, the one with the most climbing, the fastest over a distance, and " +
          "the biggest day, ISO week, month and year: of all time, this year, and the last 4, 12, " +
          "26 and 52 weeks.",
      },
    })
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
};

/** The athlete's local day. */
function todayOf(ctx: AthleteContext): string {
  return localDate(ctx.now(), ctx.athlete);
}
