import type { Sql } from "./driver/client.ts";
import { type ActivityScope, whereInScope } from "./activity_scope.ts";

/** What an activity adds to a day: its sums, and what its training load is computed from. */
export interface EffortRow {
  /** Local day, `2025-12-06`. */
  date: string;
  sport_type: string;
  /** Metres. */
  distance: number;
  /** Metres. */
  elevation_gain: number;
  /** Seconds. */
  moving_time: number;
  /** Beats per minute. */
  average_heartrate: number | null;
  /** Strava's Relative Effort. */
  suffer_score: number | null;
}

/** The efforts of the counted activities, oldest day first. */
export async function listEfforts(
  sql: Sql,
  { athleteId, ...counted }: ActivityScope,
): Promise<EffortRow[]> {
  return await sql<EffortRow[]>`
    select
      start_date_local::date as date, sport_type, distance, moving_time,
      total_elevation_gain as elevation_gain, average_heartrate, suffer_score
    from activities
    where athlete_id = ${athleteId}
      and ${whereInScope(sql, counted)}
    order by start_date_local
  `;
}

/**
 * The highest heart rate of the whole history, in beats per minute; `null` where none was recorded.
 * Above 220, where the usual formula for the highest begins at birth, a sensor was wrong.
 */
export async function getMaxHeartRate(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<number | null> {
  const [row] = await sql<{ max: number | null }[]>`
    select max(max_heartrate) as max
    from activities
    where athlete_id = ${athleteId}
      and deleted_at is null
      and max_heartrate <= 220
  `;
  return row?.max ?? null;
}
