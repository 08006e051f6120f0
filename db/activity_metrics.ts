import { type Visible, whereVisible } from "./activities.ts";
import type { Sql } from "./driver/client.ts";
import { type ActivityScope, whereInScope } from "./activity_scope.ts";

/** What statistics compute with, of one activity: metres and seconds. */
export interface ActivityMetrics {
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
export async function listActivityMetrics(
  sql: Sql,
  { athleteId, visibility, ...counted }: ActivityScope & Visible,
): Promise<ActivityMetrics[]> {
  // Without a word of deleted_at, which the index does not have.
  const seen = visibility
    ? sql`visibility = any(${[...visibility]})`
    : sql`true`;
  return await sql<ActivityMetrics[]>`
    select
      id, sport_type, start_date_local, distance, moving_time,
      total_elevation_gain as elevation_gain, ${seen} as is_visible
    from activities
    where athlete_id = ${athleteId}
      and ${whereInScope(sql, counted)}
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
      and ${whereVisible(sql, { visibility })}
  `;
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The distance of one activity, in metres. */
export interface DistanceRow {
  /** Local day, `2025-12-06`. */
  date: string;
  sport_type: string;
  distance: number;
}

/**
 * The distances of the counted activities, oldest day first. For PostgreSQL to add them up by day
 * takes longer than to send them.
 */
export async function listDistances(
  sql: Sql,
  { athleteId, ...counted }: ActivityScope,
): Promise<DistanceRow[]> {
  return await sql<DistanceRow[]>`
    select start_date_local::date as date, sport_type, distance
    from activities
    where athlete_id = ${athleteId}
      and ${whereInScope(sql, counted)}
    order by start_date_local
  `;
}

/** What can be added up, and the columns that hold it. */
const AMOUNTS = {
  distance: "distance",
  moving_time: "moving_time",
  elevation_gain: "total_elevation_gain",
} as const;

/** What an activity adds to a sum: metres, seconds, or 1 to a count. */
export interface AmountRow {
  /** Local day, `2025-12-06`. */
  date: string;
  amount: number;
}

/** One amount of each counted activity, oldest day first. */
export async function listAmounts(
  sql: Sql,
  { athleteId, metric, ...counted }: ActivityScope & {
    metric: keyof typeof AMOUNTS | "count";
  },
): Promise<AmountRow[]> {
  const amount = metric === "count" ? sql`1` : sql`${sql(AMOUNTS[metric])}`;
  return await sql<AmountRow[]>`
    select start_date_local::date as date, ${amount} as amount
    from activities
    where athlete_id = ${athleteId}
      and ${whereInScope(sql, counted)}
    order by start_date_local
  `;
}

/** The local day of each counted activity, oldest first: some of them more than once. */
export async function listDates(
  sql: Sql,
  { athleteId, ...counted }: ActivityScope,
): Promise<string[]> {
  const rows = await sql<{ date: string }[]>`
    select start_date_local::date as date
    from activities
    where athlete_id = ${athleteId}
      and ${whereInScope(sql, counted)}
    order by start_date_local
  `;
  return rows.map(({ date }) => date);
}
