import type { Sql } from "./driver/client.ts";

/** Whether an athlete lacks something that the next minute's tick should go on with. */
export function isUnfinished(sql: Sql): ReturnType<Sql> {
  return sql`(
    failures > 0
    or backfilled_at is null
    or walk_began_at is not null
    or full_walk_asked_at is not null
  )`;
}
