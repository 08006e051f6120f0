import type { Deps } from "./context.ts";
import { syncDueAthletes } from "./sync.ts";

/** Looks for syncs that failed or were cut off, between the ticks of the schedule. */
const RESUME_CRON = "*/5 * * * *";

/**
 * Lets the time begin syncs: all that are due on `SYNC_CRON`, and every five minutes those that a
 * failure, a crash or a spent rate limit has left unfinished. The schedule only ticks; the
 * database says what is due.
 */
export function startCron(deps: Deps): void {
  const { signal } = deps.background;
  Deno.cron("sync", deps.config.syncCron, { signal }, () => run(deps, false));
  Deno.cron("resume", RESUME_CRON, { signal }, () => run(deps, true));
}

async function run(deps: Deps, unfinished: boolean): Promise<void> {
  await syncDueAthletes(deps, { unfinished }).catch((cause) => {
    deps.log.error("The scheduled sync failed", { cause });
  });
}
