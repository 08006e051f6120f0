import { bumpDataVersion } from "./athletes.ts";
import type { Pool, Sql } from "./driver/client.ts";
import { whereUnfinished } from "./unfinished.ts";

/** Why a run began. */
export type Trigger = "connect" | "cron" | "refresh" | "shell";

/** A run that this process may work on, until the lease passes. */
export interface Claim {
  athleteId: number;
  runId: number;
  /** The walk of the whole list under way has stored everything that started from this moment on. */
  fullSyncCursor: Date | null;
  /** When that walk began; null where none is under way. */
  fullSyncStartedAt: Date | null;
  firstSyncedAt: Date | null;
  /** When the last walk that came to the list's end had begun. */
  lastFullSyncAt: Date | null;
  /** A walk that begins after this moment was asked for. */
  fullSyncRequestedAt: Date | null;
  lastSuccessAt: Date | null;
  connectedAt: Date;
}

/**
 * How long a run may be silent; then its process is taken for dead. Longer than a request to Strava
 * with its token and its pause, before each of which the lease is renewed.
 */
const LEASE_SECONDS = 60;

/**
 * Makes the athlete known to the sync, due at once. Who connects again may have allowed more than
 * before, so the whole list is walked anew; a run that is under way is closed and may not go on.
 */
export async function insertSyncState(
  sql: Sql,
  { athleteId, now }: { athleteId: number; now: Date },
): Promise<void> {
  await sql`
    with closed as (
      update sync_runs
      set status = 'interrupted', ended_at = ${now}
      where athlete_id = ${athleteId}
        and status = 'running'
    ),
    forgotten as (
      delete from full_sync_pages
      where athlete_id = ${athleteId}
    )
    insert into sync_state (athlete_id, next_due_at)
    values (${athleteId}, ${now})
    on conflict (athlete_id) do update
    set
      next_due_at = excluded.next_due_at,
      failures = 0,
      full_sync_cursor = null,
      full_sync_started_at = null,
      first_synced_at = null,
      last_full_sync_at = null,
      full_sync_requested_at = null,
      run_id = null,
      leased_until = null
  `;
}

/**
 * The athletes with a grant that lives whose next sync is due; `unfinished` names those who lack
 * something. First who has never had a page of the whole list, then whose last one is longest ago:
 * a long history that uses up a window of the budget comes last in the next.
 */
export async function listDueAthletes(
  sql: Sql,
  { unfinished, now }: { unfinished: boolean; now: Date },
): Promise<number[]> {
  const rows = await sql<{ athleteId: number }[]>`
    select athlete_id as "athleteId"
    from sync_state
    join grants using (athlete_id)
    where next_due_at <= ${now}
      and dead_since is null
      ${unfinished ? sql`and ${whereUnfinished(sql)}` : sql``}
    order by page_stored_at nulls first, next_due_at, athlete_id
  `;
  return rows.map((row) => row.athleteId);
}

/** Whether this process may work on an athlete: yes, another does, not yet, or there is none. */
export type ClaimResult =
  | { kind: "claimed"; claim: Claim }
  | { kind: "running"; runId: number }
  | { kind: "not_due" }
  | { kind: "gone" };

/**
 * Takes the lease on an athlete and begins a run, unless another run holds it.
 *
 * The row is locked while it is decided, so of any number of processes one gets it. With `dueBy`
 * the athlete must have been due at that moment: who comes second to the same tick of a schedule
 * finds that the first has moved the next one on. A run whose process died is closed as
 * interrupted.
 */
export async function claimSync(
  pool: Pool,
  { athleteId, trigger, dueBy, now }: {
    athleteId: number;
    trigger: Trigger;
    dueBy?: Date | undefined;
    now: Date;
  },
): Promise<ClaimResult> {
  return await pool.begin(async (sql) => {
    const state = await lockSyncState(sql, { athleteId });
    if (!state) return { kind: "gone" };
    const { runId, leasedUntil, nextDueAt, ...rest } = state;
    if (runId !== null && leasedUntil !== null && leasedUntil > now) {
      return { kind: "running", runId };
    }
    if (dueBy && nextDueAt > dueBy) return { kind: "not_due" };
    if (runId !== null) {
      await sql`
        update sync_runs
        set status = 'interrupted', ended_at = ${now}
        where athlete_id = ${athleteId}
          and id = ${runId}
          and status = 'running'
      `;
    }
    const [run] = await sql<{ runId: number }[]>`
      insert into sync_runs (athlete_id, trigger, started_at)
      values (${athleteId}, ${trigger}, ${now})
      returning id as "runId"
    `;
    await sql`
      update sync_state
      set run_id = ${run!.runId}, leased_until = ${leaseEnd(now)}
      where athlete_id = ${athleteId}
    `;
    return { kind: "claimed", claim: { ...rest, runId: run!.runId } };
  });
}

interface SyncState extends Omit<Claim, "runId"> {
  runId: number | null;
  leasedUntil: Date | null;
  nextDueAt: Date;
}

/**
 * The athlete's state, locked until the transaction ends. Every transaction that writes more than
 * one of an athlete's tables begins with this lock, so that no two wait for each other in a circle.
 */
export async function lockSyncState(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<SyncState | undefined> {
  const [state] = await sql<SyncState[]>`
    select
      athlete_id as "athleteId",
      run_id as "runId",
      leased_until as "leasedUntil",
      next_due_at as "nextDueAt",
      full_sync_cursor as "fullSyncCursor",
      full_sync_started_at as "fullSyncStartedAt",
      first_synced_at as "firstSyncedAt",
      last_full_sync_at as "lastFullSyncAt",
      full_sync_requested_at as "fullSyncRequestedAt",
      last_success_at as "lastSuccessAt",
      connected_at as "connectedAt"
    from sync_state
    join athletes on athletes.id = athlete_id
    where athlete_id = ${athleteId}
    for update of sync_state
  `;
  return state;
}

/**
 * Prolongs the lease and, with `fullSyncStartedAt` and `fullSyncCursor`, moves the place of the walk of the
 * whole list. `false` when the lease has gone to another run: whatever shares the transaction must
 * then be rolled back.
 */
export async function renewLease(
  sql: Sql,
  { athleteId, runId, fullSyncStartedAt, fullSyncCursor, now }: {
    athleteId: number;
    runId: number;
    fullSyncStartedAt?: Date | undefined;
    fullSyncCursor?: Date | undefined;
    now: Date;
  },
): Promise<boolean> {
  const beganAt = fullSyncStartedAt ?? null;
  const cursor = fullSyncCursor ?? null;
  const rows = await sql`
    update sync_state
    set
      leased_until = ${leaseEnd(now)},
      full_sync_started_at = coalesce(${beganAt}::timestamptz, full_sync_started_at),
      full_sync_cursor = coalesce(${cursor}::timestamptz, full_sync_cursor),
      page_stored_at = case when ${cursor}::timestamptz is null then page_stored_at else ${now} end
    where athlete_id = ${athleteId}
      and run_id = ${runId}
    returning athlete_id
  `;
  return rows.length === 1;
}

/** How a run ended, and when the next may begin. */
export type Outcome =
  | { status: "success" }
  | { status: "interrupted" }
  | { status: "failed"; reason: string; detail: string; retryAt: Date };

/** Ends the run and gives the lease back; a run that has lost its lease changes nothing. */
export async function finishSync(
  pool: Pool,
  { athleteId, runId, outcome, now }: {
    athleteId: number;
    runId: number;
    outcome: Outcome;
    now: Date;
  },
): Promise<void> {
  const succeeded = outcome.status === "success";
  const failed = outcome.status === "failed";
  await pool.begin(async (sql) => {
    const rows = await sql`
      update sync_state
      set
        run_id = null,
        leased_until = null,
        last_success_at = case when ${succeeded} then ${now} else last_success_at end,
        first_synced_at = case when ${succeeded} then coalesce(first_synced_at, ${now})
          else first_synced_at end,
        failures = case when ${succeeded} then 0 when ${failed} then failures + 1
          else failures end,
        next_due_at = ${failed ? outcome.retryAt : now}
      where athlete_id = ${athleteId}
        and run_id = ${runId}
      returning athlete_id
    `;
    if (rows.length === 0) return;
    await sql`
      update sync_runs
      set
        status = ${outcome.status},
        ended_at = ${now},
        error_reason = ${failed ? outcome.reason : null},
        error_detail = ${failed ? outcome.detail : null}
      where athlete_id = ${athleteId}
        and id = ${runId}
    `;
    if (succeeded) await bumpDataVersion(sql, { id: athleteId });
  });
}

/** Ends the run that is under way, if one is: it finds its lease gone and writes nothing more. */
export async function interruptSync(
  sql: Sql,
  { athleteId, now }: { athleteId: number; now: Date },
): Promise<void> {
  await sql`
    with closed as (
      update sync_runs
      set status = 'interrupted', ended_at = ${now}
      where athlete_id = ${athleteId}
        and status = 'running'
    )
    update sync_state
    set run_id = null, leased_until = null
    where athlete_id = ${athleteId}
  `;
}

/** The number of failures in a row, for the pause before the next try. */
export async function getFailures(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<number> {
  const [row] = await sql<{ failures: number }[]>`
    select failures
    from sync_state
    where athlete_id = ${athleteId}
  `;
  return row?.failures ?? 0;
}

function leaseEnd(now: Date): Date {
  return new Date(now.getTime() + LEASE_SECONDS * 1000);
}
