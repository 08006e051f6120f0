import { hasRequestedWork, requestFullSync } from "../../db/full_sync.ts";
import { getSyncRun, type SyncRun } from "../../db/sync_runs.ts";
import {
  type Claim,
  claimSync,
  finishSync,
  getFailures,
  listDueAthletes,
  type Outcome,
  type Trigger,
} from "../../db/sync_state.ts";
import { findNextTry, isShutOut } from "./rate_limit.ts";
import { type Deps, retryWhileUnavailable } from "../context.ts";
import { LeaseLostError } from "./lease.ts";
import { refreshGear } from "./gear.ts";
import { StravaError } from "../strava/errors.ts";
import { syncDuePages, type SyncExtent, vacuumAfterGrowth } from "./pages.ts";

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;
/** Time between two checks of a run in another process. */
const POLL_MS = 250;

/** A run that has started. */
export interface StartedSync {
  runId: number;
  /** The finished run; `undefined` if the athlete was deleted. Rejects if the database fails. */
  done: Promise<SyncRun | undefined>;
}

/**
 * Syncs every connected athlete who is due, one after the other. A failure of one does not stop the
 * next, unless Strava has shut the whole application out.
 */
export async function syncDueAthletes(
  deps: Deps,
  { unfinished = false }: { unfinished?: boolean } = {},
): Promise<void> {
  if (!deps.config.strava.hasApp) return;
  const dueBy = new Date(deps.now());
  const athletes = await listDueAthletes(deps.sql, { unfinished, now: dueBy });
  const synced: number[] = [];
  for (const athleteId of athletes) {
    if (deps.background.signal.aborted || await isShutOut(deps)) return;
    const options = { athleteId, trigger: "cron", dueBy } as const;
    const run = await syncAthlete(deps, options).catch((cause) => {
      deps.log.error("The sync of athlete {athleteId} failed unexpectedly", {
        athleteId,
        cause,
      });
    });
    if (run?.status === "success") synced.push(athleteId);
  }
  await refreshGear(deps, synced);
}

interface SyncOptions extends SyncExtent {
  athleteId: number;
  trigger: Trigger;
  /** Syncs only if the athlete was due at this moment. */
  dueBy?: Date;
}

/** Syncs the athlete and returns the finished run; `undefined` if none was started. */
export async function syncAthlete(
  deps: Deps,
  options: SyncOptions,
): Promise<SyncRun | undefined> {
  const started = await startSync(deps, options);
  return await started?.done;
}

/** Starts a sync unless one is running, in this process or another one on the database. */
export async function startSync(
  deps: Deps,
  options: SyncOptions,
): Promise<StartedSync | undefined> {
  const now = new Date(deps.now());
  const result = await claimSync(deps.sql, { ...options, now });
  return result.kind === "claimed"
    ? startRun(deps, result.claim, options)
    : undefined;
}

function startRun(
  deps: Deps,
  claim: Claim,
  { mode, priority }: SyncExtent,
): StartedSync {
  const extent = { mode, priority };
  return { runId: claim.runId, done: runSync(deps, claim, extent) };
}

/**
 * Syncs now, or joins the running sync, and waits at most `waitMs` for its end. Returns the run in its
 * current state, or `undefined` if the athlete no longer exists.
 *
 * A requested full sync is stored first. If the running sync does not include one, another run
 * follows, at the latest with the next minute's tick. The same holds for confirmed deletions.
 */
export async function syncNow(
  deps: Deps,
  { waitMs, ...options }: SyncOptions & { waitMs: number },
): Promise<SyncRun | undefined> {
  const { athleteId, mode } = options;
  const { signal } = deps.background;
  if (mode === "full") {
    await requestFullSync(deps.sql, { athleteId, now: new Date(deps.now()) });
  }
  let joined: number | undefined;
  for (let left = waitMs;; left -= POLL_MS) {
    const now = new Date(deps.now());
    if (joined === undefined || await isRunning(deps, athleteId, joined)) {
      // If the process that works on it dies, its lease passes to us.
      const claiming = { ...options, awaited: joined, now };
      const result = await claimSync(deps.sql, claiming);
      if (result.kind === "claimed") {
        const started = startRun(deps, result.claim, options);
        return await followSync(deps, { started, athleteId, waitMs: left });
      }
      if (result.kind === "running") joined = result.runId;
      else if (joined === undefined || result.kind !== "ended") {
        return undefined;
      }
    }
    const run = await getSyncRun(deps.sql, { athleteId, id: joined });
    if (left <= 0 || signal.aborted) return run;
    if (run?.status !== "running") {
      if (!await hasRequestedWork(deps.sql, { athleteId })) return run;
      // The request came too late for that run.
      joined = undefined;
    } else await deps.sleep(Math.min(POLL_MS, left), signal).catch(() => {});
  }
}

async function isRunning(
  { sql }: Deps,
  athleteId: number,
  id: number,
): Promise<boolean> {
  return (await getSyncRun(sql, { athleteId, id }))?.status === "running";
}

/** Continues the run in the background and waits at most `waitMs` for its end. */
async function followSync(
  deps: Deps,
  { started, athleteId, waitMs }: {
    started: StartedSync;
    athleteId: number;
    waitMs: number;
  },
): Promise<SyncRun | undefined> {
  deps.background.run("sync", () => started.done);
  const waiting = new AbortController();
  const signal = AbortSignal.any([deps.background.signal, waiting.signal]);
  const pause = deps.sleep(waitMs, signal).catch(() => {});
  try {
    await Promise.race([started.done, pause]);
  } finally {
    waiting.abort();
  }
  return await getSyncRun(deps.sql, { athleteId, id: started.runId });
}

async function runSync(
  deps: Deps,
  claim: Claim,
  extent: SyncExtent,
): Promise<SyncRun | undefined> {
  const { athleteId, runId } = claim;
  const log = deps.log.with({ athleteId, runId });
  log.info("Sync started");
  let outcome: Outcome = { status: "success" };
  try {
    await syncDuePages(deps, claim, extent);
  } catch (cause) {
    outcome = await retryWhileUnavailable(
      deps,
      () => toOutcome(deps, claim, cause),
    );
    if (outcome.status === "interrupted") {
      log.info("Sync interrupted", { cause });
    } else if (isShutOutBy(cause)) {
      // The rate limit has already logged it, once for all runs.
      log.info("Sync stopped", { cause });
    } else log.error("Sync failed", { cause });
  }
  // Otherwise a run would look unfinished after a database restart.
  const run = await retryWhileUnavailable(deps, async () => {
    const now = new Date(deps.now());
    await finishSync(deps.sql, { athleteId, runId, outcome, now });
    return await getSyncRun(deps.sql, { athleteId, id: runId });
  });
  if (run?.status === "success") {
    const { pages, fetched, inserted, updated, deleted, skipped } = run;
    log.info("Sync succeeded", {
      pages,
      fetched,
      inserted,
      updated,
      deleted,
      skipped,
    });
    if (claim.firstSyncedAt === null) await vacuumAfterGrowth(deps);
  }
  return run;
}

function isShutOutBy(cause: unknown): boolean {
  return cause instanceof StravaError && cause.kind === "app_inactive";
}

/** Returns the outcome of a failure: the run's status and when to try again. */
async function toOutcome(
  deps: Deps,
  claim: Claim,
  cause: unknown,
): Promise<Outcome> {
  if (deps.background.signal.aborted || cause instanceof LeaseLostError) {
    return { status: "interrupted" };
  }
  const { athleteId } = claim;
  if (!(cause instanceof StravaError)) {
    const retryAt = new Date(
      deps.now() + await computePause(deps, athleteId),
    );
    return {
      status: "failed",
      reason: "internal_error",
      detail: "See the log",
      retryAt,
    };
  }
  const retryAt = new Date(await findRetryTime(deps, athleteId, cause));
  return {
    status: "failed",
    reason: cause.kind,
    detail: cause.message,
    retryAt,
  };
}

/** Returns when to try again, in epoch milliseconds. */
async function findRetryTime(
  deps: Deps,
  athleteId: number,
  error: StravaError,
): Promise<number> {
  const { kind } = error;
  if (kind === "rate_limited" || kind === "app_inactive") {
    return await findNextTry(deps, { kind });
  }
  return deps.now() + await computePause(deps, athleteId);
}

/** Returns the pause after a failure: 1, 2, 4, ... minutes, at most an hour. */
async function computePause(
  { sql }: Deps,
  athleteId: number,
): Promise<number> {
  return Math.min(
    MINUTE_MS * 2 ** await getFailures(sql, { athleteId }),
    HOUR_MS,
  );
}
