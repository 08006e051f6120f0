import type { Sql } from "../driver/client.ts";

/** A file whose recordings were read by an older parser. */
export interface OutdatedFile {
  contentHash: string;
  name: string;
  /** Whether the file itself is kept. */
  isKept: boolean;
}

/** Lists files whose recordings were read by a parser before `parserVersion`, in the order of hashes. */
export async function listOutdatedFiles(
  sql: Sql,
  { athleteId, parserVersion }: { athleteId: number; parserVersion: number },
): Promise<OutdatedFile[]> {
  return await sql<OutdatedFile[]>`
    select
      encode(content_hash, 'hex') as "contentHash",
      name,
      original is not null as "isKept"
    from imported_files
    where athlete_id = ${athleteId}
      and kind <> 'manual'
      and exists (
        select
        from recordings
        where recordings.athlete_id = ${athleteId}
          and recordings.content_hash = imported_files.content_hash
          and parser_version < ${parserVersion}
      )
    order by content_hash
  `;
}

/** Returns a kept file, compressed with gzip. */
export async function getOriginal(
  sql: Sql,
  { athleteId, contentHash }: { athleteId: number; contentHash: string },
): Promise<Uint8Array | undefined> {
  const [row] = await sql<{ original: Uint8Array | null }[]>`
    select original
    from imported_files
    where athlete_id = ${athleteId}
      and content_hash = decode(${contentHash}, 'hex')
  `;
  return row?.original ?? undefined;
}

/** Records that a newer parser has read the recordings of a file. Returns their places and activities. */
export async function updateParserVersion(
  sql: Sql,
  { athleteId, contentHash, parserVersion }: {
    athleteId: number;
    contentHash: string;
    parserVersion: number;
  },
): Promise<{ place: number; activityId: number }[]> {
  return await sql<{ place: number; activityId: number }[]>`
    update recordings
    set parser_version = ${parserVersion}
    where athlete_id = ${athleteId}
      and content_hash = decode(${contentHash}, 'hex')
    returning place, activity_id as "activityId"
  `;
}
