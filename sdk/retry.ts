import { ApiError } from "./errors.ts";

const TRANSIENT_STATUSES: readonly number[] = [429, 502, 503, 504];
const FIRST_DELAY_MS = 300;

/**
 * Milliseconds until a failed query may be tried again: what `Retry-After` asks for, else twice as
 * long each time, of which a random half, so that many clients do not come back at once. Infinity
 * where another attempt would fail as well.
 */
export function getRetryDelay(error: ApiError, failures: number): number {
  const isTransient = error.reason === "network_error" ||
    error.reason === "timeout" || TRANSIENT_STATUSES.includes(error.status);
  if (!isTransient) return Infinity;
  const delay = FIRST_DELAY_MS * 2 ** failures * (0.5 + Math.random() / 2);
  return Math.max(delay, error.retryAfter ?? 0);
}

/**
 * The work's result, unless the time or the caller's signal ends first. tRPC by itself heeds the
 * signal of a call only when all calls of its batch are given up.
 *
 * @throws {ApiError} `timeout` or `aborted`.
 */
export async function limit<T>(
  work: (signal: AbortSignal) => Promise<T>,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  const controller = new AbortController();
  // A timer takes no more than that, and would go off at once.
  const timer = timeout >= 2 ** 31 ? undefined : setTimeout(() => {
    const message = `The server did not answer within ${timeout} ms`;
    controller.abort(new ApiError({ reason: "timeout", message }));
  }, timeout);
  const abort = () => controller.abort(toAborted(signal));
  signal?.addEventListener("abort", abort, { once: true });
  try {
    if (signal?.aborted) throw toAborted(signal);
    return await Promise.race([
      work(controller.signal),
      rejectOnAbort(controller.signal),
    ]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** Waits. @throws {ApiError} `aborted`. */
export async function pause(
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(resolve, milliseconds);
      abort = () => reject(toAborted(signal));
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), {
      once: true,
    })
  );
}

function toAborted(signal: AbortSignal | undefined): ApiError {
  const message = "The call was given up";
  return new ApiError({ reason: "aborted", message, cause: signal?.reason });
}
