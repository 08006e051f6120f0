import { deleteAuditEvents } from "../db/audit_events.ts";
import { dropRaw } from "../db/raw.ts";
import { listAthletes } from "../db/athletes.ts";
import { purgeDeletedActivities } from "../db/deleted_activities.ts";
import { dropStravaStreams } from "../db/streams/stream_fetches.ts";
import { type Deps, forEachAthlete } from "./context.ts";

/** Schedule of the retention: once a day, at night in Europe. */
export const RETENTION_CRON = "23 3 * * *";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Rows written at once. A sync waits a few milliseconds for such a batch at most. */
const BATCH = 500;

/** Audit events deleted at once. */
const AUDIT_BATCH = 10_000;

type RetentionDeps = Pick<
  Deps,
  "sql" | "config" | "log" | "now" | "background"
>;

/**
 * Drops raw Strava JSON, Strava's streams and deleted activities older than `STRAVA_RETENTION`, of
 * every athlete, and audit events older than `AUDIT_RETENTION`.
 *
 * Each batch is committed separately, and the next run finds what is left. A crash therefore loses
 * nothing, and several processes may run this at once. Returns the counts: activities whose raw JSON
 * was dropped, purged activities and deleted audit events.
 */
export async function applyRetention(
  deps: RetentionDeps,
): Promise<{ dropped: number; purged: number; auditEvents: number }> {
  const strava = await dropStravaData(deps);
  return { ...strava, auditEvents: await deleteOldAuditEvents(deps) };
}

async function dropStravaData(
  deps: RetentionDeps,
): Promise<{ dropped: number; purged: number }> {
  const { sql, config: { retentionDays }, log, now } = deps;
  const counts = { dropped: 0, purged: 0 };
  if (retentionDays === null) return counts;
  const before = new Date(now() - retentionDays * DAY_MS);
  await forEachAthlete(deps, await listAthletes(sql), {
    task: "drop old data",
    work: async (athleteId) => {
      counts.purged += await purgeDeletedActivities(sql, {
        athleteId,
        deletedBefore: before,
      });
      counts.dropped += await dropOldRaw(deps, { athleteId, before });
      await dropOldStreams(deps, { athleteId, before });
    },
  });
  if (counts.dropped + counts.purged > 0) {
    log.info(
      "After {retentionDays} days: dropped raw JSON of {dropped} activities, purged {purged} deleted ones",
      { retentionDays, ...counts },
    );
  }
  return counts;
}

async function deleteOldAuditEvents(
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
      "After {auditRetentionDays} days: deleted {count} audit events",
      { auditRetentionDays, count },
    );
  }
  return count;
}

async function dropOldStreams(
  { sql, log, background }: Pick<Deps, "sql" | "log" | "background">,
  { athleteId, before }: { athleteId: number; before: Date },
): Promise<void> {
  let count = 0;
  let batch = BATCH;
  while (batch === BATCH && !background.signal.aborted) {
    batch = await dropStravaStreams(sql, {
      athleteId,
      fetchedBefore: before,
      limit: BATCH,
    });
    count += batch;
  }
  if (count > 0) {
    log.info("Dropped Strava's streams of {count} activities", {
      athleteId,
      count,
    });
  }
}

async function dropOldRaw(
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
