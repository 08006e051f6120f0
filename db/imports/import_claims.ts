import type { Sql } from "../driver/client.ts";
import { type ImportVisibility, toEnd } from "./import_jobs.ts";

/** An import whose files this process may read until its lease ends. */
export interface ImportClaim {
  athleteId: number;
  id: number;
  lease: string;
  timeZone: string;
  visibility: ImportVisibility;
}

/** Lease length in seconds. The longest file takes less to read. */
const LEASE_SECONDS = 60;
/** Claims the athlete's oldest import with files to read. Returns `undefined` if there is none. */
export async function claimImport(
  sql: Sql,
  { athleteId, now }: { athleteId: number; now: Date },
): Promise<ImportClaim | undefined> {
  const lease = crypto.randomUUID();
  const [claim] = await sql<ImportClaim[]>`
    update imports
    set lease = ${lease}, leased_until = ${toEnd(now, LEASE_SECONDS)}
    where athlete_id = ${athleteId}
      and id = (
        select id
        from imports
        where athlete_id = ${athleteId}
          and state <> 'done'
          and (leased_until is null or leased_until <= ${now})
          and (
            state = 'importing'
            or exists (
              select
              from import_entries
              where import_entries.athlete_id = ${athleteId}
                and import_id = imports.id
                and import_entries.state = 'waiting'
            )
          )
        order by id
        limit 1
        for update skip locked
      )
    returning athlete_id as "athleteId", id, lease, time_zone as "timeZone", visibility
  `;
  return claim;
}

/** Renews the lease. Returns `false` if another process has claimed the import. */
export async function renewImportLease(
  sql: Sql,
  { athleteId, id, lease, now }:
    & Omit<ImportClaim, "timeZone" | "visibility">
    & {
      now: Date;
    },
): Promise<boolean> {
  const rows = await sql`
    update imports
    set leased_until = ${toEnd(now, LEASE_SECONDS)}
    where athlete_id = ${athleteId}
      and id = ${id}
      and lease = ${lease}
    returning id
  `;
  return rows.length > 0;
}

/** Gives the lease back. The import has ended if its upload has, and no file is left to read. */
export async function releaseImport(
  sql: Sql,
  { athleteId, id, lease, now }:
    & Omit<ImportClaim, "timeZone" | "visibility">
    & {
      now: Date;
    },
): Promise<void> {
  await sql`
    update imports
    set
      lease = null,
      leased_until = null,
      state = case when ${hasEnded(sql, athleteId)} then 'done' else state end,
      ended_at = case when ${
    hasEnded(sql, athleteId)
  } then ${now}::timestamptz end
    where athlete_id = ${athleteId}
      and id = ${id}
      and lease = ${lease}
  `;
}

function hasEnded(sql: Sql, athleteId: number): ReturnType<Sql> {
  return sql`
    (
      state = 'importing'
      and not exists (
        select
        from import_entries
        where import_entries.athlete_id = ${athleteId}
          and import_id = imports.id
          and import_entries.state = 'waiting'
      )
    )
  `;
}
