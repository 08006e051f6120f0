import { ActivitiesInput, ActivityPage } from "@paceline/sdk/schemas";
import {
  type ActivityCursor,
  countActivities,
  listActivities,
} from "../../db/activities.ts";
import { AppError } from "../errors.ts";
import { athleteProcedure, router } from "../trpc.ts";
import { toActivity, visibleTo } from "./activity.ts";

export const activitiesRouter = router({
  /** The stored activities, newest first. */
  list: athleteProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/activities",
        tags: ["activities"],
        protect: false,
        summary: "Activities, newest first",
        description:
          "Without the API key only those that `PUBLIC_VISIBILITY` lets everyone see.",
      },
    })
    .input(ActivitiesInput)
    .output(ActivityPage)
    .query(async ({ ctx, input }) => {
      const { limit, offset } = input;
      const cursor = readCursor(input.cursor);
      if (cursor && offset > 0) {
        const issues = [{ path: "offset", message: "goes with no cursor" }];
        throw new AppError("invalid_input", {
          detail: "Give either offset or cursor",
          issues,
        });
      }
      const filter = {
        athleteId: ctx.athlete.id,
        visibility: visibleTo(ctx),
        year: input.year,
        activityType: input.activity_type,
      };
      const [total, rows] = await Promise.all([
        countActivities(ctx.sql, filter),
        listActivities(ctx.sql, {
          ...filter,
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
        next_cursor: rows.length > limit ? toCursor(page.at(-1)!) : null,
        data: page.map(toActivity),
      };
    }),
});

/** A cursor is the last activity's start and id: `1733473812000-16543210987`. */
function toCursor(
  { start_date, id }: { start_date: Date; id: number },
): string {
  return `${start_date.getTime()}-${id}`;
}

function readCursor(text: string | undefined): ActivityCursor | undefined {
  if (text === undefined) return undefined;
  const [, start, id] = /^(-?\d{1,13})-(\d{1,16})$/.exec(text) ?? [];
  if (id === undefined) {
    const issues = [{
      path: "cursor",
      message: "is not the next_cursor of a page",
    }];
    throw new AppError("invalid_input", {
      detail: "The cursor is not valid",
      issues,
    });
  }
  return { startDate: new Date(Number(start)), id: Number(id) };
}
