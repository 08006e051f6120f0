import { ApiError } from "./errors.ts";

const TRANSIENT_STATUSES: readonly number[] = [429, 502, 503, 504];
const FIRST_DELAY_MS = 300;

/**
 * Returns the milliseconds until a failed query can be retried: at least `Retry-After`, otherwise
 * a delay that doubles with each failure. Half of the delay is random, so that many clients do not
 * return at the same moment. Returns Infinity if another attempt would fail too.
 */
export function getRetryDelay(error: ApiError, failures: number): number {
  const isTransient = error.reason === "network_error" ||
    error.reason === "timeout" || TRANSIENT_STATUSES.includes(error.status);
  if (!isTransient) return Infinity;
  const delay = FIRST_DELAY_MS * 2 ** failures * (0.5 + Math.random() / 2);
  return Math.max(delay, error.retryAfter ?? 0);
}

/**
 * Returns the result of the work, unless the timeout or the caller's signal ends it first. tRPC
 * alone heeds the signal of a call only after all calls of its batch are aborted.
 *
 * @throws {ApiError} `timeout` or `aborted`.
 */
export async function withTimeout<T>(
  work: (signal: AbortSignal) => Promise<T>,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  const controller = new AbortController();
  // Timers cannot be longer: they would fire at once.
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
export async function sleep(
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
  const message = "The call was aborted";
  return new ApiError({ reason: "aborted", message, cause: signal?.reason });
}
