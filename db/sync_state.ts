import { bumpDataVersion } from "./athletes.ts";
import type { Pool, Sql } from "./driver/client.ts";
import { whereUnfinished } from "./sync_status.ts";

/** The reason why a run started. */
export type Trigger = "connect" | "cron" | "refresh" | "shell";

/** A run that this process may work on until its lease ends. */
export interface Claim {
  athleteId: number;
  runId: number;
  /** Cursor of the full sync in progress: everything that started at or after it is stored. */
  fullSyncCursor: Date | null;
  /** Start of the full sync in progress; null without one. */
  fullSyncStartedAt: Date | null;
  firstSyncedAt: Date | null;
  /** Start of the last completed full sync. */
  lastFullSyncAt: Date | null;
  /** When a full sync was requested. Only one that starts later fulfils the request. */
  fullSyncRequestedAt: Date | null;
  lastSuccessAt: Date | null;
  connectedAt: Date;
}

/**
 * Length of a lease in seconds. A run that does not renew it is considered dead. It is longer than a
 * request to Strava with token refresh and pause, before each of which the lease is renewed.
 */
const LEASE_SECONDS = 60;

/**
 * Schedules a first sync for the athlete, due at once. Reconnecting may grant more scopes, so this
 * also resets an existing state to a first sync and interrupts a running one.
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
    cleared as (
      delete from full_sync_pages
      where athlete_id = ${athleteId}
    )
    insert into sync_state (athlete_id, next_due_at)
    values (${athleteId}, ${now})
    on conflict (athlete_id) do update
    set
      next_due_at = excluded.next_due_at,
      data_version = sync_state.data_version + 1,
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
 * Returns the athletes with a valid grant whose next sync is due, or with `unfinished` only those
 * with an unfinished sync. Athletes whose last page of a full sync is longest ago come first. A long
 * list that uses up one window of the rate limit thus comes last in the next.
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

/** The result of a claim: claimed, running elsewhere, not due yet, or no such athlete. */
export type ClaimResult =
  | { kind: "claimed"; claim: Claim }
  | { kind: "running"; runId: number }
  | { kind: "not_due" }
  /** The awaited run has ended. */
  | { kind: "ended" }
  | { kind: "gone" };

/**
 * Takes the lease on an athlete and starts a run, unless another run holds the lease.
 *
 * The row is locked during the decision, so that exactly one process gets it. With `dueBy` the
 * athlete must have been due at that moment: a second process on the same tick finds that the first
 * has already moved the due time. A run whose process died is marked as interrupted.
 */
export async function claimSync(
  pool: Pool,
  { athleteId, trigger, dueBy, awaited, now }: {
    athleteId: number;
    trigger: Trigger;
    dueBy?: Date | undefined;
    /** Id of a run that the caller waits for: only that one is taken over, once its lease has ended. */
    awaited?: number | undefined;
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
    if (awaited !== undefined && runId !== awaited) return { kind: "ended" };
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
 * Returns the athlete's state and locks it until the end of the transaction. Every transaction that
 * writes several tables of an athlete starts with this lock, so that no deadlock is possible.
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
 * Renews the lease and moves the cursor of a full sync if one is given. Returns `false` if another run
 * holds the lease: the surrounding transaction must then be rolled back.
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
  const startedAt = fullSyncStartedAt ?? null;
  const cursor = fullSyncCursor ?? null;
  const rows = await sql`
    update sync_state
    set
      leased_until = ${leaseEnd(now)},
      full_sync_started_at = coalesce(${startedAt}::timestamptz, full_sync_started_at),
      full_sync_cursor = coalesce(${cursor}::timestamptz, full_sync_cursor),
      page_stored_at = case when ${cursor}::timestamptz is null then page_stored_at else ${now} end
    where athlete_id = ${athleteId}
      and run_id = ${runId}
    returning athlete_id
  `;
  return rows.length === 1;
}

/** Result of a run, with the reason of a failure and when to try again. */
export type Outcome =
  | { status: "success" }
  | { status: "interrupted" }
  | { status: "failed"; reason: string; detail: string; retryAt: Date };

/** Ends the run and releases the lease. A run that has lost its lease changes nothing. */
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

/** Interrupts a running sync: it loses its lease and writes nothing more. */
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

/** Returns the number of failures in a row, for the pause before the next attempt. */
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
