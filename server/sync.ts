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
import { getSpentWindow } from "./budget.ts";
import type { Deps } from "./context.ts";
import { StravaError } from "./strava/errors.ts";
import { windowEnd } from "./strava/rate_limit.ts";
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

/** Syncs every connected athlete who is due, one after the other; no failure of one stops the next. */
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
    await syncAthlete(deps, { athleteId, trigger: "cron" }).catch((cause) => {
      deps.log.error("The sync of athlete {athleteId} broke", {
        athleteId,
        cause,
      });
    });
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
  const { signal } = deps.background;
  const begin = (): Promise<StartedSync | undefined> =>
    startSync(deps, { athleteId, trigger });
  let left = waitMs;
  let started = await begin();
  const [other] = started
    ? []
    : await listSyncRuns(deps.sql, { athleteId, limit: 1 });
  while (!started) {
    // Another request, or another process, works on it; should that die, its lease passes to us.
    const run = await readRun(deps, { athleteId, id: other?.id ?? 0 });
    if (run.status !== "running" || left <= 0 || signal.aborted) return run;
    started = await begin();
    if (started) break;
    await deps.sleep(POLL_MS, signal).catch(() => {});
    left -= POLL_MS;
  }
  return await followSync(deps, { started, athleteId, waitMs: left });
}

/** Lets the run go on in the background and waits at most `waitMs` for its end. */
async function followSync(
  deps: Deps,
  { started, athleteId, waitMs }: {
    started: StartedSync;
    athleteId: number;
    waitMs: number;
  },
): Promise<SyncRun> {
  deps.background.run("sync", () => started.done);
  const waiting = new AbortController();
  const { signal } = deps.background;
  const pause = deps.sleep(waitMs, AbortSignal.any([signal, waiting.signal]));
  await Promise.race([started.done, pause.catch(() => {})]);
  waiting.abort();
  return await readRun(deps, { athleteId, id: started.runId });
}

async function readRun(
  { sql }: Deps,
  { athleteId, id }: { athleteId: number; id: number },
): Promise<SyncRun> {
  const run = await getSyncRun(sql, { athleteId, id });
  if (!run) throw new Error("The athlete was deleted during the sync");
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
  const run = await readRun(deps, { athleteId, id: runId });
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
    const spent = await getSpentWindow(deps);
    return spent?.endsAt ?? windowEnd("short", now);
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
