import { type ActivityScope, whereInScope } from "./activity_scope.ts";
import type { Sql } from "./driver/client.ts";

/** The progress of an athlete's syncs, and when the next is due. */
export interface SyncStatus {
  /** When the athlete joined Strava according to the profile; null if unknown. */
  joinedAt: Date | null;
  /** Number of activities in scope. */
  activities: number;
  /** Cursor of the full sync in progress: everything that started at or after it is stored. */
  fullSyncCursor: Date | null;
  firstSyncedAt: Date | null;
  /** Start of the full sync in progress; null without one. */
  fullSyncStartedAt: Date | null;
  lastSuccessAt: Date | null;
  nextDueAt: Date | null;
  failures: number;
  /** Whether the next minute's tick continues the sync. */
  isUnfinished: boolean;
}

/** Returns the status of an athlete's syncs. `scope` selects the activities that are counted. */
export async function getSyncStatus(
  sql: Sql,
  { athleteId, ...scope }: ActivityScope,
): Promise<SyncStatus | undefined> {
  const [status] = await sql<SyncStatus[]>`
    select
      case when pg_input_is_valid(profile ->> 'created_at', 'timestamptz')
        then (profile ->> 'created_at')::timestamptz end as "joinedAt",
      (
        select count(*)
        from activities
        where athlete_id = ${athleteId}
          and ${whereInScope(sql, scope)}
      ) as activities,
      full_sync_cursor as "fullSyncCursor",
      first_synced_at as "firstSyncedAt",
      full_sync_started_at as "fullSyncStartedAt",
      last_success_at as "lastSuccessAt",
      case when revoked_at is null and dead_since is null and grants.athlete_id is not null
        then next_due_at end as "nextDueAt",
      failures,
      ${whereUnfinished(sql)} as "isUnfinished"
    from athletes
    join sync_state on sync_state.athlete_id = athletes.id
    left join grants on grants.athlete_id = athletes.id
    where athletes.id = ${athleteId}
  `;
  return status;
}

/** Returns the condition for athletes whose sync the next minute's tick should continue. */
export function whereUnfinished(sql: Sql): ReturnType<Sql> {
  return sql`(
    failures > 0
    or first_synced_at is null
    or full_sync_started_at is not null
    or full_sync_requested_at is not null
  )`;
}
