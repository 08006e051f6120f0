import {
  Disconnect,
  DisconnectInput,
  type ReconnectNeeded,
  Refresh,
  Status,
} from "@paceline/sdk/schemas";
import * as z from "zod";
import {
  type AthleteStatus,
  getServedAthlete,
  listAthleteStatus,
} from "../../db/athletes.ts";
import { Instant } from "../../db/client.ts";
import { listSyncRuns, type SyncRun } from "../../db/sync_runs.ts";
import { findNextTry, getBudget } from "../budget.ts";
import type { Context } from "../context.ts";
import { disconnectAthlete } from "../disconnect.ts";
import { AppError, type Reason } from "../errors.ts";
import { nextSyncAt } from "../schedule.ts";
import { syncNow } from "../sync.ts";
import { adminProcedure, router } from "../trpc.ts";
import { toRateBudget } from "./rate_budget.ts";
import { toRun } from "./sync_run.ts";

const REFRESH_WAIT_MS = 20_000;
const RUN_COUNT = 10;

/** What the owner of the instance does, with the API key. */
export const adminRouter = router({
  /** Syncs now and waits up to 20 seconds for the end. */
  refresh: adminProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/strava/refresh-data",
        tags: ["admin"],
        summary: "Sync now",
        description:
          "Fetches what is new or changed and waits up to 20 seconds for the end. While a sync " +
          "is under way no second one begins: its end is waited for.",
      },
    })
    .input(z.strictObject({}).default({}))
    .output(Refresh)
    .mutation(async ({ ctx }) => {
      const athlete = await getServedAthlete(ctx.sql);
      if (!athlete || athlete.revokedAt) throw new AppError("not_connected");
      const options = {
        athleteId: athlete.id,
        trigger: "refresh",
        waitMs: REFRESH_WAIT_MS,
      } as const;
      const run = await syncNow(ctx, options);
      if (!run) throw new AppError("not_connected");
      if (run.status !== "running" && run.status !== "success") {
        throw await toRunError(ctx, run);
      }
      return toRefresh(run);
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
          "Athletes with their last syncs and the next, and the budget at Strava.",
      },
    })
    .output(Status)
    .query(async ({ ctx }) => {
      const athletes = await listAthleteStatus(ctx.sql);
      const budget = await getBudget(ctx);
      const withRuns = athletes.map(async (athlete) => ({
        id: athlete.id,
        name: athlete.name,
        connected: athlete.scopes !== null,
        reconnect_needed: toReconnectNeeded(ctx, athlete),
        connected_at: athlete.connectedAt,
        scopes: athlete.scopes ?? [],
        activities: athlete.activities,
        first_sync_done: athlete.backfilledAt !== null,
        last_success_at: athlete.lastSuccessAt,
        next_due_at: toNextSync(ctx, athlete),
        failures: athlete.failures,
        runs: (await listSyncRuns(ctx.sql, {
          athleteId: athlete.id,
          limit: RUN_COUNT,
        })).map(toRun),
      }));
      return {
        athletes: await Promise.all(withRuns),
        rate_budget: toRateBudget(budget),
        app_inactive_since: budget?.limit.inactiveSince ?? null,
      };
    }),

  /** Ends the connection to Strava. */
  disconnect: adminProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/strava/admin/disconnect",
        tags: ["admin"],
        summary: "Disconnect the athlete",
        description:
          "Revokes the grant at Strava and deletes the tokens. The history stays and is served " +
          "on, unless `data` is `delete`.",
      },
    })
    .input(DisconnectInput)
    .output(Disconnect)
    .mutation(async ({ ctx, input }) => {
      const athlete = await getServedAthlete(ctx.sql);
      if (!athlete) throw new AppError("not_connected");
      const { id } = athlete;
      const { revokedAtStrava } = await disconnectAthlete(ctx, {
        athleteId: id,
        deleteData: input.data === "delete",
      });
      return {
        status: "disconnected",
        athlete_id: id,
        revoked_at_strava: revokedAtStrava,
        data: input.data === "delete" ? "deleted" : "kept",
      } as const;
    }),
});

/** Which failure of a run a caller is told as what; any other is `sync_failed`. */
const REASON_OF_RUN: Readonly<Record<string, Reason>> = {
  rate_limited: "strava_rate_limited",
  unauthorized: "reconnect_needed",
  scope_missing: "reconnect_needed",
  app_inactive: "strava_app_inactive",
  unreachable: "strava_unavailable",
  unavailable: "strava_unavailable",
};

/** Why a run failed, and where it is known when another may do better. */
async function toRunError(
  ctx: Context,
  { errorReason, errorDetail }: SyncRun,
): Promise<AppError> {
  const reason = REASON_OF_RUN[errorReason ?? ""] ?? "sync_failed";
  const nextTry = reason === "strava_rate_limited"
    ? await findNextTry(ctx, { kind: "rate_limited" })
    : undefined;
  return new AppError(reason, {
    detail: errorDetail || undefined,
    retryAfterSeconds: nextTry && Math.ceil((nextTry - ctx.now()) / 1000),
  });
}

function toRefresh(run: SyncRun): z.input<typeof Refresh> {
  if (run.status === "running") {
    return {
      status: "running",
      message: "The sync goes on in the background",
      run: toRun(run),
    };
  }
  const { inserted, updated } = run;
  const message = inserted + updated === 0
    ? "Nothing has changed"
    : `${inserted} new ${
      inserted === 1 ? "activity" : "activities"
    }, ${updated} changed`;
  return { status: "success", message, run: toRun(run) };
}

/** For an athlete whose grant Strava refuses: since when, and where to connect again. */
function toReconnectNeeded(
  { config }: Context,
  { deadSince }: AthleteStatus,
): z.input<typeof ReconnectNeeded> | null {
  const url = new URL("authorize", config.strava.redirectUri).href;
  return deadSince && { since: deadSince, url };
}

/** When the next sync begins, as far as is known. */
export function toNextSync(
  { config, now }: Context,
  { nextDueAt, failures, backfilledAt }: Pick<
    AthleteStatus,
    "nextDueAt" | "failures" | "backfilledAt"
  >,
): Date | null {
  if (!nextDueAt) return null;
  const next = nextSyncAt({
    dueAt: nextDueAt,
    isUnfinished: failures > 0 || backfilledAt === null,
    syncCron: config.syncCron,
    now: now(),
  });
  return next && new Instant(next);
}
