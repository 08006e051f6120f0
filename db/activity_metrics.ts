import {
  type ActivityScope,
  type VisibilityFilter,
  whereInScope,
  whereVisible,
} from "./activity_scope.ts";
import type { Sql } from "./driver/client.ts";

/** The fields of one activity that statistics compute with: metres and seconds. */
export interface ActivityMetrics {
  id: number;
  sportType: string;
  /** Wall clock of the start, `2025-12-06T08:30:12`. */
  startDateLocal: string;
  distance: number;
  movingTime: number;
  elevationGain: number;
}

/**
 * Lists the metrics of the activities in scope in the order of the athlete's wall clock. A covering
 * index holds every column that this query names, so PostgreSQL need not read the table.
 */
export async function listActivityMetrics(
  sql: Sql,
  { athleteId, ...scope }: ActivityScope,
): Promise<ActivityMetrics[]> {
  return await sql<ActivityMetrics[]>`
    select
      id,
      sport_type as "sportType",
      start_date_local as "startDateLocal",
      distance,
      moving_time as "movingTime",
      total_elevation_gain as "elevationGain"
    from activities
    where athlete_id = ${athleteId}
      and ${whereInScope(sql, scope)}
    order by start_date_local, id
  `;
}

/** Returns the names of those of these activities that the caller may see, by id. */
export async function listActivityNames(
  sql: Sql,
  { athleteId, visibility, ids }: VisibilityFilter & {
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

/** The measures that can be added up, and their columns. */
const AMOUNT_COLUMNS = {
  distance: "distance",
  moving_time: "moving_time",
  elevation_gain: "total_elevation_gain",
} as const;

/** One activity's part of a sum: metres, seconds, or 1 for a count. */
export interface AmountRow {
  /** Local day, `2025-12-06`. */
  date: string;
  amount: number;
}

/** Lists one amount of each activity in scope, oldest day first. */
export async function listAmounts(
  sql: Sql,
  { athleteId, metric, ...scope }: ActivityScope & {
    metric: keyof typeof AMOUNT_COLUMNS | "count";
  },
): Promise<AmountRow[]> {
  const amount = metric === "count"
    ? sql`1`
    : sql`${sql(AMOUNT_COLUMNS[metric])}`;
  return await sql<AmountRow[]>`
    select start_date_local::date as date, ${amount} as amount
    from activities
    where athlete_id = ${athleteId}
      and ${whereInScope(sql, scope)}
    order by start_date_local
  `;
}

/** Lists the local day of each activity in scope, oldest first; a day may occur more than once. */
export async function listDates(
  sql: Sql,
  { athleteId, ...scope }: ActivityScope,
): Promise<string[]> {
  const rows = await sql<{ date: string }[]>`
    select start_date_local::date as date
    from activities
    where athlete_id = ${athleteId}
      and ${whereInScope(sql, scope)}
    order by start_date_local
  `;
  return rows.map(({ date }) => date);
}
