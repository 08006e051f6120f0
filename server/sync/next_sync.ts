import type { AthleteStatus } from "../../db/athletes.ts";
import { Instant } from "../../db/driver/client.ts";
import type { Context } from "../context.ts";
import { nextSyncAt } from "./schedule.ts";

/** When the next sync begins, as far as is known. */
export function toNextSync(
  { config, now }: Context,
  { nextDueAt, whereUnfinished }: Pick<
    AthleteStatus,
    "nextDueAt" | "whereUnfinished"
  >,
): Date | null {
  if (!nextDueAt) return null;
  const next = nextSyncAt({
    dueAt: nextDueAt,
    whereUnfinished,
    syncCron: config.syncCron,
    now: now(),
  });
  return next && new Instant(next);
}
