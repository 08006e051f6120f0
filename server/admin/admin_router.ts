import {
  AthleteInput,
  Disconnect,
  DisconnectInput,
  Quarantine,
  Refresh,
  RefreshInput,
  Restore,
  RestoreInput,
  Status,
} from "@paceline/sdk/schemas";
import { listAthleteStatus, type ServedAthlete } from "../../db/athletes.ts";
import { confirmPendingDeletions } from "../../db/pending_deletions.ts";
import {
  countQuarantinedActivities,
  listQuarantinedActivities,
} from "../../db/quarantine.ts";
import { listSyncRuns } from "../../db/sync_runs.ts";
import { getRateLimitStatus } from "../sync/rate_limit.ts";
import { restoreDeleted } from "../sync/deletions.ts";
import { AppError } from "../errors.ts";
import { adminProcedure, ownerProcedure, router } from "../trpc.ts";
import { auditProcedures } from "../accounts/audit_router.ts";
import { endConnection } from "../athletes/disconnect_procedures.ts";
import { toNextSync } from "../sync/next_sync.ts";
import { toRateLimit } from "../sync/rate_limit_status.ts";
import { toReconnectNeeded } from "../athletes/reconnect_needed.ts";
import { refreshNow, SYNC_ERRORS } from "../sync/refresh.ts";
import { toRun } from "../sync/sync_run.ts";
import { readWebhookStatus } from "../webhook/status.ts";

const RUN_COUNT = 10;
const QUARANTINE_COUNT = 200;

/** What the owner of the instance does, with the API key. */
export const adminRouter = router({
  ...auditProcedures,

  /** Syncs now and waits up to 20 seconds for the end. */
  refresh: ownerProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/strava/refresh-data",
        tags: ["admin"],
        summary: "Sync now",
        description:
          "Fetches what is new or changed and waits up to 20 seconds for the end. While a sync " +
          "is under way no second one begins: its end is waited for. With `full` the whole list " +
          "is walked, deletions included; where the sync under way does not do that, another " +
          "follows it.",
      },
      errors: SYNC_ERRORS,
    })
    .input(RefreshInput)
    .output(Refresh)
    .mutation(async ({ ctx, input }) => {
      const { id } = requireConnected(ctx.athlete);
      return await refreshNow(ctx, { athleteId: id, mode: input.mode });
    }),

  /** Athletes, their last runs, the rate budget. */
  status: adminProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/admin/status",
        tags: ["admin"],
        summary: "How the instance is",
        description:
          "Athletes with their last syncs and the next, push events, and the budget at Strava.",
      },
    })
    .output(Status)
    .query(async ({ ctx }) => {
      const athletes = await listAthleteStatus(ctx.sql);
      const budget = await getRateLimitStatus(ctx);
      const withRuns = athletes.map(async (athlete) => ({
        id: athlete.id,
        name: athlete.name,
        connected: athlete.scopes !== null,
        reconnect_needed: toReconnectNeeded(ctx, athlete),
        connected_at: athlete.connectedAt,
        scopes: athlete.scopes ?? [],
        activities: athlete.activities,
        deleted: athlete.deleted,
        pending_deletions: athlete.pendingSince &&
          { count: athlete.pending, since: athlete.pendingSince },
        quarantined: athlete.quarantined,
        first_sync_done: athlete.firstSyncedAt !== null,
        last_success_at: athlete.lastSuccessAt,
        full_walk_at: athlete.lastFullSyncAt,
        next_due_at: toNextSync(ctx, athlete),
        failures: athlete.failures,
        runs: (await listSyncRuns(ctx.sql, {
          athleteId: athlete.id,
          limit: RUN_COUNT,
        })).map(toRun),
      }));
      return {
        athletes: await Promise.all(withRuns),
        webhooks: await readWebhookStatus(ctx),
        rate_budget: toRateLimit(budget),
        app_inactive_since: budget?.limit.inactiveSince ?? null,
      };
    }),

  /** The owner's word that what waits for it is deleted. */
  confirmDeletions: ownerProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/strava/admin/confirm-deletions",
        tags: ["admin"],
        summary: "Confirm deletions",
        description:
          "Deletes the `pending_deletions` of the status, each only where Strava answers 404 to " +
          "it; what is there after all is kept. Syncs on the way and waits up to 20 seconds for " +
          "the end.",
      },
      errors: SYNC_ERRORS,
      example: {
        message: "0 new activities, 0 changed, 412 deleted",
        run: { inserted: 0, updated: 0, deleted: 412 },
      },
    })
    .input(AthleteInput)
    .output(Refresh)
    .mutation(async ({ ctx }) => {
      const { id: athleteId } = requireConnected(ctx.athlete);
      const now = new Date(ctx.now());
      await confirmPendingDeletions(ctx.sql, { athleteId, now });
      return await refreshNow(ctx, { athleteId, mode: "recent" });
    }),

  /** Takes deletions back. */
  restore: ownerProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/strava/admin/restore",
        tags: ["admin"],
        summary: "Restore deleted activities",
        description:
          "They count again. As long as Strava does not list such an activity, the next walks " +
          "put it among the `pending_deletions`, and it stays unless these are confirmed.",
      },
    })
    .input(RestoreInput)
    .output(Restore)
    .mutation(async ({ ctx, input }) => {
      const restored = await restoreDeleted(ctx, {
        athleteId: ctx.athlete.id,
        ids: input.ids,
      });
      return { status: "restored", restored } as const;
    }),

  /** Activities that cannot be read. */
  quarantine: ownerProcedure
    .meta({
      scope: "activities:read_private",
      openapi: {
        method: "GET",
        path: "/strava/admin/quarantine",
        tags: ["admin"],
        summary: "Activities that cannot be read",
        description:
          "What Strava lists or answers and Paceline cannot read, and why; the rest goes on " +
          "without it. One that can be read again leaves by itself.",
      },
    })
    .input(AthleteInput)
    .output(Quarantine)
    .query(async ({ ctx }) => {
      const { id: athleteId } = ctx.athlete;
      const [total, rows] = await Promise.all([
        countQuarantinedActivities(ctx.sql, { athleteId }),
        listQuarantinedActivities(ctx.sql, {
          athleteId,
          limit: QUARANTINE_COUNT,
        }),
      ]);
      return {
        total,
        data: rows.map(({ firstSeenAt, lastSeenAt, ...row }) => ({
          ...row,
          first_seen_at: firstSeenAt,
          last_seen_at: lastSeenAt,
        })),
      };
    }),

  /** Ends the connection to Strava. */
  disconnect: ownerProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/strava/admin/disconnect",
        tags: ["admin"],
        summary: "Disconnect the athlete",
        description:
          "Revokes the grant at Strava and deletes the tokens. The history stays and is served " +
          "on, unless `data` is `delete`; in a session that needs a password given within the last " +
          "10 minutes, and a user's key may not.",
      },
      errors: ["recent_login_required"],
    })
    .input(DisconnectInput)
    .output(Disconnect)
    .mutation(({ ctx, input }) => endConnection(ctx, input)),
});

function requireConnected(athlete: ServedAthlete): ServedAthlete {
  if (athlete.revokedAt) throw new AppError("not_connected");
  return athlete;
}
