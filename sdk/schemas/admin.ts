import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { Amount, Instant } from "./parts.ts";
import { RateBudget } from "./rate_limit.ts";
import { SyncRun } from "./sync_run.ts";
import { Webhooks } from "./webhooks.ts";

/** The extent of a sync. */
export const RefreshInput = z.strictObject({
  mode: z.enum(["recent", "full"]).default("recent").meta({
    description:
      "`recent`: activities since 14 days before the last sync. `full`: all activities, " +
      "including edits and deletions",
  }),
  ...athleteInput,
}).default({ mode: "recent" });

/** The result of a requested sync. */
export const Refresh = z.object({
  status: z.enum(["success", "running"]).meta({
    description:
      "`running` if the sync takes longer than 20 seconds. It continues in the background",
  }),
  message: z.string().meta({
    description: "The result as a sentence",
    example: "3 new activities, 1 changed",
  }),
  run: SyncRun,
}).meta({ id: "Refresh", description: "The result of the sync" });

/** A refused grant, and where to renew it. */
export const ReconnectNeeded = z.object({
  since: Instant.meta({ description: "When Strava first refused the grant" }),
  url: z.string().meta({
    description: "Page where the athlete reconnects",
    example: "https://training.example/strava/authorize",
  }),
}).meta({
  id: "ReconnectNeeded",
  description:
    "Strava refuses the athlete's grant. Nothing is requested for the athlete until they " +
    "reconnect",
});

/** Activities that seem deleted at Strava and are kept until the owner confirms it. */
export const PendingDeletions = z.object({
  count: Amount.meta({ description: "Number of activities", example: 412 }),
  since: Instant.meta({
    description: "When the first activity was found missing",
  }),
}).meta({
  id: "PendingDeletions",
  description:
    "Activities that seem deleted at Strava and are kept until the owner confirms it",
});

/** The state of an athlete's syncs. */
export const AthleteStatus = z.object({
  id: Amount.meta({ description: "Strava's athlete id", example: 7654321 }),
  name: z.string().meta({
    description: "Name at Strava",
    example: "Ada Example",
  }),
  connected: z.boolean().meta({
    description: "Whether there is a grant to sync with",
    example: true,
  }),
  reconnect_needed: ReconnectNeeded.nullable().meta({
    description:
      "Set if Strava refuses the athlete's grant. Null if it is accepted, or if there is no " +
      "grant",
    example: null,
  }),
  connected_at: Instant.meta({
    description: "When the athlete connected last",
  }),
  scopes: z.array(z.string()).meta({
    description: "OAuth scopes that the athlete granted",
    example: ["read", "activity:read_all"],
  }),
  activities: Amount.meta({
    description: "Number of stored activities",
    example: 1132,
  }),
  deleted: Amount.meta({
    description:
      "Number of activities that were deleted at Strava. Totals do not include them. They can " +
      "be restored",
    example: 2,
  }),
  pending_deletions: PendingDeletions.nullable().meta({
    description:
      "Activities missing at Strava that are too many, or too uncertain, to delete without " +
      "confirmation",
    example: null,
  }),
  quarantined: Amount.meta({
    description: "Number of activities that cannot be read",
    example: 0,
  }),
  first_sync_done: z.boolean().meta({
    description: "Whether all activities have been synced once",
    example: true,
  }),
  last_success_at: Instant.nullable().meta({
    description: "When the last successful sync ended",
  }),
  full_walk_at: Instant.nullable().meta({
    description: "When the last completed full sync started",
  }),
  next_due_at: Instant.nullable().meta({
    description:
      "When the next sync starts. Null if the athlete is disconnected or must reconnect first",
  }),
  failures: Amount.meta({
    description: "Number of failed syncs in a row",
    example: 0,
  }),
  runs: z.array(SyncRun).meta({
    description: "The last 10 syncs, newest first",
  }),
}).meta({
  id: "AthleteStatus",
  description: "An athlete with the last syncs and the time of the next",
});

/** The state of athletes, syncs and push events. */
export const Status = z.object({
  athletes: z.array(AthleteStatus).meta({
    description: "All athletes of the instance",
  }),
  webhooks: Webhooks,
  rate_budget: RateBudget.nullable().meta({
    description: "The application's rate limit. Null before the first request",
  }),
  app_inactive_since: Instant.nullable().meta({
    description:
      "When Strava closed its API to the application, see https://www.strava.com/settings/api. " +
      "Null while it is open",
    example: null,
  }),
  untrusted_proxy_since: Instant.nullable().meta({
    description:
      "When a request first came through a proxy while `TRUSTED_PROXIES` was 0: all clients of the " +
      "proxy count as one, for failed logins and for `RATE_LIMIT`. Null if there was none since the start",
    example: null,
  }),
}).meta({
  id: "Status",
  description: "The state of athletes, syncs and push events",
});

/** The result of a disconnect. */
export const Disconnect = z.object({
  status: z.literal("disconnected"),
  athlete_id: Amount.meta({
    description: "Strava's athlete id",
    example: 7654321,
  }),
  revoked_at_strava: z.boolean().meta({
    description:
      "Whether Strava confirmed the revocation. If false, Strava did not answer, so revoke " +
      "access at https://www.strava.com/settings/apps, or there was no grant",
    example: true,
  }),
  data: z.enum(["kept", "deleted"]).meta({
    description: "Whether the stored history was kept or deleted",
    example: "kept",
  }),
}).meta({ id: "Disconnect", description: "The result of a disconnect" });

/** The input of a disconnect. */
export const DisconnectInput = z.strictObject({
  data: z.enum(["keep", "delete"]).default("keep").meta({
    description: "Whether to keep or delete the stored history",
  }),
  ...athleteInput,
}).default({ data: "keep" });

/** The activities to restore. */
export const RestoreInput = z.strictObject({
  ids: z.array(Amount.positive()).min(1).max(5000).meta({
    description: "Strava's activity ids. Defaults to all deleted activities",
    example: [16543210987],
  }).optional(),
  ...athleteInput,
}).default({});

/** The result of a restore. */
export const Restore = z.object({
  status: z.literal("restored"),
  restored: Amount.meta({
    description: "Number of restored activities",
    example: 2,
  }),
}).meta({ id: "Restore", description: "The result of a restore" });

/** An activity that cannot be read. */
export const QuarantinedActivity = z.object({
  id: z.string().meta({
    description:
      "Strava's activity id, if it could be read. Digits beyond 2^53 are not exact",
    example: "1152921504606846976",
  }),
  reason: z.string().meta({
    description: "Why the activity cannot be read",
    example: "start_date: Invalid ISO datetime",
  }),
  first_seen_at: Instant.meta({
    description: "When it was first found unreadable",
  }),
  last_seen_at: Instant.meta({
    description: "When it was last found unreadable",
  }),
  tries: Amount.meta({
    description: "Number of attempts to read it",
    example: 31,
  }),
}).meta({
  id: "QuarantinedActivity",
  description: "An activity that cannot be read",
});

/** The activities that cannot be read. */
export const Quarantine = z.object({
  total: Amount.meta({
    description: "Number of activities in quarantine",
    example: 1,
  }),
  data: z.array(QuarantinedActivity).meta({
    description: "The first 200, most recently tried first",
  }),
}).meta({
  id: "Quarantine",
  description: "The activities that cannot be read",
});
