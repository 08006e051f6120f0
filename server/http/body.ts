import type { Deps } from "../context.ts";
import { withDeadline } from "./deadline.ts";
import { AppError } from "../errors.ts";

/** What a request may carry: the inputs are small. */
const MAX_BODY_BYTES = 100 * 1024;
const TIMEOUT_MS = 10_000;

/**
 * The request with a body that nobody has read yet: whoever asks for it gets at most 100 KiB,
 * within 10 seconds. So a caller without the key is refused before a byte is waited for.
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

/** Whether the body says of itself that it is JSON. */
export function isJson({ headers }: Request): boolean {
  const [type] = (headers.get("content-type") ?? "").split(";");
  return type!.trim().toLowerCase() === "application/json";
}

/** Gives up a body that nobody wanted: left alone, it would keep the connection waiting. */
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
    // The rest, if there is one, is not read any more.
    reader.cancel().catch(() => {});
  }
}

async function readWhole(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  // One buffer: a chunk of a byte would keep the whole buffer alive that it was read into.
  const body = new Uint8Array(MAX_BODY_BYTES);
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause) => {
      // The client broke off amid its body.
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
