import type { Deps } from "../context.ts";

/** What `work` comes to, or the error that `toError` makes where it takes too long. */
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
