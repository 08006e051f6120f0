import type { Sql } from "../driver/client.ts";
import type { FileKind } from "./imported_files.ts";
import type { Placement, RecordingRow } from "./recordings.ts";

/** A recording of an activity with its file and device, for the athlete's owner. */
export interface FileSourceRow extends
  Pick<
    RecordingRow,
    | "contentHash"
    | "place"
    | "stravaId"
    | "kind"
    | "importedAt"
    | "figures"
    | "listed"
  > {
  fileName: string;
  /** Bytes of the uncompressed file. */
  fileSize: number;
  /** False with `KEEP_ORIGINALS=false`: the file itself is not stored. */
  isKept: boolean;
  deviceMaker: string | null;
  deviceProduct: string | null;
  placement: Placement;
}

/** Lists the recordings of an activity, the first imported first. */
export async function listFileSources(
  sql: Sql,
  { athleteId, id }: { athleteId: number; id: number },
): Promise<FileSourceRow[]> {
  return await sql<FileSourceRow[]>`
    select
      encode(recordings.content_hash, 'hex') as "contentHash",
      place,
      strava_id as "stravaId",
      figures,
      listed,
      placement,
      device_maker as "deviceMaker",
      device_product as "deviceProduct",
      kind,
      name as "fileName",
      size as "fileSize",
      original is not null as "isKept",
      imported_at as "importedAt"
    from recordings
    join imported_files
      on imported_files.athlete_id = recordings.athlete_id
      and imported_files.content_hash = recordings.content_hash
    where recordings.athlete_id = ${athleteId}
      and activity_id = ${id}
    order by imported_at, recordings.content_hash, place
  `;
}

/** One of Strava's activities as a source: the activity itself, or one that was merged into it. */
export interface StravaSourceRow {
  id: number;
  name: string;
  startDate: Date;
  fetchedAt: Date;
  /** True if it was merged into the activity, false for the activity itself. */
  isMerged: boolean;
  /** The totals that it states itself. Without Strava's answer, all that are stored. */
  columns: readonly string[];
}

/** Lists Strava's activities among the sources of an activity, its own first. */
export async function listStravaSources(
  sql: Sql,
  { athleteId, id }: { athleteId: number; id: number },
): Promise<StravaSourceRow[]> {
  return await sql<StravaSourceRow[]>`
    select
      id, name, start_date as "startDate", fetched_at as "fetchedAt", id <> ${id} as "isMerged",
      array_remove(array[
        'distance', 'moving_time', 'elapsed_time', 'total_elevation_gain', 'average_speed',
        'max_speed',
        case when raw ? 'average_heartrate' or (raw is null and average_heartrate is not null)
          then 'average_heartrate' end,
        case when raw ? 'max_heartrate' or (raw is null and max_heartrate is not null)
          then 'max_heartrate' end
      ], null) as columns
    from activities
    where athlete_id = ${athleteId}
      and source = 'strava'
      and id in (
        select ${id}::bigint
        union all
        select activity_id
        from activity_edits
        where activity_edits.athlete_id = ${athleteId}
          and merged_into = ${id}
      )
    order by id = ${id} desc, id
  `;
}

/** Returns a stored file, compressed with gzip, if it is kept. */
export async function getOriginal(
  sql: Sql,
  { athleteId, contentHash }: { athleteId: number; contentHash: string },
): Promise<
  { name: string; kind: FileKind; original: Uint8Array } | undefined
> {
  const [file] = await sql<
    { name: string; kind: FileKind; original: Uint8Array }[]
  >`
    select name, kind, original
    from imported_files
    where athlete_id = ${athleteId}
      and content_hash = decode(${contentHash}, 'hex')
      and original is not null
  `;
  return file;
}
