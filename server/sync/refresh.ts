import type { Refresh } from "@paceline/sdk/schemas";
import type * as z from "zod";
import type { SyncRun } from "../../db/sync_runs.ts";
import { findNextTry } from "./rate_limit.ts";
import type { Context } from "../context.ts";
import { AppError, type Reason } from "../errors.ts";
import { syncNow } from "./sync.ts";
import { toRun } from "./sync_run.ts";

/** Longest time that a request waits for its sync, in seconds. */
export const REFRESH_WAIT_SECONDS = 20;

/**
 * Syncs now and waits up to `REFRESH_WAIT_SECONDS` for the end.
 *
 * @throws {AppError} The reason if the sync fails.
 */
export async function refreshNow(
  ctx: Context,
  { athleteId, mode }: { athleteId: number; mode: "recent" | "full" },
): Promise<z.input<typeof Refresh>> {
  const run = await syncNow(ctx, {
    athleteId,
    mode,
    trigger: "refresh",
    waitMs: REFRESH_WAIT_SECONDS * 1000,
  });
  if (!run) throw new AppError("not_connected");
  if (run.status !== "running" && run.status !== "success") {
    throw await toRunError(ctx, run);
  }
  return toRefresh(run);
}

/** The errors of every procedure that runs a sync. */
export const SYNC_ERRORS: readonly Reason[] = [
  "reconnect_needed",
  "strava_app_inactive",
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
