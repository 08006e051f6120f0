import type { Sql } from "../driver/client.ts";

/** The athlete's values in a file, by the kinds of athlete values, as the device stored them. */
export type RecordedProfile = Readonly<Record<string, number>>;

/** Replaces the athlete's values of a recording by those that a newer parser has read. */
export async function updateProfile(
  sql: Sql,
  { athleteId, contentHash, place, profile }: {
    athleteId: number;
    /** SHA-256 of the file in hexadecimal. */
    contentHash: string;
    place: number;
    profile: RecordedProfile | null;
  },
): Promise<void> {
  await sql`
    update recordings
    set
      profile = ${profile && JSON.stringify(profile)}::text::jsonb,
      profile_at = ${profile ? toWallClock(sql, sql`figures`) : null}
    where athlete_id = ${athleteId}
      and content_hash = decode(${contentHash}, 'hex')
      and place = ${place}
  `;
}

/** Returns the wall clock of a recording's start, from which its profile holds, by its figures. */
export function toWallClock(
  sql: Sql,
  figures: ReturnType<Sql>,
): ReturnType<Sql> {
  return sql`
    (${figures} ->> 'start_date')::timestamptz at time zone 'UTC'
    + make_interval(secs => (${figures} ->> 'utc_offset')::double precision)
  `;
}
