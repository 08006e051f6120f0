import type { Sql } from "./driver/client.ts";
import { whereUnfinished } from "./unfinished.ts";

/** How far the athlete's history has come, and when more is due. */
export interface SyncStatus {
  /** When the athlete joined Strava, as the profile tells; null where it does not. */
  joinedAt: Date | null;
  activities: number;
  /** The walk of the whole list under way has stored everything that started from this moment on. */
  fullSyncCursor: Date | null;
  firstSyncedAt: Date | null;
  /** When the walk of the whole list under way began; null where there is none. */
  fullSyncStartedAt: Date | null;
  lastSuccessAt: Date | null;
  nextDueAt: Date | null;
  failures: number;
  /** Something is left to do at the next minute's tick. */
  whereUnfinished: boolean;
}

export async function getSyncStatus(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<SyncStatus | undefined> {
  const [status] = await sql<SyncStatus[]>`
    select
      case when pg_input_is_valid(profile ->> 'created_at', 'timestamptz')
        then (profile ->> 'created_at')::timestamptz end as "joinedAt",
      (
        select count(*)
        from activities
        where athlete_id = ${athleteId}
          and deleted_at is null
      ) as activities,
      full_sync_cursor as "fullSyncCursor",
      first_synced_at as "firstSyncedAt",
      full_sync_started_at as "fullSyncStartedAt",
      last_success_at as "lastSuccessAt",
      case when revoked_at is null and dead_since is null then next_due_at end as "nextDueAt",
      failures,
      ${whereUnfinished(sql)} as "whereUnfinished"
    from athletes
    join sync_state on sync_state.athlete_id = athletes.id
    left join grants on grants.athlete_id = athletes.id
    where athletes.id = ${athleteId}
  `;
  return status;
}
