import { type ActivityScope, whereInScope } from "./activity_scope.ts";
import type { Sql } from "./driver/client.ts";
import { SPORT_GROUPS, type SportGroup } from "./sports.ts";

/** Sums over activities: metres and seconds. */
export interface TotalRow {
  count: number;
  distance: number;
  movingTime: number;
  elevationGain: number;
}

/**
 * The columns of a `TotalRow`. Metres are rounded to the 0.1 m that Strava measures in, because
 * adding doubles leaves noise behind, such as 9392637.799999984.
 */
function totalColumns(sql: Sql): ReturnType<Sql> {
  return sql`
    count(*) as count,
    coalesce(round(sum(distance)::numeric, 1), 0)::float8 as distance,
    coalesce(sum(moving_time), 0) as "movingTime",
    coalesce(round(sum(total_elevation_gain)::numeric, 1), 0)::float8 as "elevationGain"
  `;
}

const ZERO_TOTAL: TotalRow = {
  count: 0,
  distance: 0,
  movingTime: 0,
  elevationGain: 0,
};

/** Returns the sums of all activities in scope; zeros if there are none. */
export async function getTotal(
  sql: Sql,
  { athleteId, ...scope }: ActivityScope,
): Promise<TotalRow> {
  const [row] = await sql<TotalRow[]>`
    select ${totalColumns(sql)}
    from activities
    where athlete_id = ${athleteId}
      and ${whereInScope(sql, scope)}
  `;
  return row!;
}

/** Returns the sums of each sport group in scope, and of all other sports; zeros without activities. */
export async function getGroupTotals(
  sql: Sql,
  { athleteId, ...scope }: ActivityScope,
): Promise<Record<SportGroup | "other", TotalRow>> {
  const groups = Object.keys(SPORT_GROUPS) as SportGroup[];
  const members = groups.flatMap((group) =>
    SPORT_GROUPS[group].map((sport) => ({ group, sport }))
  );
  const rows = await sql<(TotalRow & { group: SportGroup | "other" })[]>`
    select coalesce(member.name, 'other') as group, ${totalColumns(sql)}
    from activities
    left join unnest(
      ${members.map(({ group }) => group)}::text[],
      ${members.map(({ sport }) => sport)}::text[]
    ) as member (name, sport) on member.sport = sport_type
    where athlete_id = ${athleteId}
      and ${whereInScope(sql, scope)}
    group by 1
  `;
  const found = new Map(rows.map(({ group, ...total }) => [group, total]));
  const getSums = (group: SportGroup | "other"): TotalRow =>
    found.get(group) ?? ZERO_TOTAL;
  return {
    run: getSums("run"),
    ride: getSums("ride"),
    swim: getSums("swim"),
    other: getSums("other"),
  };
}

/**
 * Lists the sums of the 12 local months up to and including `month` ("2025-12"), newest first.
 * Months without activities in scope have zeros.
 */
export async function listMonthTotals(
  sql: Sql,
  { athleteId, month, ...scope }: ActivityScope & { month: string },
): Promise<(TotalRow & { month: string })[]> {
  return await sql<(TotalRow & { month: string })[]>`
    with months as (
      select first_day::timestamp
      from generate_series(
        ${`${month}-01`}::timestamp - interval '11 months',
        ${`${month}-01`}::timestamp,
        interval '1 month'
      ) first_day
    ),
    totals as (
      select date_trunc('month', start_date_local) as first_day, ${
    totalColumns(sql)
  }
      from activities
      where athlete_id = ${athleteId}
        and ${whereInScope(sql, scope)}
        and start_date_local >= ${`${month}-01`}::timestamp - interval '11 months'
        and start_date_local < ${`${month}-01`}::timestamp + interval '1 month'
      group by 1
    )
    select
      to_char(months.first_day, 'YYYY-MM') as month,
      coalesce(totals.count, 0) as count,
      coalesce(totals.distance, 0) as distance,
      coalesce(totals."movingTime", 0) as "movingTime",
      coalesce(totals."elevationGain", 0) as "elevationGain"
    from months
    left join totals on totals.first_day = months.first_day
    order by months.first_day desc
  `;
}

/** The column that names a sport: Strava's older `type`, or its newer `sport_type`. */
export type SportColumn = "type" | "sport_type";

/** Lists the sums of each sport in scope, the most frequent sport first. */
export async function listSportTotals(
  sql: Sql,
  { athleteId, by, ...scope }: ActivityScope & { by: SportColumn },
): Promise<(TotalRow & { sport: string })[]> {
  const sport = by === "type" ? sql`type` : sql`sport_type`;
  return await sql<(TotalRow & { sport: string })[]>`
    select ${sport} as sport, ${totalColumns(sql)}
    from activities
    where athlete_id = ${athleteId}
      and ${whereInScope(sql, scope)}
    group by ${sport}
    order by count desc, sport
  `;
}

/** Lists the sums of each sport in each local year in scope, newest year first. */
export async function listYearTotals(
  sql: Sql,
  { athleteId, by, ...scope }: ActivityScope & { by: SportColumn },
): Promise<(TotalRow & { year: number; sport: string })[]> {
  const sport = by === "type" ? sql`type` : sql`sport_type`;
  return await sql<(TotalRow & { year: number; sport: string })[]>`
    select
      date_part('year', start_date_local)::integer as year,
      ${sport} as sport,
      ${totalColumns(sql)}
    from activities
    where athlete_id = ${athleteId}
      and ${whereInScope(sql, scope)}
    group by 1, ${sport}
    order by year desc, count desc, sport
  `;
}
