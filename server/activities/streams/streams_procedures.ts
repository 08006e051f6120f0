import {
  ActivityInput,
  ActivityLaps,
  ActivityStreams,
  ActivityStreamsInput,
} from "@paceline/sdk/schemas";
import {
  getStreamAccess,
  readActivityLaps,
  readActivityStreams,
} from "../../../db/streams/activity_streams.ts";
import { visibleTo } from "../../auth/access.ts";
import { AppError } from "../../errors.ts";
import { mayReadPositions } from "../../privacy/shown_track.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import { parseKeys, toActivityStreams, toColumns } from "./activity_streams.ts";
import { toActivityLaps } from "./activity_laps.ts";

/** The seconds of an activity. */
export const streams = syncedAthleteProcedure
  .meta({
    scope: "activities:read",
    cost: 3,
    // An answer may have megabytes.
    isKept: false,
    openapi: {
      method: "GET",
      path: "/strava/activities/{id}/streams",
      tags: ["activities"],
      protect: false,
      summary: "Streams of an activity",
      description:
        "Time, position, distance, altitude, speed, heart rate, cadence, power, temperature, gradient " +
        "and motion at each recorded point, under the keys of Strava's API. All streams of an answer " +
        "have one length. The recording that covers the most answers. Without the API " +
        "key there are no positions, and hidden activities answer 404.",
    },
    errors: ["activity_not_found"],
  })
  .input(ActivityStreamsInput)
  .output(ActivityStreams)
  .query(async ({ ctx, input: { id, keys, resolution } }) => {
    const athleteId = ctx.athlete.id;
    const visibility = visibleTo(ctx);
    const access = await getStreamAccess(ctx.sql, {
      athleteId,
      id,
      visibility,
    });
    if (!access) throw new AppError("activity_not_found");
    const wanted = parseKeys(keys);
    const hasPositions = mayReadPositions(ctx.caller, ctx.athlete);
    const shown = wanted.filter((key) =>
      (key !== "latlng" || hasPositions) &&
      (key !== "heartrate" || access.isHeartRateShown)
    );
    const row = await readActivityStreams(ctx.sql, {
      athleteId,
      id,
      columns: toColumns(shown),
    });
    return toActivityStreams(row, {
      keys: shown,
      withheld: hasPositions || !wanted.includes("latlng") ? [] : ["latlng"],
      resolution,
    });
  });

/** The laps of an activity, and its lengths in a pool. */
export const laps = syncedAthleteProcedure
  .meta({
    scope: "activities:read",
    openapi: {
      method: "GET",
      path: "/strava/activities/{id}/laps",
      tags: ["activities"],
      protect: false,
      summary: "Laps and lengths of an activity",
      description:
        "The laps as the device or the athlete marked them, and the lengths of a swimming pool, of an " +
        "imported file. Without the API key hidden activities answer 404.",
    },
    errors: ["activity_not_found"],
  })
  .input(ActivityInput)
  .output(ActivityLaps)
  .query(async ({ ctx, input: { id } }) => {
    const athleteId = ctx.athlete.id;
    const access = await getStreamAccess(ctx.sql, {
      athleteId,
      id,
      visibility: visibleTo(ctx),
    });
    if (!access) throw new AppError("activity_not_found");
    const row = await readActivityLaps(ctx.sql, { athleteId, id });
    return toActivityLaps(row, access);
  });
