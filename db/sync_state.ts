import { bumpDataVersion } from "./athletes.ts";
import type { Pool, Sql } from "./client.ts";

/** Why a run began. */
export type Trigger = "connect" | "cron" | "refresh" | "shell";

/** A run that this process may work on, until the lease passes. */
export interface Claim {
  athleteId: number;
  runId: number;
  /** The first walk has stored everything that started at or after this moment. */
  backfillCursor: Date | null;
  backfilledAt: Date | null;
  lastSuccessAt: Date | null;
  connectedAt: Date;
}

/** What one page, or nothing more, adds to a run. */
export interface Progress {
  pages: number;
  fetched: number;
  inserted: number;
  updated: number;
  skipped: number;
}

/** A claim lasts so long after its last page; a process that died is replaced after that. */
const LEASE_SECONDS = 120;

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
    )
    insert into sync_state (athlete_id, next_due_at)
    values (${athleteId}, ${now})
    on conflict (athlete_id) do update
    set
      next_due_at = excluded.next_due_at,
      failures = 0,
      backfill_cursor = null,
      backfilled_at = null,
      run_id = null,
      leased_until = null
  `;
}

/** The connected athletes whose next sync is due; `unfinished` names those who lack something. */
export async function listDueAthletes(
  sql: Sql,
  { unfinished, now }: { unfinished: boolean; now: Date },
): Promise<number[]> {
  const rows = await sql<{ athleteId: number }[]>`
    select athlete_id as "athleteId"
    from sync_state
    join grants using (athlete_id)
    where next_due_at <= ${now}
      ${unfinished ? sql`and (failures > 0 or backfilled_at is null)` : sql``}
    order by next_due_at, athlete_id
  `;
  return rows.map((row) => row.athleteId);
}

/**
 * Takes the lease on an athlete and begins a run, or returns `undefined` while another holds it.
 *
 * The row is locked while it is decided, so of any number of processes one gets it. A run whose
 * process died is closed as interrupted.
 */
export async function claimSync(
  pool: Pool,
  { athleteId, trigger, now }: {
    athleteId: number;
    trigger: Trigger;
    now: Date;
  },
): Promise<Claim | undefined> {
  return await pool.begin(async (sql) => {
    const [state] = await sql<
      (Omit<Claim, "runId"> & { runId: number | null })[]
    >`
      select
        athlete_id as "athleteId",
        run_id as "runId",
        backfill_cursor as "backfillCursor",
        backfilled_at as "backfilledAt",
        last_success_at as "lastSuccessAt",
        connected_at as "connectedAt"
      from sync_state
      join athletes on athletes.id = athlete_id
      where athlete_id = ${athleteId}
        and (leased_until is null or leased_until <= ${now})
      for update of sync_state skip locked
    `;
    if (!state) return undefined;
    if (state.runId !== null) {
      await sql`
        update sync_runs
        set status = 'interrupted', ended_at = ${now}
        where athlete_id = ${athleteId}
          and id = ${state.runId}
          and status = 'running'
      `;
    }
    const [run] = await sql<{ runId: number }[]>`
      insert into sync_runs (athlete_id, trigger, started_at)
      values (${athleteId}, ${trigger}, ${now})
      returning id as "runId"
    `;
    const { runId } = run!;
    await sql`
      update sync_state
      set run_id = ${runId}, leased_until = ${leaseEnd(now)}
      where athlete_id = ${athleteId}
    `;
    return { ...state, runId };
  });
}

/**
 * Prolongs the lease, moves the first walk's cursor and counts the page. `false` when the lease
 * has gone to another run: whatever shares the transaction must then be rolled back.
 */
export async function advanceSync(
  sql: Sql,
  { athleteId, runId, progress, backfillCursor, now }: {
    athleteId: number;
    runId: number;
    progress: Progress;
    /** Where the first walk stands now; `undefined` leaves it. */
    backfillCursor: Date | undefined;
    now: Date;
  },
): Promise<boolean> {
  const rows = await sql`
    with state as (
      update sync_state
      set
        leased_until = ${leaseEnd(now)},
        backfill_cursor = coalesce(${
    backfillCursor ?? null
  }::timestamptz, backfill_cursor)
      where athlete_id = ${athleteId}
        and run_id = ${runId}
      returning athlete_id
    )
    update sync_runs
    set
      pages = pages + ${progress.pages},
      fetched = fetched + ${progress.fetched},
      inserted = inserted + ${progress.inserted},
      updated = updated + ${progress.updated},
      skipped = skipped + ${progress.skipped}
    from state
    where sync_runs.athlete_id = ${athleteId}
      and sync_runs.id = ${runId}
    returning sync_runs.id
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
        backfilled_at = case when ${succeeded} then coalesce(backfilled_at, ${now})
          else backfilled_at end,
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
