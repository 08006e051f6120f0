import {
  type VisibilityFilter,
  whereHeartRateShown,
  whereVisible,
} from "../activity_scope.ts";
import type { Sql } from "../driver/client.ts";
import type { StoredLap, StoredLength } from "./recording_streams.ts";
import {
  type PackedStreams,
  type StoredStreams,
  STREAM_COLUMNS,
  type StreamColumn,
  unpackStreams,
} from "./stream_columns.ts";

/** The origin of streams: the kind of a file, or Strava's API. */
export type StreamSource = "fit" | "gpx" | "tcx" | "strava";

/** The recording that answers for an activity. */
export interface ActivityStreamsRow {
  source: StreamSource;
  /** Points of the recording. */
  points: number;
  /** The wanted streams that it has. */
  streams: StoredStreams;
}

type PackedRow =
  & Pick<ActivityStreamsRow, "source" | "points">
  & Partial<PackedStreams>;

/** The laps and lengths of the recording that answers for an activity. */
export interface ActivityLapsRow {
  source: StreamSource;
  laps: StoredLap[];
  lengths: StoredLength[];
}

/** An activity that the caller may see, and whether its heart rate is shown. */
export interface StreamAccess {
  isHeartRateShown: boolean;
}

/** Returns what the caller may see of an activity's streams; `undefined` if not even the activity. */
export async function getStreamAccess(
  sql: Sql,
  { athleteId, id, visibility }:
    & VisibilityFilter
    & { athleteId: number; id: number },
): Promise<StreamAccess | undefined> {
  const [access] = await sql<StreamAccess[]>`
    select ${whereHeartRateShown(sql, { visibility })} as "isHeartRateShown"
    from activities
    where athlete_id = ${athleteId}
      and id = ${id}
      and ${whereVisible(sql, { visibility })}
  `;
  return access;
}

/**
 * Reads streams of an activity from the recording that its owner prefers, or else from the one that
 * covers the most: of those that last at least 80 % of the longest one, the one with most of the wanted streams, then with most points. `undefined` if the
 * activity has no streams.
 */
export async function readActivityStreams(
  sql: Sql,
  { athleteId, id, columns }: {
    athleteId: number;
    id: number;
    /** The wanted streams. No other column is read. */
    columns: readonly StreamColumn[];
  },
): Promise<ActivityStreamsRow | undefined> {
  const wanted = sql([...columns]);
  const measured = sql(columns.filter((name) => name !== "grade_smooth"));
  const hasGrade = columns.includes("grade_smooth");
  const noGrade = hasGrade ? sql`, null::bytea as grade_smooth` : sql``;
  const grade = hasGrade ? sql`, grade_smooth` : sql``;
  const [row] = await sql<PackedRow[]>`
    with candidates as (
      select
        kind as source, imported_at, recordings.place, points, seconds,
        ${
    wherePreferred(sql, { athleteId, id })
  } as is_preferred, ${measured} ${noGrade}
      from recording_streams
      join recordings
        on recordings.athlete_id = recording_streams.athlete_id
        and recordings.content_hash = recording_streams.content_hash
        and recordings.place = recording_streams.place
      join imported_files
        on imported_files.athlete_id = recordings.athlete_id
        and imported_files.content_hash = recordings.content_hash
      where recordings.athlete_id = ${athleteId}
        and activity_id = ${id}
        and points > 0
      union all
      select 'strava', fetched_at, 0, points, seconds, false, ${measured} ${grade}
      from strava_streams
      where athlete_id = ${athleteId}
        and activity_id = ${id}
    )
    select source, points, ${wanted}
    from candidates
    order by
      is_preferred desc,
      seconds < max(seconds) over () / 1.25,
      num_nonnulls(${wanted}) desc,
      points desc,
      array_position(array['fit', 'tcx', 'gpx', 'strava'], source),
      imported_at,
      place
    limit 1
  `;
  if (!row) return undefined;
  const { source, points, ...packed } = row;
  return { source, points, streams: unpackStreams(packed) };
}

/** Returns the condition for the recording that the owner prefers as a source of the activity. */
function wherePreferred(
  sql: Sql,
  { athleteId, id }: { athleteId: number; id: number },
): ReturnType<Sql> {
  return sql`exists (
    select
    from activity_edits
    where activity_edits.athlete_id = ${athleteId}
      and activity_edits.activity_id = ${id}
      and preferred_hash = recordings.content_hash
      and preferred_place = recordings.place
  )`;
}

/** Reads the laps and lengths of the preferred or else the longest recording that has some. */
export async function readActivityLaps(
  sql: Sql,
  { athleteId, id }: { athleteId: number; id: number },
): Promise<ActivityLapsRow | undefined> {
  const [row] = await sql<ActivityLapsRow[]>`
    select kind as source, laps, lengths
    from recording_streams
    join recordings
      on recordings.athlete_id = recording_streams.athlete_id
      and recordings.content_hash = recording_streams.content_hash
      and recordings.place = recording_streams.place
    join imported_files
      on imported_files.athlete_id = recordings.athlete_id
      and imported_files.content_hash = recordings.content_hash
    where recordings.athlete_id = ${athleteId}
      and activity_id = ${id}
    order by
      laps = '[]' and lengths = '[]',
      ${wherePreferred(sql, { athleteId, id })} desc,
      seconds < max(seconds) over () / 1.25,
      jsonb_array_length(lengths) = 0,
      array_position(array['fit', 'tcx', 'gpx'], kind),
      imported_at,
      recordings.place
    limit 1
  `;
  return row;
}

/** Returns all columns of the streams without positions, which are the owner's alone. */
export const PUBLIC_COLUMNS: readonly StreamColumn[] = STREAM_COLUMNS.filter(
  (name) => name !== "latitude" && name !== "longitude",
);
