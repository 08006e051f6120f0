import type { Deps } from "../context.ts";
import type {
  FoundBatch,
  ReadEnd,
  ReaderOutput,
  ReadRequest,
  UploadPart,
} from "../imports/worker/messages.ts";
import { createYoungCollector } from "../imports/worker/young_garbage.ts";
import {
  ChunksTooSmall,
  LEAST_READ_BYTES,
  READ_BYTES,
  type UploadBody,
} from "./upload_body.ts";
import { startWorker } from "./worker_pool.ts";

/** Longest time without a byte, in milliseconds. */
export const STALL_MS = 60_000;
/** Bytes that are passed to the worker together. */
const PART_BYTES = READ_BYTES;
/** Bytes after the end of an archive that are read, so that the client gets its answer. */
const MAX_REST_BYTES = 64 * 1024 * 1024;

/** The reasons for which an upload is not complete. */
export const CUT_REASONS = {
  gone: "The upload broke off: send the file again",
  slow: `No byte arrived for ${STALL_MS / 1000} seconds: send the file again`,
  chunked:
    "The file came in many small chunks: send it with its length (Content-Length)",
  large: "The file is larger than this server accepts",
  ended: "The API key or session has ended: send the file again with another",
  stopped: "The server was stopped during the upload: send the file again",
} as const;

/** Thrown by `onPart` to end an upload, with the reason. */
export class UploadCut extends Error {
  override readonly name = "UploadCut";
  constructor(readonly why: keyof typeof CUT_REASONS) {
    super(CUT_REASONS[why]);
  }
}

/**
 * Reads an upload in a worker. Memory holds a part of the body, and in the worker one entry. Returns
 * when everything was read that can be.
 */
export async function readUpload(
  { background: { signal } }: Pick<Deps, "background">,
  { body, request, onPart, onFound }: {
    body: UploadBody;
    request: Omit<ReadRequest, "kind">;
    /** Called with the number of bytes so far. Throws {@link UploadCut} to end the upload. */
    onPart: (receivedBytes: number) => Promise<void>;
    /** Stores files. The next ones are read when it resolves. */
    onFound: (batch: FoundBatch) => Promise<void>;
  },
): Promise<ReadEnd> {
  let receivedBytes = 0;
  const collect = createYoungCollector();
  let cut: UploadPart | undefined;
  const worker = startWorker();
  let ending: keyof typeof CUT_REASONS | undefined;
  let waitingSince = Infinity;

  /** Ends the reading of the body, also while it waits for a byte. */
  function end(why: keyof typeof CUT_REASONS): void {
    ending ??= why;
    body.cancel().catch(() => {});
  }
  const stop = (): void => end("stopped");
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  // One timer for all reads: one for each would cost more than the read.
  const timer = setInterval(() => {
    if (performance.now() - waitingSince > STALL_MS) end("slow");
  }, STALL_MS / 10);

  /** Reads the next part of the body, at most until it stalls. */
  async function readPart(): Promise<UploadPart> {
    if (cut) return cut;
    // It moves to the worker.
    const part = new Uint8Array(PART_BYTES);
    let size = 0;
    try {
      while (size <= PART_BYTES - LEAST_READ_BYTES) {
        const piece = await readPiece(PART_BYTES - size);
        if (!piece) {
          if (size === 0) return { kind: "end" };
          break;
        }
        part.set(piece, size);
        size += piece.length;
        receivedBytes += piece.length;
      }
      collect(size);
      await onPart(receivedBytes);
    } catch (error) {
      if (!(error instanceof UploadCut)) throw error;
      cut = { kind: "cut", reason: error.message };
      // The bytes before count.
      if (size === 0) return cut;
    }
    return { kind: "bytes", bytes: part.subarray(0, size) };
  }

  async function readPiece(maxBytes: number): Promise<Uint8Array | null> {
    waitingSince = performance.now();
    const piece = await body.read(maxBytes).catch((error: unknown) => {
      const why = error instanceof ChunksTooSmall ? "chunked" : "gone";
      throw new UploadCut(ending ?? why);
    });
    waitingSince = Infinity;
    if (ending) throw new UploadCut(ending);
    return piece;
  }

  try {
    let message = await ask(worker, { kind: "read", ...request });
    while (message.kind !== "read") {
      if (message.kind === "found") {
        await onFound(message);
        message = await ask(worker, { kind: "stored" });
      } else message = await ask(worker, await readPart());
    }
    const limit = receivedBytes + MAX_REST_BYTES;
    // Also what follows the entries of an archive: a client may not hear an answer before it has sent all.
    while (receivedBytes < limit && (await readPart()).kind === "bytes");
    return message;
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", stop);
    worker.terminate();
    body.cancel().catch(() => {});
  }
}

/** Sends a message to the worker and returns its next one. */
async function ask(
  worker: Worker,
  message: ReadRequest | UploadPart | { kind: "stored" },
): Promise<ReaderOutput> {
  const { promise, resolve, reject } = Promise.withResolvers<ReaderOutput>();
  worker.onmessage = ({ data }: MessageEvent<ReaderOutput>) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`Cannot read the upload: ${event.message}`));
  };
  const transfer = message.kind === "bytes"
    ? [message.bytes.buffer as ArrayBuffer]
    : [];
  worker.postMessage(message, transfer);
  return await promise;
}
