import type { Sql } from "./driver/client.ts";
import { totalColumns, type TotalRow } from "./stats.ts";
import { SPORT_GROUPS, type SportGroup } from "./sports.ts";

/** Which activities a statistic counts; private ones are among them. */
export interface ActivityScope {
  athleteId: number;
  /** A group such as `run`, or a sport type in any case: `Run` is the type alone. */
  sport?: string | undefined;
  /** First local day, `2025-01-01`. */
  from?: string | undefined;
  /** Last local day, itself included. */
  to?: string | undefined;
}

/** The condition on `activities` that picks the counted ones; `athlete_id` stands beside it. */
export function whereInScope(
  sql: Sql,
  { sport, from, to }: Omit<ActivityScope, "athleteId">,
): ReturnType<Sql> {
  const group = sport === undefined ? undefined : toSportGroup(sport);
  const bySport = sport === undefined
    ? sql``
    : group
    ? sql`and sport_type = any(${[...SPORT_GROUPS[group]]})`
    : sql`and lower(sport_type) = lower(${sport})`;
  const byStart = from === undefined
    ? sql``
    : sql`and start_date_local >= ${from}::date`;
  const byEnd = to === undefined
    ? sql``
    : sql`and start_date_local < ${to}::date + 1`;
  return sql`deleted_at is null ${bySport} ${byStart} ${byEnd}`;
}

/** The group of exactly this name, if it is one. */
export function toSportGroup(sport: string): SportGroup | undefined {
  return Object.hasOwn(SPORT_GROUPS, sport) ? sport as SportGroup : undefined;
}

/** The sums of all counted activities; zeros where there are none. */
export async function getTotal(
  sql: Sql,
  { athleteId, ...counted }: ActivityScope,
): Promise<TotalRow> {
  const [row] = await sql<TotalRow[]>`
    select ${totalColumns(sql)}
    from activities
    where athlete_id = ${athleteId}
      and ${whereInScope(sql, counted)}
  `;
  return row!;
}
