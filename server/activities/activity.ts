import type { Activity, RecentActivity } from "@paceline/sdk/schemas";
import type * as z from "zod";
import type { ActivityRow } from "../../db/activity_list.ts";

/** Renders an activity; the only place where its columns become public fields. */
export function toActivity(row: ActivityRow): z.input<typeof Activity> {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    sport_type: row.sportType,
    distance: row.distance,
    moving_time: row.movingTime,
    elapsed_time: row.elapsedTime,
    total_elevation_gain: row.totalElevationGain,
    start_date: row.startDate,
    start_date_local: row.startDateLocal,
    utc_offset: row.utcOffset,
    timezone: row.timezone,
    average_speed: row.averageSpeed,
    max_speed: row.maxSpeed,
    kudos_count: row.kudosCount,
    heart_rate: { average: row.averageHeartrate, max: row.maxHeartrate },
    visibility: row.visibility,
    gear_id: row.gearId,
    workout_type: row.workoutType,
    trainer: row.trainer,
    commute: row.commute,
    manual: row.manual,
  };
}

/** Renders the main fields of an activity. */
export function toRecentActivity(
  row: ActivityRow,
): z.input<typeof RecentActivity> {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    distance: row.distance,
    moving_time: row.movingTime,
    elevation_gain: row.totalElevationGain,
    start_date: row.startDate,
  };
}
