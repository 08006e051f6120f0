import type { Deps } from "./context.ts";
import { endRetention } from "./retention.ts";
import { RESUME_CRON, RETENTION_CRON } from "./sync/schedule.ts";
import { tidySessions } from "./accounts/sessions.ts";
import { syncDueAthletes } from "./sync/sync.ts";
import { maintainWebhooks } from "./webhook/maintenance.ts";

/**
 * Lets the time begin syncs: all that are due on `SYNC_CRON`, and every minute those that a
 * failure, a crash or a spent rate limit has left unfinished, push events too; and every day the
 * end of what is kept for some days only, and of sessions. The schedule only ticks; the database says what is due.
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
    () => deps.background.run("retention", () => endRetention(deps)),
  );
  Deno.cron(
    "sessions",
    RETENTION_CRON,
    { signal },
    () => deps.background.run("sessions", () => tidySessions(deps)),
  );
  Deno.cron(
    "webhooks",
    RESUME_CRON,
    { signal },
    () => deps.background.run("push events", () => maintainWebhooks(deps)),
  );
}
