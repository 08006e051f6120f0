import { isAnythingAsked, requestFullSync } from "../../db/full_sync.ts";
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
import type { Deps } from "../context.ts";
import { retryWhileUnavailable } from "../database_retry.ts";
import { LeaseLost } from "./lease.ts";
import { refreshGear } from "./gear.ts";
import { StravaError } from "../strava/errors.ts";
import { type Mode, syncDuePages, tidyUp } from "./pages.ts";

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;
const POLL_MS = 250;

/** A run that has begun. */
export interface StartedSync {
  runId: number;
  /** The finished run, `undefined` for an athlete who was deleted; rejects where the database fails. */
  done: Promise<SyncRun | undefined>;
}

/**
 * Syncs every connected athlete who is due, one after the other; no failure of one stops the next,
 * unless Strava has shut the whole application out.
 */
export async function syncDueAthletes(
  deps: Deps,
  { unfinished = false }: { unfinished?: boolean } = {},
): Promise<void> {
  const dueBy = new Date(deps.now());
  const athletes = await listDueAthletes(deps.sql, { unfinished, now: dueBy });
  const synced: number[] = [];
  for (const athleteId of athletes) {
    if (deps.background.signal.aborted || await isShutOut(deps)) return;
    const options = { athleteId, trigger: "cron", dueBy } as const;
    const run = await syncAthlete(deps, options).catch((cause) => {
      deps.log.error("The sync of athlete {athleteId} broke", {
        athleteId,
        cause,
      });
    });
    if (run?.status === "success") synced.push(athleteId);
  }
  await refreshGear(deps, synced);
}

interface SyncOptions {
  athleteId: number;
  trigger: Trigger;
  /** Only if the athlete was due at this moment. */
  dueBy?: Date;
  /** How much is walked. Default: what is due. */
  mode?: Mode | undefined;
}

/** Syncs the athlete and returns the finished run; `undefined` where none was begun. */
export async function syncAthlete(
  deps: Deps,
  options: SyncOptions,
): Promise<SyncRun | undefined> {
  const started = await startSync(deps, options);
  return await started?.done;
}

/** Begins a sync unless one is under way, in this process or any other on the database. */
export async function startSync(
  deps: Deps,
  options: SyncOptions,
): Promise<StartedSync | undefined> {
  const now = new Date(deps.now());
  const result = await claimSync(deps.sql, { ...options, now });
  return result.kind === "claimed"
    ? begin(deps, result.claim, options)
    : undefined;
}

function begin(
  deps: Deps,
  claim: Claim,
  { mode }: Pick<SyncOptions, "mode">,
): StartedSync {
  return { runId: claim.runId, done: runSync(deps, claim, mode) };
}

/**
 * Syncs now, or joins the run that is under way, and waits at most `waitMs` for its end: the run
 * as it stands then, or `undefined` for an athlete who is not there any more.
 *
 * A walk of the whole list that is asked for is written down first: where the run that is under way
 * does none, another follows it, at the latest on the minute's tick. So it is with deletions that
 * were confirmed before.
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
      // Should the process that works on it die, its lease passes to us.
      const result = await claimSync(deps.sql, { ...options, now });
      if (result.kind === "claimed") {
        const started = begin(deps, result.claim, options);
        return await followSync(deps, { started, athleteId, waitMs: left });
      }
      if (result.kind !== "running") return undefined;
      joined = result.runId;
    }
    const run = await getSyncRun(deps.sql, { athleteId, id: joined });
    if (left <= 0 || signal.aborted) return run;
    if (run?.status !== "running") {
      if (!await isAnythingAsked(deps.sql, { athleteId })) return run;
      // It was asked for too late for that run.
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

/** Lets the run go on in the background and waits at most `waitMs` for its end. */
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
  mode: Mode | undefined,
): Promise<SyncRun | undefined> {
  const { athleteId, runId } = claim;
  const log = deps.log.with({ athleteId, runId });
  log.info("Sync began");
  let outcome: Outcome = { status: "success" };
  try {
    await syncDuePages(deps, claim, { mode });
  } catch (cause) {
    outcome = await retryWhileUnavailable(
      deps,
      () => judge(deps, claim, cause),
    );
    if (outcome.status === "interrupted") {
      log.info("Sync interrupted", { cause });
    } else if (isShutOutBy(cause)) {
      // The budget has logged it, once for all.
      log.info("Sync stopped", { cause });
    } else log.error("Sync failed", { cause });
  }
  // A database that was restarted meanwhile would otherwise show a run that goes on.
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
    if (claim.firstSyncedAt === null) await tidyUp(deps);
  }
  return run;
}

function isShutOutBy(cause: unknown): boolean {
  return cause instanceof StravaError && cause.kind === "app_inactive";
}

/** What a failure means for the run and for the time of the next. */
async function judge(
  deps: Deps,
  claim: Claim,
  cause: unknown,
): Promise<Outcome> {
  if (deps.background.signal.aborted || cause instanceof LeaseLost) {
    return { status: "interrupted" };
  }
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
  const { kind } = error;
  if (kind === "rate_limited" || kind === "app_inactive") {
    return await findNextTry(deps, { kind });
  }
  return deps.now() + await pauseAfterFailure(deps, athleteId);
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
