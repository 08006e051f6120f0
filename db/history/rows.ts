import { whereHeartRateShown, whereInScope } from "../activity_scope.ts";
import type { Sql } from "../driver/client.ts";
import type { HistoryField, HistoryPart, HistoryQuery } from "./history.ts";

/** Lists the activities in scope in the order of `listHistory`, from the table itself. */
export async function readRows<Field extends HistoryField, Row>(
  sql: Sql,
  { athleteId, fields, toRow, ...scope }: HistoryQuery<Field, Row>,
): Promise<Row[]> {
  const isShown = whereHeartRateShown(sql, scope);
  const columns: Record<HistoryField, ReturnType<Sql>> = {
    id: sql`id`,
    time: sql`date_part('epoch', start_date_local::time) as time`,
    distance: sql`distance`,
    movingTime: sql`moving_time as "movingTime"`,
    elevationGain: sql`total_elevation_gain as "elevationGain"`,
    averageHeartrate: sql`
      case when ${isShown} then average_heartrate end as "averageHeartrate"
    `,
    sufferScore:
      sql`case when ${isShown} then suffer_score end as "sufferScore"`,
  };
  // The driver takes an empty array for a parameter.
  const selected = fields.length === 0
    ? sql``
    : fields.map((field) => sql`, ${columns[field]}`);
  const activities = await sql<HistoryPart<Field>[]>`
    select
      start_date_local::date as date,
      sport_type as "sportType",
      type
      ${selected}
    from activities
    where athlete_id = ${athleteId}
      and ${whereInScope(sql, scope)}
    order by start_date_local, id
  `;
  return activities.map((activity) => toRow(activity));
}
