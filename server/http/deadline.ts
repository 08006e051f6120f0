import type { Deps } from "../context.ts";

/** Returns the result of `work`. Throws the error of `toError` if it takes too long. */
export async function withDeadline<T>(
  work: PromiseLike<T>,
  { milliseconds, sleep, toError }: Pick<Deps, "sleep"> & {
    milliseconds: number;
    toError: () => Error;
  },
): Promise<T> {
  const done = new AbortController();
  const late = sleep(milliseconds, done.signal).then(() => {
    throw toError();
  });
  late.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}
