import type { Sql } from "../driver/client.ts";

/**
 * Packs the months of all activities again, as a restore must: it copies activities without triggers. A
 * statement packs the months of one athlete at a time, so that the lists stay short.
 */
export async function packAllMonths(sql: Sql): Promise<void> {
  await sql`
    select pack_months(array_agg(athlete_id), array_agg(month))
    from (
      select distinct athlete_id, date_trunc('month', start_date_local)::date as month
      from activities
    ) as stored
    group by athlete_id
  `;
}
