import * as z from "zod";
import { Amount, Instant } from "./parts.ts";
import { SyncRun } from "./sync_run.ts";

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
export const RateLimit = z.object({ limit: RateWindows, usage: RateWindows })
  .meta({
    id: "RateLimit",
    description: "What is allowed, and what of it is used",
  });

/** The application's budget at Strava. */
export const RateBudget = z.object({
  observed_at: Instant,
  overall: RateLimit,
  read: RateLimit,
}).meta({
  id: "RateBudget",
  description: "The application's budget as Strava last told it",
});

/** How one athlete's syncs are. */
export const AthleteStatus = z.object({
  id: Amount.meta({ description: "Strava's id", example: 7654321 }),
  name: z.string().meta({ example: "Ada Example" }),
  connected: z.boolean().meta({
    description: "Whether there is a grant to sync with",
    example: true,
  }),
  connected_at: Instant,
  scopes: z.array(z.string()).meta({
    description: "What the athlete has allowed",
    example: ["read", "activity:read_all"],
  }),
  activities: Amount.meta({ description: "Stored activities", example: 1132 }),
  first_sync_done: z.boolean().meta({
    description: "Whether the whole history has been walked through",
    example: true,
  }),
  last_success_at: Instant.nullable(),
  next_due_at: Instant.nullable().meta({
    description: "Null for an athlete who has left",
  }),
  failures: Amount.meta({ description: "Failed syncs in a row", example: 0 }),
  runs: z.array(SyncRun).meta({ description: "The last 10, newest first" }),
}).meta({
  id: "AthleteStatus",
  description: "An athlete, the last syncs and the next",
});

/** How athletes and syncs are. */
export const Status = z.object({
  athletes: z.array(AthleteStatus),
  rate_budget: RateBudget.nullable().meta({
    description:
      "The application's budget as Strava last told it; null before the first request",
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
}).default({ data: "keep" });
