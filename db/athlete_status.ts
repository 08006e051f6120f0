import type { Sql } from "./driver/client.ts";
import { whereUnfinished } from "./sync_status.ts";

/** An athlete as an administrator sees it. */
export interface AthleteStatus {
  id: number;
  name: string;
  connectedAt: Date;
  revokedAt: Date | null;
  scopes: string[] | null;
  /** Time since which Strava refuses the grant. */
  deadSince: Date | null;
  /** Number of activities that are not deleted. */
  activities: number;
  /** Number of activities deleted at Strava. */
  deleted: number;
  /** Number of activities that look deleted and wait for the owner to confirm it. */
  pending: number;
  /** Time since which the first of them waits. */
  pendingSince: Date | null;
  /** Number of activities that Paceline cannot parse. */
  quarantined: number;
  lastSuccessAt: Date | null;
  firstSyncedAt: Date | null;
  lastFullSyncAt: Date | null;
  nextDueAt: Date | null;
  /** Number of failed syncs in a row. */
  failures: number;
  /** Whether work remains for the next minute's tick. */
  isUnfinished: boolean;
}

/** Returns the status of every athlete, ordered by when they first connected. */
export async function listAthleteStatus(sql: Sql): Promise<AthleteStatus[]> {
  return await sql<AthleteStatus[]>`
    select
      athletes.id,
      concat_ws(' ', profile ->> 'firstname', profile ->> 'lastname') as name,
      connected_at as "connectedAt",
      revoked_at as "revokedAt",
      grants.scopes,
      grants.dead_since as "deadSince",
      (
        select count(*)
        from activities
        where athlete_id = sync_state.athlete_id
          and deleted_at is null
      ) as activities,
      (
        select count(*)
        from activities
        where athlete_id = sync_state.athlete_id
          and deleted_at is not null
      ) as deleted,
      (
        select count(*)
        from pending_deletions
        where athlete_id = sync_state.athlete_id
      ) as pending,
      (
        select min(since)
        from pending_deletions
        where athlete_id = sync_state.athlete_id
      ) as "pendingSince",
      (
        select count(*)
        from quarantined_activities
        where athlete_id = sync_state.athlete_id
      ) as quarantined,
      last_success_at as "lastSuccessAt",
      first_synced_at as "firstSyncedAt",
      last_full_sync_at as "lastFullSyncAt",
      case when revoked_at is null and dead_since is null and grants.athlete_id is not null
        then next_due_at end as "nextDueAt",
      failures,
      ${whereUnfinished(sql)} as "isUnfinished"
    from athletes
    join sync_state on sync_state.athlete_id = athletes.id
    left join grants on grants.athlete_id = athletes.id
    order by connected_at, athletes.id
  `;
}
