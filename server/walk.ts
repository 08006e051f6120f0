import {
  type ActivityInput,
  leaveOutUnchanged,
  upsertActivities,
  vacuumActivities,
} from "../db/activities.ts";
import { bumpDataVersion } from "../db/athletes.ts";
import { addProgress } from "../db/sync_runs.ts";
import { type Claim, renewLease } from "../db/sync_state.ts";
import { type ReadPage, readPage } from "./activity_input.ts";
import { askStrava } from "./ask_strava.ts";
import type { Deps } from "./context.ts";
import type { Priority } from "./rate_counter.ts";
import { StravaError } from "./strava/errors.ts";

/** How far back each sync looks again, for what was uploaded late or edited. */
const OVERLAP_MS = 14 * 24 * 60 * 60 * 1000;
/** A list that brings nothing new for so many pages does not page at all. */
const MAX_REPEATED_PAGES = 3;

/**
 * The first walk goes down the whole list. Later ones go down to the overlap, and then on from
 * where an interrupted first walk stopped: what is new comes before what is old.
 */
export async function walkWhatIsDue(deps: Deps, claim: Claim): Promise<void> {
  const begun = claim.backfillCursor !== null || claim.backfilledAt !== null;
  if (begun) {
    const since = claim.lastSuccessAt ?? claim.connectedAt;
    await walk(deps, claim, { until: new Date(since.getTime() - OVERLAP_MS) });
  }
  if (claim.backfilledAt === null) {
    await walk(deps, claim, {
      isBackfill: true,
      before: claim.backfillCursor ?? undefined,
    });
  }
}

/** The run was taken for dead, the athlete has connected anew, or was deleted: it ends here. */
export class LeaseLost extends Error {
  override name = "LeaseLost";

  constructor() {
    super("The lease of this run has passed on");
  }
}

interface Walk {
  /** Ends after the page that reaches back to this moment; otherwise at the empty page. */
  until?: Date;
  /** Begins below this moment. */
  before?: Date | undefined;
  /** Commits its place with each page, so that the next run goes on from there. */
  isBackfill?: boolean;
}

/**
 * Walks the list, newest first, and commits each page with the walk's place.
 *
 * Only an empty page is the end: Strava's pages may be short. What is uploaded meanwhile shifts
 * the pages, so that some activities come twice, which changes nothing.
 */
async function walk(
  deps: Deps,
  claim: Claim,
  { until, before, isBackfill = false }: Walk,
): Promise<void> {
  const refuseRepetition = createRepetitionGuard();
  const priority = isBackfill ? "history" : "fresh";
  let place = before;
  let current = await fetchPage(deps, claim, { page: 1, before, priority });
  for (let page = 2; current.count > 0; page++) {
    const { count, activities, skipped } = current;
    logSkipped(deps, skipped);
    refuseRepetition([...activities, ...skipped].map(({ id }) => id));
    const oldest = findOldestStart(activities);
    place = lower(place, oldest);
    const committing = commitPage(deps, claim, {
      activities,
      progress: { fetched: count, skipped: skipped.length },
      backfillCursor: isBackfill ? place : undefined,
    });
    if (until && oldest && oldest < until) return await committing;
    // The next page is fetched and read while this one is stored.
    const fetching = fetchPage(deps, claim, { page, before, priority });
    await Promise.allSettled([committing, fetching]);
    await committing;
    if (isBackfill && page === 2) await tidyUp(deps);
    current = await fetching;
  }
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

function logSkipped(
  deps: Deps,
  skipped: readonly { id: unknown; reason: string }[],
): void {
  for (const { id, reason } of skipped) {
    deps.log.warning("Activity {id} cannot be stored: {reason}", {
      id,
      reason,
    });
  }
}

/** Asks for a page and reads it; the lease is held meanwhile. */
async function fetchPage(
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
async function commitPage(
  deps: Deps,
  { athleteId, runId }: Claim,
  { activities, progress, backfillCursor }: {
    activities: readonly ActivityInput[];
    progress: { fetched: number; skipped: number };
    backfillCursor: Date | undefined;
  },
): Promise<void> {
  const now = new Date(deps.now());
  await deps.sql.begin(async (sql) => {
    const [isHeld, changed] = await Promise.all([
      renewLease(sql, { athleteId, runId, backfillCursor, now }),
      leaveOutUnchanged(sql, { athleteId, activities }),
    ]);
    if (!isHeld) throw new LeaseLost();
    const written = await upsertActivities(sql, {
      athleteId,
      activities: changed,
      now,
    });
    const hasChanged = written.inserted + written.updated > 0;
    await Promise.all([
      addProgress(sql, {
        athleteId,
        id: runId,
        progress: { pages: 1, ...progress, ...written },
      }),
      hasChanged && bumpDataVersion(sql, { id: athleteId }),
    ]);
  });
}

async function holdLease(
  ...args: Parameters<typeof renewLease>
): Promise<void> {
  if (!await renewLease(...args)) throw new LeaseLost();
}
