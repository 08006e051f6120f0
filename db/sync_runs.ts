import type { Sql } from "./client.ts";
import type { Progress, Trigger } from "./sync_state.ts";

export type SyncRunStatus = "running" | "success" | "failed" | "interrupted";

/** What one sync did. */
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

/** The athlete's newest runs, newest first. */
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
    error_reason as "errorReason",
    error_detail as "errorDetail"
  `;
}
