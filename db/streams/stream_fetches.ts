import type { Pool, Sql } from "../driver/client.ts";
import { whereUnfinished } from "../sync_status.ts";

/**
 * Activities whose streams Strava is asked for: all, or only those that were stored after the athlete's
 * first sync.
 */
export type StreamMode = "new" | "all";

/**
 * The state of an activity's streams at Strava:
 * - `waiting`: Strava has not answered yet, and is asked again
 * - `stored`: its streams are stored
 * - `none`: it has no streams
 * - `refused`: Strava has failed too often
 * - `dropped`: its streams were stored and dropped after `STRAVA_RETENTION`
 */
export type StreamOutcome =
  | "waiting"
  | "stored"
  | "none"
  | "refused"
  | "dropped";

/** An activity that this process asks Strava about, for as long as its lease lasts. */
export interface StreamClaim {
  athleteId: number;
  id: number;
  lease: string;
  /** Failures so far, in a row. */
  failures: number;
  /** When the activity was first stored. */
  firstSeenAt: Date;
  startDate: Date;
  elapsedTime: number;
  distance: number;
}

/** Numbers of an athlete's activities by the state of their streams at Strava. */
export interface StreamCounts {
  stored: number;
  none: number;
  refused: number;
  waiting: number;
}

/** Lists the athletes whose grant works and whose syncs need no requests at the moment. */
export async function listStreamAthletes(sql: Sql): Promise<number[]> {
  const rows = await sql<{ athleteId: number }[]>`
    select athlete_id as "athleteId"
    from sync_state
    join grants using (athlete_id)
    where dead_since is null
      and not ${whereUnfinished(sql)}
    order by athlete_id
  `;
  return rows.map((row) => row.athleteId);
}

/**
 * Returns the condition for activities that need an answer of Strava: not asked for yet, to be asked
 * again, or changed since in a way that changes their streams. Not those that a file covers: it has
 * streams, with the heart rate if Strava has one.
 */
function whereUnanswered(
  sql: Sql,
  { athleteId, mode }: { athleteId: number; mode: StreamMode },
): ReturnType<Sql> {
  const isNew = mode === "all" ? sql`true` : sql`
    first_seen_at > (
      select first_synced_at
      from sync_state
      where sync_state.athlete_id = ${athleteId}
    )
  `;
  return sql`
    activities.source = 'strava'
    and deleted_at is null
    and not manual
    and ${isNew}
    and (
      outcome is null
      or outcome = 'waiting'
      or fetches.start_date <> activities.start_date
      or fetches.elapsed_time <> activities.elapsed_time
      or fetches.distance <> activities.distance
    )
    and not exists (
      select
      from recording_streams
      join recordings
        on recordings.athlete_id = recording_streams.athlete_id
        and recordings.content_hash = recording_streams.content_hash
        and recordings.place = recording_streams.place
      where recordings.athlete_id = ${athleteId}
        and recordings.activity_id = activities.id
        and points > 0
        and (heartrate is not null or average_heartrate is null)
    )
  `;
}

/**
 * Takes the lease on the newest activity whose streams are due. Two processes never get the same one.
 * After a crash another process takes it once the lease has run out.
 */
export async function claimStreams(
  sql: Sql,
  { athleteId, mode, lease, now, until }: {
    athleteId: number;
    mode: StreamMode;
    lease: string;
    now: Date;
    /** End of the lease. */
    until: Date;
  },
): Promise<StreamClaim | undefined> {
  const [claim] = await sql<StreamClaim[]>`
    with due as (
      select
        activities.id, first_seen_at, activities.start_date, activities.elapsed_time,
        activities.distance
      from activities
      left join stream_fetches as fetches
        on fetches.athlete_id = ${athleteId}
        and activity_id = activities.id
      where activities.athlete_id = ${athleteId}
        and ${whereUnanswered(sql, { athleteId, mode })}
        and (outcome is distinct from 'waiting' or retry_at <= ${now})
        and (leased_until is null or leased_until <= ${now})
      order by activities.start_date desc, activities.id desc
      limit 1
    ),
    claimed as (
      insert into stream_fetches (
        athlete_id, activity_id, outcome, retry_at, start_date, elapsed_time, distance, lease,
        leased_until, asked_at
      )
      select
        ${athleteId}, id, 'waiting', ${now}, start_date, elapsed_time, distance, ${lease}, ${until},
        ${now}
      from due
      on conflict (athlete_id, activity_id) do update
      set lease = excluded.lease, leased_until = excluded.leased_until, asked_at = excluded.asked_at
      where stream_fetches.leased_until is null
        or stream_fetches.leased_until <= ${now}
      returning activity_id, lease, failures
    )
    select
      ${athleteId}::bigint as "athleteId",
      id,
      lease,
      failures,
      first_seen_at as "firstSeenAt",
      start_date as "startDate",
      elapsed_time as "elapsedTime",
      distance
    from due
    join claimed on activity_id = id
  `;
  return claim;
}

/** Renews the lease. Returns whether it was still held. */
export async function renewStreamLease(
  sql: Sql,
  { athleteId, id, lease }: StreamClaim,
  { until }: { until: Date },
): Promise<boolean> {
  const renewed = await sql`
    update stream_fetches
    set leased_until = ${until}
    where athlete_id = ${athleteId}
      and activity_id = ${id}
      and lease = ${lease}
    returning activity_id
  `;
  return renewed.length > 0;
}

/** Stores the result and ends the lease. Returns whether it was still held: otherwise nothing changes. */
export async function settleStreams(
  sql: Sql,
  { athleteId, id, lease, startDate, elapsedTime, distance }: StreamClaim,
  { outcome, failures, retryAt }: {
    outcome: StreamOutcome;
    failures: number;
    retryAt: Date;
  },
): Promise<boolean> {
  const settled = await sql`
    update stream_fetches
    set
      outcome = ${outcome},
      failures = ${failures},
      retry_at = ${retryAt},
      start_date = ${startDate},
      elapsed_time = ${elapsedTime},
      distance = ${distance},
      lease = null,
      leased_until = null
    where athlete_id = ${athleteId}
      and activity_id = ${id}
      and lease = ${lease}
    returning activity_id
  `;
  return settled.length > 0;
}

/** Ends the lease without a result, so that the activity is due as before. */
export async function releaseStreams(
  sql: Sql,
  { athleteId, id, lease }: StreamClaim,
): Promise<void> {
  await sql`
    update stream_fetches
    set lease = null, leased_until = null
    where athlete_id = ${athleteId}
      and activity_id = ${id}
      and lease = ${lease}
  `;
}

/** Counts an athlete's activities by the state of their streams at Strava. */
export async function countStreams(
  sql: Sql,
  { athleteId, mode }: { athleteId: number; mode: StreamMode },
): Promise<StreamCounts> {
  const [counts] = await sql<StreamCounts[]>`
    select
      count(*) filter (where outcome = 'stored') as stored,
      count(*) filter (where outcome = 'none') as none,
      count(*) filter (where outcome = 'refused') as refused,
      count(*) filter (where ${
    whereUnanswered(sql, { athleteId, mode })
  }) as waiting
    from activities
    left join stream_fetches as fetches
      on fetches.athlete_id = ${athleteId}
      and activity_id = activities.id
    where activities.athlete_id = ${athleteId}
      and deleted_at is null
  `;
  return counts!;
}

/**
 * Drops Strava's streams that were fetched before a time, and remembers that they were there. Returns
 * how many.
 */
export async function dropStravaStreams(
  pool: Pool,
  { athleteId, fetchedBefore, limit }: {
    athleteId: number;
    fetchedBefore: Date;
    limit: number;
  },
): Promise<number> {
  return await pool.begin(async (sql) => {
    const dropped = await sql<{ id: number }[]>`
      delete from strava_streams
      where athlete_id = ${athleteId}
        and activity_id in (
          select activity_id
          from strava_streams
          where athlete_id = ${athleteId}
            and fetched_at < ${fetchedBefore}
          order by activity_id
          limit ${limit}
        )
      returning activity_id as id
    `;
    await sql`
      update stream_fetches
      set outcome = 'dropped'
      where athlete_id = ${athleteId}
        and activity_id = any(${dropped.map(({ id }) => id)}::bigint[])
        and outcome = 'stored'
    `;
    return dropped.length;
  });
}
