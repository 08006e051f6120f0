import {
  ActivitiesInput,
  ActivityDetail,
  ActivityInput,
  ActivityPage,
} from "@paceline/sdk/schemas";
import { countActivities, listActivities } from "../../db/activity_list.ts";
import { visibleTo } from "../auth/access.ts";
import { AppError } from "../errors.ts";
import { router, syncedAthleteProcedure } from "../trpc.ts";
import { toActivity } from "./activity.ts";
import { readDetail } from "./activity_detail.ts";
import { parseCursor, toCursor } from "./cursor.ts";
import { editProcedures } from "./edit_procedures.ts";
import { toActivityFilter } from "./filter.ts";
import { laps, streams } from "./streams/streams_procedures.ts";

export const activitiesRouter = router({
  /** A page of the stored activities, newest first by default. */
  list: syncedAthleteProcedure
    .meta({
      scope: "activities:read",
      cost: 2,
      openapi: {
        method: "GET",
        path: "/strava/activities",
        tags: ["activities"],
        protect: false,
        summary: "Activities, newest first by default",
        description:
          "Without the API key only activities that `PUBLIC_VISIBILITY` lets everyone see.",
      },
    })
    .input(ActivitiesInput)
    .output(ActivityPage)
    .query(async ({ ctx, input }) => {
      const { limit, offset, sort, order } = input;
      const cursor = parseCursor(input.cursor, { sort, order });
      if (cursor && offset > 0) {
        const message = "cannot be combined with `cursor`";
        const issues = [{ path: "offset", message }];
        throw new AppError("invalid_input", {
          detail: "Give either offset or cursor",
          issues,
        });
      }
      const filter = {
        athleteId: ctx.athlete.id,
        visibility: visibleTo(ctx),
        ...toActivityFilter(input),
      };
      const [total, rows] = await Promise.all([
        countActivities(ctx.sql, filter),
        listActivities(ctx.sql, {
          ...filter,
          sort,
          order,
          cursor,
          limit: limit + 1,
          offset,
        }),
      ]);
      const page = rows.slice(0, limit);
      return {
        total,
        limit,
        offset,
        next_cursor: rows.length > limit
          ? toCursor(page.at(-1)!, { sort, order })
          : null,
        data: page.map(toActivity),
      };
    }),

  /** One activity with its map. */
  get: syncedAthleteProcedure
    .meta({
      scope: "activities:read",
      openapi: {
        method: "GET",
        path: "/strava/activities/{id}",
        tags: ["activities"],
        protect: false,
        summary: "One activity",
        description:
          "With the API key it includes the map, as an encoded polyline and as GeoJSON, and the sources: " +
          "which file or service gave which total. Without the key there is a map only if the owner " +
          "shows maps, and without what privacy zones and hidden ends hide; " +
          "hidden activities (see `PUBLIC_VISIBILITY`) answer 404, like activities that do not exist.",
      },
      errors: ["activity_not_found"],
    })
    .input(ActivityInput)
    .output(ActivityDetail)
    .query(async ({ ctx, input }) => {
      const activity = await readDetail(ctx, input);
      if (!activity) throw new AppError("activity_not_found");
      return activity;
    }),

  ...editProcedures,
  /** The seconds of one activity. */
  streams,

  /** The laps of one activity. */
  laps,
});
