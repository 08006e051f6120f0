import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import {
  type ArchiveEntry,
  ArchiveRefused,
  EntryRefused,
} from "../../recordings/archive/archive_entry.ts";
import {
  isArchive,
  readArchive,
} from "../../recordings/archive/read_archive.ts";
import { FileRefused } from "../../recordings/file_refused.ts";
import { gunzip, isGzip } from "../../recordings/gunzip.ts";
import { FILENAME } from "../../recordings/strava_export/columns.ts";
import { readStravaExport } from "../../recordings/strava_export/read_strava_export.ts";
import { toListedFigures } from "../figures.ts";
import { toFileGear } from "../file_gear.ts";
import {
  type Inspection,
  isWanted,
  joinTables,
  toFilename,
  toRowName,
} from "../inspect.ts";
import { readManual } from "../read_file.ts";
import { toText } from "../text.ts";
import {
  type FoundEntry,
  MAX_UPLOADED_FILE_BYTES,
  type ReadEnd,
  type ReadRequest,
} from "./messages.ts";
import {
  openStream,
  peek,
  readWhole,
  type UploadLink,
} from "./upload_stream.ts";

/** Files and bytes that are sent together. */
const BATCH_FILES = 64;
const BATCH_BYTES = 2_000_000;

/** A file of the upload with what its row of the bulk export needs. */
interface SeenFile {
  place: number;
  name: string;
  filename: string;
  contentHash: string;
  isKnown: boolean;
}

/**
 * Reads an upload in one pass, entry by entry, and sends its files: their hash, and the content of those
 * that are not stored yet.
 */
export async function readUpload(
  link: UploadLink,
  request: ReadRequest,
): Promise<void> {
  const { stream, findCut } = openStream(link);
  const known = toHashes(request.known);
  let problem: string | null = null;
  const seen: SeenFile[] = [];
  let place = 0;
  let found: FoundEntry[] = [];
  let bytes = 0;
  let ignored = 0;
  let unchanged = 0;

  async function flush(): Promise<void> {
    const transfer = found.flatMap(({ content }) =>
      content ? [content.buffer as ArrayBuffer] : []
    );
    const batch = {
      kind: "found" as const,
      entries: found,
      ignored,
      unchanged,
    };
    found = [];
    bytes = ignored = unchanged = 0;
    await link.ask(batch, transfer);
  }

  async function add(entry: FoundEntry): Promise<void> {
    found.push(entry);
    bytes += entry.content?.length ?? 0;
    if (found.length >= BATCH_FILES || bytes >= BATCH_BYTES) await flush();
  }

  /** Takes a file: sends it, unless it is stored, or twice in the upload. */
  async function take(
    name: string,
    read: () => Promise<Uint8Array>,
    { isHeld }: { isHeld: boolean },
  ): Promise<void> {
    const at = place++;
    name = toText(name) ?? "";
    const entry = { place: at, name, isHeld };
    try {
      const raw = await read();
      const plain = decompress(raw);
      const contentHash = createHash("sha256").update(plain).digest("hex");
      const isKnown = known.has(contentHash);
      const filename = toFilename(name);
      seen.push({ place: at, name, filename, contentHash, isKnown });
      if (isKnown) {
        unchanged++;
        return;
      }
      known.add(contentHash);
      // A copy, because the buffer moves to another thread. zlib may share it with others.
      const content = new Uint8Array(
        isGzip(raw) ? raw : gzipSync(plain, { level: 1 }),
      );
      await add({ ...entry, contentHash, content, reason: null });
    } catch (error) {
      if (!(error instanceof EntryRefused || error instanceof FileRefused)) {
        throw error;
      }
      // The file in which the upload broke off: it comes with the next attempt.
      if (findCut() !== null && error.reason === "damaged") return;
      const { message: reason } = error;
      await add({ ...entry, contentHash: null, content: null, reason });
    }
  }

  async function* readAll(
    stream: ReadableStream<Uint8Array>,
  ): AsyncGenerator<ArchiveEntry> {
    try {
      for await (const entry of readArchive(stream)) {
        const { name, size } = entry;
        if (!isWanted({ isFile: false }, name)) ignored++;
        else {
          const read = () => {
            if (size !== null && size > MAX_UPLOADED_FILE_BYTES) {
              throw new EntryRefused("too_large");
            }
            return entry.bytes({ maxBytes: MAX_UPLOADED_FILE_BYTES });
          };
          await take(name, read, { isHeld: FILENAME.test(name) });
        }
        yield entry;
      }
    } catch (error) {
      if (!(error instanceof ArchiveRefused)) throw error;
      problem = error.message;
    }
  }

  const { head, whole } = await peek(stream);
  let inspection: Inspection | undefined;
  if (isArchive(head)) {
    const tables = await readStravaExport(readAll(whole), () => {});
    const isComplete = problem === null && findCut() === null;
    const options = { total: 0, ignored: 0, isComplete };
    inspection = joinTables(tables, options);
  } else {
    const content = await readWhole(whole).catch((error: unknown) => error);
    // A part of a file would be another file than the whole.
    if (findCut() === null) {
      await take(request.name, () => {
        if (!(content instanceof Uint8Array)) throw content;
        return Promise.resolve(content);
      }, { isHeld: false });
    }
  }
  problem = findCut() ?? problem;
  const end = toEnd(inspection, { request, seen, known, problem, place });
  unchanged -= end.known.filter(({ place: at }) => at < place).length;
  await flush();
  link.send(end);
}

function toEnd(
  inspection: Inspection | undefined,
  { request: { options }, seen, known, problem, place }: {
    request: ReadRequest;
    seen: readonly SeenFile[];
    known: ReadonlySet<string>;
    problem: string | null;
    /** The first free place. */
    place: number;
  },
): ReadEnd {
  const { rows = new Map(), manual = [], gear = [], problems = [] } =
    inspection ?? {};
  const end: ReadEnd = {
    kind: "read",
    rows: [],
    known: [],
    manual: [],
    gear: gear.map(toFileGear),
    problems: [],
    problem,
  };
  for (const { place, name, filename, contentHash, isKnown } of seen) {
    const row = rows.get(filename);
    if (!row) continue;
    const json = JSON.stringify(row);
    if (!isKnown) end.rows.push({ place, row: json });
    else {
      const listed = toListedFigures(row);
      end.known.push({ place, name, contentHash, listed, exportRow: json });
    }
  }
  for (const row of manual) {
    const { contentHash, listed } = readManual(row, options);
    const entry = { place: place++, name: toRowName(row) };
    const exportRow = JSON.stringify(row);
    if (known.has(contentHash)) {
      end.known.push({ ...entry, contentHash, listed, exportRow });
    } else end.manual.push({ ...entry, row: exportRow });
  }
  for (const { name, reason } of problems) {
    end.problems.push({ place: place++, name: toText(name) ?? "", reason });
  }
  return end;
}

function toHashes(bytes: Uint8Array): Set<string> {
  const hashes = new Set<string>();
  for (let at = 0; at < bytes.length; at += 32) {
    hashes.add(bytes.subarray(at, at + 32).toHex());
  }
  return hashes;
}

function decompress(raw: Uint8Array): Uint8Array {
  const plain = isGzip(raw)
    ? gunzip(raw, { maxBytes: MAX_UPLOADED_FILE_BYTES })
    : raw;
  if (plain.length === 0) throw new FileRefused("empty");
  return plain;
}
