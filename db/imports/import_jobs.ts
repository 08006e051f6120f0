import type { Pool, Sql } from "../driver/client.ts";

/** The numbers of an import's files by result. */
export interface ImportCounts {
  imported: number;
  merged: number;
  updated: number;
  unchanged: number;
  refused: number;
}

/** The visibility of imported activities. */
export type ImportVisibility = "everyone" | "followers_only" | "only_me";

/** A row of `imports`: an upload and what became of its files. */
export interface ImportJob extends ImportCounts {
  athleteId: number;
  id: number;
  name: string;
  state: "receiving" | "importing" | "done";
  /** Why not everything arrived or could be read. */
  problem: string | null;
  /** Bytes of the upload, if the client announced them. */
  size: number | null;
  receivedBytes: number;
  files: number;
  ignored: number;
  startedAt: Date;
  endedAt: Date | null;
}

/** Time without a sign of life after which an upload counts as broken off, in seconds. */
const RECEIVING_SECONDS = 60;

/**
 * Stores a new import. Returns its id, or `undefined` while the athlete has an upload.
 */
export async function insertImport(
  sql: Sql,
  { athleteId, name, timeZone, visibility, size, now }: {
    athleteId: number;
    name: string;
    timeZone: string;
    visibility: ImportVisibility;
    size: number | null;
    now: Date;
  },
): Promise<number | undefined> {
  const [row] = await sql<{ id: number }[]>`
    insert into imports (
      athlete_id, name, time_zone, visibility, size, started_at, receiving_until
    )
    values (
      ${athleteId}, ${name}, ${timeZone}, ${visibility}, ${size}, ${now},
      ${toEnd(now, RECEIVING_SECONDS)}
    )
    on conflict (athlete_id) where state = 'receiving' do nothing
    returning id
  `;
  return row?.id;
}

/** Returns one import of the athlete. */
export async function getImport(
  sql: Sql,
  { athleteId, id }: { athleteId: number; id: number },
): Promise<ImportJob | undefined> {
  const [row] = await sql<ImportJob[]>`
    select ${jobColumns(sql)}
    from imports
    where athlete_id = ${athleteId}
      and id = ${id}
  `;
  return row;
}

/** Lists the athlete's imports, newest first. `beforeId` is the last id of the previous page. */
export async function listImports(
  sql: Sql,
  { athleteId, beforeId = null, limit }: {
    athleteId: number;
    beforeId?: number | null;
    limit: number;
  },
): Promise<ImportJob[]> {
  return await sql<ImportJob[]>`
    select ${jobColumns(sql)}
    from imports
    where athlete_id = ${athleteId}
      and (${beforeId}::bigint is null or id < ${beforeId})
    order by id desc
    limit ${limit}
  `;
}

function jobColumns(sql: Sql): ReturnType<Sql> {
  return sql`
    athlete_id as "athleteId", id, name, state, problem, size, received_bytes as "receivedBytes",
    files, ignored, imported, merged, updated, unchanged, refused, started_at as "startedAt",
    ended_at as "endedAt"
  `;
}

/**
 * Records how much of an upload has arrived, and that it goes on. Returns `false` if it counts as
 * broken off: then the caller must stop and roll back its transaction.
 */
export async function noteReceived(
  sql: Sql,
  { athleteId, id, receivedBytes, found, now }: {
    athleteId: number;
    id: number;
    receivedBytes: number;
    /** Numbers of entries to add. */
    found: {
      files: number;
      ignored: number;
      unchanged: number;
      refused: number;
    };
    now: Date;
  },
): Promise<boolean> {
  const rows = await sql`
    update imports
    set
      received_bytes = ${receivedBytes},
      receiving_until = ${toEnd(now, RECEIVING_SECONDS)},
      files = files + ${found.files},
      ignored = ignored + ${found.ignored},
      unchanged = unchanged + ${found.unchanged},
      refused = refused + ${found.refused}
    where athlete_id = ${athleteId}
      and id = ${id}
      and state = 'receiving'
    returning id
  `;
  return rows.length > 0;
}

/** Ends the upload of an import, whose files are then all waiting. Runs in a transaction with them. */
export async function endReceiving(
  sql: Sql,
  { athleteId, id, problem }: {
    athleteId: number;
    id: number;
    problem: string | null;
  },
): Promise<void> {
  await sql`
    update imports
    set state = 'importing', problem = ${problem}, receiving_until = null
    where athlete_id = ${athleteId}
      and id = ${id}
      and state = 'receiving'
  `;
  await sql`
    update import_entries
    set state = 'waiting'
    where athlete_id = ${athleteId}
      and import_id = ${id}
      and state = 'held'
  `;
}

/** Ends the uploads that no process receives any more, as after a crash. */
export async function endAbandonedUploads(
  pool: Pool,
  { athleteId, problem, now }: {
    athleteId: number;
    problem: string;
    now: Date;
  },
): Promise<void> {
  await pool.begin(async (sql) => {
    const rows = await sql<{ id: number }[]>`
      select id
      from imports
      where athlete_id = ${athleteId}
        and state = 'receiving'
        and receiving_until <= ${now}
      for update
    `;
    for (const { id } of rows) {
      await endReceiving(sql, { athleteId, id, problem });
    }
  });
}

/** Lists the athletes with an import that has not ended. */
export async function listAthletesWithImports(sql: Sql): Promise<number[]> {
  const rows = await sql<{ athleteId: number }[]>`
    select distinct athlete_id as "athleteId"
    from imports
    where state <> 'done'
    order by athlete_id
  `;
  return rows.map(({ athleteId }) => athleteId);
}

/** Adds one file to the counts of an import. */
export async function countResult(
  sql: Sql,
  { athleteId, id, result }: {
    athleteId: number;
    id: number;
    result: keyof ImportCounts;
  },
): Promise<void> {
  await sql`
    update imports
    set ${sql(result)} = ${sql(result)} + 1
    where athlete_id = ${athleteId}
      and id = ${id}
  `;
}

/** Deletes the imports of all athletes that ended before a time, with what they refused. */
export async function deleteOldImports(
  sql: Sql,
  { before }: { before: Date },
): Promise<void> {
  await sql`
    delete from imports
    where ended_at < ${before}
  `;
}

/** Returns the time after some seconds. */
export function toEnd(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}
