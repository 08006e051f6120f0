import type { Sql } from "./driver/client.ts";

/** An activity that cannot be read, and why. */
export interface Unreadable {
  /** Strava's id as far as it is known: no number, or one that no number can hold, is a reason too. */
  id: string;
  reason: string;
}

/** The same as it is stored. */
export interface QuarantinedActivity extends Unreadable {
  firstSeenAt: Date;
  lastSeenAt: Date;
  /** How often it was tried to read it. */
  tries: number;
}

/** Puts activities into the quarantine, or counts that they still cannot be read. */
export async function quarantineActivities(
  sql: Sql,
  { athleteId, activities, now }: {
    athleteId: number;
    activities: readonly Unreadable[];
    now: Date;
  },
): Promise<void> {
  // Of an id that stands on a page twice the last counts: a statement writes a row once.
  const reasons = new Map(activities.map(({ id, reason }) => [id, reason]));
  if (reasons.size === 0) return;
  await sql`
    insert into quarantined_activities (
      athlete_id, activity_id, reason, first_seen_at, last_seen_at
    )
    select ${athleteId}, id, reason, ${now}, ${now}
    from unnest(${[...reasons.keys()]}::text[], ${[
    ...reasons.values(),
  ]}::text[]) as unreadable (id, reason)
    on conflict (athlete_id, activity_id) do update
    set
      reason = excluded.reason,
      last_seen_at = excluded.last_seen_at,
      tries = quarantined_activities.tries + 1
  `;
}

/** Lets activities out that can be read, or are gone. */
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

/** Lets those out that nobody has come across since, such as after a walk of the whole list. */
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

/** What is in quarantine, what was tried last first. */
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

/** How many are in quarantine. */
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
