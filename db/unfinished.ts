import type { Sql } from "./driver/client.ts";

/** Whether an athlete lacks something that the next minute's tick should go on with. */
export function whereUnfinished(sql: Sql): ReturnType<Sql> {
  return sql`(
    failures > 0
    or first_synced_at is null
    or full_sync_started_at is not null
    or full_sync_requested_at is not null
  )`;
}
