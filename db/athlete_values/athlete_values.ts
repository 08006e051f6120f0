import type { Sql } from "../driver/client.ts";

/** The content of an athlete value: a number, or the ascending bounds between zones. */
export interface ValueContent {
  value: number | null;
  bounds: number[] | null;
}

/** A row of `athlete_values`. */
export interface StoredValue extends ValueContent {
  kind: string;
  /** The local date from which it holds, `2025-12-31`. */
  date: string;
  source: "owner" | "strava";
}

/** The athlete's values in a file. */
export interface FileProfile {
  /** Local date of the recording. */
  date: string;
  /** Numbers by the kinds of values, as the file has them. */
  profile: Readonly<Record<string, number>>;
}

/** Lists the values that the owner has set and those of Strava, the oldest first. */
export async function listStoredValues(
  sql: Sql,
  { athleteId, until = null }: { athleteId: number; until?: string | null },
): Promise<StoredValue[]> {
  return await sql<StoredValue[]>`
    select kind, to_char(date, 'YYYY-MM-DD') as date, source, value, bounds
    from athlete_values
    where athlete_id = ${athleteId}
      and (${until}::date is null or date <= ${until}::date)
    order by athlete_values.date, kind, source
  `;
}

/**
 * Lists the profiles in the athlete's files that differ from the one before, the oldest first. Files of
 * deleted activities are left out: they may be those of somebody else.
 */
export async function listFileProfiles(
  sql: Sql,
  { athleteId, until = null }: { athleteId: number; until?: string | null },
): Promise<FileProfile[]> {
  return await sql<FileProfile[]>`
    select to_char(profile_at, 'YYYY-MM-DD') as date, profile
    from (
      select
        profile_at,
        profile,
        lag(profile) over in_order as before,
        row_number() over in_order as place
      from recordings
      join activities on activities.athlete_id = ${athleteId}
        and activities.id = activity_id
      where recordings.athlete_id = ${athleteId}
        and profile is not null
        and deleted_at is null
        and (${until}::date is null or profile_at < ${until}::date + 1)
      window in_order as (order by profile_at, recordings.content_hash, recordings.place)
    ) as profiles
    where profile is distinct from before
    order by profiles.place
  `;
}

/** Returns the number of values of a kind that the owner has set. */
export async function countOwnValues(
  sql: Sql,
  { athleteId, kind }: { athleteId: number; kind: string },
): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count
    from athlete_values
    where athlete_id = ${athleteId}
      and kind = ${kind}
      and source = 'owner'
  `;
  return row!.count;
}

/** Returns the athlete's day by the UTC offset of the last activity that has begun, else in UTC. */
export async function getLocalDate(
  sql: Sql,
  { athleteId, now }: { athleteId: number; now: Date },
): Promise<string> {
  const [row] = await sql<{ date: string }[]>`
    select to_char(
      (${now}::timestamptz at time zone 'UTC') + make_interval(
        secs => coalesce(
          (
            select utc_offset
            from activities
            where athlete_id = ${athleteId}
              and deleted_at is null
              and start_date <= ${now}
            order by start_date desc, id desc
            limit 1
          ),
          0
        )
      ),
      'YYYY-MM-DD'
    ) as date
  `;
  return row!.date;
}

/** Lists the last two values of each kind that Strava gave, the last one first. */
export async function listLastStravaValues(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<StoredValue[]> {
  return await sql<StoredValue[]>`
    select kind, to_char(date, 'YYYY-MM-DD') as date, source, value, bounds
    from (
      select
        kind,
        date,
        source,
        value,
        bounds,
        row_number() over (partition by kind order by date desc) as place
      from athlete_values
      where athlete_id = ${athleteId}
        and source = 'strava'
    ) as values_of_strava
    where place <= 2
    order by kind, values_of_strava.date desc
  `;
}

/** Stores a value. Returns whether that changed anything. */
export async function upsertAthleteValue(
  sql: Sql,
  { athleteId, stored: { kind, date, source, value, bounds }, now }: {
    athleteId: number;
    stored: StoredValue;
    now: Date;
  },
): Promise<boolean> {
  const changed = await sql`
    insert into athlete_values (athlete_id, kind, date, source, value, bounds, stored_at)
    values (
      ${athleteId}, ${kind}, ${date}::date, ${source}, ${value}::double precision,
      ${bounds}::double precision[], ${now}
    )
    on conflict (athlete_id, kind, date, source) do update
    set value = excluded.value, bounds = excluded.bounds, stored_at = excluded.stored_at
    where (athlete_values.value, athlete_values.bounds)
      is distinct from (excluded.value, excluded.bounds)
    returning kind
  `;
  return changed.length > 0;
}

/** Deletes a value. Returns whether it was there. */
export async function deleteAthleteValue(
  sql: Sql,
  { athleteId, kind, date, source }:
    & { athleteId: number }
    & Pick<StoredValue, "kind" | "date" | "source">,
): Promise<boolean> {
  const deleted = await sql`
    delete from athlete_values
    where athlete_id = ${athleteId}
      and kind = ${kind}
      and date = ${date}::date
      and source = ${source}
    returning kind
  `;
  return deleted.length > 0;
}
