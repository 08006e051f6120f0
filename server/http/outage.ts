import type { Deps } from "../context.ts";
import { withDeadline } from "./deadline.ts";

const PAUSE_MS = 2000;

/**
 * A function to be told of each failure for want of the database. The log says once that it is
 * away, and once that it is back, however many requests fail meanwhile.
 */
export function createOutageLog(deps: Deps): (cause: unknown) => void {
  const { log, now, background } = deps;
  let isAway = false;
  return (cause) => {
    if (isAway || background.signal.aborted) return;
    isAway = true;
    const start = now();
    log.error("The database does not answer", { cause });
    background.run("wait for the database", async () => {
      if (!await waitForDatabase(deps)) return;
      isAway = false;
      const seconds = Math.round((now() - start) / 1000);
      log.info("The database answers again, after {seconds} s", { seconds });
    });
  };
}

/** Whether it came back before the program ended. */
async function waitForDatabase(
  { sql, sleep, background: { signal } }: Deps,
): Promise<boolean> {
  for (;;) {
    await sleep(PAUSE_MS, signal).catch(() => {});
    if (signal.aborted) return false;
    const asking = withDeadline(sql`select 1`, {
      milliseconds: PAUSE_MS,
      sleep,
      toError: () => new Error("The database does not answer"),
    });
    if (await asking.then(() => true, () => false)) return true;
  }
}
