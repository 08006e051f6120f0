import type { Sql } from "../driver/client.ts";
import {
  computeSeconds,
  packStreams,
  type StreamSet,
} from "./stream_columns.ts";

/** A lap as it is stored, in the API's names and units. A figure that the file lacks is missing. */
export interface StoredLap {
  /** Seconds since the start of the recording. */
  start: number;
  trigger: string | null;
  intensity: string | null;
  elapsed_time?: number;
  moving_time?: number;
  distance?: number;
  total_elevation_gain?: number;
  average_speed?: number;
  max_speed?: number;
  average_heartrate?: number;
  max_heartrate?: number;
  average_cadence?: number;
  average_watts?: number;
  max_watts?: number;
  calories?: number;
}

/** A length of a swimming pool, or a rest, as it is stored. */
export interface StoredLength {
  /** Seconds since the start of the recording. */
  start: number;
  elapsed_time: number;
  active: boolean;
  strokes: number | null;
  stroke: string | null;
}

/** The streams of a recording to store, with its laps and lengths. */
export interface RecordingStreams {
  streams: StreamSet;
  /** The simplified track as an encoded polyline, empty if there is none. */
  track: string;
  laps: readonly StoredLap[];
  lengths: readonly StoredLength[];
}

/** The key of a recording: its file's hash in hexadecimal, and its place within the file. */
export interface RecordingKey {
  contentHash: string;
  place: number;
}

/** Stores the streams of a stored recording, instead of those that it had. */
export async function putRecordingStreams(
  sql: Sql,
  { athleteId, contentHash, place, data: { streams, track, laps, lengths } }:
    & RecordingKey
    & { athleteId: number; data: RecordingStreams },
): Promise<void> {
  const packed = packStreams(streams);
  const time = streams.time ?? [];
  await sql`
    delete from recording_streams
    where athlete_id = ${athleteId}
      and content_hash = decode(${contentHash}, 'hex')
      and place = ${place}
  `;
  await sql`
    insert into recording_streams (
      athlete_id, content_hash, place, points, seconds, time, latitude, longitude, distance,
      altitude, velocity_smooth, heartrate, cadence, watts, temp, moving, track, laps,
      lengths
    )
    values (
      ${athleteId}, decode(${contentHash}, 'hex'), ${place}, ${time.length},
      ${
    computeSeconds(time)
  }, ${packed.time}, ${packed.latitude}, ${packed.longitude},
      ${packed.distance}, ${packed.altitude}, ${packed.velocity_smooth}, ${packed.heartrate},
      ${packed.cadence}, ${packed.watts}, ${packed.temp}, ${packed.moving}, ${track},
      ${JSON.stringify(laps)}::text::jsonb, ${
    JSON.stringify(lengths)
  }::text::jsonb
    )
  `;
}
