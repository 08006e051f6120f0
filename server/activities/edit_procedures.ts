import {
  CreateActivityInput,
  CreatedActivity,
  DeleteActivitiesInput,
  DeletedActivities,
  MergeActivitiesInput,
  MergedActivity,
  RestoreActivitiesInput,
  RestoredActivities,
  SplitActivity,
  SplitActivityInput,
  Trash,
  TrashInput,
  UpdateActivitiesInput,
  UpdatedActivities,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import { listDeletedActivities } from "../../db/edits/removed_activities.ts";
import { parseSourceId } from "../edits/activity_sources.ts";
import { createActivity } from "../edits/create_activity.ts";
import {
  deleteActivities,
  restoreDeleted,
} from "../edits/delete_activities.ts";
import { editActivities } from "../edits/edit_activities.ts";
import { mergeActivities } from "../edits/merge_activities.ts";
import { splitActivity } from "../edits/split_activity.ts";
import { AppError } from "../errors.ts";
import { ownerProcedure } from "../trpc.ts";

const SCOPE = "activities:write";

/** Returns an entered activity as it is stored: what a file could say, and edits for the rest. */
function toEntered(
  input: z.output<typeof CreateActivityInput>,
): Pick<Parameters<typeof createActivity>[1], "entered" | "edits"> {
  const { description, gear_id, commute, race } = input;
  const { visibility = "only_me", trainer = false } = input;
  return {
    entered: {
      name: input.name,
      sportType: input.sport_type,
      startDateLocal: input.start_date_local,
      timeZone: input.timezone,
      visibility,
      trainer,
      totals: {
        elapsed_seconds: input.elapsed_time,
        moving_seconds: input.moving_time,
        distance_metres: input.distance,
        ascent_metres: input.total_elevation_gain,
        average_heart_rate: input.average_heartrate,
        max_heart_rate: input.max_heartrate,
      },
    },
    edits: { description, gear_id, commute, race },
  };
}

/** The procedures with which owners change activities. No sync or import undoes what they do. */
export const editProcedures = {
  /** Sets fields of activities, or resets them to the value of their source. */
  update: ownerProcedure
    .meta({
      scope: SCOPE,
      openapi: {
        method: "POST",
        path: "/strava/activities/update",
        tags: ["edits"],
        summary: "Edit activities",
        description:
          "Sets fields of one or more activities. Edits win over Strava and over files, and no sync " +
          "or import undoes them. `reset` brings the value of the source back. Strava itself is not " +
          "changed. If one activity does not exist, none is changed.",
      },
      errors: ["activity_not_found", "gear_not_found", "source_not_found"],
    })
    .input(UpdateActivitiesInput)
    .output(UpdatedActivities)
    .mutation(async ({ ctx, input: { ids, set = {}, reset = [] } }) => {
      const { preferred_source: source, ...fields } = set;
      const preferred = source === undefined
        ? undefined
        : parseSourceId(source);
      if (typeof preferred === "number") throw new AppError("source_not_found");
      const result = await editActivities(ctx, {
        athleteId: ctx.athlete.id,
        ids,
        set: { ...fields, preferred },
        reset: reset.map((field) =>
          field === "preferred_source" ? "preferred" : field
        ),
      });
      if (result !== "edited") throw new AppError(result);
      return { status: "updated", ids };
    }),

  /** Stores an activity without a file. */
  create: ownerProcedure
    .meta({
      scope: SCOPE,
      openapi: {
        method: "POST",
        path: "/strava/activities/create",
        tags: ["edits"],
        summary: "Enter an activity by hand",
        description:
          "The activity gets an id that never meets one of Strava's. If it overlaps with " +
          "a stored activity of the same sport, it becomes a source of that one (`merged`). Entering " +
          "the same again changes nothing, and restores it if it was deleted.",
      },
      errors: ["gear_not_found", "unknown_time_zone"],
    })
    .input(CreateActivityInput)
    .output(CreatedActivity)
    .mutation(async ({ ctx, input }) => {
      const created = await createActivity(ctx, {
        athleteId: ctx.athlete.id,
        ...toEntered(input),
      });
      if (typeof created === "string") throw new AppError(created);
      return created;
    }),

  /** Deletes activities. */
  delete: ownerProcedure
    .meta({
      scope: SCOPE,
      openapi: {
        method: "POST",
        path: "/strava/activities/delete",
        tags: ["edits"],
        summary: "Delete activities",
        description:
          "The activities no longer count or show anywhere, and no sync or import brings them back. " +
          "They can be restored, with `RETENTION_DAYS` for that many days. At Strava they stay.",
      },
    })
    .input(DeleteActivitiesInput)
    .output(DeletedActivities)
    .mutation(async ({ ctx, input: { ids } }) => ({
      status: "deleted",
      ids: await deleteActivities(ctx, { athleteId: ctx.athlete.id, ids }),
    })),

  /** Restores deleted activities. */
  restore: ownerProcedure
    .meta({
      scope: SCOPE,
      openapi: {
        method: "POST",
        path: "/strava/activities/restore",
        tags: ["edits"],
        summary: "Restore activities",
        description:
          "Restores activities that the owner or Strava has deleted, with their edits.",
      },
    })
    .input(RestoreActivitiesInput)
    .output(RestoredActivities)
    .mutation(async ({ ctx, input: { ids } }) => ({
      status: "restored",
      ids: await restoreDeleted(ctx, { athleteId: ctx.athlete.id, ids }),
    })),

  /** Lists the deleted activities. */
  deleted: ownerProcedure
    .meta({
      scope: "activities:read_private",
      openapi: {
        method: "GET",
        path: "/strava/activities/deleted",
        tags: ["edits"],
        summary: "List deleted activities",
        description: "The activities that can be restored.",
      },
    })
    .input(TrashInput)
    .output(Trash)
    .query(async ({ ctx, input: { limit } }) => {
      const rows = await listDeletedActivities(ctx.sql, {
        athleteId: ctx.athlete.id,
        limit,
      });
      return {
        data: rows.map((row) => ({
          id: row.id,
          name: row.name,
          sport_type: row.sportType,
          start_date_local: row.startDateLocal,
          distance: row.distance,
          deleted_at: row.deletedAt,
          deleted_by: row.deletedBy,
        })),
      };
    }),

  /** Merges activities into one. */
  merge: ownerProcedure
    .meta({
      scope: SCOPE,
      openapi: {
        method: "POST",
        path: "/strava/activities/merge",
        tags: ["edits"],
        summary: "Merge activities",
        description:
          "For activities that are the same but were not recognised as such, such as those of two " +
          "devices. They must overlap in time. The others become `sources` of the one that stays, and " +
          "`split` takes them apart again.",
      },
      errors: ["activities_apart", "activity_not_found", "file_is_target"],
    })
    .input(MergeActivitiesInput)
    .output(MergedActivity)
    .mutation(async ({ ctx, input: { id, ids } }) => {
      const options = { athleteId: ctx.athlete.id, id, ids };
      const result = await mergeActivities(ctx, options);
      if (result !== "merged") throw new AppError(result);
      return { status: "merged", id };
    }),

  /** Splits sources off an activity. */
  split: ownerProcedure
    .meta({
      scope: SCOPE,
      openapi: {
        method: "POST",
        path: "/strava/activities/split",
        tags: ["edits"],
        summary: "Split an activity",
        description:
          "The given `sources` become a separate activity, which is not joined with others " +
          "automatically.",
      },
      errors: ["activity_not_found", "last_source", "source_not_found"],
    })
    .input(SplitActivityInput)
    .output(SplitActivity)
    .mutation(async ({ ctx, input: { id, sources } }) => {
      const refs = sources.map(parseSourceId);
      const result = await splitActivity(ctx, {
        athleteId: ctx.athlete.id,
        id,
        sources: {
          recordings: refs.filter((each) => typeof each === "object"),
          stravaIds: refs.filter((each) => typeof each === "number"),
        },
      });
      if (typeof result === "string") throw new AppError(result);
      return { status: "split", id: result.id };
    }),
};
