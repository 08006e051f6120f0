import { deleteAuditEvents } from "../db/audit_events.ts";
import { dropRaw } from "../db/raw.ts";
import { listAthletes } from "../db/athletes.ts";
import { purgeDeletedActivities } from "../db/deleted_activities.ts";
import type { Deps } from "./context.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** So many rows are written at once: a sync waits for one of them some milliseconds at most. */
const BATCH = 500;

/** So many records of the audit are deleted at once. */
const AUDIT_BATCH = 10_000;

type RetentionDeps = Pick<
  Deps,
  "sql" | "config" | "log" | "now" | "background"
>;

/**
 * Ends what is older than `STRAVA_RETENTION`, every athlete's: Strava's answers, and all of the
 * activities that were deleted at Strava so long ago; and records of the audit that are older than
 * `AUDIT_RETENTION`.
 *
 * Each batch is committed by itself and what is left is found anew the next time, so that a crash
 * loses nothing and several processes at once do no harm.
 */
export async function endRetention(
  deps: RetentionDeps,
): Promise<{ dropped: number; purged: number; forgotten: number }> {
  const ended = await endAnswers(deps);
  return { ...ended, forgotten: await endAudit(deps) };
}

async function endAnswers(
  deps: RetentionDeps,
): Promise<{ dropped: number; purged: number }> {
  const { sql, config: { retentionDays }, log, now } = deps;
  const ended = { dropped: 0, purged: 0 };
  if (retentionDays === null) return ended;
  const before = new Date(now() - retentionDays * DAY_MS);
  for (const athleteId of await listAthletes(sql)) {
    ended.purged += await purgeDeletedActivities(sql, {
      athleteId,
      deletedBefore: before,
    });
    ended.dropped += await dropOldAnswers(deps, { athleteId, before });
  }
  if (ended.dropped + ended.purged > 0) {
    log.info(
      "After {retentionDays} days: {dropped} answers dropped, {purged} deleted activities purged",
      { retentionDays, ...ended },
    );
  }
  return ended;
}

async function endAudit(
  { sql, config: { auditRetentionDays }, log, now, background }: RetentionDeps,
): Promise<number> {
  if (auditRetentionDays === null) return 0;
  const before = new Date(now() - auditRetentionDays * DAY_MS);
  let count = 0;
  let batch = AUDIT_BATCH;
  while (batch === AUDIT_BATCH && !background.signal.aborted) {
    batch = await deleteAuditEvents(sql, { before, limit: AUDIT_BATCH });
    count += batch;
  }
  if (count > 0) {
    log.info(
      "After {auditRetentionDays} days: {count} records of the audit deleted",
      { auditRetentionDays, count },
    );
  }
  return count;
}

async function dropOldAnswers(
  { sql, background }: Pick<Deps, "sql" | "background">,
  { athleteId, before }: { athleteId: number; before: Date },
): Promise<number> {
  let count = 0;
  let afterId: number | undefined = 0;
  while (afterId !== undefined && !background.signal.aborted) {
    const batch = await dropRaw(sql, {
      athleteId,
      fetchedBefore: before,
      afterId,
      limit: BATCH,
    });
    count += batch.dropped;
    afterId = batch.lastId;
  }
  return count;
}
