import * as z from "zod";
import { Amount, Instant } from "./parts.ts";

/** Why a sync failed. */
export const SyncError = z.object({
  reason: z.string().meta({
    description: "A stable code",
    example: "unreachable",
  }),
  detail: z.string().meta({
    description: "A sentence for a person",
    example: "Strava did not answer /api/v3/athlete/activities within 10 s",
  }),
}).meta({ id: "SyncError", description: "Why a sync failed" });

/** A sync as the owner sees it. */
export const SyncRun = z.object({
  id: Amount.meta({ description: "The run's number", example: 41 }),
  trigger: z.enum(["connect", "cron", "refresh", "shell"]).meta({
    description:
      "What began it: a new athlete, the schedule, `/strava/refresh-data`, the command",
    example: "refresh",
  }),
  status: z.enum(["running", "success", "failed", "interrupted"]).meta({
    description: "`interrupted` by the end of the server, or a crash",
    example: "success",
  }),
  started_at: Instant,
  ended_at: Instant.nullable().meta({ description: "Null while it runs" }),
  pages: Amount.meta({
    description: "Pages of the list that were stored",
    example: 1,
  }),
  fetched: Amount.meta({ description: "Activities on them", example: 9 }),
  inserted: Amount.meta({
    description: "Activities that were new",
    example: 3,
  }),
  updated: Amount.meta({
    description: "Activities that had changed",
    example: 1,
  }),
  skipped: Amount.meta({
    description:
      "Activities that could not be read; `/strava/admin/quarantine` says why",
    example: 0,
  }),
  deleted: Amount.meta({
    description: "Activities that Strava has no more",
    example: 0,
  }),
  error: SyncError.nullable().meta({
    description: "Why it failed; null where it did not",
    example: null,
  }),
}).meta({ id: "SyncRun", description: "What one sync did" });
