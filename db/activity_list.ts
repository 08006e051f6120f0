import {
  activityColumns,
  type ActivityRow,
  type Visible,
  whereVisible,
} from "./activities.ts";
import type { Pool, Sql } from "./driver/client.ts";
import { type ActivityScope, whereInScope } from "./activity_scope.ts";

/** Which activities a list has: each filter given has to match. */
export interface ActivityFilter extends Visible, ActivityScope {
  year?: number | undefined;
  /** Matches `type` or `sport_type`, whatever its case. */
  activityType?: string | undefined;
  gearId?: string | undefined;
  /** Metres. */
  minDistance?: number | undefined;
  /** Metres. */
  maxDistance?: number | undefined;
  /** Words of the name, as `websearch_to_tsquery` reads them. */
  q?: string | undefined;
  commute?: boolean | undefined;
  trainer?: boolean | undefined;
  hasMap?: boolean | undefined;
}

/** By which column a list can be ordered. */
export const SORT_COLUMNS = {
  date: "start_date",
  distance: "distance",
  moving_time: "moving_time",
  elevation_gain: "total_elevation_gain",
  average_speed: "average_speed",
} as const satisfies Record<string, keyof ActivityRow>;

export type ActivitySort = keyof typeof SORT_COLUMNS;

/** A place in the list: the activities after this one. */
export interface ActivityCursor {
  /** The value of the column that the list is ordered by. */
  value: Date | number;
  id: number;
}

/** The order of a list: by a column, and equals by their ids in the same direction. */
export interface ActivityOrder {
  sort: ActivitySort;
  order: "asc" | "desc";
}

/** One page of the list, after `cursor` or from `offset`; the newest first unless asked otherwise. */
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
  const isAfter = cursor
    ? sql`and (${column}, id) ${comparison} (${cursor.value}, ${cursor.id})`
    : sql``;
  // Which they are is read from an index; only the page's own rows, which are wide, come after.
  return await sql<ActivityRow[]>`
    with page as materialized (
      select id as page_id
      from activities
      where athlete_id = ${filter.athleteId}
        and ${matches(sql, filter)}
        ${isAfter}
      order by ${column} ${direction}, id ${direction}
      limit ${limit}
      offset ${offset}
    )
    select ${activityColumns(sql)}
    from page
    join activities on id = page_id
    where athlete_id = ${filter.athleteId}
    order by ${column} ${direction}, id ${direction}
  `;
}

/** How many activities the list has in all. */
export async function countActivities(
  sql: Sql,
  filter: ActivityFilter,
): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count
    from activities
    where athlete_id = ${filter.athleteId}
      and ${matches(sql, filter)}
  `;
  return row!.count;
}

/** An activity with its track as Strava encodes it; null where it has none. */
export interface TrackedActivityRow extends ActivityRow {
  polyline: string | null;
}

/** The activity of this id that may be seen. */
export async function getActivity(
  sql: Sql,
  { athleteId, id, visibility }: Visible & { athleteId: number; id: number },
): Promise<TrackedActivityRow | undefined> {
  const [activity] = await sql<TrackedActivityRow[]>`
    select ${trackedColumns(sql)}
    from activities
    where athlete_id = ${athleteId}
      and id = ${id}
      and ${whereVisible(sql, { visibility })}
  `;
  return activity;
}

/**
 * Reads the whole list, newest first, as it was at one moment, and hands it on in parts of at most
 * `ROWS_AT_ONCE`: the next is read when `take` is done with one. Should `take` throw, the cursor
 * is closed and the connection free again.
 */
export async function readActivities(
  sql: Pool,
  { take, ...filter }: ActivityFilter & {
    take: (rows: readonly TrackedActivityRow[]) => Promise<void>;
  },
): Promise<void> {
  // A cursor of SQL's own: each part is a statement with its own time limit. Of one of the
  // protocol all parts together would have to come within the limit.
  await sql.begin("read only", async (tx) => {
    await tx`
      declare exported no scroll cursor for
      select ${trackedColumns(tx)}
      from activities
      where athlete_id = ${filter.athleteId}
        and ${matches(tx, filter)}
      order by start_date desc, id desc
    `;
    for (;;) {
      const rows = await tx<TrackedActivityRow[]>`fetch 500 from exported`;
      await take(rows);
      if (rows.length < ROWS_AT_ONCE) return;
    }
  });
}

/** As many as `readActivities` fetches. */
const ROWS_AT_ONCE = 500;

function trackedColumns(sql: Sql): ReturnType<Sql> {
  return sql`
    ${activityColumns(sql)},
    case when has_map then raw #>> '{map,summary_polyline}' end as polyline
  `;
}

/** The condition that picks the activities of a list; `athlete_id` stands beside it. */
function matches(
  sql: Sql,
  { athleteId, visibility, sport, from, to, q, ...filter }: ActivityFilter,
): ReturnType<Sql> {
  const { year, activityType, gearId, minDistance, maxDistance } = filter;
  const { commute, trainer, hasMap } = filter;
  return sql`
    ${whereVisible(sql, { visibility })}
    and ${whereInScope(sql, { sport, from, to })}
    ${
    year === undefined ? sql`` : sql`
      and start_date_local >= make_date(${year}, 1, 1)
      and start_date_local < make_date(${year + 1}, 1, 1)
    `
  }
    ${
    activityType === undefined
      ? sql``
      : sql`and lower(${activityType}) in (lower(type), lower(sport_type))`
  }
    ${gearId === undefined ? sql`` : sql`and gear_id = ${gearId}`}
    ${minDistance === undefined ? sql`` : sql`and distance >= ${minDistance}`}
    ${maxDistance === undefined ? sql`` : sql`and distance <= ${maxDistance}`}
    ${commute === undefined ? sql`` : sql`and commute = ${commute}`}
    ${trainer === undefined ? sql`` : sql`and trainer = ${trainer}`}
    ${hasMap === undefined ? sql`` : sql`and has_map = ${hasMap}`}
    ${q === undefined ? sql`` : isNamed(sql, { athleteId, q })}
  `;
}

/**
 * The condition that picks those whose name the search finds. They are looked up first, in the
 * index of the search: otherwise each name on the way to a page might be taken apart anew.
 */
function isNamed(
  sql: Sql,
  { athleteId, q }: { athleteId: number; q: string },
): ReturnType<Sql> {
  return sql`
    and id in (
      with named as materialized (
        select id as named_id
        from activities
        where athlete_id = ${athleteId}
          and deleted_at is null
          and to_search(athlete_id, name)
            @@ to_search_query(${athleteId}, ${q.replaceAll("\0", " ")})
      )
      select named_id
      from named
    )
  `;
}
