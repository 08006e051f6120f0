import {
  listChangedActivities,
  upsertActivities,
  type WriteCounts,
} from "../../db/activities.ts";
import { bumpDataVersion } from "../../db/athletes.ts";
import { insertFullSyncPage } from "../../db/full_sync.ts";
import {
  quarantineActivities,
  releaseActivities,
  type Unreadable,
} from "../../db/quarantine.ts";
import { addProgress } from "../../db/sync_runs.ts";
import { type Claim, renewLease } from "../../db/sync_state.ts";
import { type ReadPage, readPage } from "./parse_activity.ts";
import { askStrava } from "./request_strava.ts";
import type { Deps } from "../context.ts";
import { holdLease, LeaseLost } from "./lease.ts";
import type { Priority } from "./rate_windows.ts";

/** Asks for a page and reads it; the lease is held meanwhile. */
export async function fetchPage(
  deps: Deps,
  { athleteId, runId }: Claim,
  { page, before, priority }: {
    page: number;
    before: Date | undefined;
    priority: Priority;
  },
): Promise<ReadPage> {
  return await askStrava(deps, {
    athleteId,
    priority,
    ask: async (options) =>
      readPage(await deps.strava.listActivities({ ...options, page, before })),
    beforeRetry: () =>
      holdLease(deps.sql, { athleteId, runId, now: new Date(deps.now()) }),
  });
}

/**
 * Stores a page and the place of the walk together: after a crash neither is there without the
 * other. What need not wait for an answer is sent at once, the lease's lock always first.
 */
export async function commitPage(
  deps: Deps,
  { athleteId, runId, firstSyncedAt }: Claim,
  { page: { count, activities, skipped }, walk }: {
    page: ReadPage;
    walk: { beganAt: Date; place: Date | undefined } | undefined;
  },
): Promise<void> {
  const now = new Date(deps.now());
  const ids = activities.map(({ id }) => id);
  // In a first walk nearly all is new: to look what is there already would only take time.
  const isFirst = walk !== undefined && firstSyncedAt === null;
  await deps.sql.begin(async (sql) => {
    const store = async (): Promise<WriteCounts> =>
      await upsertActivities(sql, {
        athleteId,
        activities: isFirst
          ? activities
          : await listChangedActivities(sql, { athleteId, activities }),
        now,
      });
    const [isHeld, written] = await Promise.all([
      renewLease(sql, {
        athleteId,
        runId,
        fullSyncStartedAt: walk?.beganAt,
        fullSyncCursor: walk?.place,
        now,
      }),
      store(),
    ]);
    if (!isHeld) throw new LeaseLost();
    const hasChanged = written.inserted + written.updated > 0;
    await Promise.all([
      addProgress(sql, {
        athleteId,
        id: runId,
        progress: {
          pages: 1,
          fetched: count,
          skipped: skipped.length,
          ...written,
        },
      }),
      hasChanged && bumpDataVersion(sql, { id: athleteId }),
      releaseActivities(sql, { athleteId, ids }),
      quarantineActivities(sql, { athleteId, activities: skipped, now }),
      walk && insertFullSyncPage(sql, {
        athleteId,
        ids: [...ids, ...listKnownIds(skipped)],
      }),
    ]);
  });
}

/** The ids under which what cannot be read may be stored since before: it is not missing. */
function listKnownIds(skipped: readonly Unreadable[]): number[] {
  return skipped.map(({ id }) => Number(id)).filter((id) =>
    Number.isSafeInteger(id)
  );
}
