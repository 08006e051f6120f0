import type { Sql } from "../driver/client.ts";
import { type RecordedProfile, toWallClock } from "./recorded_profiles.ts";
import {
  putRecordingStreams,
  type RecordingStreams,
} from "../streams/recording_streams.ts";
import type { FileGear } from "./file_gear.ts";
import type { FileKind } from "./imported_files.ts";
import { isOutdated, withStoredGear } from "./listed_gear.ts";

/** The origin of a total: the device, Strava's bulk export, our own computation, or the owner. */
export type FigureMethod = "device" | "listed" | "computed" | "entered";

/** A total with its origin. */
export interface Figure {
  value: number;
  method: FigureMethod;
}

/** The figures of a recording, as they are stored: totals by their names, in the units of the names. */
export interface RecordingFigures {
  /** ISO 8601, in UTC. */
  start_date: string;
  /** IANA name; null if only the device's offset is known. */
  timezone: string | null;
  /** Seconds east of UTC at the start. */
  utc_offset: number;
  /** Strava's `sport_type`; null if the file does not tell. */
  sport_type: string | null;
  name: string | null;
  /** Missing in figures that were stored before descriptions were read. */
  description?: string | null;
  trainer: boolean;
  /** Visibility of the activity, as the import was told. */
  visibility: string;
  totals: Partial<Record<string, Figure>>;
}

/** Figures of an activity in a row of Strava's bulk export, as they are stored. */
export interface ListedFigures {
  strava_id: number | null;
  sport_type: string | null;
  name: string | null;
  /** Missing in figures that were stored before descriptions were read. */
  description?: string | null;
  commute: boolean;
  race: boolean;
  relative_effort: number | null;
  /**
   * Null or missing if the row names none. In a row to store, missing means unknown: what is stored stays.
   */
  gear?: FileGear | null;
  totals: Partial<Record<string, Figure>>;
}

/** A recording to store. */
export interface RecordingInput {
  /** SHA-256 of the file in hexadecimal. */
  contentHash: string;
  /** Place within the file. */
  place: number;
  stravaId: number | null;
  device: {
    maker: string | null;
    product: string | null;
    serial: string | null;
  };
  parserVersion: number;
  figures: RecordingFigures;
  listed: ListedFigures | null;
  profile: RecordedProfile | null;
  /** Streams, laps and lengths; null for an activity that was entered by hand. */
  data: RecordingStreams | null;
}

/**
 * The reason why a recording belongs to its activity: the rules, or the owner, who has merged it into
 * the activity or split it off from another one.
 */
export type Placement = "automatic" | "merged" | "split";

/** A stored recording with what decides about its rank. */
export interface RecordingRow extends
  Pick<
    RecordingInput,
    "contentHash" | "place" | "stravaId" | "figures" | "listed"
  > {
  activityId: number;
  kind: FileKind;
  importedAt: Date;
}

/** Stores a recording of an activity with its streams. The file and the activity must be stored. */
export async function insertRecording(
  sql: Sql,
  { athleteId, activityId, recording }: {
    athleteId: number;
    activityId: number;
    recording: RecordingInput;
  },
): Promise<void> {
  const { contentHash, place, stravaId, device, parserVersion, data } =
    recording;
  const { figures, profile } = recording;
  const profileAt = profile
    ? toWallClock(sql, sql`${JSON.stringify(figures)}::text::jsonb`)
    : null;
  await sql`
    insert into recordings (
      athlete_id, content_hash, place, activity_id, strava_id, device_maker, device_product,
      device_serial, parser_version, figures, listed, profile, profile_at
    )
    values (
      ${athleteId}, decode(${contentHash}, 'hex'), ${place}, ${activityId}, ${stravaId},
      ${device.maker}, ${device.product}, ${device.serial}, ${parserVersion},
      ${JSON.stringify(figures)}::text::jsonb,
      ${toJson(recording.listed)}::text::jsonb,
      ${toJson(profile)}::text::jsonb, ${profileAt}
    )
  `;
  if (data) {
    await putRecordingStreams(sql, { athleteId, contentHash, place, data });
  }
}

/**
 * Replaces what the bulk export says about a recording. Gear stays if it is not known now. Returns the
 * activity if anything changed.
 */
export async function updateListed(
  sql: Sql,
  { athleteId, contentHash, place, listed }: {
    athleteId: number;
    contentHash: string;
    place: number;
    listed: ListedFigures;
  },
): Promise<number | undefined> {
  const given: ReturnType<Sql> = sql`${toJson(listed)}::text::jsonb`;
  const [row] = await sql<{ activityId: number }[]>`
    update recordings
    set listed = ${withStoredGear(sql, given)}, strava_id = ${listed.strava_id}
    where athlete_id = ${athleteId}
      and content_hash = decode(${contentHash}, 'hex')
      and place = ${place}
      and ${isOutdated(sql, given)}
    returning activity_id as "activityId"
  `;
  return row?.activityId;
}

/** Returns the hashes of imported files about which the bulk export says something else than before. */
export async function listOutdated(
  sql: Sql,
  { athleteId, files }: {
    athleteId: number;
    files: readonly Pick<RecordingInput, "contentHash" | "listed">[];
  },
): Promise<string[]> {
  const listed = files.filter((file) => file.listed !== null);
  if (listed.length === 0) return [];
  const rows = await sql<{ contentHash: string }[]>`
    select encode(content_hash, 'hex') as "contentHash"
    from recordings
    join unnest(
      ${listed.map(({ contentHash }) => contentHash)}::text[],
      ${listed.map((file) => toJson(file.listed))}::text[]
    ) as given (hash, figures_json) on content_hash = decode(given.hash, 'hex')
    where athlete_id = ${athleteId}
      and place = 0
      and ${isOutdated(sql, sql`given.figures_json::jsonb`)}
  `;
  return rows.map(({ contentHash }) => contentHash);
}

/** Reports whether any file was imported for the athlete. */
export async function hasRecordings(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (
      select
      from recordings
      where athlete_id = ${athleteId}
    ) as found
  `;
  return row!.found;
}

/** Lists the recordings of activities, the first imported first. */
export async function listRecordings(
  sql: Sql,
  { athleteId, activityIds }: {
    athleteId: number;
    activityIds: readonly number[];
  },
): Promise<RecordingRow[]> {
  return await sql<RecordingRow[]>`
    select
      encode(recordings.content_hash, 'hex') as "contentHash",
      place,
      strava_id as "stravaId",
      figures,
      listed,
      activity_id as "activityId",
      kind,
      imported_at as "importedAt"
    from recordings
    join imported_files
      on imported_files.athlete_id = recordings.athlete_id
      and imported_files.content_hash = recordings.content_hash
    where recordings.athlete_id = ${athleteId}
      and activity_id = any(${[...activityIds]}::bigint[])
    order by imported_at, recordings.content_hash, place
  `;
}

/** Moves all recordings of some activities to another one. */
export async function moveRecordings(
  sql: Sql,
  { athleteId, from, to }: {
    athleteId: number;
    from: readonly number[];
    to: number;
  },
): Promise<void> {
  await sql`
    update recordings
    set activity_id = ${to}
    where athlete_id = ${athleteId}
      and activity_id = any(${[...from]}::bigint[])
  `;
}

/** Moves single recordings to an activity, for their owner or according to the rules. */
export async function placeRecordings(
  sql: Sql,
  { athleteId, recordings, to, placement }: {
    athleteId: number;
    recordings: readonly Pick<RecordingRow, "contentHash" | "place">[];
    to: number;
    placement: Placement;
  },
): Promise<void> {
  const hashes = recordings.map(({ contentHash }) => contentHash);
  const places = recordings.map(({ place }) => place);
  await sql`
    update recordings
    set activity_id = ${to}, placement = ${placement}
    from unnest(${hashes}::text[], ${places}::integer[]) as moving (hash, place)
    where athlete_id = ${athleteId}
      and content_hash = decode(moving.hash, 'hex')
      and recordings.place = moving.place
  `;
}

/**
 * Moves recordings to Strava's activities that the bulk export names for them, unless the owner has
 * placed them. Returns the activities that they belonged to before.
 */
export async function moveListedRecordings(
  sql: Sql,
  { athleteId, ids }: { athleteId: number; ids: readonly number[] },
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    with moving as materialized (
      select content_hash, place, activity_id as id
      from recordings
      where athlete_id = ${athleteId}
        and strava_id = any(${[...ids]}::bigint[])
        and activity_id <> strava_id
        and placement = 'automatic'
    ),
    moved as (
      update recordings
      set activity_id = strava_id
      where athlete_id = ${athleteId}
        and (content_hash, place) in (select content_hash, place from moving)
    )
    select distinct id
    from moving
    order by id
  `;
  return rows.map(({ id }) => id);
}

function toJson(value: object | null): string | null {
  return value && JSON.stringify(value);
}
