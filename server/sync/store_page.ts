import {
  listChangedActivities,
  upsertActivities,
  type Written,
} from "../../db/activities.ts";
import { bumpDataVersion } from "../../db/athletes.ts";
import { insertFullSyncPage } from "../../db/full_sync.ts";
import {
  quarantineActivities,
  releaseActivities,
  type UnparsedActivity,
} from "../../db/quarantine.ts";
import { addProgress } from "../../db/sync_runs.ts";
import { type Claim, renewLease } from "../../db/sync_state.ts";
import { type ParsedPage, parsePage } from "./parse_activity.ts";
import { joinFiles } from "../imports/join_files.ts";
import { requestStrava } from "./request_strava.ts";
import type { Deps } from "../context.ts";
import { holdLease, LeaseLostError } from "./lease.ts";
import type { Priority } from "./rate_windows.ts";

/** Fetches and parses a page. Retries renew the lease. */
export async function fetchPage(
  deps: Deps,
  { athleteId, runId }: Claim,
  { page, before, priority }: {
    page: number;
    before: Date | undefined;
    priority: Priority;
  },
): Promise<ParsedPage> {
  return await requestStrava(deps, {
    athleteId,
    priority,
    send: async (options) =>
      parsePage(await deps.strava.listActivities({ ...options, page, before })),
    beforeRetry: () =>
      holdLease(deps.sql, { athleteId, runId, now: new Date(deps.now()) }),
  });
}

/**
 * Stores a page and the full sync's cursor in one transaction, so that a crash leaves both or
 * neither. Independent statements are sent together, always with the lease's lock first.
 */
export async function commitPage(
  deps: Deps,
  { athleteId, runId, firstSyncedAt }: Claim,
  { page: { count, activities, skipped }, fullSync }: {
    page: ParsedPage;
    fullSync: { startedAt: Date; cursor: Date | undefined } | undefined;
  },
): Promise<void> {
  const now = new Date(deps.now());
  const ids = activities.map(({ id }) => id);
  // In a first sync nearly everything is new: comparing with stored rows would only cost time.
  const isFirst = fullSync !== undefined && firstSyncedAt === null;
  await deps.sql.begin(async (sql) => {
    const store = async (): Promise<Written> => {
      const changed = isFirst
        ? activities
        : await listChangedActivities(sql, { athleteId, activities });
      const stored = await upsertActivities(sql, {
        athleteId,
        activities: changed,
        now,
      });
      await joinFiles(sql, { athleteId, ids: stored.ids, now });
      return stored;
    };
    const [isHeld, written] = await Promise.all([
      renewLease(sql, {
        athleteId,
        runId,
        fullSyncStartedAt: fullSync?.startedAt,
        fullSyncCursor: fullSync?.cursor,
        now,
      }),
      store(),
    ]);
    if (!isHeld) throw new LeaseLostError();
    const { inserted, updated } = written;
    const hasChanged = inserted + updated > 0;
    await Promise.all([
      addProgress(sql, {
        athleteId,
        id: runId,
        progress: {
          pages: 1,
          fetched: count,
          skipped: skipped.length,
          inserted,
          updated,
        },
      }),
      hasChanged && bumpDataVersion(sql, { id: athleteId }),
      releaseActivities(sql, { athleteId, ids }),
      quarantineActivities(sql, { athleteId, activities: skipped, now }),
      fullSync && insertFullSyncPage(sql, {
        athleteId,
        ids: [...ids, ...listKnownIds(skipped)],
      }),
    ]);
  });
}

/** Returns the valid ids of unparsable activities: stored earlier, they do not count as missing. */
function listKnownIds(skipped: readonly UnparsedActivity[]): number[] {
  return skipped.map(({ id }) => Number(id)).filter((id) =>
    Number.isSafeInteger(id)
  );
}
