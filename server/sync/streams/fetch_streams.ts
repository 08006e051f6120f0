import { isDatabaseUnavailable } from "../../../db/driver/errors.ts";
import {
  deleteStravaStreams,
  putStravaStreams,
} from "../../../db/streams/strava_streams.ts";
import {
  claimStreams,
  listStreamAthletes,
  releaseStreams,
  renewStreamLease,
  settleStreams,
  type StreamClaim,
  type StreamMode,
} from "../../../db/streams/stream_fetches.ts";
import { lockSyncState } from "../../../db/sync_state.ts";
import type { Deps } from "../../context.ts";
import { StravaError, type StravaErrorKind } from "../../strava/errors.ts";
import { LeaseLostError } from "../lease.ts";
import { getSpentWindow } from "../rate_limit.ts";
import { requestStrava } from "../request_strava.ts";
import { parseStreams } from "./parse_streams.ts";

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const LEASE_MS = MINUTE_MS;

/** Pauses after an answer without streams, for an activity that is still new: Strava may not be done. */
const EMPTY_PAUSES_MS = [5 * MINUTE_MS, 15 * MINUTE_MS, 45 * MINUTE_MS];
/** Time for which an activity is new. */
const NEW_MS = 2 * HOUR_MS;
/** Pauses after failures in a row. After the last one Strava is not asked again. */
const FAILURE_PAUSES_MS = [HOUR_MS, 6 * HOUR_MS, DAY_MS, 7 * DAY_MS];
/** Failures of different activities in a row that end a run, because Strava is the cause. */
const MAX_FAILURES = 3;

/** Failures of the application or of the grant, which say nothing about the activity. */
const SHARED: ReadonlySet<StravaErrorKind> = new Set([
  "rate_limited",
  "app_inactive",
  "unauthorized",
]);

/** The result of asking for the streams of one activity. `idle`: none is due. */
type Step = "idle" | "answered" | "failed";

/**
 * Fetches the streams of Strava's activities, the newest first, one activity of each athlete in turn. It
 * ends when nothing is due or when the rate limit leaves no more requests for streams. Each result is
 * committed alone, so that a run may end at any time and the next one continues.
 */
export async function fetchStreams(deps: Deps): Promise<void> {
  const { config: { stravaStreams: mode }, sql, background, log } = deps;
  if (mode === "off") return;
  let athletes = await listStreamAthletes(sql);
  let failures = 0;
  while (athletes.length > 0) {
    const waiting: number[] = [];
    for (const athleteId of athletes) {
      if (background.signal.aborted || !await isRequestAllowed(deps)) return;
      try {
        const step = await fetchNext(deps, { athleteId, mode });
        if (step === "idle") continue;
        failures = step === "failed" ? failures + 1 : 0;
        if (failures === MAX_FAILURES) return;
        waiting.push(athleteId);
      } catch (cause) {
        if (background.signal.aborted) return;
        if (isDatabaseUnavailable(cause)) throw cause;
        if (isShared(cause) && cause.kind !== "unauthorized") return;
        log.warning("Could not fetch the streams of athlete {athleteId}", {
          athleteId,
          cause,
        });
      }
    }
    athletes = waiting;
  }
}

/** Asks for the streams of the athlete's newest activity that is due. */
async function fetchNext(
  deps: Deps,
  { athleteId, mode }: { athleteId: number; mode: StreamMode },
): Promise<Step> {
  const { sql, log } = deps;
  const claim = await claimStreams(sql, {
    athleteId,
    mode,
    lease: crypto.randomUUID(),
    now: new Date(deps.now()),
    until: new Date(deps.now() + LEASE_MS),
  });
  if (!claim) return "idle";
  const { id } = claim;
  try {
    await store(deps, claim, await request(deps, claim));
    return "answered";
  } catch (cause) {
    if (cause instanceof LeaseLostError) return "answered";
    if (cause instanceof StravaError && !isShared(cause)) {
      log.warning("Could not fetch the streams of activity {id}", {
        id,
        cause,
      });
      await storeFailure(deps, claim);
      return "failed";
    }
    // If the database is the cause, the lease runs out by itself.
    await releaseStreams(sql, claim).catch(() => {});
    throw cause;
  }
}

function isShared(error: unknown): error is StravaError {
  return error instanceof StravaError && SHARED.has(error.kind);
}

/** Returns Strava's streams; `undefined` if the activity has none. */
async function request(
  deps: Deps,
  claim: StreamClaim,
): Promise<ReturnType<typeof parseStreams>> {
  const { athleteId, id } = claim;
  try {
    const streams = await requestStrava(deps, {
      athleteId,
      priority: "streams",
      send: (options) => deps.strava.getStreams({ ...options, id }),
      async beforeRetry() {
        const until = new Date(deps.now() + LEASE_MS);
        if (!await renewStreamLease(deps.sql, claim, { until })) {
          throw new LeaseLostError();
        }
      },
    });
    return parseStreams(streams);
  } catch (error) {
    if (error instanceof StravaError && error.kind === "not_found") {
      return undefined;
    }
    throw error;
  }
}

/** Stores the answer, unless the lease was lost or the activity is gone. */
async function store(
  deps: Deps,
  claim: StreamClaim,
  streams: ReturnType<typeof parseStreams>,
): Promise<void> {
  const { athleteId, id } = claim;
  const now = new Date(deps.now());
  await deps.sql.begin(async (sql) => {
    await lockSyncState(sql, { athleteId });
    if (!await settleStreams(sql, claim, toResult(claim, streams, now))) return;
    if (streams) await putStravaStreams(sql, { athleteId, id, streams, now });
    else await deleteStravaStreams(sql, { athleteId, id });
  });
}

function toResult(
  { failures, firstSeenAt }: StreamClaim,
  streams: ReturnType<typeof parseStreams>,
  now: Date,
): Parameters<typeof settleStreams>[2] {
  if (streams) return { outcome: "stored", failures: 0, retryAt: now };
  const isNew = now.getTime() - firstSeenAt.getTime() < NEW_MS;
  const pause = isNew ? EMPTY_PAUSES_MS[failures] : undefined;
  return pause === undefined
    ? { outcome: "none", failures: 0, retryAt: now }
    : {
      outcome: "waiting",
      failures: failures + 1,
      retryAt: new Date(now.getTime() + pause),
    };
}

/** Stores a failure of this activity alone: it is asked for again later, and in the end not any more. */
async function storeFailure(deps: Deps, claim: StreamClaim): Promise<void> {
  const { failures } = claim;
  const pause = FAILURE_PAUSES_MS[failures];
  const now = deps.now();
  await settleStreams(deps.sql, claim, {
    outcome: pause === undefined ? "refused" : "waiting",
    failures: failures + 1,
    retryAt: new Date(now + (pause ?? 0)),
  });
}

/** Reports whether the rate limit leaves a request for streams. */
async function isRequestAllowed(deps: Deps): Promise<boolean> {
  return await getSpentWindow(deps, { priority: "streams" }) === undefined;
}
