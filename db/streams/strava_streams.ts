import type { Sql } from "../driver/client.ts";
import {
  computeSeconds,
  packStreams,
  type StreamSet,
} from "./stream_columns.ts";

/** Stores Strava's streams of an activity, instead of those that it had. `time` must have values. */
export async function putStravaStreams(
  sql: Sql,
  { athleteId, id, streams, now }: {
    athleteId: number;
    id: number;
    streams: StreamSet;
    now: Date;
  },
): Promise<void> {
  const packed = packStreams(streams);
  const time = streams.time ?? [];
  await deleteStravaStreams(sql, { athleteId, id });
  await sql`
    insert into strava_streams (
      athlete_id, activity_id, points, seconds, time, latitude, longitude, distance, altitude,
      velocity_smooth, heartrate, cadence, watts, temp, moving, grade_smooth, fetched_at
    )
    values (
      ${athleteId}, ${id}, ${time.length}, ${
    computeSeconds(time)
  }, ${packed.time},
      ${packed.latitude}, ${packed.longitude}, ${packed.distance}, ${packed.altitude},
      ${packed.velocity_smooth}, ${packed.heartrate}, ${packed.cadence}, ${packed.watts},
      ${packed.temp}, ${packed.moving}, ${packed.grade_smooth}, ${now}
    )
  `;
}

/** Deletes Strava's streams of an activity. */
export async function deleteStravaStreams(
  sql: Sql,
  { athleteId, id }: { athleteId: number; id: number },
): Promise<void> {
  await sql`
    delete from strava_streams
    where athlete_id = ${athleteId}
      and activity_id = ${id}
  `;
}
