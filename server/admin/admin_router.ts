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
import { confirmPendingDeletions } from "../../db/pending_deletions.ts";
import {
  countQuarantinedActivities,
  listQuarantinedActivities,
} from "../../db/quarantine.ts";
import type { ServedAthlete } from "../../db/served_athletes.ts";
import { auditProcedures } from "../accounts/audit_procedures.ts";
import { disconnect } from "../athletes/disconnect_procedures.ts";
import { AppError } from "../errors.ts";
import { restoreDeleted } from "../edits/delete_activities.ts";
import {
  PAUSE_SECONDS,
  REFRESH_WAIT_SECONDS,
  refreshNow,
  SYNC_ERRORS,
} from "../sync/refresh_data.ts";
import {
  adminProcedure,
  ownerProcedure,
  RECENT_LOGIN_MINUTES,
  router,
} from "../trpc.ts";
import { getInstanceStatus } from "./instance_status.ts";

/** Maximum number of unreadable activities in a response. */
const QUARANTINE_COUNT = 200;

/** Operations on the instance and its athletes. */
export const adminRouter = router({
  ...auditProcedures,

  /** Syncs now and waits a while for the end. */
  refresh: ownerProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/strava/refresh-data",
        tags: ["admin"],
        summary: "Sync now",
        description: "Fetches new and changed activities and waits up to " +
          `${REFRESH_WAIT_SECONDS} seconds for the end of the sync. If a sync is already running, it ` +
          "is waited for instead. With `full`, all activities are fetched and deletions are detected; " +
          "if the running sync is not a full one, a full sync follows it. For users who are not " +
          `administrators, an athlete has one such sync in ${PAUSE_SECONDS} seconds: a further request ` +
          "gets its result, and a `full` one follows in the background. Users cannot spend the part of " +
          "Strava's rate limit that is reserved for the schedule.",
      },
      errors: SYNC_ERRORS,
    })
    .input(RefreshInput)
    .output(Refresh)
    .mutation(async ({ ctx, input }) => {
      const { id } = requireConnected(ctx.athlete);
      return await refreshNow(ctx, { athleteId: id, mode: input.mode });
    }),

  /** Returns the status of the instance. */
  status: adminProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/admin/status",
        tags: ["admin"],
        summary: "Get the status of the instance",
        description:
          "Athletes with their last and next syncs, webhook events, and Strava's rate limit.",
      },
    })
    .output(Status)
    .query(async ({ ctx }) => await getInstanceStatus(ctx)),

  /** Confirms that the activities which look deleted are deleted. */
  confirmDeletions: ownerProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/strava/admin/confirm-deletions",
        tags: ["admin"],
        summary: "Confirm deletions",
        description:
          "Deletes the `pending_deletions` of the status, but only activities for which Strava " +
          "answers 404; others are kept. This runs a sync and waits up to " +
          `${REFRESH_WAIT_SECONDS} seconds for its end.`,
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
      const count = await confirmPendingDeletions(ctx.sql, { athleteId, now });
      return await refreshNow(ctx, {
        athleteId,
        mode: "recent",
        isNeeded: count > 0,
      });
    }),

  /** Restores deleted activities. */
  restore: ownerProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/strava/admin/restore",
        tags: ["admin"],
        summary: "Restore deleted activities",
        description:
          "The activities count again. While Strava does not list such an activity, later syncs add " +
          "it to the `pending_deletions`; it stays unless these are confirmed.",
      },
    })
    .input(RestoreInput)
    .output(Restore)
    .mutation(async ({ ctx, input }) => {
      const restored = await restoreDeleted(ctx, {
        athleteId: ctx.athlete.id,
        ids: input.ids,
      });
      return { status: "restored", restored: restored.length } as const;
    }),

  /** Lists activities that Paceline cannot read. */
  quarantine: ownerProcedure
    .meta({
      scope: "activities:read_private",
      openapi: {
        method: "GET",
        path: "/strava/admin/quarantine",
        tags: ["admin"],
        summary: "List unreadable activities",
        description:
          "Activities from Strava that Paceline cannot read, with the reason. The sync skips them. " +
          "An activity leaves this list when it can be read again.",
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

  /** Disconnects from Strava. */
  disconnect: ownerProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/strava/admin/disconnect",
        tags: ["admin"],
        summary: "Disconnect the athlete",
        description:
          "Revokes the grant at Strava and deletes its tokens. The activities are kept and still " +
          "served, unless `data` is `delete`. Deleting needs `INTERNAL_API_KEY` or a session whose " +
          `password was entered in the last ${RECENT_LOGIN_MINUTES} minutes; a user's API key is not ` +
          "enough.",
      },
      errors: ["recent_login_required"],
    })
    .input(DisconnectInput)
    .output(Disconnect)
    .mutation(({ ctx, input }) => disconnect(ctx, input)),
});

function requireConnected(athlete: ServedAthlete): ServedAthlete {
  if (athlete.revokedAt) throw new AppError("not_connected");
  return athlete;
}
