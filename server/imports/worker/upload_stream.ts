import { ARCHIVE_HEAD_BYTES } from "../../recordings/archive/read_archive.ts";
import { FileRefused } from "../../recordings/file_refused.ts";
import { concat } from "../../recordings/archive/byte_reader.ts";
import {
  MAX_UPLOADED_FILE_BYTES,
  type ReaderInput,
  type ReaderOutput,
} from "./messages.ts";
import { createYoungCollector } from "./young_garbage.ts";

/** The way to the thread that receives the upload. */
export interface UploadLink {
  /** Sends a message and returns the answer. */
  ask(output: ReaderOutput, transfer?: Transferable[]): Promise<ReaderInput>;
  send(output: ReaderOutput): void;
}

/** The bytes of an upload. */
export interface UploadStream {
  /** Asks for bytes when it is read. An upload that breaks off ends it. */
  stream: ReadableStream<Uint8Array>;
  /** Returns why the upload broke off; null if it did not so far. */
  findCut(): string | null;
}

/** Opens the upload as a stream. */
export function openStream(link: UploadLink): UploadStream {
  let cut: string | null = null;
  const collect = createYoungCollector();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = await link.ask({ kind: "pull" });
      if (part.kind === "bytes") {
        collect(part.bytes.length);
        return controller.enqueue(part.bytes);
      }
      if (part.kind === "cut") cut = part.reason;
      controller.close();
    },
  }, { highWaterMark: 0 });
  return { stream, findCut: () => cut };
}

/** Reads the bytes that decide about the format. Returns them, and the whole stream. */
export async function peek(
  stream: ReadableStream<Uint8Array>,
): Promise<{ head: Uint8Array; whole: ReadableStream<Uint8Array> }> {
  const reader = stream.getReader();
  const pieces: Uint8Array[] = [];
  let size = 0;
  while (size < ARCHIVE_HEAD_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    size += value.length;
  }
  const head = concat(pieces);
  const whole = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const first = pieces.shift();
      if (first) return controller.enqueue(first);
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  return { head, whole };
}

/** Reads an upload that is a single file. */
export async function readWhole(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of stream) {
    size += piece.length;
    if (size > MAX_UPLOADED_FILE_BYTES) throw new FileRefused("too_large");
    pieces.push(piece);
  }
  return concat(pieces);
}
