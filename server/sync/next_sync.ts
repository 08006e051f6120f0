import type { AthleteStatus } from "../../db/athlete_status.ts";
import { Instant } from "../../db/driver/client.ts";
import type { Context } from "../context.ts";
import { nextSyncAt } from "./schedule.ts";

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
