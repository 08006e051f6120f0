import type { FileGear } from "../../../db/imports/file_gear.ts";
import type { ImportChoices } from "../figures.ts";
import type { ParsedImport, ReadFile } from "../read_file.ts";

/** Largest file of an upload in bytes, also decompressed. It bounds the memory of a worker. */
export const MAX_UPLOADED_FILE_BYTES = 50_000_000;

/** A file to parse. */
export interface ParseRequest {
  kind: "parse";
  id: number;
  name: string;
  /** The file, compressed with gzip; null for an activity entered by hand. */
  content: Uint8Array | null;
  /** The file's row in the table of Strava's bulk export, as JSON. */
  exportRow: unknown;
  options: ImportChoices & { keepOriginals: boolean; now: Date };
}

/** A file that was read, ready to be stored. */
export interface ParsedFile extends Pick<ReadFile, "contentHash" | "listed"> {
  parsed: ParsedImport;
}

/** The answer to a {@link ParseRequest}. */
export type ParseAnswer =
  | { kind: "parsed"; id: number; file: ParsedFile }
  | { kind: "refused"; id: number; reason: string };

/** The beginning of an upload to read. The worker then asks for its bytes with `pull`. */
export interface ReadRequest {
  kind: "read";
  /** Name of the uploaded file. */
  name: string;
  /** Hashes of the files that are stored, 32 bytes each. */
  known: Uint8Array;
  options: ParseRequest["options"];
}

/** The next bytes of an upload, or its end. `cut`: no more will come, although it is not complete. */
export type UploadPart =
  | { kind: "bytes"; bytes: Uint8Array }
  | { kind: "end" }
  | { kind: "cut"; reason: string };

/** A message to the worker that reads an upload. */
export type ReaderInput = ReadRequest | UploadPart | { kind: "stored" };

/** A file of an upload that is not known yet, or refused. */
export interface FoundEntry {
  place: number;
  name: string;
  /** SHA-256 of the content in hexadecimal; null for a refused file. */
  contentHash: string | null;
  content: Uint8Array | null;
  /** Whether the tables of the bulk export may say something about it. */
  isHeld: boolean;
  reason: string | null;
}

/** A file, or an activity entered by hand, that is stored already, and its row of the bulk export. */
export interface KnownEntry extends Pick<ReadFile, "contentHash" | "listed"> {
  place: number;
  name: string;
  exportRow: string;
}

/** Files of an upload. The worker waits until they are stored. */
export interface FoundBatch {
  kind: "found";
  entries: FoundEntry[];
  /** Numbers of other files and entries since the last batch. */
  ignored: number;
  unchanged: number;
}

/** The end of an upload, and what the tables of the bulk export say about its files. */
export interface ReadEnd {
  kind: "read";
  /** Rows of held files, as JSON. */
  rows: { place: number; row: string }[];
  /** Files that are stored, and have a row. They are not among those of `unchanged`. */
  known: KnownEntry[];
  /** Activities entered by hand that are not stored, as JSON. */
  manual: { place: number; name: string; row: string }[];
  /** Bikes and shoes. */
  gear: FileGear[];
  /** Rows and tables that cannot be imported. */
  problems: { place: number; name: string; reason: string }[];
  /** Why not everything was read. */
  problem: string | null;
}

/** A message of the worker that reads an upload. */
export type ReaderOutput = { kind: "pull" } | FoundBatch | ReadEnd;
