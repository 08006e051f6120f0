import type { Sql } from "./driver/client.ts";
import { SPORT_GROUPS, toSportGroup } from "./sports.ts";

/** The activities that a statistic counts. */
export interface ActivityScope extends VisibilityFilter {
  athleteId: number;
  /** A group such as `run`, or a sport type in any case: `Run` is that type alone. */
  sport?: string | undefined;
  /** A group or a sport type that does not count. */
  excludeSport?: string | undefined;
  /** Includes activities that the owner excludes from statistics. Default: false. */
  withExcluded?: boolean | undefined;
  /** Only commutes, or none of them. */
  commute?: boolean | undefined;
  /** First local day, `2025-01-01`. */
  from?: string | undefined;
  /** Last local day, included. */
  to?: string | undefined;
  /**
   * Local days on which activities outside `visibility` count too; by default there are none. They
   * must be whole calendar months: otherwise the difference between two sums would show a single day.
   */
  hiddenDays?: { from?: string | undefined; to: string } | undefined;
}

/**
 * Returns the condition for the activities in scope. The query itself must restrict `athlete_id`,
 * so that the test of the queries sees that it does.
 */
export function whereInScope(
  sql: Sql,
  {
    sport,
    excludeSport,
    commute,
    from,
    to,
    visibility,
    hiddenDays,
    withExcluded,
  }: Omit<ActivityScope, "athleteId">,
): ReturnType<Sql> {
  const byStart = from === undefined
    ? sql``
    : sql`and start_date_local >= ${from}::date`;
  const byEnd = to === undefined
    ? sql``
    : sql`and start_date_local < ${to}::date + 1`;
  const byVisibility = visibility === undefined
    ? sql``
    : hiddenDays === undefined
    ? sql`and ${whereVisibility(sql, { visibility })}`
    : sql`and (
        ${whereVisibility(sql, { visibility })}
        or start_date_local < ${hiddenDays.to}::date + 1
        ${
      hiddenDays.from === undefined
        ? sql``
        : sql`and start_date_local >= ${hiddenDays.from}::date`
    }
      )`;
  const byExclusion = withExcluded ? sql`` : sql`and not excluded`;
  return sql`
    deleted_at is null ${byExclusion} ${
    whereKindInScope(sql, { sport, excludeSport, commute })
  } ${byStart} ${byEnd} ${byVisibility}
  `;
}

/** Returns the part of the condition that the sport and the use of an activity decide; `and` opens it. */
export function whereKindInScope(
  sql: Sql,
  { sport, excludeSport, commute }: Pick<
    ActivityScope,
    "sport" | "excludeSport" | "commute"
  >,
): ReturnType<Sql> {
  const bySport = sport === undefined
    ? sql``
    : sql`and ${whereSport(sql, sport)}`;
  const byOtherSport = excludeSport === undefined
    ? sql``
    : sql`and not ${whereSport(sql, excludeSport)}`;
  const byCommute = commute === undefined
    ? sql``
    : sql`and commute = ${commute}`;
  return sql`${bySport} ${byOtherSport} ${byCommute}`;
}

/** Returns the condition for a group such as `run`, or for a sport type in any case. */
function whereSport(sql: Sql, sport: string): ReturnType<Sql> {
  const group = toSportGroup(sport);
  return group
    ? sql`sport_type = any(${[...SPORT_GROUPS[group]]})`
    : sql`${whereSameText(sql, sql`sport_type`, sport)}`;
}

/**
 * Returns the condition for a column that equals a text in any case. The collation makes it
 * independent of the database's locale: in a Turkish one, lower('I') is not 'i'.
 */
export function whereSameText(
  sql: Sql,
  column: ReturnType<Sql>,
  text: string,
): ReturnType<Sql> {
  return sql`lower(${column} collate pg_c_utf8) = lower(${text} collate pg_c_utf8)`;
}

/** The visibilities that let the caller see a single activity. */
export interface VisibilityFilter {
  /** `undefined` shows every activity. */
  visibility: readonly string[] | undefined;
}

/** Returns the condition for activities that exist and that the caller may see. */
export function whereVisible(
  sql: Sql,
  { visibility }: VisibilityFilter,
): ReturnType<Sql> {
  return sql`deleted_at is null and ${whereVisibility(sql, { visibility })}`;
}

/**
 * Returns the same condition without `deleted_at`, to be selected as a column. The covering index
 * does not hold `deleted_at`, so selecting it would make PostgreSQL read the table.
 *
 * The visibilities are single parameters, not an array: the first queries of a process contain this
 * condition, and the driver cannot send arrays before its first connection has read their types.
 */
export function whereVisibility(
  sql: Sql,
  { visibility }: VisibilityFilter,
): ReturnType<Sql> {
  if (visibility === undefined) return sql`true`;
  return visibility.length === 0
    ? sql`false`
    : sql`visibility in ${sql([...visibility])}`;
}

/**
 * Returns the condition under which the caller may see an activity's heart rate, and its Relative
 * Effort, which Strava computes from it. Those who see every activity see every heart rate.
 */
export function whereHeartRateShown(
  sql: Sql,
  { visibility }: VisibilityFilter,
): ReturnType<Sql> {
  return visibility === undefined ? sql`true` : sql`not heartrate_opt_out`;
}
