import type { Deps } from "../context.ts";
import { withDeadline } from "./deadline.ts";

/** Time between two attempts to reach the database, and the limit of each. */
const PAUSE_MS = 2000;

/**
 * Returns a function to call with each failure caused by the database. It logs once that the database
 * is down and once that it is back, however many requests fail in between.
 */
export function createOutageLog(deps: Deps): (cause: unknown) => void {
  const { log, now, background } = deps;
  let isDown = false;
  return (cause) => {
    if (isDown || background.signal.aborted) return;
    isDown = true;
    const start = now();
    log.error("The database does not answer", { cause });
    background.run("wait for the database", async () => {
      if (!await waitForDatabase(deps)) return;
      isDown = false;
      const seconds = Math.round((now() - start) / 1000);
      log.info("The database answers again, after {seconds} s", { seconds });
    });
  };
}

/** Waits until the database answers. Returns false if the program ends first. */
async function waitForDatabase(
  { sql, sleep, background: { signal } }: Deps,
): Promise<boolean> {
  for (;;) {
    await sleep(PAUSE_MS, signal).catch(() => {});
    if (signal.aborted) return false;
    const attempt = withDeadline(sql`select 1`, {
      milliseconds: PAUSE_MS,
      sleep,
      toError: () => new Error("The database does not answer"),
    });
    if (await attempt.then(() => true, () => false)) return true;
  }
}
