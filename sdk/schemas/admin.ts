import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { Amount, Instant } from "./parts.ts";
import { SyncRun } from "./sync_run.ts";

/** How far back a sync looks. */
export const RefreshInput = z.strictObject({
  mode: z.enum(["recent", "full"]).default("recent").meta({
    description:
      "`recent`: the last 14 days before the last sync; `full`: the whole list, with all edits and deletions",
  }),
  ...athleteInput,
}).default({ mode: "recent" });

/** How a sync went. */
export const Refresh = z.object({
  status: z.enum(["success", "running"]).meta({
    description:
      "`running` when it takes longer than 20 seconds: it goes on by itself",
  }),
  message: z.string().meta({ example: "3 new activities, 1 changed" }),
  run: SyncRun,
}).meta({ id: "Refresh", description: "How the sync went" });

/** Requests in either window of Strava's rate limit. */
export const RateWindows = z.object({
  short: Amount.nullable().meta({
    description: "Per quarter hour",
    example: 12,
  }),
  daily: Amount.nullable().meta({ description: "Per UTC day", example: 151 }),
}).meta({
  id: "RateWindows",
  description: "Requests in either window; null where Strava told none",
});

/** What is allowed, and what of it is used. */
export const RateLimit = z.object({
  limit: RateWindows,
  usage: RateWindows,
  reserve: RateWindows.meta({
    description:
      "How much of the limit is left to what is new: walks through the history do not use it",
  }),
}).meta({
  id: "RateLimit",
  description: "What is allowed, and what of it is used",
});

/** When the windows begin anew. */
export const RateResets = z.object({
  short: Instant.meta({ description: "The quarter hour" }),
  daily: Instant.meta({ description: "The UTC day" }),
}).meta({
  id: "RateResets",
  description:
    "When either window begins anew, with the seconds that are waited after it",
});

/** The application's budget at Strava. */
export const RateBudget = z.object({
  observed_at: Instant.meta({
    description: "When a request was last counted, or an answer read",
  }),
  overall: RateLimit,
  read: RateLimit,
  resets_at: RateResets,
}).meta({
  id: "RateBudget",
  description:
    "The application's budget: requests as counted here, corrected by what Strava tells",
});

/** The grant is dead, and what helps. */
export const ReconnectNeeded = z.object({
  since: Instant,
  url: z.string().meta({
    description: "Where the athlete connects again",
    example: "https://training.example/strava/authorize",
  }),
}).meta({
  id: "ReconnectNeeded",
  description:
    "Strava refuses the grant: nothing is asked for the athlete until they connect again",
});

/** Activities that look deleted, and are kept until the owner says so. */
export const PendingDeletions = z.object({
  count: Amount.meta({ description: "How many", example: 412 }),
  since: Instant.meta({ description: "When the first was found missing" }),
}).meta({
  id: "PendingDeletions",
  description:
    "Activities that look deleted, and are kept until the owner confirms it",
});

/** How one athlete's syncs are. */
export const AthleteStatus = z.object({
  id: Amount.meta({ description: "Strava's id", example: 7654321 }),
  name: z.string().meta({ example: "Ada Example" }),
  connected: z.boolean().meta({
    description: "Whether there is a grant to sync with",
    example: true,
  }),
  reconnect_needed: ReconnectNeeded.nullable().meta({
    description: "Null while Strava accepts the grant, or where there is none",
    example: null,
  }),
  connected_at: Instant,
  scopes: z.array(z.string()).meta({
    description: "What the athlete has allowed",
    example: ["read", "activity:read_all"],
  }),
  activities: Amount.meta({ description: "Stored activities", example: 1132 }),
  deleted: Amount.meta({
    description:
      "Those that Strava has no more: they count nowhere and can be restored",
    example: 2,
  }),
  pending_deletions: PendingDeletions.nullable().meta({
    description:
      "What is missing at Strava, and too much or too doubtful to be deleted without the owner's word",
    example: null,
  }),
  quarantined: Amount.meta({
    description: "Activities that cannot be read",
    example: 0,
  }),
  first_sync_done: z.boolean().meta({
    description: "Whether the whole history has been walked through",
    example: true,
  }),
  last_success_at: Instant.nullable(),
  full_walk_at: Instant.nullable().meta({
    description:
      "When the last walk of the whole list that came to its end had begun",
  }),
  next_due_at: Instant.nullable().meta({
    description:
      "Null for an athlete who has left, or has to connect again first",
  }),
  failures: Amount.meta({ description: "Failed syncs in a row", example: 0 }),
  runs: z.array(SyncRun).meta({ description: "The last 10, newest first" }),
}).meta({
  id: "AthleteStatus",
  description: "An athlete, the last syncs and the next",
});

/** How many push events were dropped for one reason. */
export const DroppedEvents = z.object({
  reason: z.string().meta({ example: "unknown_owner" }),
  count: Amount.meta({ example: 2 }),
  last_at: Instant,
}).meta({
  id: "DroppedEvents",
  description: "How many push events were dropped for one reason",
});

/** How Strava's push events come in. */
export const Webhooks = z.object({
  enabled: z.boolean().meta({
    description: "Whether PUBLIC_URL and WEBHOOK_VERIFY_TOKEN are set",
    example: true,
  }),
  subscription_id: Amount.nullable().meta({
    description: "Strava's id of the subscription; null where there is none",
    example: 120475,
  }),
  checked_at: Instant.nullable().meta({
    description: "When Strava last told of the subscription",
  }),
  last_event_at: Instant.nullable().meta({
    description: "When the last event was stored",
  }),
  waiting: Amount.meta({
    description: "Events that are still to be worked off",
    example: 0,
  }),
  dropped: z.array(DroppedEvents),
}).meta({ id: "Webhooks", description: "How Strava's push events come in" });

/** How athletes and syncs are. */
export const Status = z.object({
  athletes: z.array(AthleteStatus),
  webhooks: Webhooks,
  rate_budget: RateBudget.nullable().meta({
    description: "The application's budget; null before the first request",
  }),
  app_inactive_since: Instant.nullable().meta({
    description:
      "Since when Strava has closed its API to the application, see https://www.strava.com/settings/api; null while it is open",
    example: null,
  }),
}).meta({ id: "Status", description: "How athletes and syncs are" });

/** What was ended and deleted. */
export const Disconnect = z.object({
  status: z.literal("disconnected"),
  athlete_id: Amount.meta({ description: "Strava's id", example: 7654321 }),
  revoked_at_strava: z.boolean().meta({
    description:
      "False where Strava did not answer, then end it at https://www.strava.com/settings/apps, or where no grant was left",
    example: true,
  }),
  data: z.enum(["kept", "deleted"]).meta({
    description: "What became of the stored history",
    example: "kept",
  }),
}).meta({ id: "Disconnect", description: "What was ended and deleted" });

/** What becomes of the data. */
export const DisconnectInput = z.strictObject({
  data: z.enum(["keep", "delete"]).default("keep").meta({
    description: "What becomes of the stored history",
  }),
  ...athleteInput,
}).default({ data: "keep" });

/** Which deleted activities come back. */
export const RestoreInput = z.strictObject({
  ids: z.array(Amount.positive()).min(1).max(5000).optional().meta({
    description: "Strava's ids; without them all that are deleted",
    example: [16543210987],
  }),
  ...athleteInput,
}).default({});

/** What came back. */
export const Restore = z.object({
  status: z.literal("restored"),
  restored: Amount.meta({
    description: "Activities that count again",
    example: 2,
  }),
}).meta({ id: "Restore", description: "What came back" });

/** An activity that cannot be read. */
export const QuarantinedActivity = z.object({
  id: z.string().meta({
    description:
      "Strava's id as far as it could be read; digits beyond 2^53 are not exact",
    example: "1152921504606846976",
  }),
  reason: z.string().meta({
    description: "What is wrong with it",
    example: "start_date: Invalid ISO datetime",
  }),
  first_seen_at: Instant,
  last_seen_at: Instant,
  tries: Amount.meta({
    description: "How often it was tried to read it",
    example: 31,
  }),
}).meta({
  id: "QuarantinedActivity",
  description: "An activity that cannot be read",
});

/** What cannot be read. */
export const Quarantine = z.object({
  total: Amount.meta({ description: "How many there are", example: 1 }),
  data: z.array(QuarantinedActivity).meta({
    description: "The first 200, what was tried last first",
  }),
}).meta({ id: "Quarantine", description: "Activities that cannot be read" });
