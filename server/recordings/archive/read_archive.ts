import { constants, gunzipSync } from "node:zlib";
import { isGzip } from "../gunzip.ts";
import { type ArchiveEntry, ArchiveRefused } from "./archive_entry.ts";
import { ByteReader } from "./byte_reader.ts";
import { isTarHeader, readTar } from "./tar.ts";
import { readZip } from "./zip.ts";

/** Entries that an archive may have. */
export const MAX_ENTRIES = 250_000;
/** Bytes at the start that decide about the format. */
export const ARCHIVE_HEAD_BYTES = 4096;

const TAR_BLOCK = 512;
/** Bytes that one byte of a compressed TAR archive may become on average. */
const MAX_RATIO = 200;
const FREE_BYTES = 100_000_000;

/**
 * Reports whether a file is an archive, by its first `ARCHIVE_HEAD_BYTES`. A gzip file is one if
 * a TAR archive is in it; otherwise it is for `parseActivityFile`.
 */
export function isArchive(head: Uint8Array): boolean {
  return isZip(head) || isTarHeader(head) || isCompressedTar(head);
}

/**
 * Yields the files of a ZIP or TAR archive, also a gzipped TAR, in one pass over the stream. No
 * more than the entry that is read is kept in memory. Nothing is written. An entry that cannot be
 * read throws `EntryRefused` from its `bytes`, and the others follow. Throws `ArchiveRefused` if
 * the rest cannot be read.
 */
export async function* readArchive(
  stream: ReadableStream<Uint8Array>,
  { maxEntries = MAX_ENTRIES }: { maxEntries?: number } = {},
): AsyncGenerator<ArchiveEntry, void, undefined> {
  let reader = new ByteReader(stream);
  const opened = [reader];
  try {
    await reader.fill(ARCHIVE_HEAD_BYTES);
    if (isCompressedTar(reader.buffered)) {
      reader = new ByteReader(decompress(reader));
      opened.push(reader);
      await reader.fill(TAR_BLOCK);
    }
    const { buffered } = reader;
    if (!isZip(buffered) && !isTarHeader(buffered)) {
      throw new ArchiveRefused("unknown_format");
    }
    let count = 0;
    for await (
      const entry of isZip(buffered) ? readZip(reader) : readTar(reader)
    ) {
      if (++count > maxEntries) throw new ArchiveRefused("too_many_entries");
      yield entry;
    }
  } finally {
    for (const each of opened.reverse()) await each.cancel().catch(() => {});
  }
}

/** Reports whether bytes begin with an entry of a ZIP archive, or with the end of an empty one. */
function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b &&
    (bytes[2] === 3 && bytes[3] === 4 || bytes[2] === 5 && bytes[3] === 6);
}

function isCompressedTar(head: Uint8Array): boolean {
  if (!isGzip(head)) return false;
  try {
    const start = gunzipSync(head.subarray(0, ARCHIVE_HEAD_BYTES), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: ARCHIVE_HEAD_BYTES * 1100,
    });
    return isTarHeader(start);
  } catch {
    return false;
  }
}

/** Decompresses the rest of a gzip stream and refuses one that grows without measure. */
function decompress(reader: ByteReader): ReadableStream<Uint8Array> {
  let received = 0;
  let grown = 0;
  let failure: unknown;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        if (!await reader.fill(1)) return controller.close();
      } catch (error) {
        failure = error;
        throw error;
      }
      const piece = reader.takeBuffered() as Uint8Array<ArrayBuffer>;
      received += piece.length;
      controller.enqueue(piece);
    },
  });
  const inner = source.pipeThrough(new DecompressionStream("gzip")).getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await inner.read();
        if (done) return controller.close();
        grown += value.length;
        controller.enqueue(value);
      } catch (cause) {
        throw failure ?? new ArchiveRefused("damaged", { cause });
      }
      if (grown > FREE_BYTES + received * MAX_RATIO) {
        throw new ArchiveRefused("too_large");
      }
    },
    cancel: (reason) => inner.cancel(reason),
  });
}
