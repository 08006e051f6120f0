import type { Sql } from "./client.ts";
import { type Counted, isCounted } from "./counted.ts";

/** What statistics compute with, of one activity: metres and seconds. */
export interface Figure {
  id: number;
  name: string;
  sport_type: string;
  /** Wall clock of the start, `2025-12-06T08:30:12`. */
  start_date_local: string;
  distance: number;
  moving_time: number;
  elevation_gain: number;
  /** Whether the caller may learn of this very activity; totals count it all the same. */
  is_visible: boolean;
}

/** Counted activities in the order of the athlete's wall clock. */
export async function listFigures(
  sql: Sql,
  { athleteId, visibility, ...counted }: Counted & {
    /** Visibilities that the caller may see one by one; `undefined` is all. */
    visibility: readonly string[] | undefined;
  },
): Promise<Figure[]> {
  const isVisible = visibility
    ? sql`visibility = any(${[...visibility]})`
    : sql`true`;
  return await sql<Figure[]>`
    select
      id, name, sport_type, start_date_local, distance, moving_time,
      total_elevation_gain as elevation_gain, ${isVisible} as is_visible
    from activities
    where athlete_id = ${athleteId}
      and ${isCounted(sql, counted)}
    order by start_date_local, id
  `;
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
