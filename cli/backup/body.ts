import { createHash } from "node:crypto";
import type { BackupPart } from "../../db/backup/parts.ts";
import { type ByteReader, concat, createByteReader } from "./byte_reader.ts";
import { BackupFileError } from "./file_error.ts";
import { readFrame, toFrame } from "./frames.ts";

// The body is a gzip stream of frames, then a line of fixed length with its size and SHA-256.

const SIZE_DIGITS = 16;
const TRAILER = /^\nsha256 ([0-9a-f]{64}) (\d{16})\n$/;
const TRAILER_BYTES = "\nsha256 ".length + 64 + 1 + SIZE_DIGITS + 1;

/** Writes a body. `produce` gets the function that writes a part. */
export async function writeBody<Result>(
  write: (bytes: Uint8Array) => Promise<void>,
  produce: (
    writePart: (part: BackupPart) => Promise<void>,
  ) => Promise<Result>,
): Promise<Result> {
  const hash = createHash("sha256");
  let size = 0;
  const gzip = new CompressionStream("gzip");
  const input = gzip.writable.getWriter();
  async function copy(): Promise<void> {
    for await (const chunk of gzip.readable) {
      hash.update(chunk);
      size += chunk.length;
      await write(chunk);
    }
  }
  const copied = copy();
  // It is awaited below. A failure also ends the input, and `produce` with it.
  copied.catch(() => {});
  let result: Result;
  try {
    result = await produce((part) =>
      input.write(toFrame(part) as Uint8Array<ArrayBuffer>)
    );
    await input.close();
  } catch (error) {
    await input.abort(error).catch(() => {});
    await copied;
    throw error;
  }
  await copied;
  const digits = String(size).padStart(SIZE_DIGITS, "0");
  await write(
    new TextEncoder().encode(`\nsha256 ${hash.digest("hex")} ${digits}\n`),
  );
  return result;
}

/** The parts of a body, and its checksum. */
export interface BodyReader {
  /** The parts in order. The last comes only if the whole body has the right checksum. */
  parts: AsyncIterable<BackupPart>;
  /**
   * Reads to the end.
   *
   * @throws {BackupFileError} if the body is incomplete or damaged.
   */
  check(): Promise<void>;
}

/** Reads a body. Memory holds a few chunks of it at a time. */
export function openBody(reader: ByteReader): BodyReader {
  const hash = createHash("sha256");
  let size = 0;
  let held: Uint8Array = new Uint8Array();
  let last: Promise<unknown> = Promise.resolve();

  /** Returns the next bytes before the trailer; `undefined` at its beginning. */
  async function pullNext(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk = await reader.readSome();
      if (!chunk) return undefined;
      held = concat([held, chunk]);
      if (held.length <= TRAILER_BYTES) continue;
      const bytes = held.subarray(0, -TRAILER_BYTES);
      held = held.slice(-TRAILER_BYTES);
      hash.update(bytes);
      size += bytes.length;
      return bytes;
    }
  }

  /** Keeps the order if the check begins while the decompression still reads. */
  function pull(): Promise<Uint8Array | undefined> {
    const next = last.then(pullNext);
    last = next.catch(() => {});
    return next;
  }

  async function* readCompressed(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let bytes = await pull(); bytes; bytes = await pull()) {
      yield bytes as Uint8Array<ArrayBuffer>;
    }
  }

  let checked: Promise<void> | undefined;
  async function checkOnce(): Promise<void> {
    while (await pull());
    const [, sum, digits] = TRAILER.exec(new TextDecoder().decode(held)) ?? [];
    if (sum === undefined) {
      throw new BackupFileError("The backup is incomplete: its end is missing");
    }
    if (Number(digits) !== size || sum !== hash.digest("hex")) {
      throw new BackupFileError("The backup is damaged: its checksum differs");
    }
  }
  const check = (): Promise<void> => checked ??= checkOnce();

  async function* readParts(): AsyncGenerator<BackupPart> {
    const frames = createByteReader(
      ReadableStream.from(readCompressed())
        .pipeThrough(new DecompressionStream("gzip")),
    );
    let part: BackupPart | undefined;
    while (part?.kind !== "end") {
      part = await readFrame(frames);
      if (!part || part.kind === "end") await check();
      if (!part) return;
      yield part;
    }
  }

  return { parts: readParts(), check };
}
