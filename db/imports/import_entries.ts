import type { Sql } from "../driver/client.ts";

/** A file of an upload to store. */
export interface EntryInput {
  place: number;
  state: "held" | "waiting" | "refused";
  name: string;
  /** SHA-256 of the uncompressed content in hexadecimal. */
  contentHash: string | null;
  /** The file, compressed with gzip. */
  content: Uint8Array | null;
  /** JSON of the file's row in the table of Strava's bulk export. */
  exportRow: string | null;
  reason: string | null;
}

/** A file that waits to be read. */
export interface WaitingEntry {
  place: number;
  name: string;
  contentHash: string | null;
  content: Uint8Array | null;
  exportRow: unknown;
  attempts: number;
}

/** A refused file with the reason. */
export interface RefusedEntry {
  place: number;
  name: string;
  reason: string;
}

/** The place of a file of the bulk export, and its row as JSON. */
export interface PlacedRow {
  place: number;
  row: string;
}

/** Stores files of an upload, all or none: call it in a transaction. */
export async function insertEntries(
  sql: Sql,
  { athleteId, importId, entries }: {
    athleteId: number;
    importId: number;
    entries: readonly EntryInput[];
  },
): Promise<void> {
  await Promise.all(entries.map((entry) =>
    sql`
      insert into import_entries (
        athlete_id, import_id, place, state, name, content_hash, content, export_row, reason
      )
      values (
        ${athleteId}, ${importId}, ${entry.place}, ${entry.state}, ${entry.name},
        decode(${entry.contentHash}, 'hex'), ${entry.content},
        ${entry.exportRow}::text::jsonb, ${entry.reason}
      )
    `
  ));
}

/** Gives held files their rows of the bulk export. */
export async function setExportRows(
  sql: Sql,
  { athleteId, importId, rows }: {
    athleteId: number;
    importId: number;
    rows: readonly PlacedRow[];
  },
): Promise<void> {
  await sql`
    update import_entries
    set export_row = listed.line::jsonb
    from unnest(
      ${rows.map(({ place }) => place)}::integer[],
      ${rows.map(({ row }) => row)}::text[]
    ) as listed (entry, line)
    where athlete_id = ${athleteId}
      and import_id = ${importId}
      and place = entry
      and state = 'held'
  `;
}

/** Lists the next files to read, in the order of the upload. */
export async function listWaiting(
  sql: Sql,
  { athleteId, importId, limit }: {
    athleteId: number;
    importId: number;
    limit: number;
  },
): Promise<Pick<WaitingEntry, "place" | "attempts">[]> {
  return await sql<Pick<WaitingEntry, "place" | "attempts">[]>`
    select place, attempts
    from import_entries
    where athlete_id = ${athleteId}
      and import_id = ${importId}
      and state = 'waiting'
    order by place
    limit ${limit}
  `;
}

/** Returns a waiting file, and counts the attempt to read it. */
export async function takeEntry(
  sql: Sql,
  { athleteId, importId, place }: {
    athleteId: number;
    importId: number;
    place: number;
  },
): Promise<WaitingEntry | undefined> {
  const [entry] = await sql<WaitingEntry[]>`
    update import_entries
    set attempts = attempts + 1
    where athlete_id = ${athleteId}
      and import_id = ${importId}
      and place = ${place}
      and state = 'waiting'
    returning
      place, name, encode(content_hash, 'hex') as "contentHash", content,
      export_row as "exportRow", attempts
  `;
  return entry;
}

/** Deletes a waiting file that was read. Returns `false` if another process was faster. */
export async function deleteEntry(
  sql: Sql,
  { athleteId, importId, place }: {
    athleteId: number;
    importId: number;
    place: number;
  },
): Promise<boolean> {
  const rows = await sql`
    delete from import_entries
    where athlete_id = ${athleteId}
      and import_id = ${importId}
      and place = ${place}
      and state = 'waiting'
    returning place
  `;
  return rows.length > 0;
}

/** Refuses a waiting file and drops its content. Returns `false` if another process was faster. */
export async function refuseEntry(
  sql: Sql,
  { athleteId, importId, place, reason }: {
    athleteId: number;
    importId: number;
    place: number;
    reason: string;
  },
): Promise<boolean> {
  const rows = await sql`
    update import_entries
    set state = 'refused', reason = ${reason}, content = null, export_row = null
    where athlete_id = ${athleteId}
      and import_id = ${importId}
      and place = ${place}
      and state = 'waiting'
    returning place
  `;
  return rows.length > 0;
}

/** Lists refused files, in the order of the upload. `afterPlace` is the last of the previous page. */
export async function listRefused(
  sql: Sql,
  { athleteId, importId, afterPlace, limit }: {
    athleteId: number;
    importId: number;
    afterPlace: number;
    limit: number;
  },
): Promise<RefusedEntry[]> {
  return await sql<RefusedEntry[]>`
    select place, name, reason
    from import_entries
    where athlete_id = ${athleteId}
      and import_id = ${importId}
      and state = 'refused'
      and place > ${afterPlace}
    order by place
    limit ${limit}
  `;
}
