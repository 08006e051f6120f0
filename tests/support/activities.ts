import type { Pool, Sql } from "../../db/driver/client.ts";

/**
 * Stores copies of stored activities with some columns changed. It leaves generated columns to
 * PostgreSQL.
 */
export async function copyActivities(
  sql: Pool,
  { changes, from }: {
    /** The changed columns as JSON. */
    changes: ReturnType<Sql>;
    /** The `from` clause, which must include `activities`. */
    from: ReturnType<Sql>;
  },
): Promise<void> {
  const columns = await sql<{ name: string }[]>`
    select column_name as name
    from information_schema.columns
    where table_name = 'activities'
      and is_generated = 'NEVER'
  `;
  const names = columns.map(({ name }) => name);
  await sql`
    insert into activities (${sql(names)})
    select ${sql(names)}
    from (
      select (jsonb_populate_record(activities, ${changes})).*
      from ${from}
    ) as copies
  `;
}
