import {
  insertEntries,
  setExportRows,
} from "../../db/imports/import_entries.ts";
import {
  endReceiving,
  getImport,
  type ImportJob,
  type ImportVisibility,
  insertImport,
  noteReceived,
} from "../../db/imports/import_jobs.ts";
import { listContentHashes } from "../../db/imports/imported_files.ts";
import { listOutdated } from "../../db/imports/recordings.ts";
import { hasEnded } from "../auth/caller.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { storeGear } from "../imports/join_gear.ts";
import type {
  FoundBatch,
  FoundEntry,
  ReadEnd,
} from "../imports/worker/messages.ts";
import { endAbandoned } from "./process_imports.ts";
import type { UploadBody } from "./upload_body.ts";
import { CUT_REASONS, readUpload, UploadCut } from "./upload_reader.ts";

/** Time between two notes of how much has arrived, in milliseconds. */
const NOTE_MS = 2000;
/** Time between two checks whether the caller's API key or session is still valid. */
const RECHECK_MS = 30_000;
/** Rows of the bulk export that are stored at once. */
const BATCH_ROWS = 500;

/** An upload: the body's bytes, and the choices of the person who sends it. */
export interface Upload {
  body: UploadBody;
  name: string;
  timeZone: string;
  visibility: ImportVisibility;
  /** Bytes that the client has announced. */
  size: number | null;
}

/** Numbers of found entries: none. */
const NOTHING_FOUND = { files: 0, ignored: 0, unchanged: 0, refused: 0 };

/**
 * Receives an upload: stores its files as rows that wait to be read, entry by entry. If the
 * upload breaks off, what arrived counts. Returns the import.
 *
 * @throws {AppError} `import_running` if the athlete has an upload.
 */
export async function receiveUpload(
  ctx: Context,
  { athleteId, body, onFiles, onStart, ...upload }: Upload & {
    athleteId: number;
    /** Called when the import is stored. */
    onStart: (id: number) => Promise<void>;
    /** Called when files wait to be read. */
    onFiles: () => void;
  },
): Promise<ImportJob> {
  const { sql } = ctx;
  const now = (): Date => new Date(ctx.now());
  const keepOriginals = ctx.config.keepOriginals;
  await endAbandoned(ctx, athleteId);
  const id = await insertImport(sql, { athleteId, ...upload, now: now() });
  if (id === undefined) throw new AppError("import_running");
  await onStart(id);
  let receivedBytes = 0;
  let isLarge = false;
  let notedAt = performance.now();
  let checkedAt = performance.now();

  async function note(
    found = NOTHING_FOUND,
    tx = sql as typeof ctx.sql,
  ): Promise<void> {
    const options = { athleteId, id: id!, receivedBytes, found, now: now() };
    if (!await noteReceived(tx, options)) throw new UploadCut("slow");
    notedAt = performance.now();
  }

  async function onPart(bytes: number): Promise<void> {
    receivedBytes = bytes;
    isLarge = bytes > ctx.config.importMaxBytes;
    if (isLarge) throw new UploadCut("large");
    if (performance.now() - notedAt > NOTE_MS) await note();
    if (performance.now() - checkedAt < RECHECK_MS) return;
    checkedAt = performance.now();
    if (await hasEnded(ctx, ctx)) throw new UploadCut("ended");
  }

  async function onFound(batch: FoundBatch): Promise<void> {
    const { entries, ignored, unchanged } = batch;
    await sql.begin(async (tx) => {
      await insertEntries(tx, {
        athleteId,
        importId: id!,
        entries: entries.map(toEntry),
      });
      await noteReceived(tx, {
        athleteId,
        id: id!,
        receivedBytes,
        now: now(),
        found: {
          files: entries.length + unchanged,
          ignored,
          unchanged,
          refused: entries.filter(({ reason }) => reason !== null).length,
        },
      });
    });
    if (entries.some(({ isHeld, reason }) => !isHeld && !reason)) onFiles();
  }

  /** Ends an upload that failed here, so that the next one need not wait for its end. */
  async function abandon(error: unknown): Promise<never> {
    const problem = CUT_REASONS.gone;
    await sql.begin((tx) => endReceiving(tx, { athleteId, id: id!, problem }))
      .catch(() => {});
    onFiles();
    throw error;
  }

  const end = await readUpload(ctx, {
    body,
    request: {
      name: upload.name,
      known: await listContentHashes(sql, { athleteId }),
      options: { ...upload, keepOriginals, now: now() },
    },
    onPart,
    onFound,
  }).catch(abandon);
  await storeEnd(ctx, { athleteId, id, end, receivedBytes });
  onFiles();
  if (isLarge) throw new AppError("body_too_large");
  return (await getImport(sql, { athleteId, id }))!;
}

function toEntry(
  { place, name, contentHash, content, isHeld, reason }: FoundEntry,
): Parameters<typeof insertEntries>[1]["entries"][number] {
  const state = reason === null ? isHeld ? "held" : "waiting" : "refused";
  return { place, name, state, contentHash, content, exportRow: null, reason };
}

/** Stores what the tables of the bulk export say, and ends the upload. */
async function storeEnd(
  { sql, now }: Context,
  { athleteId, id, end, receivedBytes }: {
    athleteId: number;
    id: number;
    end: ReadEnd;
    receivedBytes: number;
  },
): Promise<void> {
  const importId = id;
  const { rows, known, manual, gear, problems, problem } = end;
  await storeGear(sql, { athleteId, gear, now: new Date(now()) });
  const outdated = new Set<string>();
  for (const files of toBatches(known)) {
    const hashes = await listOutdated(sql, { athleteId, files });
    for (const hash of hashes) outdated.add(hash);
  }
  const changed = known.filter(({ contentHash }) => outdated.has(contentHash));
  const empty = { contentHash: null, content: null, exportRow: null };
  const entries = [
    ...manual.map(({ place, name, row }) => ({
      ...empty,
      place,
      name,
      state: "waiting" as const,
      exportRow: row,
      reason: null,
    })),
    ...changed.map(({ place, name, contentHash, exportRow }) => ({
      ...empty,
      place,
      name,
      state: "waiting" as const,
      contentHash,
      exportRow,
      reason: null,
    })),
    ...problems.map((each) => ({
      ...empty,
      ...each,
      state: "refused" as const,
    })),
  ];
  await sql.begin(async (tx) => {
    const isOpen = await noteReceived(tx, {
      athleteId,
      id,
      receivedBytes,
      found: {
        files: manual.length + problems.length + known.length,
        ignored: 0,
        unchanged: known.length - changed.length,
        refused: problems.length,
      },
      now: new Date(now()),
    });
    // Another process took the upload for broken off, and has ended it.
    if (!isOpen) return;
    for (const batch of toBatches(rows)) {
      await setExportRows(tx, { athleteId, importId, rows: batch });
    }
    for (const batch of toBatches(entries)) {
      await insertEntries(tx, { athleteId, importId, entries: batch });
    }
    await endReceiving(tx, { athleteId, id, problem });
  });
}

function* toBatches<T>(items: readonly T[]): Generator<T[]> {
  for (let at = 0; at < items.length; at += BATCH_ROWS) {
    yield items.slice(at, at + BATCH_ROWS);
  }
}
