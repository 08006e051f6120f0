import {
  type ActivityScope,
  whereInScope,
  whereSameText,
} from "./activity_scope.ts";
import type { Sql } from "./driver/client.ts";

/** The filters of a list of activities; an activity has to match each filter given. */
export interface ActivityFilter extends ActivityScope {
  year?: number | undefined;
  /** Matches `type` or `sport_type` in any case. */
  activityType?: string | undefined;
  gearId?: string | undefined;
  /** Metres. */
  minDistance?: number | undefined;
  /** Metres. */
  maxDistance?: number | undefined;
  /** Words of the name, in the syntax of `websearch_to_tsquery`. */
  q?: string | undefined;
  trainer?: boolean | undefined;
  hasMap?: boolean | undefined;
}

/** Returns the condition for the activities that match; the query must restrict `athlete_id`. */
export function whereMatching(
  sql: Sql,
  { athleteId, q, ...filter }: ActivityFilter,
): ReturnType<Sql> {
  const { year, activityType, gearId, minDistance, maxDistance } = filter;
  const { trainer, hasMap } = filter;
  return sql`
    ${whereInScope(sql, { ...filter, withExcluded: true })}
    ${
    year === undefined ? sql`` : sql`
      and start_date_local >= make_date(${year}, 1, 1)
      and start_date_local < make_date(${year + 1}, 1, 1)
    `
  }
    ${
    activityType === undefined ? sql`` : sql`and (
        ${whereSameText(sql, sql`type`, activityType)}
        or ${whereSameText(sql, sql`sport_type`, activityType)}
      )`
  }
    ${gearId === undefined ? sql`` : sql`and gear_id = ${gearId}`}
    ${minDistance === undefined ? sql`` : sql`and distance >= ${minDistance}`}
    ${maxDistance === undefined ? sql`` : sql`and distance <= ${maxDistance}`}
    ${trainer === undefined ? sql`` : sql`and trainer = ${trainer}`}
    ${hasMap === undefined ? sql`` : sql`and has_map = ${hasMap}`}
    ${q === undefined ? sql`` : sql`and ${whereNamed(sql, { athleteId, q })}`}
  `;
}

/**
 * Returns the condition for activities whose name matches a search. The subquery finds them in the
 * search index first. Otherwise PostgreSQL might parse the name of each activity that it visits.
 */
function whereNamed(
  sql: Sql,
  { athleteId, q }: { athleteId: number; q: string },
): ReturnType<Sql> {
  return sql`
    id in (
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
