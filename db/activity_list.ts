import { type ActivityFilter, whereMatching } from "./activity_filter.ts";
import {
  type ActivityScope,
  type VisibilityFilter,
  whereHeartRateShown,
  whereInScope,
  whereVisible,
} from "./activity_scope.ts";
import type { Pool, Sql } from "./driver/client.ts";
import type { SportGroup } from "./sports.ts";

/** A row of `activities` with the columns that the API shows. */
export interface ActivityRow {
  id: number;
  name: string;
  type: string;
  sportType: string;
  startDate: Date;
  /** Wall clock of the start, `2025-12-06T08:30:12`. */
  startDateLocal: string;
  /** Seconds east of UTC. */
  utcOffset: number;
  timezone: string | null;
  distance: number;
  movingTime: number;
  elapsedTime: number;
  totalElevationGain: number;
  averageSpeed: number;
  maxSpeed: number;
  averageHeartrate: number | null;
  maxHeartrate: number | null;
  kudosCount: number;
  visibility: string;
  gearId: string | null;
  workoutType: number | null;
  trainer: boolean;
  commute: boolean;
  manual: boolean;
}

/** An activity with its track as an encoded polyline: Strava's, else that of a file. */
export interface TrackedActivityRow extends ActivityRow {
  excluded: boolean;
  description: string | null;
  polyline: string | null;
}

/** The column that each sort order uses. */
export const SORT_COLUMNS = {
  date: "start_date",
  distance: "distance",
  moving_time: "moving_time",
  elevation_gain: "total_elevation_gain",
  average_speed: "average_speed",
} as const;

export type ActivitySort = keyof typeof SORT_COLUMNS;

/** A place in the list, just after the activity with this value and id. */
export interface ActivityCursor {
  /** The activity's value in the column that orders the list. */
  value: Date | number;
  id: number;
}

/** The order of a list. Ties are ordered by id in the same direction. */
export interface ActivityOrder {
  sort: ActivitySort;
  order: "asc" | "desc";
}

/** Lists one page after `cursor` or from `offset`, newest first by default. */
export async function listActivities(
  sql: Sql,
  { limit, offset = 0, cursor, sort = "date", order = "desc", ...filter }:
    & ActivityFilter
    & Partial<ActivityOrder>
    & {
      limit: number;
      offset?: number;
      cursor?: ActivityCursor | undefined;
    },
): Promise<ActivityRow[]> {
  const column = sql(SORT_COLUMNS[sort]);
  const direction = order === "asc" ? sql`asc` : sql`desc`;
  const comparison = order === "asc" ? sql`>` : sql`<`;
  const andAfterCursor = cursor
    ? sql`and (${column}, id) ${comparison} (${cursor.value}, ${cursor.id})`
    : sql``;
  // An index finds the ids of the page; only the page's own rows, which are wide, are read after.
  return await sql<ActivityRow[]>`
    with page as materialized (
      select id as page_id
      from activities
      where athlete_id = ${filter.athleteId}
        and ${whereMatching(sql, filter)}
        ${andAfterCursor}
      order by ${column} ${direction}, id ${direction}
      limit ${limit}
      offset ${offset}
    )
    select ${activityColumns(sql, filter)}
    from page
    join activities on id = page_id
    where athlete_id = ${filter.athleteId}
    order by ${column} ${direction}, id ${direction}
  `;
}

/** Counts the activities that match. */
export async function countActivities(
  sql: Sql,
  filter: ActivityFilter,
): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count
    from activities
    where athlete_id = ${filter.athleteId}
      and ${whereMatching(sql, filter)}
  `;
  return row!.count;
}

/** Returns the activity with this id, if the caller may see it. */
export async function getActivity(
  sql: Sql,
  { athleteId, id, visibility }:
    & VisibilityFilter
    & { athleteId: number; id: number },
): Promise<TrackedActivityRow | undefined> {
  const [activity] = await sql<TrackedActivityRow[]>`
    select ${trackedColumns(sql, { visibility })}
    from activities
    where athlete_id = ${athleteId}
      and id = ${id}
      and ${whereVisible(sql, { visibility })}
  `;
  return activity;
}

/**
 * Returns the group's activity with the longest distance in a span of local days. On a tie the
 * newest one is returned.
 */
export async function getLongestActivity(
  sql: Sql,
  { athleteId, group, ...scope }: Omit<ActivityScope, "sport"> & {
    group: SportGroup;
  },
): Promise<ActivityRow | undefined> {
  const [activity] = await sql<ActivityRow[]>`
    select ${activityColumns(sql, scope)}
    from activities
    where athlete_id = ${athleteId}
      and ${whereInScope(sql, { ...scope, sport: group })}
    order by distance desc, start_date desc, id desc
    limit 1
  `;
  return activity;
}

/**
 * Reads every activity that matches from one snapshot, newest first, and passes them to `onRows` in
 * batches of at most `BATCH_SIZE`. It fetches the next batch once `onRows` has handled the last
 * one. If `onRows` throws, the cursor is closed and the connection released.
 */
export async function readActivities(
  sql: Pool,
  { onRows, ...filter }: ActivityFilter & {
    onRows: (rows: readonly TrackedActivityRow[]) => Promise<void>;
  },
): Promise<void> {
  // A cursor declared in SQL: each batch is a statement with its own time limit. With a cursor of
  // the protocol all batches together would have to finish within one limit.
  await sql.begin("read only", async (tx) => {
    await tx`
      declare exported no scroll cursor for
      select ${trackedColumns(tx, filter)}
      from activities
      where athlete_id = ${filter.athleteId}
        and ${whereMatching(tx, filter)}
      order by start_date desc, id desc
    `;
    for (;;) {
      const rows = await tx.unsafe<TrackedActivityRow[]>(FETCH);
      await onRows(rows);
      if (rows.length < BATCH_SIZE) return;
    }
  });
}

/** Number of rows in one batch of `readActivities`. */
const BATCH_SIZE = 500;
/** Statement of one batch. `fetch` accepts no parameters. */
const FETCH = `fetch ${BATCH_SIZE} from exported`;

/** Returns the columns of an `ActivityRow`, without a heart rate that the caller may not see. */
function activityColumns(
  sql: Sql,
  { visibility }: VisibilityFilter,
): ReturnType<Sql> {
  const isShown = whereHeartRateShown(sql, { visibility });
  return sql`
    id, name, type, sport_type as "sportType", start_date as "startDate",
    start_date_local as "startDateLocal", utc_offset as "utcOffset", timezone, distance,
    moving_time as "movingTime", elapsed_time as "elapsedTime",
    total_elevation_gain as "totalElevationGain", average_speed as "averageSpeed",
    max_speed as "maxSpeed",
    case when ${isShown} then average_heartrate end as "averageHeartrate",
    case when ${isShown} then max_heartrate end as "maxHeartrate",
    kudos_count as "kudosCount", visibility,
    gear_id as "gearId", workout_type as "workoutType", trainer, commute, manual
  `;
}

function trackedColumns(
  sql: Sql,
  { visibility }: VisibilityFilter,
): ReturnType<Sql> {
  return sql`
    ${activityColumns(sql, { visibility })}, excluded, description,
    case
      when not has_map then null
      when track is null or has_strava_map(raw) then raw #>> '{map,summary_polyline}'
      else track
    end as polyline
  `;
}
