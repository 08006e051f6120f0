import { Cron } from "croner";

/** Schedule of the check for failed and interrupted syncs. */
export const RESUME_CRON = "* * * * *";

/** Schedule of the retention: once a day, at night in Europe. */
export const RETENTION_CRON = "23 3 * * *";

/**
 * Returns when an athlete's next sync starts: at the first tick of the schedule from `dueAt` on, or of
 * the minute if a sync is unfinished.
 */
export function nextSyncAt(
  { dueAt, isUnfinished, syncCron, now }: {
    dueAt: Date;
    isUnfinished: boolean;
    syncCron: string;
    now: number;
  },
): Date | null {
  const cron = isUnfinished ? RESUME_CRON : syncCron;
  // A tick at this very moment counts, but nextRun only returns later ones.
  const from = new Date(Math.max(dueAt.getTime(), now) - 1);
  return new Cron(cron, { paused: true, timezone: "UTC" }).nextRun(from);
}
