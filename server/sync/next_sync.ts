import { Cron } from "croner";
import type { AthleteStatus } from "../../db/athlete_status.ts";
import { Instant } from "../../db/driver/client.ts";
import type { Context } from "../context.ts";

/** Schedule of the check for failed and interrupted syncs. */
export const RESUME_CRON = "* * * * *";

/** Returns when the next sync starts, as far as is known. */
export function toNextSync(
  { config, now }: Context,
  { nextDueAt, isUnfinished }: Pick<
    AthleteStatus,
    "nextDueAt" | "isUnfinished"
  >,
): Date | null {
  if (!nextDueAt) return null;
  const next = nextSyncAt({
    dueAt: nextDueAt,
    isUnfinished,
    syncCron: config.syncCron,
    now: now(),
  });
  return next && new Instant(next);
}

/**
 * Returns when an athlete's next sync starts: at the first tick of the schedule from `dueAt` on, or of
 * the minute if a sync is unfinished.
 */
function nextSyncAt(
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
