/** Bytes that are read at once. */
export const READ_BYTES = 256 * 1024;
/**
 * Bytes that are read at once from a body of unknown length, and fewest bytes to ask for. Deno 2.9.6 takes
 * as many from the socket with each read, but returns at most one HTTP chunk, and keeps the rest in memory.
 * Most clients send chunks of a multiple of 8 KB: then a read with room for the line before a chunk returns
 * about what it takes.
 */
export const LEAST_READ_BYTES = 8192 + 16;
/** Bytes that Deno may keep. More take seconds: it moves them all with each read. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;
/** Microtasks in which a read ends that does not wait for the socket. It needs about ten. */
const READY_TURNS = 64;

/** Thrown if a body of unknown length comes in small chunks, and faster than it is read. */
export class ChunksTooSmall extends Error {
  override readonly name = "ChunksTooSmall";
}

/** The body of an upload. */
export interface UploadBody {
  /**
   * Returns the next bytes, at most as many as given, or `null` at the end and from then on. They are
   * valid until the next call, which overwrites them.
   *
   * @throws {ChunksTooSmall} If it would fill the memory.
   */
  read(maxBytes: number): Promise<Uint8Array | null>;
  /** Ends the body, also while it is read. */
  cancel(): Promise<void>;
}

/** Opens the body of an upload. `size` is the length that the client has announced. */
export function openUploadBody(
  stream: ReadableStream<Uint8Array>,
  { size }: { size: number | null },
): UploadBody {
  const reader = toByteReader(stream);
  if (!reader) return openPieces(stream.getReader());
  let buffer = new ArrayBuffer(size === null ? LEAST_READ_BYTES : READ_BYTES);
  let keptBytes = 0;
  let isDone = false;
  return {
    async read(maxBytes) {
      if (isDone) return null;
      const length = Math.min(buffer.byteLength, maxBytes);
      const reading = reader.read(new Uint8Array(buffer, 0, length));
      // A read that waits for the socket has returned everything before.
      if (size === null && !await isReady(reading)) keptBytes = 0;
      const { done, value } = await reading;
      if (done) {
        // The last read has taken the buffer away.
        isDone = true;
        return null;
      }
      // The buffer has moved into the answer.
      buffer = value.buffer;
      keptBytes += length - value.length;
      if (size === null && keptBytes > MAX_KEPT_BYTES) {
        throw new ChunksTooSmall("The chunks of the body are too small");
      }
      return value;
    },
    cancel: () => reader.cancel(),
  };
}

/** Reports whether a read has ended without waiting. */
async function isReady(reading: Promise<unknown>): Promise<boolean> {
  let isDone = false;
  const mark = (): void => void (isDone = true);
  reading.then(mark, mark);
  for (let turn = 0; turn < READY_TURNS && !isDone; turn++) await undefined;
  return isDone;
}

/** Returns a reader that fills a given buffer. Without it, Deno creates one of 64 KB for each piece. */
function toByteReader(
  stream: ReadableStream<Uint8Array>,
): ReadableStreamBYOBReader | undefined {
  try {
    return stream.getReader({ mode: "byob" });
  } catch (error) {
    // Not the body of a request that came over a socket.
    if (error instanceof TypeError && !stream.locked) return undefined;
    throw error;
  }
}

function openPieces(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): UploadBody {
  let rest: Uint8Array = new Uint8Array();
  return {
    async read(maxBytes) {
      while (rest.length === 0) {
        const { done, value } = await reader.read();
        if (done) return null;
        rest = value;
      }
      const piece = rest.subarray(0, maxBytes);
      rest = rest.subarray(maxBytes);
      return piece;
    },
    cancel: () => reader.cancel(),
  };
}

/** Returns the body from its first bytes on, which have been read. */
export function unread(body: UploadBody, head: Uint8Array): UploadBody {
  let rest: Uint8Array = head.slice();
  return {
    read(maxBytes) {
      if (rest.length === 0) return body.read(maxBytes);
      const piece = rest.subarray(0, maxBytes);
      rest = rest.subarray(maxBytes);
      return Promise.resolve(piece);
    },
    cancel: () => body.cancel(),
  };
}
