import type { Sql } from "../driver/client.ts";
import type { RecordingKey } from "../streams/recording_streams.ts";
import type { PackedStreams } from "../streams/stream_columns.ts";

/**
 * Gives activities the track of their best recording: among those that last at least 80 % of the longest
 * one with a track, FIT before TCX before GPX, then the file that was imported first. Strava's own
 * track is shown before it.
 */
export async function updateTracks(
  sql: Sql,
  { athleteId, ids }: { athleteId: number; ids: readonly number[] },
): Promise<void> {
  const best = sql`(select best from tracks where activity_id = id)`;
  await sql`
    with drawn as (
      select
        activity_id,
        recording_streams.track as best,
        seconds,
        max(seconds) over (partition by activity_id) as longest,
        array_position(array['fit', 'tcx', 'gpx'], kind) as kind_rank,
        imported_at,
        recordings.content_hash,
        recordings.place
      from recordings
      join imported_files
        on imported_files.athlete_id = recordings.athlete_id
        and imported_files.content_hash = recordings.content_hash
      join recording_streams
        on recording_streams.athlete_id = recordings.athlete_id
        and recording_streams.content_hash = recordings.content_hash
        and recording_streams.place = recordings.place
      where recordings.athlete_id = ${athleteId}
        and activity_id = any(${[...ids]}::bigint[])
        and recording_streams.track <> ''
    ),
    tracks as materialized (
      select distinct on (activity_id) activity_id, best
      from drawn
      where seconds / 0.8 >= longest
      order by activity_id, kind_rank, imported_at, content_hash, place
    )
    update activities
    set track = ${best}
    where athlete_id = ${athleteId}
      and id = any(${[...ids]}::bigint[])
      and track is distinct from ${best}
  `;
}

/** A stored recording without a track, with its packed positions. */
export interface UntrackedRecording
  extends RecordingKey, Pick<PackedStreams, "time" | "latitude" | "longitude"> {
  activityId: number;
}

/** Lists recordings after `after` whose track was never computed. */
export async function listUntracked(
  sql: Sql,
  { athleteId, after, limit }: {
    athleteId: number;
    after: RecordingKey | undefined;
    limit: number;
  },
): Promise<UntrackedRecording[]> {
  const { contentHash, place } = after ?? { contentHash: "", place: -1 };
  return await sql<UntrackedRecording[]>`
    select
      encode(recording_streams.content_hash, 'hex') as "contentHash",
      recording_streams.place,
      activity_id as "activityId",
      time,
      latitude,
      longitude
    from recording_streams
    join recordings
      on recordings.athlete_id = recording_streams.athlete_id
      and recordings.content_hash = recording_streams.content_hash
      and recordings.place = recording_streams.place
    where recording_streams.athlete_id = ${athleteId}
      and (recording_streams.content_hash, recording_streams.place)
        > (decode(${contentHash}, 'hex'), ${place})
      and track is null
    order by recording_streams.content_hash, recording_streams.place
    limit ${limit}
  `;
}

/** Stores the tracks of recordings that have none yet. Returns their activities. */
export async function fillTracks(
  sql: Sql,
  { athleteId, tracks }: {
    athleteId: number;
    tracks: readonly (RecordingKey & { track: string })[];
  },
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    update recording_streams
    set track = filled.track
    from unnest(
      ${tracks.map(({ contentHash }) => contentHash)}::text[],
      ${tracks.map(({ place }) => place)}::integer[],
      ${tracks.map(({ track }) => track)}::text[]
    ) as filled (hash, place, track), recordings
    where recording_streams.athlete_id = ${athleteId}
      and recording_streams.content_hash = decode(filled.hash, 'hex')
      and recording_streams.place = filled.place
      and recording_streams.track is null
      and recordings.athlete_id = ${athleteId}
      and recordings.content_hash = recording_streams.content_hash
      and recordings.place = recording_streams.place
    returning activity_id as id
  `;
  return [...new Set(rows.map(({ id }) => id))];
}
