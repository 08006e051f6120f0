import { dropAnswers } from "../db/answers.ts";
import { listAthletes } from "../db/athletes.ts";
import type { Deps } from "./context.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** So many rows are written at once: a sync waits for one of them some milliseconds at most. */
const BATCH = 500;

/**
 * Drops Strava's answers that are older than `STRAVA_RETENTION`, every athlete's.
 *
 * Each batch is committed by itself and what is left is found anew the next time, so that a crash
 * loses nothing and several processes at once do no harm.
 */
export async function dropOldAnswers(
  { sql, config, log, now, background }: Pick<
    Deps,
    "sql" | "config" | "log" | "now" | "background"
  >,
): Promise<number> {
  const { retentionDays } = config;
  if (retentionDays === null) return 0;
  const fetchedBefore = new Date(now() - retentionDays * DAY_MS);
  let count = 0;
  for (const athleteId of await listAthletes(sql)) {
    let afterId: number | undefined = 0;
    while (afterId !== undefined && !background.signal.aborted) {
      const batch = await dropAnswers(sql, {
        athleteId,
        fetchedBefore,
        afterId,
        limit: BATCH,
      });
      count += batch.dropped;
      afterId = batch.lastId;
    }
  }
  if (count > 0) {
    log.info("Dropped {count} answers of Strava's after {retentionDays} days", {
      count,
      retentionDays,
    });
  }
  return count;
}
