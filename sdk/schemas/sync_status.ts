import * as z from "zod";
import { RateBudget } from "./admin.ts";
import { athleteInput } from "./athlete.ts";
import { Amount, Instant } from "./parts.ts";
import { SyncRun } from "./sync_run.ts";

/** How the sync stands. */
export const SyncStatus = z.object({
  phase: z.enum(["idle", "waiting", "recent", "full", "history"]).meta({
    description:
      "`history` while the whole history is fetched, `recent` while it is looked for what is new, " +
      "`full` while the whole list is walked again, `waiting` after a failure, `idle` otherwise",
    example: "idle",
  }),
  activities: Amount.meta({ description: "Stored activities", example: 1132 }),
  remaining: Amount.nullable().meta({
    description:
      "Activities that are probably still to come, judged by how much of the time since the athlete " +
      "joined Strava has been walked through; null where nothing can be said",
    example: 0,
  }),
  first_sync_done: z.boolean().meta({
    description: "Whether the whole history has been fetched once",
    example: true,
  }),
  run: SyncRun.nullable().meta({
    description: "The newest sync, with its pages and activities so far",
  }),
  last_success_at: Instant.nullable().meta({
    description: "When the last successful sync ended",
  }),
  next_due_at: Instant.nullable().meta({
    description: "When the next one begins; null for an athlete who has left",
  }),
  rate_budget: RateBudget.nullable().meta({
    description:
      "The application's budget as Strava last told it; null before the first request",
  }),
}).meta({ id: "SyncStatus", description: "How the sync stands" });

/** How many runs. */
export const SyncRunsInput = z.strictObject({
  limit: z.number().int().min(1).max(200).default(20).meta({
    description: "How many syncs at most",
  }),
  ...athleteInput,
}).default({ limit: 20 });

/** What the last syncs did. */
export const SyncRuns = z.object({
  data: z.array(SyncRun).meta({ description: "Newest first" }),
}).meta({ id: "SyncRuns", description: "The last syncs" });

/** From where a stream goes on. */
export const SyncProgressInput = z.strictObject({
  lastEventId: z.string().max(64).optional().meta({
    description:
      "The id of the last event that came, to be told of the next change only; `Last-Event-ID` says the same",
  }),
  ...athleteInput,
}).default({});
