import { type ActivityInput, vacuumActivities } from "../../db/activities.ts";
import { finishFullSync, isMissingBefore } from "../../db/full_sync.ts";
import {
  releaseUnseenActivities,
  type UnparsedActivity,
} from "../../db/quarantine.ts";
import type { Claim } from "../../db/sync_state.ts";
import { type Deps, retryWhileUnavailable } from "../context.ts";
import { deleteConfirmed, deleteMissing } from "./deletions.ts";
import { LeaseLostError } from "./lease.ts";
import { StravaError } from "../strava/errors.ts";
import type { Priority } from "./rate_windows.ts";
import { commitPage, fetchPage } from "./store_page.ts";

/** Period that each sync reads again, for activities that were uploaded late or edited. */
const OVERLAP_MS = 14 * 24 * 60 * 60 * 1000;
/** Time between two full syncs: a day, minus some, because ticks are not exact. */
const FULL_SYNC_MS = 23.5 * 60 * 60 * 1000;
/** Pages in a row without a new id after which the list counts as broken. */
const MAX_REPEATED_PAGES = 3;

/** Extent of a sync: `recent` reads the overlap, `full` the whole list, `due` whatever is due. */
export type Mode = "recent" | "full" | "due";

/** Options of a sync. */
export interface SyncExtent {
  /** Default: `due`. */
  mode?: Mode | undefined;
  /** Priority of the requests for recent activities. Default: `fresh`. */
  priority?: Priority | undefined;
}

/**
 * Syncs the overlap first and then, if due, the whole list, from where an interrupted full sync
 * stopped. New activities thus come before old ones and may use the whole rate limit. Only a first
 * sync starts with the whole list.
 */
export async function syncDuePages(
  deps: Deps,
  claim: Claim,
  { mode = "due", priority = "fresh" }: SyncExtent = {},
): Promise<void> {
  const isFull = isFullSyncDue(claim, { mode, now: deps.now() });
  if (!isFirstSync(claim) || claim.fullSyncStartedAt !== null) {
    const since = claim.lastSuccessAt ?? claim.connectedAt;
    await syncPages(deps, claim, {
      until: new Date(since.getTime() - OVERLAP_MS),
      priority,
    });
  }
  await deleteConfirmed(deps, claim);
  if (!isFull) return;
  const { isRequested } = await syncAllPages(deps, claim, {
    startedAt: claim.fullSyncStartedAt ?? new Date(deps.now()),
    before: claim.fullSyncCursor ?? undefined,
  });
  // A request in the middle of a full sync also covers the part that it had already passed.
  if (isRequested) {
    await syncAllPages(deps, claim, { startedAt: new Date(deps.now()) });
  }
}

/** Reports whether no full sync has reached the end of the list yet. A run may fail after that point. */
function isFirstSync({ firstSyncedAt, lastFullSyncAt }: Claim): boolean {
  return firstSyncedAt === null && lastFullSyncAt === null;
}

function isFullSyncDue(
  claim: Claim,
  { mode, now }: { mode: Mode; now: number },
): boolean {
  const { fullSyncStartedAt, lastFullSyncAt, fullSyncRequestedAt } = claim;
  if (isFirstSync(claim) || fullSyncRequestedAt !== null) return true;
  if (mode === "recent") return false;
  return mode === "full" || fullSyncStartedAt !== null ||
    lastFullSyncAt === null ||
    now - lastFullSyncAt.getTime() >= FULL_SYNC_MS;
}

/**
 * Syncs the whole list to its end, and only then looks for deletions.
 *
 * An empty page is the end, unless stored activities below it are missing. Then the list is read
 * once more from there, so that a page that is empty by mistake hides nothing.
 */
async function syncAllPages(
  deps: Deps,
  claim: Claim,
  { startedAt, before }: { startedAt: Date; before?: Date | undefined },
): Promise<{ isRequested: boolean }> {
  const { athleteId, runId } = claim;
  for (let from = before;;) {
    const cursor = await syncPages(deps, claim, { startedAt, before: from });
    if (cursor === undefined || cursor.getTime() === from?.getTime()) break;
    const below = { athleteId, startedAt, before: cursor };
    const isMore = await retryWhileUnavailable(
      deps,
      () => isMissingBefore(deps.sql, below),
    );
    if (!isMore) break;
    from = cursor;
  }
  // Otherwise a database restart would turn a successful run into a failed one.
  return await retryWhileUnavailable(deps, async () => {
    await deleteMissing(deps, claim, { startedAt });
    return await deps.sql.begin(async (sql) => {
      const options = { athleteId, runId, startedAt };
      const { isHeld, isRequested } = await finishFullSync(sql, options);
      if (!isHeld) throw new LeaseLostError();
      await releaseUnseenActivities(sql, { athleteId, since: startedAt });
      return { isRequested };
    });
  });
}

interface PageRange {
  /** Ends after the page that reaches this moment. Default: at the empty page. */
  until?: Date;
  /** Starts below this moment. */
  before?: Date | undefined;
  /** Priority of the requests. Default: `history`. */
  priority?: Priority;
  /** Start of a full sync. Its cursor is committed with each page, so that the next run continues. */
  startedAt?: Date;
}

/**
 * Fetches and commits the list page by page, newest first, and returns the cursor.
 *
 * Only an empty page is the end, because Strava's pages may be short. New uploads shift the pages, so
 * that some activities appear twice, which is harmless.
 */
async function syncPages(
  deps: Deps,
  claim: Claim,
  { until, before, startedAt, priority = "history" }: PageRange,
): Promise<Date | undefined> {
  const refuseRepetition = createRepetitionGuard();
  const isFirst = startedAt !== undefined && claim.firstSyncedAt === null;
  let cursor = before;
  let current = await fetchPage(deps, claim, { page: 1, before, priority });
  for (let page = 2; current.count > 0; page++) {
    const { activities, skipped } = current;
    logSkipped(deps, skipped);
    refuseRepetition([...activities, ...skipped].map(({ id }) => id));
    const oldest = findOldestStart(activities);
    cursor = moveCursor(cursor, oldest);
    const committing = commitPage(deps, claim, {
      page: current,
      fullSync: startedAt && { startedAt, cursor },
    });
    if (until && oldest && oldest < until) {
      await committing;
      return cursor;
    }
    // Fetches and parses the next page while this one is stored.
    const fetching = fetchPage(deps, claim, { page, before, priority });
    const vacuuming = isFirst && page === 3
      ? vacuumAfterGrowth(deps)
      : undefined;
    await Promise.allSettled([committing, fetching, vacuuming]);
    await committing;
    current = await fetching;
  }
  return cursor;
}

/** Vacuums the table after it has grown from nothing. Without it queries are slow for a minute. */
export async function vacuumAfterGrowth({ sql, log }: Deps): Promise<void> {
  await vacuumActivities(sql).catch((cause) => {
    log.warning("Could not vacuum the activities", { cause });
  });
}

/** Returns a function that throws after several pages in a row without a new id. */
function createRepetitionGuard(): (ids: readonly unknown[]) => void {
  const seen = new Set<unknown>();
  let repeatedPages = 0;
  return (ids) => {
    repeatedPages = ids.every((id) => seen.has(id)) ? repeatedPages + 1 : 0;
    if (repeatedPages === MAX_REPEATED_PAGES) {
      throw new StravaError(
        "unavailable",
        "Strava's list of activities repeats itself",
      );
    }
    for (const id of ids) seen.add(id);
  };
}

function findOldestStart(
  activities: readonly ActivityInput[],
): Date | undefined {
  const starts = activities.map((activity) => Date.parse(activity.start_date));
  return starts.length === 0 ? undefined : new Date(Math.min(...starts));
}

/**
 * Returns the cursor after reaching `oldest`. A second is added, because activities that started in
 * the same second may be on the next page.
 */
function moveCursor(
  cursor: Date | undefined,
  oldest: Date | undefined,
): Date | undefined {
  if (!oldest) return cursor;
  const reached = new Date(oldest.getTime() + 1000);
  return cursor && cursor < reached ? cursor : reached;
}

function logSkipped(deps: Deps, skipped: readonly UnparsedActivity[]): void {
  for (const { id, reason } of skipped) {
    deps.log.warning("Activity {id} cannot be stored: {reason}", {
      id,
      reason,
    });
  }
}
