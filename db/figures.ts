import { isVisible, type Visible } from "./activities.ts";
import type { Sql } from "./client.ts";
import { type Counted, isCounted } from "./counted.ts";

/** What statistics compute with, of one activity: metres and seconds. */
export interface Figure {
  id: number;
  sport_type: string;
  /** Wall clock of the start, `2025-12-06T08:30:12`. */
  start_date_local: string;
  distance: number;
  moving_time: number;
  elevation_gain: number;
  /** Whether the caller may learn of this very activity; totals count it all the same. */
  is_visible: boolean;
}

/** Counted activities in the order of the athlete's wall clock; an index alone answers. */
export async function listFigures(
  sql: Sql,
  { athleteId, visibility, ...counted }: Counted & Visible,
): Promise<Figure[]> {
  // Without a word of deleted_at, which the index does not have.
  const seen = visibility
    ? sql`visibility = any(${[...visibility]})`
    : sql`true`;
  return await sql<Figure[]>`
    select
      id, sport_type, start_date_local, distance, moving_time,
      total_elevation_gain as elevation_gain, ${seen} as is_visible
    from activities
    where athlete_id = ${athleteId}
      and ${isCounted(sql, counted)}
    order by start_date_local, id
  `;
}

/** What those of these activities are called that may be seen, by id. */
export async function listNames(
  sql: Sql,
  { athleteId, visibility, ids }: Visible & {
    athleteId: number;
    ids: readonly number[];
  },
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await sql<{ id: number; name: string }[]>`
    select id, name
    from activities
    where athlete_id = ${athleteId}
      and id = any(${[...ids]}::bigint[])
      and ${isVisible(sql, { visibility })}
  `;
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The distance of one sport on one local day, in metres as the database adds them up. */
export interface SportDay {
  /** `2025-12-06` */
  date: string;
  sport_type: string;
  distance: number;
}

/** The distance of each sport on each local day that has counted activities, oldest day first. */
export async function listSportDays(
  sql: Sql,
  { athleteId, ...counted }: Counted,
): Promise<SportDay[]> {
  return await sql<SportDay[]>`
    select start_date_local::date as date, sport_type, sum(distance) as distance
    from activities
    where athlete_id = ${athleteId}
      and ${isCounted(sql, counted)}
    group by 1, sport_type
    order by 1, sport_type
  `;
}

/** The local days that have counted activities, oldest first. */
export async function listDates(
  sql: Sql,
  { athleteId, ...counted }: Counted,
): Promise<string[]> {
  const rows = await sql<{ date: string }[]>`
    select distinct start_date_local::date as date
    from activities
    where athlete_id = ${athleteId}
      and ${isCounted(sql, counted)}
    order by date
  `;
  return rows.map(({ date }) => date);
}
