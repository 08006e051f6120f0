import type { Sql } from "../driver/client.ts";

/** The kind of an imported file. `manual` is an activity entered by hand, in Strava's bulk export. */
export type FileKind = "fit" | "gpx" | "tcx" | "manual";

/** A file to store. */
export interface ImportedFile {
  /** SHA-256 of the uncompressed content in hexadecimal. */
  contentHash: string;
  kind: FileKind;
  name: string;
  /** Bytes of the uncompressed content. */
  size: number;
  /** The content, compressed with gzip, or `null` if it is not kept. */
  original: Uint8Array | null;
}

/** Reports whether a file with this content was imported for the athlete. */
export async function hasImportedFile(
  sql: Sql,
  { athleteId, contentHash }: { athleteId: number; contentHash: string },
): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (
      select
      from imported_files
      where athlete_id = ${athleteId}
        and content_hash = decode(${contentHash}, 'hex')
    ) as found
  `;
  return row!.found;
}

/** Stores a file. */
export async function insertImportedFile(
  sql: Sql,
  { athleteId, file, now }: {
    athleteId: number;
    file: ImportedFile;
    now: Date;
  },
): Promise<void> {
  await sql`
    insert into imported_files (
      athlete_id, content_hash, kind, name, size, original, imported_at
    )
    values (
      ${athleteId}, decode(${file.contentHash}, 'hex'), ${file.kind}, ${file.name}, ${file.size},
      ${file.original}, ${now}
    )
  `;
}

/** Records that data came by file: answers computed before are out of date. */
export async function markImported(
  sql: Sql,
  { athleteId, now }: { athleteId: number; now: Date },
): Promise<void> {
  await sql`
    update sync_state
    set last_import_at = ${now}, data_version = data_version + 1
    where athlete_id = ${athleteId}
  `;
}

/** Returns the hashes of all files that were imported for the athlete, 32 bytes each, in one piece. */
export async function listContentHashes(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<Uint8Array> {
  const [row] = await sql<{ hashes: Uint8Array }[]>`
    select coalesce(string_agg(content_hash, ''), '') as hashes
    from imported_files
    where athlete_id = ${athleteId}
  `;
  return row!.hashes;
}

/** Returns the id of the activity that a stored recording belongs to. */
export async function findRecordedActivity(
  sql: Sql,
  { athleteId, contentHash, place }: {
    athleteId: number;
    contentHash: string;
    place: number;
  },
): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    select activity_id as id
    from recordings
    where athlete_id = ${athleteId}
      and content_hash = decode(${contentHash}, 'hex')
      and place = ${place}
  `;
  return row!.id;
}
