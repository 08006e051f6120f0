import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { Amount, Instant } from "./parts.ts";
import { RateBudget } from "./rate_limit.ts";
import { SyncRun } from "./sync_run.ts";

/** The state of an athlete's sync. */
export const SyncStatus = z.object({
  phase: z.enum(["idle", "waiting", "recent", "full", "history"]).meta({
    description:
      "`history` during the first sync, `recent` during a sync of new activities, `full` " +
      "during a full sync, `waiting` after a failure, `idle` otherwise",
    example: "idle",
  }),
  activities: Amount.meta({
    description: "Number of stored activities that the caller may see",
    example: 1132,
  }),
  remaining: Amount.nullable().meta({
    description:
      "Estimated number of activities still to fetch, from the share of the time since the " +
      "athlete joined Strava that has been synced. Null if no estimate is possible",
    example: 0,
  }),
  first_sync_done: z.boolean().meta({
    description: "Whether all activities have been synced once",
    example: true,
  }),
  run: SyncRun.nullable().meta({
    description:
      "The newest sync, with its pages and activities so far. Null for callers who do not own " +
      "the athlete",
  }),
  last_success_at: Instant.nullable().meta({
    description: "When the last successful sync ended",
  }),
  next_due_at: Instant.nullable().meta({
    description:
      "When the next sync starts. Null if the athlete is disconnected",
  }),
  streams: z.object({
    stored: Amount.meta({
      description: "Activities whose streams are stored",
      example: 420,
    }),
    none: Amount.meta({
      description: "Activities without streams at Strava",
      example: 12,
    }),
    refused: Amount.meta({
      description: "Activities for which Strava has failed too often",
      example: 0,
    }),
    waiting: Amount.meta({
      description: "Activities that Strava will be asked about",
      example: 700,
    }),
  }).nullable().meta({
    description:
      "Progress of the streams of Strava's API. Null with `STRAVA_STREAMS=off`, and for callers who " +
      "do not own the athlete",
  }),
  rate_budget: RateBudget.nullable().meta({
    description:
      "The application's rate limit as Strava last reported it. Null before the first request, " +
      "and for callers who do not own the athlete",
  }),
}).meta({ id: "SyncStatus", description: "The state of an athlete's sync" });

/** The number of syncs to list. */
export const SyncRunsInput = z.strictObject({
  limit: z.number().int().min(1).max(200).default(20).meta({
    description: "Maximum number of syncs",
  }),
  ...athleteInput,
}).default({ limit: 20 });

/** The last syncs. */
export const SyncRuns = z.object({
  data: z.array(SyncRun).meta({ description: "The syncs, newest first" }),
}).meta({ id: "SyncRuns", description: "The last syncs" });

/** The point from which a stream continues. */
export const SyncProgressInput = z.strictObject({
  lastEventId: z.string().max(64).meta({
    description:
      "Id of the last received event: the stream continues with the next change. The header " +
      "`Last-Event-ID` does the same",
  }).optional(),
  ...athleteInput,
}).default({});
