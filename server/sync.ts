import { getRateLimit } from "../db/rate_limit.ts";
import { getSyncRun, listSyncRuns, type SyncRun } from "../db/sync_runs.ts";
import {
  type Claim,
  claimSync,
  finishSync,
  getFailures,
  listDueAthletes,
  type Outcome,
  type Trigger,
} from "../db/sync_state.ts";
import type { Deps } from "./context.ts";
import { StravaError } from "./strava/errors.ts";
import { spentWindow, windowEnd } from "./strava/rate_limit.ts";
import { walkWhatIsDue } from "./walk.ts";

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;
const POLL_MS = 250;

/** A run that has begun. */
export interface StartedSync {
  runId: number;
  /** The finished run; rejects only where the database fails or the athlete is deleted meanwhile. */
  done: Promise<SyncRun>;
}

/** Syncs every connected athlete who is due, one after the other. */
export async function syncDueAthletes(
  deps: Deps,
  { unfinished = false }: { unfinished?: boolean } = {},
): Promise<void> {
  const athletes = await listDueAthletes(deps.sql, {
    unfinished,
    now: new Date(deps.now()),
  });
  for (const athleteId of athletes) {
    if (deps.background.signal.aborted) return;
    await syncAthlete(deps, { athleteId, trigger: "cron" });
  }
}

/** Syncs the athlete and returns the finished run; `undefined` while another run is under way. */
export async function syncAthlete(
  deps: Deps,
  options: { athleteId: number; trigger: Trigger },
): Promise<SyncRun | undefined> {
  const started = await startSync(deps, options);
  return await started?.done;
}

/** Begins a sync unless one is under way, in this process or any other on the database. */
export async function startSync(
  deps: Deps,
  { athleteId, trigger }: { athleteId: number; trigger: Trigger },
): Promise<StartedSync | undefined> {
  const claim = await claimSync(deps.sql, {
    athleteId,
    trigger,
    now: new Date(deps.now()),
  });
  return claim && { runId: claim.runId, done: runSync(deps, claim) };
}

/**
 * Syncs now, or joins the run that is under way, and waits at most `waitMs` for its end: the run
 * as it stands then.
 */
export async function syncNow(
  deps: Deps,
  { athleteId, trigger, waitMs }: {
    athleteId: number;
    trigger: Trigger;
    waitMs: number;
  },
): Promise<SyncRun> {
  const started = await startSync(deps, { athleteId, trigger });
  if (!started) return await joinSync(deps, { athleteId, waitMs });
  deps.background.run("sync", () => started.done);
  const waiting = new AbortController();
  const { signal } = deps.background;
  const pause = deps.sleep(waitMs, AbortSignal.any([signal, waiting.signal]));
  await Promise.race([started.done, pause.catch(() => {})]);
  waiting.abort();
  return (await getSyncRun(deps.sql, { athleteId, id: started.runId }))!;
}

/** Watches a run that another request, or another process, works on. */
async function joinSync(
  deps: Deps,
  { athleteId, waitMs }: { athleteId: number; waitMs: number },
): Promise<SyncRun> {
  const [newest] = await listSyncRuns(deps.sql, { athleteId, limit: 1 });
  let run = newest!;
  const { signal } = deps.background;
  for (let left = waitMs; left > 0; left -= POLL_MS) {
    if (run.status !== "running" || signal.aborted) break;
    await deps.sleep(POLL_MS, signal).catch(() => {});
    run = (await getSyncRun(deps.sql, { athleteId, id: run.id }))!;
  }
  return run;
}

async function runSync(deps: Deps, claim: Claim): Promise<SyncRun> {
  const { athleteId, runId } = claim;
  const log = deps.log.with({ athleteId, runId });
  log.info("Sync began");
  let outcome: Outcome = { status: "success" };
  try {
    await walkWhatIsDue(deps, claim);
  } catch (cause) {
    outcome = await judge(deps, claim, cause);
    if (outcome.status === "interrupted") log.info("Sync interrupted");
    else log.error("Sync failed", { cause });
  }
  await finishSync(deps.sql, {
    athleteId,
    runId,
    outcome,
    now: new Date(deps.now()),
  });
  const run = await getSyncRun(deps.sql, { athleteId, id: runId });
  if (!run) throw new Error("The athlete was deleted during the sync");
  if (run.status === "success") {
    const { pages, fetched, inserted, updated, skipped } = run;
    log.info("Sync succeeded", { pages, fetched, inserted, updated, skipped });
  }
  return run;
}

/** What a failure means for the run and for the time of the next. */
async function judge(
  deps: Deps,
  claim: Claim,
  cause: unknown,
): Promise<Outcome> {
  if (deps.background.signal.aborted) return { status: "interrupted" };
  const { athleteId } = claim;
  if (!(cause instanceof StravaError)) {
    const retryAt = new Date(
      deps.now() + await pauseAfterFailure(deps, athleteId),
    );
    return {
      status: "failed",
      reason: "internal_error",
      detail: "See the log",
      retryAt,
    };
  }
  const retryAt = new Date(await retryTime(deps, athleteId, cause));
  return {
    status: "failed",
    reason: cause.kind,
    detail: cause.message,
    retryAt,
  };
}

/** When the next try makes sense, in milliseconds. */
async function retryTime(
  deps: Deps,
  athleteId: number,
  error: StravaError,
): Promise<number> {
  const now = deps.now();
  if (error.kind === "rate_limited") {
    const limit = await getRateLimit(deps.sql, {
      clientId: deps.strava.app.clientId,
    });
    return windowEnd((limit && spentWindow(limit)) ?? "short", now);
  }
  if (error.kind === "app_inactive") return now + HOUR_MS;
  return now + await pauseAfterFailure(deps, athleteId);
}

/** 1, 2, 4, ... minutes, an hour at most. */
async function pauseAfterFailure(
  { sql }: Deps,
  athleteId: number,
): Promise<number> {
  return Math.min(
    MINUTE_MS * 2 ** await getFailures(sql, { athleteId }),
    HOUR_MS,
  );
}
