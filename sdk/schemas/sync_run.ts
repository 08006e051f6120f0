import * as z from "zod";
import { Amount, Instant } from "./parts.ts";

/** Why a sync failed. */
export const SyncError = z.object({
  reason: z.string().meta({
    description: "Stable code",
    example: "unreachable",
  }),
  detail: z.string().meta({
    description: "Sentence for people",
    example: "Strava did not answer /api/v3/athlete/activities within 10 s",
  }),
}).meta({ id: "SyncError", description: "Why a sync failed" });

/** One sync of an athlete. */
export const SyncRun = z.object({
  id: Amount.meta({ description: "Id of the run", example: 41 }),
  trigger: z.enum(["connect", "cron", "refresh", "shell"]).meta({
    description:
      "Trigger: `connect` a new athlete, `cron` the schedule, `refresh` a call of " +
      "`/strava/refresh-data`, `shell` the command line",
    example: "refresh",
  }),
  status: z.enum(["running", "success", "failed", "interrupted"]).meta({
    description:
      "`interrupted` if the server stopped or crashed, or if the athlete reconnected",
    example: "success",
  }),
  started_at: Instant.meta({ description: "Start time" }),
  ended_at: Instant.nullable().meta({
    description: "End time. Null while it runs",
  }),
  pages: Amount.meta({
    description: "Number of stored pages of Strava's list",
    example: 1,
  }),
  fetched: Amount.meta({
    description: "Number of activities on those pages",
    example: 9,
  }),
  inserted: Amount.meta({
    description: "Number of new activities",
    example: 3,
  }),
  updated: Amount.meta({
    description: "Number of changed activities",
    example: 1,
  }),
  skipped: Amount.meta({
    description:
      "Number of activities that could not be read. `/strava/admin/quarantine` shows why",
    example: 0,
  }),
  deleted: Amount.meta({
    description: "Number of activities that were deleted at Strava",
    example: 0,
  }),
  error: SyncError.nullable().meta({
    description: "Why it failed. Null if it did not",
    example: null,
  }),
}).meta({ id: "SyncRun", description: "One sync of an athlete" });
