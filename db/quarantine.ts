import type { Sql } from "./driver/client.ts";

/** An activity that cannot be parsed, with the reason. */
export interface UnparsedActivity {
  /** Strava's id as text. It may be invalid or too large for a number, which is a reason itself. */
  id: string;
  reason: string;
}

/** A row of `quarantined_activities`. */
export interface QuarantinedActivity extends UnparsedActivity {
  firstSeenAt: Date;
  lastSeenAt: Date;
  /** Number of failed attempts to parse it. */
  tries: number;
}

/** Puts activities into quarantine, or counts another failed attempt. */
export async function quarantineActivities(
  sql: Sql,
  { athleteId, activities, now }: {
    athleteId: number;
    activities: readonly UnparsedActivity[];
    now: Date;
  },
): Promise<void> {
  // If an id appears twice, the last reason counts: a statement can write a row only once.
  const reasons = new Map(activities.map(({ id, reason }) => [id, reason]));
  if (reasons.size === 0) return;
  await sql`
    insert into quarantined_activities (
      athlete_id, activity_id, reason, first_seen_at, last_seen_at
    )
    select ${athleteId}, id, reason, ${now}, ${now}
    from unnest(${[...reasons.keys()]}::text[], ${[
    ...reasons.values(),
  ]}::text[]) as unparsed (id, reason)
    on conflict (athlete_id, activity_id) do update
    set
      reason = excluded.reason,
      last_seen_at = excluded.last_seen_at,
      tries = quarantined_activities.tries + 1
  `;
}

/** Releases activities that can be parsed again or are gone. */
export async function releaseActivities(
  sql: Sql,
  { athleteId, ids }: { athleteId: number; ids: readonly number[] },
): Promise<void> {
  await sql`
    delete from quarantined_activities
    where athlete_id = ${athleteId}
      and activity_id = any(${ids.map(String)}::text[])
  `;
}

/** Releases activities not seen since a moment, such as the start of a full sync. */
export async function releaseUnseenActivities(
  sql: Sql,
  { athleteId, since }: { athleteId: number; since: Date },
): Promise<void> {
  await sql`
    delete from quarantined_activities
    where athlete_id = ${athleteId}
      and last_seen_at < ${since}
  `;
}

/** Lists the quarantined activities, the last attempt first. */
export async function listQuarantinedActivities(
  sql: Sql,
  { athleteId, limit }: { athleteId: number; limit: number },
): Promise<QuarantinedActivity[]> {
  return await sql<QuarantinedActivity[]>`
    select
      activity_id as id,
      reason,
      first_seen_at as "firstSeenAt",
      last_seen_at as "lastSeenAt",
      tries
    from quarantined_activities
    where athlete_id = ${athleteId}
    order by last_seen_at desc, activity_id
    limit ${limit}
  `;
}

/** Returns the number of quarantined activities. */
export async function countQuarantinedActivities(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count
    from quarantined_activities
    where athlete_id = ${athleteId}
  `;
  return row!.count;
}
