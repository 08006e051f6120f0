import type { Sql } from "./driver/client.ts";

/** A batch of dropped raw JSON, and where the next batch continues. */
export interface DroppedRaw {
  dropped: number;
  /** Id of the last activity in the batch; `undefined` when none is left. */
  lastId: number | undefined;
}

/**
 * Drops the raw JSON fetched before a moment, of `limit` activities after `afterId`. The columns taken
 * from it stay.
 *
 * Locked rows are skipped: their writer either brings newer JSON or drops it too.
 */
export async function dropRaw(
  sql: Sql,
  { athleteId, fetchedBefore, afterId, limit }: {
    athleteId: number;
    fetchedBefore: Date;
    afterId: number;
    limit: number;
  },
): Promise<DroppedRaw> {
  const [row] = await sql<{ dropped: number; lastId: number | null }[]>`
    with old as materialized (
      select id
      from activities
      where athlete_id = ${athleteId}
        and id > ${afterId}
        and fetched_at < ${fetchedBefore}
        and num_nonnulls(raw) > 0
      order by id
      limit ${limit}
      for update skip locked
    ),
    emptied as (
      update activities
      set
        raw = null,
        dropped_raw_hash = coalesce(dropped_raw_hash, sha256(convert_to(raw::text, 'UTF8')))
      where athlete_id = ${athleteId}
        and id in (select id from old)
      returning id
    )
    select count(*) as dropped, max(id) as "lastId"
    from emptied
  `;
  return { dropped: row!.dropped, lastId: row!.lastId ?? undefined };
}
