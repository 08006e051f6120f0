import { Activity, InYearInput } from "@paceline/sdk/schemas";
import type * as z from "zod";
import { getLongestActivity } from "../../../db/activity_list.ts";
import type { SportGroup } from "../../../db/sports.ts";
import { toActivity } from "../../activities/activity.ts";
import { localDate, localYear } from "../../activities/local_time.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { type SyncedAthlete, syncedAthleteProcedure } from "../../trpc.ts";
import { endToday, findSpan } from "../compute/spans.ts";
import { countVisible } from "../counted.ts";
import { createStatisticMeta } from "../statistic.ts";

const EXAMPLE = {
  id: 15201987654,
  name: "Round the lake",
  type: "Ride",
  sport_type: "GravelRide",
  distance: 121480.6,
  moving_time: 16834,
  elapsed_time: 20311,
  total_elevation_gain: 1312,
  start_date: "2025-07-19T06:12:40Z",
  start_date_local: "2025-07-19T08:12:40",
  utc_offset: 7200,
  average_speed: 7.216,
  max_speed: 16.9,
  heart_rate: { average: null, max: null },
  gear_id: "b8812345",
  workout_type: 10,
};

/** The longest run of a year by distance. */
export const longestRun = syncedAthleteProcedure
  .meta(createStatisticMeta("longest-run", {
    summary: "The longest run of a year",
    description:
      "By distance. Trail and virtual runs count. 404 if the year has no run that the caller may " +
      "see.",
    errors: ["activity_not_found"],
  }))
  .input(InYearInput)
  .output(Activity)
  .query(({ ctx, input }) => getLongest(ctx, { group: "run", ...input }));

/** The longest ride of a year by distance. */
export const longestRide = syncedAthleteProcedure
  .meta(createStatisticMeta("longest-ride", {
    summary: "The longest ride of a year",
    description:
      "By distance. Gravel, mountain bike, electric and virtual rides count. 404 if the year has " +
      "no ride that the caller may see.",
    errors: ["activity_not_found"],
    example: EXAMPLE,
  }))
  .input(InYearInput)
  .output(Activity)
  .query(({ ctx, input }) => getLongest(ctx, { group: "ride", ...input }));

async function getLongest(
  ctx: Context & { athlete: SyncedAthlete },
  { group, year = localYear(ctx.now(), ctx.athlete), ...input }:
    & z.output<typeof InYearInput>
    & { group: SportGroup },
): Promise<z.input<typeof Activity>> {
  const today = localDate(ctx.now(), ctx.athlete);
  const activity = await getLongestActivity(ctx.sql, {
    ...countVisible(ctx, input).scope,
    group,
    ...endToday(findSpan("year", `${year}-01-01`), today),
  });
  if (!activity) {
    throw new AppError("activity_not_found", {
      detail: `The year ${year} has no ${group} that you may see`,
    });
  }
  return toActivity(activity);
}
