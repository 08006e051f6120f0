import type { Sql } from "./driver/client.ts";
import type { Trigger } from "./sync_state.ts";

/** Counts that a page or a deletion adds to a run. */
export interface Progress {
  pages: number;
  fetched: number;
  inserted: number;
  updated: number;
  skipped: number;
  deleted: number;
}

/** The status of a run. */
export type SyncRunStatus = "running" | "success" | "failed" | "interrupted";

/** A row of `sync_runs`: one sync and its counts. */
export interface SyncRun extends Progress {
  athleteId: number;
  id: number;
  trigger: Trigger;
  status: SyncRunStatus;
  startedAt: Date;
  endedAt: Date | null;
  errorReason: string | null;
  errorDetail: string | null;
}

/** Returns the athlete's latest runs, newest first. */
export async function listSyncRuns(
  sql: Sql,
  { athleteId, limit }: { athleteId: number; limit: number },
): Promise<SyncRun[]> {
  return await sql<SyncRun[]>`
    select ${runColumns(sql)}
    from sync_runs
    where athlete_id = ${athleteId}
    order by id desc
    limit ${limit}
  `;
}

/** Returns the athlete's latest run with this trigger that started after `since`. */
export async function findLatestRun(
  sql: Sql,
  { athleteId, trigger, since }: {
    athleteId: number;
    trigger: Trigger;
    since: Date;
  },
): Promise<SyncRun | undefined> {
  const [run] = await sql<SyncRun[]>`
    select ${runColumns(sql)}
    from sync_runs
    where athlete_id = ${athleteId}
      and trigger = ${trigger}
      and started_at > ${since}
    order by id desc
    limit 1
  `;
  return run;
}

/** Returns one run of the athlete. */
export async function getSyncRun(
  sql: Sql,
  { athleteId, id }: { athleteId: number; id: number },
): Promise<SyncRun | undefined> {
  const [run] = await sql<SyncRun[]>`
    select ${runColumns(sql)}
    from sync_runs
    where athlete_id = ${athleteId}
      and id = ${id}
  `;
  return run;
}

/** Adds the counts of a page or a deletion to a run. */
export async function addProgress(
  sql: Sql,
  { athleteId, id, progress }: {
    athleteId: number;
    id: number;
    progress: Partial<Progress>;
  },
): Promise<void> {
  await sql`
    update sync_runs
    set
      pages = pages + ${progress.pages ?? 0},
      fetched = fetched + ${progress.fetched ?? 0},
      inserted = inserted + ${progress.inserted ?? 0},
      updated = updated + ${progress.updated ?? 0},
      skipped = skipped + ${progress.skipped ?? 0},
      deleted = deleted + ${progress.deleted ?? 0}
    where athlete_id = ${athleteId}
      and id = ${id}
  `;
}

function runColumns(sql: Sql): ReturnType<Sql> {
  return sql`
    athlete_id as "athleteId",
    id,
    trigger,
    status,
    started_at as "startedAt",
    ended_at as "endedAt",
    pages,
    fetched,
    inserted,
    updated,
    skipped,
    deleted,
    error_reason as "errorReason",
    error_detail as "errorDetail"
  `;
}
