import type { Sql } from "../../db/driver/client.ts";
import { isDatabaseUnavailable } from "../../db/driver/errors.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import {
  claimEvents,
  type EventClaim,
  finishEvents,
  postponeEvents,
  renewEventLease,
  retryEvents,
  type WaitingEvent,
} from "../../db/webhook_claims.ts";
import {
  type EventOutcome,
  listAthletesWithEvents,
} from "../../db/webhook_events.ts";
import {
  refetchActivity,
  type RefetchResult,
} from "../sync/refetch_activity.ts";
import { findNextTry, getSpentWindow } from "../sync/rate_limit.ts";
import type { Deps } from "../context.ts";
import { checkDeauthorization } from "../grants/deauthorize.ts";
import { StravaError } from "../strava/errors.ts";
import { leaveOutStrange } from "./unknown_subscription.ts";

const MINUTE_MS = 60 * 1000;
/** After the last one the activity is left to the next walk over the whole list. */
const PAUSES_MINUTES = [1, 5, 15, 45];
/**
 * Between two objects, so that a flood is answered first: Strava's rate limit allows a hundred
 * objects in 15 minutes anyway, and the longer one waits, the more events cost one request.
 */
const BREATH_MS = 10;

/** Another process works on these events: nothing may be written for them here. */
class EventsPassedOn extends Error {
  override name = "EventsPassedOn";

  constructor() {
    super("The lease on these events has passed on");
  }
}

/** Works off what waits and is due, athlete by athlete, object by object. */
export async function workEvents(deps: Deps): Promise<void> {
  const now = new Date(deps.now());
  for (const athleteId of await listAthletesWithEvents(deps.sql, { now })) {
    await workAthlete(deps, athleteId);
  }
}

/** Wakes the one worker of this process; what comes while it works is seen to in the same go. */
export function createWaker(deps: Deps): () => void {
  let isWorking = false;
  let isAsked = false;
  async function work(): Promise<void> {
    try {
      while (isAsked && !deps.background.signal.aborted) {
        isAsked = false;
        await workEvents(deps);
      }
    } finally {
      isWorking = false;
    }
  }
  return () => {
    isAsked = true;
    if (isWorking) return;
    isWorking = true;
    deps.background.run("push events", work);
  };
}

async function workAthlete(deps: Deps, athleteId: number): Promise<void> {
  const { sql, background } = deps;
  while (!background.signal.aborted) {
    // A withdrawn permission costs no request that counts, and does not wait.
    const onlyAthlete = await getSpentWindow(deps) !== undefined;
    const now = new Date(deps.now());
    const claim = await claimEvents(sql, { athleteId, onlyAthlete, now });
    if (!claim) return;
    const canGoOn = await workClaim(deps, claim).catch((error) =>
      giveBack(deps, claim, error)
    );
    if (!canGoOn) return;
    await deps.sleep(BREATH_MS, background.signal).catch(() => {});
  }
}

/** Works on the events of one object; `false` where the others need not be tried now. */
async function workClaim(deps: Deps, claim: EventClaim): Promise<boolean> {
  const events = await leaveOutStrange(deps, claim);
  if (events.length === 0) return true;
  if (claim.objectType === "athlete") await workAthleteEvents(deps, claim);
  else await workActivityEvents(deps, claim, events);
  return true;
}

async function workActivityEvents(
  deps: Deps,
  claim: EventClaim,
  events: readonly WaitingEvent[],
): Promise<void> {
  const { athleteId, objectId } = claim;
  const newest = findNewest(events);
  let wait = false;
  const result = await refetchActivity(deps, {
    athleteId,
    id: objectId,
    beforeRetry: () => hold(deps, claim),
    settle: async (sql, result) => {
      wait = isTooEarly(newest, result) ||
        (events.some(({ attempts }) => attempts === 0) &&
          await isWalked(sql, deps, athleteId));
      if (wait) await retry(sql, deps, claim);
      else await finish(sql, deps, { claim, outcome: result });
    },
  });
  deps.log.info("Push event: activity {id} of athlete {athleteId} {result}", {
    id: objectId,
    athleteId,
    result,
    events: events.length,
    ...(wait ? { wait } : {}),
  });
}

/** The one that happened last; they come in any order. */
function findNewest(events: readonly WaitingEvent[]): WaitingEvent {
  return events.reduce((newest, event) =>
    event.eventTime >= newest.eventTime ? event : newest
  );
}

/**
 * Whether a sync is under way. A page that it fetched before this activity may be stored after it,
 * with what was true then, so a minute later the activity is looked at once more.
 */
async function isWalked(
  sql: Sql,
  { now }: Deps,
  athleteId: number,
): Promise<boolean> {
  const state = await lockSyncState(sql, { athleteId });
  return (state?.leasedUntil?.getTime() ?? 0) > now();
}

/** Strava does not show yet what its event told of. */
function isTooEarly(
  { aspectType }: WaitingEvent,
  result: RefetchResult,
): boolean {
  return aspectType === "delete"
    ? result === "stored" || result === "unchanged"
    : result === "gone";
}

async function workAthleteEvents(
  deps: Deps,
  claim: EventClaim,
): Promise<void> {
  const { athleteId } = claim;
  const result = claim.events.some(isDeauthorization)
    ? await checkDeauthorization(deps, {
      athleteId,
      settle: (sql) => finish(sql, deps, { claim, outcome: "deauthorized" }),
    })
    : "ignored";
  if (result === "ignored") {
    await finish(deps.sql, deps, { claim, outcome: "ignored" });
  } else if (result === "authorized") {
    deps.log.warning(
      "Strava still takes the grant of athlete {athleteId}, who is said to have withdrawn it",
      { athleteId },
    );
    await retry(deps.sql, deps, claim);
  }
}

function isDeauthorization({ aspectType, raw }: WaitingEvent): boolean {
  return aspectType === "update" &&
    String(JSON.parse(raw).updates?.authorized) === "false";
}

/** After a failure: when the next try makes sense, and whether others make sense before. */
async function giveBack(
  deps: Deps,
  claim: EventClaim,
  error: unknown,
): Promise<boolean> {
  const { sql, log, background } = deps;
  if (error instanceof EventsPassedOn) return true;
  if (isDatabaseUnavailable(error)) throw error;
  const now = deps.now();
  const postpone = (until: number): Promise<void> =>
    postponeEvents(sql, { ...claim, until: new Date(until) });
  const { athleteId, objectType, objectId } = claim;
  const what = { athleteId, objectType, objectId, cause: error };
  if (background.signal.aborted) {
    await postpone(now);
    return false;
  }
  const kind = error instanceof StravaError ? error.kind : "internal";
  switch (kind) {
    case "rate_limited":
    case "app_inactive": {
      const until = await findNextTry(deps, { kind });
      await postpone(until);
      log.info("Push events wait for Strava until {until}: {kind}", {
        until: new Date(until),
        kind,
      });
      return kind === "rate_limited";
    }
    case "unreachable":
      await postpone(now + MINUTE_MS);
      log.warning("Push events wait: {kind}", { kind, ...what });
      return false;
    case "unauthorized":
    case "scope_missing":
      // Who connects again has the whole list walked anew.
      await finish(sql, deps, { claim, outcome: "ignored" });
      log.warning("Push event ignored: {kind}", { kind, ...what });
      return true;
  }
  const left = await retry(sql, deps, claim);
  const next = left > 0 ? "tried again later" : "left to the next full walk";
  const level = kind === "internal" ? "error" : "warning";
  log[level]("Push event failed: {kind}, {next}", { kind, next, ...what });
  return true;
}

async function hold(
  { sql, now }: Deps,
  { athleteId, lease }: EventClaim,
): Promise<void> {
  const at = new Date(now());
  if (!await renewEventLease(sql, { athleteId, lease, now: at })) {
    throw new EventsPassedOn();
  }
}

async function finish(
  sql: Sql,
  { now }: Deps,
  { claim, outcome }: { claim: EventClaim; outcome: EventOutcome },
): Promise<void> {
  const { athleteId, lease } = claim;
  const at = new Date(now());
  if (!await finishEvents(sql, { athleteId, lease, outcome, now: at })) {
    throw new EventsPassedOn();
  }
}

async function retry(
  sql: Sql,
  { now }: Deps,
  { athleteId, lease }: EventClaim,
): Promise<number> {
  const left = await retryEvents(sql, {
    athleteId,
    lease,
    pausesMinutes: PAUSES_MINUTES,
    outcome: "given_up",
    now: new Date(now()),
  });
  if (left === undefined) throw new EventsPassedOn();
  return left;
}
