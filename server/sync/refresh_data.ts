import type { Refresh } from "@paceline/sdk/schemas";
import type * as z from "zod";
import { requestFullSync } from "../../db/full_sync.ts";
import { findLatestRun, type SyncRun } from "../../db/sync_runs.ts";
import { isAdmin } from "../auth/access.ts";
import { findNextTry, getSpentWindow } from "./rate_limit.ts";
import type { Context } from "../context.ts";
import { AppError, type Reason } from "../errors.ts";
import type { Priority } from "./rate_windows.ts";
import { syncNow } from "./run_sync.ts";
import { toRun } from "./sync_run.ts";

/** Time between two syncs that users request for an athlete, in seconds. */
export const PAUSE_SECONDS = 60;
/** Longest time that a request waits for its sync, in seconds. */
export const REFRESH_WAIT_SECONDS = 20;

interface RefreshOptions {
  athleteId: number;
  mode: "recent" | "full";
  /** Whether the sync has work that the latest one could not do. */
  isNeeded?: boolean;
}

/**
 * Syncs now and waits up to `REFRESH_WAIT_SECONDS` for the end.
 *
 * A user's request within `PAUSE_SECONDS` of the athlete's latest one gets the result of that one. No
 * user's request takes from the reserve of Strava's rate limit: it belongs to the schedule, push
 * events and administrators.
 *
 * @throws {AppError} The reason if the sync fails.
 */
export async function refreshNow(
  ctx: Context,
  options: RefreshOptions,
): Promise<z.input<typeof Refresh>> {
  if (!ctx.config.strava.hasApp) throw new AppError("no_strava_application");
  if (isAdmin(ctx.caller)) return await runRefresh(ctx, options, "fresh");
  const { athleteId, mode, isNeeded = false } = options;
  const latest = isNeeded ? undefined : await findLatest(ctx, athleteId);
  if (!latest) {
    await requireUnspent(ctx);
    return await runRefresh(ctx, options, "history");
  }
  if (mode === "full") {
    const now = new Date(ctx.now());
    await requestFullSync(ctx.sql, { athleteId, now });
    const message = "A full sync follows in the background";
    return { status: "running", message, run: toRun(latest) };
  }
  return await toResult(ctx, latest);
}

/** Returns the athlete's latest requested sync if it has just ended. */
async function findLatest(
  { sql, now }: Context,
  athleteId: number,
): Promise<SyncRun | undefined> {
  const since = new Date(now() - PAUSE_SECONDS * 1000);
  const options = { athleteId, trigger: "refresh", since } as const;
  const run = await findLatestRun(sql, options);
  // A clock that was set back must not block syncs until it catches up.
  const isPast = run && run.startedAt.getTime() <= now();
  const hasEnded = run?.status === "success" || run?.status === "failed";
  return isPast && hasEnded ? run : undefined;
}

/** Throws if only the reserve of Strava's rate limit is left. */
async function requireUnspent(ctx: Context): Promise<void> {
  const spent = await getSpentWindow(ctx, { priority: "history" });
  if (!spent) return;
  throw new AppError("strava_rate_limited", {
    retryAfterSeconds: Math.ceil((spent.endsAt - ctx.now()) / 1000),
  });
}

async function runRefresh(
  ctx: Context,
  { athleteId, mode }: RefreshOptions,
  priority: Priority,
): Promise<z.input<typeof Refresh>> {
  const run = await syncNow(ctx, {
    athleteId,
    mode,
    priority,
    trigger: "refresh",
    waitMs: REFRESH_WAIT_SECONDS * 1000,
  });
  if (!run) throw new AppError("not_connected");
  return await toResult(ctx, run);
}

async function toResult(
  ctx: Context,
  run: SyncRun,
): Promise<z.input<typeof Refresh>> {
  if (run.status !== "running" && run.status !== "success") {
    throw await toRunError(ctx, run);
  }
  return toRefresh(run);
}

/** The errors of every procedure that runs a sync. */
export const SYNC_ERRORS: readonly Reason[] = [
  "reconnect_needed",
  "strava_app_inactive",
  "no_strava_application",
  "strava_rate_limited",
  "strava_unavailable",
  "sync_failed",
];

/** Reasons that callers see for a run's failures. Every other failure is `sync_failed`. */
const REASON_OF_RUN: Readonly<Record<string, Reason>> = {
  rate_limited: "strava_rate_limited",
  unauthorized: "reconnect_needed",
  scope_missing: "reconnect_needed",
  app_inactive: "strava_app_inactive",
  unreachable: "strava_unavailable",
  unavailable: "strava_unavailable",
};

/** Returns the error of a failed run, with the time of the next attempt where known. */
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
      message: "The sync continues in the background",
      run: toRun(run),
    };
  }
  const { inserted, updated, deleted } = run;
  const message = inserted + updated + deleted === 0
    ? "Nothing has changed"
    : `${inserted} new ${
      inserted === 1 ? "activity" : "activities"
    }, ${updated} changed${deleted === 0 ? "" : `, ${deleted} deleted`}`;
  return { status: "success", message, run: toRun(run) };
}
