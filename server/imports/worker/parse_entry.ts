import { FileRefused } from "../../recordings/file_refused.ts";
import type { ExportedActivity } from "../../recordings/strava_export/exported_activity.ts";
import { readFile, readManual } from "../read_file.ts";
import type { ParseAnswer, ParsedFile, ParseRequest } from "./messages.ts";

/** Parses a file. Returns the answer, and what moves to the other thread with it. */
export async function parseEntry(
  request: ParseRequest,
): Promise<{ answer: ParseAnswer; transfer: Transferable[] }> {
  const { id } = request;
  try {
    const file = await parse(request);
    const { parsed } = file;
    if (!parsed.file.original) {
      return { answer: { kind: "parsed", id, file }, transfer: [] };
    }
    // A copy, because the buffer moves to another thread. zlib may share it with others.
    const original = new Uint8Array(parsed.file.original);
    parsed.file = { ...parsed.file, original };
    return {
      answer: { kind: "parsed", id, file },
      transfer: [original.buffer],
    };
  } catch (error) {
    const answer = { kind: "refused" as const, id, reason: describe(error) };
    return { answer, transfer: [] };
  }
}

async function parse(
  { name, content, exportRow, options }: ParseRequest,
): Promise<ParsedFile> {
  const row = toRow(exportRow);
  const file = content
    ? readFile({ name, bytes: content, row }, options)
    : readManual(requireDate(row), options);
  const { contentHash, listed } = file;
  return { contentHash, listed, parsed: await file.parse() };
}

/** Returns a row of the bulk export from its JSON. */
export function toRow(json: unknown): ExportedActivity | undefined {
  if (!json) return undefined;
  const row = json as ExportedActivity & { startedAt: string | null };
  const { startedAt } = row;
  return { ...row, startedAt: startedAt === null ? null : new Date(startedAt) };
}

/** Returns the row of an activity that was entered by hand. It has a date. */
export function requireDate(
  row: ExportedActivity | undefined,
): ExportedActivity & { startedAt: Date } {
  if (!row?.startedAt) throw new TypeError("The row has no date");
  return { ...row, startedAt: row.startedAt };
}

/** Returns why a file is refused. A fault of a parser is one too: the next file does not depend on it. */
export function describe(error: unknown): string {
  if (error instanceof FileRefused) return error.message;
  return `The file cannot be read: ${
    error instanceof Error ? error.message : String(error)
  }`;
}
