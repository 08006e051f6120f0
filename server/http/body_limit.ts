import type { Deps } from "../context.ts";
import { withDeadline } from "./deadline.ts";
import { AppError } from "../errors.ts";

/** Limit of a request body, in bytes. Every input is small. */
const MAX_BODY_BYTES = 100 * 1024;
/** Time that a body may take to arrive. */
const TIMEOUT_MS = 10_000;

/**
 * Returns the request with a body that is read only when a route asks for it, up to
 * `MAX_BODY_BYTES` and within `TIMEOUT_MS`. A caller without the key is refused before the server
 * waits for a byte.
 */
export function limitBody(
  request: Request,
  deps: Pick<Deps, "sleep">,
): Request {
  const { body } = request;
  if (!body) return request;
  const limited = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      controller.enqueue(await readInTime(body, deps));
      controller.close();
    },
    cancel: (reason) => body.cancel(reason),
  }, { highWaterMark: 0 });
  return new Request(request, { body: limited });
}

/** Cancels a body that no route has read. Left alone, it would keep the connection waiting. */
export function discardBody({ body, bodyUsed }: Request): void {
  if (!bodyUsed) body?.cancel().catch(() => {});
}

async function readInTime(
  body: ReadableStream<Uint8Array>,
  { sleep }: Pick<Deps, "sleep">,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  try {
    return await withDeadline(readWhole(reader), {
      milliseconds: TIMEOUT_MS,
      sleep,
      toError: () => new AppError("body_too_slow"),
    });
  } finally {
    // Drops the rest of the body, if there is any.
    reader.cancel().catch(() => {});
  }
}

async function readWhole(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  // Copies into one buffer: a one-byte chunk would keep alive the large buffer it was read into.
  const body = new Uint8Array(MAX_BODY_BYTES);
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause) => {
      // The client disconnected before the end of its body.
      throw new AppError("invalid_json", { cause });
    });
    if (done) return body.slice(0, size);
    if (size + value.length > MAX_BODY_BYTES) {
      throw new AppError("body_too_large");
    }
    body.set(value, size);
    size += value.length;
  }
}
