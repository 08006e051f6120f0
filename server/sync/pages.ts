import { type ActivityInput, vacuumActivities } from "../../db/activities.ts";
import { finishFullSync, isMissingBefore } from "../../db/full_sync.ts";
import {
  releaseUnseenActivities,
  type Unreadable,
} from "../../db/quarantine.ts";
import type { Claim } from "../../db/sync_state.ts";
import type { Deps } from "../context.ts";
import { retryWhileUnavailable } from "../database_retry.ts";
import { deleteConfirmed, deleteMissing } from "./deletions.ts";
import { LeaseLost } from "./lease.ts";
import { StravaError } from "../strava/errors.ts";
import { commitPage, fetchPage } from "./store_page.ts";

/** How far back each sync looks again, for what was uploaded late or edited. */
const OVERLAP_MS = 14 * 24 * 60 * 60 * 1000;
/** A day from one walk of the whole list to the next; less some, since no tick comes on the second. */
const FULL_SYNC_MS = 23.5 * 60 * 60 * 1000;
/** A list that brings nothing new for so many pages does not page at all. */
const MAX_REPEATED_PAGES = 3;

/** How much is walked: the overlap alone, the whole list, or what the time since the last walk says. */
export type Mode = "recent" | "full" | "due";

/**
 * First the overlap, then the whole list where that is due, from where an interrupted walk of it
 * stopped: what is new comes before what is old, and out of the whole budget. Only the first walk
 * begins with the whole list.
 */
export async function syncDuePages(
  deps: Deps,
  claim: Claim,
  { mode = "due" }: { mode?: Mode | undefined } = {},
): Promise<void> {
  const isFull = isFullSyncDue(claim, { mode, now: deps.now() });
  if (!isFirstSync(claim) || claim.fullSyncStartedAt !== null) {
    const since = claim.lastSuccessAt ?? claim.connectedAt;
    await walk(deps, claim, { until: new Date(since.getTime() - OVERLAP_MS) });
  }
  await deleteConfirmed(deps, claim);
  if (!isFull) return;
  const { isAsked } = await syncAllPages(deps, claim, {
    beganAt: claim.fullSyncStartedAt ?? new Date(deps.now()),
    before: claim.fullSyncCursor ?? undefined,
  });
  // Whoever asked in the middle of a walk wants to know of what it had passed already.
  if (isAsked) {
    await syncAllPages(deps, claim, { beganAt: new Date(deps.now()) });
  }
}

/** No walk has come to the list's end; a first one may have although its run did not. */
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
 * Walks the whole list to its end, and only then looks for what has been deleted.
 *
 * An empty page is the end unless something is missing below it: then the list is asked for once
 * more from there, so that a page that was empty by mistake hides nothing.
 */
async function syncAllPages(
  deps: Deps,
  claim: Claim,
  { beganAt, before }: { beganAt: Date; before?: Date | undefined },
): Promise<{ isAsked: boolean }> {
  const { athleteId, runId } = claim;
  for (let from = before;;) {
    const place = await walk(deps, claim, { beganAt, before: from });
    if (place === undefined || place.getTime() === from?.getTime()) break;
    const below = { athleteId, beganAt, before: place };
    const isMore = await retryWhileUnavailable(
      deps,
      () => isMissingBefore(deps.sql, below),
    );
    if (!isMore) break;
    from = place;
  }
  // A database that was restarted meanwhile would otherwise make a good run a failed one.
  return await retryWhileUnavailable(deps, async () => {
    await deleteMissing(deps, claim, { beganAt });
    return await deps.sql.begin(async (sql) => {
      const options = { athleteId, runId, beganAt };
      const { isHeld, isAsked } = await finishFullSync(sql, options);
      if (!isHeld) throw new LeaseLost();
      await releaseUnseenActivities(sql, { athleteId, since: beganAt });
      return { isAsked };
    });
  });
}

interface Walk {
  /** Ends after the page that reaches back to this moment; otherwise at the empty page. */
  until?: Date;
  /** Begins below this moment. */
  before?: Date | undefined;
  /** Of the whole list: commits its place with each page, so that the next run goes on from there. */
  beganAt?: Date;
}

/**
 * Walks the list, newest first, and commits each page with the walk's place, which it returns.
 *
 * Only an empty page is the end: Strava's pages may be short. What is uploaded meanwhile shifts
 * the pages, so that some activities come twice, which changes nothing.
 */
async function walk(
  deps: Deps,
  claim: Claim,
  { until, before, beganAt }: Walk,
): Promise<Date | undefined> {
  const refuseRepetition = createRepetitionGuard();
  const isFirst = beganAt !== undefined && claim.firstSyncedAt === null;
  const priority = beganAt ? "history" : "fresh";
  let place = before;
  let current = await fetchPage(deps, claim, { page: 1, before, priority });
  for (let page = 2; current.count > 0; page++) {
    const { activities, skipped } = current;
    logSkipped(deps, skipped);
    refuseRepetition([...activities, ...skipped].map(({ id }) => id));
    const oldest = findOldestStart(activities);
    place = lower(place, oldest);
    const committing = commitPage(deps, claim, {
      page: current,
      walk: beganAt && { beganAt, place },
    });
    if (until && oldest && oldest < until) {
      await committing;
      return place;
    }
    // The next page is fetched and read while this one is stored.
    const fetching = fetchPage(deps, claim, { page, before, priority });
    const tidying = isFirst && page === 3 ? tidyUp(deps) : undefined;
    await Promise.allSettled([committing, fetching, tidying]);
    await committing;
    current = await fetching;
  }
  return place;
}

/** For when the table has grown from nothing: all is right without it, only slower for a minute. */
export async function tidyUp({ sql, log }: Deps): Promise<void> {
  await vacuumActivities(sql).catch((cause) => {
    log.warning("Could not tidy up after new activities", { cause });
  });
}

/** Throws once several pages in a row have brought no id that was not seen before. */
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
 * The walk's place once it has come down to `oldest`. A second is added: others may have started
 * in the same one and stand on the next page.
 */
function lower(
  place: Date | undefined,
  oldest: Date | undefined,
): Date | undefined {
  if (!oldest) return place;
  const reached = new Date(oldest.getTime() + 1000);
  return place && place < reached ? place : reached;
}

function logSkipped(deps: Deps, skipped: readonly Unreadable[]): void {
  for (const { id, reason } of skipped) {
    deps.log.warning("Activity {id} cannot be stored: {reason}", {
      id,
      reason,
    });
  }
}
