import {
  type ActivityScope,
  type VisibilityFilter,
  whereHeartRateShown,
  whereVisible,
} from "./activity_scope.ts";
import type { Sql } from "./driver/client.ts";
import { listHistory } from "./history/history.ts";

/** An activity's part in the sums of its day, and the inputs of its training load. */
export interface LoadInputRow {
  /** Local day, `2025-12-06`. */
  date: string;
  sportType: string;
  /** Metres. */
  distance: number;
  /** Metres. */
  elevationGain: number;
  /** Seconds. */
  movingTime: number;
  /** Beats per minute. `null` also if the athlete hides it from the caller. */
  averageHeartrate: number | null;
  /** Strava's Relative Effort. `null` also if the athlete hides it from the caller. */
  sufferScore: number | null;
}

/** Lists the load inputs of the activities in scope, oldest day first. */
export async function listLoadInputs(
  sql: Sql,
  scope: ActivityScope,
): Promise<LoadInputRow[]> {
  return await listHistory(sql, {
    ...scope,
    fields: [
      "distance",
      "movingTime",
      "elevationGain",
      "averageHeartrate",
      "sufferScore",
    ],
    toRow: (activity): LoadInputRow => ({
      date: activity.date,
      sportType: activity.sportType,
      distance: activity.distance,
      movingTime: activity.movingTime,
      elevationGain: activity.elevationGain,
      averageHeartrate: activity.averageHeartrate,
      sufferScore: activity.sufferScore,
    }),
  });
}

/**
 * Returns the highest heart rate that the caller may see, in beats per minute, or `null` if there is
 * none. Values above 220 are ignored: the usual formula for the maximum (220 minus age) starts
 * there, so a higher value comes from a faulty sensor.
 */
export async function getMaxHeartRate(
  sql: Sql,
  { athleteId, visibility }: VisibilityFilter & { athleteId: number },
): Promise<number | null> {
  // 220 is not a parameter, so that PostgreSQL can use the partial index with this condition.
  const [row] = await sql<{ max: number | null }[]>`
    select max(max_heartrate) as max
    from activities
    where athlete_id = ${athleteId}
      and ${whereVisible(sql, { visibility })}
      and max_heartrate <= 220
      and ${whereHeartRateShown(sql, { visibility })}
  `;
  return row?.max ?? null;
}
