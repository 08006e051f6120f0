import type { Deps } from "../context.ts";

/** Longest time a client may stop reading before the response is cut, in milliseconds. */
export const STALL_MS = 30_000;
/** Size of the parts that a long body is sent in. */
const PART_BYTES = 64 * 1024;

/** Limits of a response that is sent in parts. */
export interface SendLimits extends Pick<Deps, "sleep"> {
  /** Longest time between two reads. The response ends within twice this time. */
  stallMs?: number;
  /** Longest duration of the whole response, in milliseconds. Default: unlimited. */
  maxMs?: number;
  /** Runs once when the response ends for any reason. */
  onEnd: () => void;
}

/**
 * Returns a stream of the bytes that ends early if the client stops reading. `Deno.serve` would
 * otherwise copy all of them and keep the copy until the client disconnects.
 */
export function sendBytes(
  bytes: Uint8Array,
  limits: SendLimits,
): ReadableStream<Uint8Array> {
  let left = bytes;
  return createStream(limits, {
    // deno-lint-ignore require-await -- a source may take its time
    async read() {
      if (left.length === 0) return undefined;
      const part = left.slice(0, PART_BYTES);
      left = left.subarray(PART_BYTES);
      return part;
    },
    stop() {
      left = new Uint8Array();
    },
  });
}

/** Returns the stream with the limits applied. When a limit ends it, the source is cancelled. */
export function sendStream(
  source: ReadableStream<Uint8Array>,
  limits: SendLimits,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return createStream(limits, {
    async read() {
      return (await reader.read()).value;
    },
    stop: (reason) => void reader.cancel(reason).catch(() => {}),
  });
}

interface Source {
  /** Returns the next part; `undefined` at the end. */
  read(): Promise<Uint8Array | undefined>;
  /** Releases what the source holds. */
  stop(reason: unknown): void;
}

function createStream(
  { stallMs = STALL_MS, maxMs = Infinity, sleep, onEnd }: SendLimits,
  source: Source,
): ReadableStream<Uint8Array> {
  const ended = new AbortController();
  const begin = performance.now();
  /** When the client could read a part that it has not read yet. */
  let waitingSince: number | undefined = begin;

  function end(reason?: unknown): void {
    if (ended.signal.aborted) return;
    ended.abort();
    source.stop(reason);
    onEnd();
  }

  async function watch(
    controller: ReadableStreamDefaultController,
  ): Promise<void> {
    const { signal } = ended;
    for (;;) {
      const left = maxMs - (performance.now() - begin);
      await sleep(Math.min(stallMs, Math.max(left, 0)), signal);
      const now = performance.now();
      const isStalled = waitingSince !== undefined &&
        now - waitingSince >= stallMs * 0.9;
      if (!isStalled && now - begin < maxMs) continue;
      end(new Error(isStalled ? "The client stopped reading" : "Time is up"));
      // Not an error, which `Deno.serve` would print. A short body fails by its `Content-Length`.
      return controller.close();
    }
  }

  return new ReadableStream<Uint8Array>({
    start(controller) {
      // It rejects when the response has ended.
      watch(controller).catch(() => {});
    },
    async pull(controller) {
      waitingSince = undefined;
      try {
        const part = await source.read();
        if (ended.signal.aborted) return;
        if (part === undefined) {
          end();
          return controller.close();
        }
        controller.enqueue(part);
        waitingSince = performance.now();
      } catch (error) {
        end(error);
        throw error;
      }
    },
    cancel: end,
  }, { highWaterMark: 0 });
}
