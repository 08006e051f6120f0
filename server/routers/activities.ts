import { z } from "zod";
import {
  type ActivityCursor,
  countActivities,
  listActivities,
} from "../../db/activities.ts";
import { AppError } from "../errors.ts";
import { athleteProcedure, router } from "../trpc.ts";
import { Activity, toActivity, visibleTo } from "./activity.ts";

const MAX_OFFSET = 1_000_000;

const ListInput = z.strictObject({
  limit: z.number().int().min(1).max(200).default(100).meta({
    description: "How many activities at most",
  }),
  offset: z.number().int().min(0).max(MAX_OFFSET).default(0).meta({
    description:
      "How many of the newest to leave out; for long walks take `cursor` instead",
  }),
  cursor: z.string().max(64).meta({
    description:
      "`next_cursor` of the page before; activities that arrive meanwhile shift nothing",
  }).optional(),
  year: z.number().int().min(1900).max(2200).meta({
    description: "Only of this local year",
    example: 2025,
  }).optional(),
  activity_type: z.string().max(64).regex(/^\w+$/, "must be a name such as Run")
    .meta({
      description:
        "Only of this sport, whether `type` or `sport_type`, in any case",
      example: "Run",
    }).optional(),
}).default({ limit: 100, offset: 0 });

const ActivityPage = z.object({
  total: z.number().int().meta({
    description: "Of all pages together",
    example: 1132,
  }),
  limit: z.number().int().meta({ description: "As asked for", example: 100 }),
  offset: z.number().int().meta({ description: "As asked for", example: 0 }),
  next_cursor: z.string().nullable().meta({
    description: "The `cursor` of the next page; null on the last",
    example: "1733473812000-16543210987",
  }),
  data: z.array(Activity),
}).meta({ id: "ActivityPage", description: "Activities, newest first" });

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
    .input(ListInput)
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
