import type {
  Activity,
  ActivityDetail,
  RecentActivity,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import type { ActivityRow } from "../../db/activities.ts";
import type { TrackedActivityRow } from "../../db/activity_list.ts";
import { toLineString } from "./track.ts";

/**
 * The wire form of a row; the only place where a column becomes a public field. Columns that are
 * none are left to the output schema, which drops them at less cost than a copy without them.
 */
export function toActivity(row: ActivityRow): z.input<typeof Activity> {
  return {
    ...row,
    heart_rate: { average: row.average_heartrate, max: row.max_heartrate },
  };
}

/** The wire form of a row with its map, or with the reason why it is left out. */
export function toActivityDetail(
  { polyline, ...row }: TrackedActivityRow,
  { withMap }: { withMap: boolean },
): z.input<typeof ActivityDetail> {
  const activity = toActivity(row);
  if (!withMap) return { ...activity, map: null, map_reason: "needs_key" };
  const geojson = toLineString(polyline);
  return polyline === null || geojson === null
    ? { ...activity, map: null, map_reason: "no_track" }
    : { ...activity, map: { polyline, geojson }, map_reason: null };
}

/** The wire form of a row in few words. */
export function toRecentActivity(
  row: ActivityRow,
): z.input<typeof RecentActivity> {
  const { id, name, type, distance, moving_time, start_date } = row;
  return {
    id,
    name,
    type,
    distance,
    moving_time,
    elevation_gain: row.total_elevation_gain,
    start_date,
  };
}
