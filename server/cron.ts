import type { Deps } from "./context.ts";
import { maintainImports } from "./import_jobs/maintenance.ts";
import { applyRetention, RETENTION_CRON } from "./retention.ts";
import { RESUME_CRON } from "./sync/next_sync.ts";
import { deleteExpiredSessions } from "./accounts/sessions.ts";
import { syncDueAthletes } from "./sync/run_sync.ts";
import { fetchStreams } from "./sync/streams/fetch_streams.ts";
import { maintainWebhooks } from "./webhook/maintenance.ts";

/**
 * Starts the schedule. It syncs every due athlete on `SYNC_CRON`. Every minute it continues unfinished
 * syncs, fetches streams and processes push events. Every day it applies the retention and deletes expired sessions.
 * The schedule only ticks; the database decides what is due.
 */
export function startCron(deps: Deps): void {
  const { signal } = deps.background;
  const sync = (unfinished: boolean) => (): Promise<void> =>
    deps.background.run("cron", () => syncDueAthletes(deps, { unfinished }));
  Deno.cron("sync", deps.config.syncCron, { signal }, sync(false));
  Deno.cron("resume", RESUME_CRON, { signal }, sync(true));
  Deno.cron(
    "retention",
    RETENTION_CRON,
    { signal },
    () => deps.background.run("retention", () => applyRetention(deps)),
  );
  Deno.cron(
    "sessions",
    RETENTION_CRON,
    { signal },
    () => deps.background.run("sessions", () => deleteExpiredSessions(deps)),
  );
  Deno.cron(
    "imports",
    RESUME_CRON,
    { signal },
    () => deps.background.run("imports", () => maintainImports(deps)),
  );
  Deno.cron(
    "streams",
    RESUME_CRON,
    { signal },
    () => deps.background.run("streams", () => fetchStreams(deps)),
  );
  Deno.cron(
    "webhooks",
    RESUME_CRON,
    { signal },
    () => deps.background.run("push events", () => maintainWebhooks(deps)),
  );
}
