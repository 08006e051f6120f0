import { isDatabaseUnavailable } from "../db/driver/errors.ts";
import type { Deps } from "./context.ts";

/** Together the 60 seconds of a lease: beyond it another run may have begun. */
const PAUSES_MS = [250, 500, 1000, 2000, 4000, 8000, 16_000, 28_250];

/**
 * Does `work`, and again while the database cannot be reached: for what would be lost otherwise.
 * It gives up after a minute, or when the program ends. `work` may have been done although its
 * answer was lost, so doing it twice must be the same as once.
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
      log.warning("The database is away: trying again in {pause} ms", {
        pause,
        cause,
      });
      await sleep(pause, background.signal).catch(() => {
        throw cause;
      });
    }
  }
}
