import { Cron } from "croner";

/** Looks for syncs that failed or were cut off, between the ticks of the schedule. */
export const RESUME_CRON = "* * * * *";

/** Looks for what is kept for some days only: once a day, when few are awake. */
export const RETENTION_CRON = "23 3 * * *";

/**
 * When an athlete's next sync begins: at the first tick from `dueAt` on, of the schedule or, for
 * what a failure has left unfinished, of the minute.
 */
export function nextSyncAt(
  { dueAt, whereUnfinished, syncCron, now }: {
    dueAt: Date;
    whereUnfinished: boolean;
    syncCron: string;
    now: number;
  },
): Date | null {
  const cron = whereUnfinished ? RESUME_CRON : syncCron;
  // A tick at the very moment counts, and nextRun looks only beyond.
  const from = new Date(Math.max(dueAt.getTime(), now) - 1);
  return new Cron(cron, { paused: true, timezone: "UTC" }).nextRun(from);
}
