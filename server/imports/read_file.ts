import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { ImportedFile } from "../../db/imports/imported_files.ts";
import type {
  ListedFigures,
  RecordingInput,
} from "../../db/imports/recordings.ts";
import { FileRefused } from "../recordings/file_refused.ts";
import { gunzip, isGzip } from "../recordings/gunzip.ts";
import {
  MAX_FILE_BYTES,
  parseActivityFile,
} from "../recordings/parse_activity_file.ts";
import type { Recording } from "../recordings/recording.ts";
import type { ExportedActivity } from "../recordings/strava_export/exported_activity.ts";
import {
  type ImportChoices,
  toFigures,
  toListedFigures,
  toManualFigures,
} from "./figures.ts";
import { toRecordedProfile } from "./recorded_profile.ts";
import { toText } from "./text.ts";
import { toRecordedStreams } from "./recorded_streams.ts";

/** Version of the parser. It grows when the same files give other streams, laps, lengths or values. */
export const PARSER_VERSION = 3;

/** A file whose content is known. It is parsed only if it is new. */
export interface ReadFile {
  name: string;
  /** SHA-256 of the uncompressed content in hexadecimal. */
  contentHash: string;
  /** Figures of the file's row in the bulk export. */
  listed: ListedFigures | null;
  /** Parses the file. Throws `FileRefused` if no activity can be read from it. */
  parse(): Promise<ParsedImport>;
}

/** A parsed file, ready to be stored. */
export interface ParsedImport {
  file: ImportedFile;
  /** At least one. */
  recordings: RecordingInput[];
}

/** Choices of an import, and whether the files themselves are kept. */
export interface ReadOptions extends ImportChoices {
  keepOriginals: boolean;
  now: Date;
}

/** Reads a file. Throws `FileRefused` if it cannot be decompressed or is too large. */
export function readFile(
  { name, bytes, row }: {
    name: string;
    bytes: Uint8Array;
    /** The file's row in Strava's bulk export. */
    row?: ExportedActivity | undefined;
  },
  options: ReadOptions,
): ReadFile {
  if (bytes.length > MAX_FILE_BYTES) throw new FileRefused("too_large");
  const content = isGzip(bytes)
    ? gunzip(bytes, { maxBytes: MAX_FILE_BYTES })
    : bytes;
  if (content.length === 0) throw new FileRefused("empty");
  const contentHash = hash(content);
  const listed = row ? toListedFigures(row) : null;
  return {
    name,
    contentHash,
    listed,
    async parse() {
      const { kind, recordings } = parseActivityFile(content, options);
      const file = { name, contentHash, kind, content };
      return {
        file: await toImportedFile(file, options),
        recordings: recordings.map((recording) => ({
          ...toRecording(recording, { contentHash, options }),
          // The row is that of the whole file, whose first activity Strava shows.
          ...recording.index === 0 &&
            { listed, stravaId: listed?.strava_id ?? null },
        })),
      };
    },
  };
}

/** Reads an activity that was entered by hand: a row of the bulk export with a date. */
export function readManual(
  row: ExportedActivity & { startedAt: Date },
  options: ReadOptions,
): ReadFile {
  // Its gear is not part of it: the tables that tell which one is meant may be missing once.
  const { row: number, gear: _, ...values } = row;
  // A later edit at Strava must not make another activity of it.
  const identity = row.id === null ? values : { id: row.id };
  const contentHash = hash(
    new TextEncoder().encode(`manual ${JSON.stringify(identity)}`),
  );
  const listed = toListedFigures(row);
  const content = new TextEncoder().encode(JSON.stringify(values));
  const name = `activities.csv, row ${number}`;
  return {
    name,
    contentHash,
    listed,
    async parse() {
      const file = { name, contentHash, kind: "manual" as const, content };
      return {
        file: await toImportedFile(file, options),
        recordings: [{
          contentHash,
          place: 0,
          stravaId: row.id,
          device: { maker: null, product: null, serial: null },
          parserVersion: PARSER_VERSION,
          figures: toManualFigures(row, options),
          listed,
          profile: null,
          data: null,
        }],
      };
    },
  };
}

function toRecording(
  recording: Recording,
  { contentHash, options }: { contentHash: string; options: ReadOptions },
): RecordingInput {
  const { maker, product, serial } = recording.device;
  return {
    contentHash,
    place: recording.index,
    stravaId: null,
    device: {
      maker: toText(maker),
      product: toText(product),
      serial: toText(serial),
    },
    parserVersion: PARSER_VERSION,
    figures: toFigures(recording, options),
    listed: null,
    profile: toRecordedProfile(recording),
    data: toRecordedStreams(recording),
  };
}

/** Returns a file as it is stored, with its content if that is kept. */
export async function toImportedFile(
  { name, contentHash, kind, content }:
    & Pick<ImportedFile, "name" | "contentHash" | "kind">
    & { content: Uint8Array },
  { keepOriginals }: Pick<ReadOptions, "keepOriginals">,
): Promise<ImportedFile> {
  return {
    contentHash,
    kind,
    // The folders are those of the person's machine.
    name: toText(name.replace(/^.*[/\\]/, "")) ?? "",
    size: content.length,
    original: keepOriginals ? await promisify(gzip)(content) : null,
  };
}

function hash(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
