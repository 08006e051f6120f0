import type { Sql } from "./driver/client.ts";

/** What was dropped of an athlete's activities, and where to go on. */
export interface DroppedRaw {
  dropped: number;
  /** The last activity of this batch; `undefined` once there is none left. */
  lastId: number | undefined;
}

/**
 * Drops Strava's answers that were fetched before a moment, of `limit` activities after `afterId`;
 * what was taken from them into columns stays.
 *
 * A row that somebody else has locked is left for the next time: whoever writes it brings a newer
 * answer, or does the same.
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
