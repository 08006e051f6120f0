/** Shared by the benches of reads: one athlete's history. */

import { upsertActivities, vacuumActivities } from "../db/activities.ts";
import { upsertAthlete } from "../db/athletes.ts";
import type { Pool } from "../db/driver/client.ts";
import { insertSyncState } from "../db/sync_state.ts";
import { generateHistory } from "../demo/history/history.ts";
import { parsePage } from "../server/sync/parse_activity.ts";

/** The day on which the history ends. */
export const NOW = Date.UTC(2026, 10, 20, 12);
/** The athlete of the history. */
export const ATHLETE_ID = 700_001;
const PAGE = 1000;

/** Creates an athlete with a complete history, without a sync. */
export async function fill(sql: Pool, count: number): Promise<void> {
  const now = new Date(NOW);
  // As in production: a vacuum marks rows as visible to all only if their commit is on disk, and only then does
  // PostgreSQL read the index alone.
  await sql`set synchronous_commit = on`;
  await upsertAthlete(sql, { id: ATHLETE_ID, profile: {}, now });
  await insertSyncState(sql, { athleteId: ATHLETE_ID, now });
  await sql`
    update sync_state
    set last_success_at = ${now}
    where athlete_id = ${ATHLETE_ID}
  `;
  const history = generateHistory({
    seed: 1,
    athleteId: ATHLETE_ID,
    count,
    now: NOW,
  });
  for (let at = 0; at < history.length; at += PAGE) {
    const { activities } = parsePage(history.slice(at, at + PAGE));
    await upsertActivities(sql, { athleteId: ATHLETE_ID, activities, now });
  }
  await vacuumActivities(sql);
}
