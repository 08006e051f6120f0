import { isDatabaseUnavailable } from "../db/driver/errors.ts";
import type { Deps } from "./context.ts";

/** Pauses between attempts, 60 seconds in all: a lease's length, after which another run may start. */
const PAUSES_MS = [250, 500, 1000, 2000, 4000, 8000, 16_000, 28_250];

/**
 * Runs `work` and retries it while the database cannot be reached, for writes that must not be lost.
 * Gives up after a minute or when the program ends. `work` must be idempotent: it may have succeeded
 * although its response was lost.
 */
export async function retryWhileUnavailable<T>(
  { background, log, sleep }: Pick<Deps, "background" | "log" | "sleep">,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 0;; attempt++) {
    try {
      return await work();
    } catch (cause) {
      const pause = PAUSES_MS[attempt];
      if (pause === undefined || !isDatabaseUnavailable(cause)) throw cause;
      log.warning("The database is unavailable: retrying in {pause} ms", {
        pause,
        cause,
      });
      await sleep(pause, background.signal).catch(() => {
        throw cause;
      });
    }
  }
}
