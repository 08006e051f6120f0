import type { Sql } from "../../db/driver/client.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import type { ClaimedEvent, EventClaim } from "../../db/webhook_claims.ts";
import type { Deps } from "../context.ts";
import { checkDeauthorization } from "../grants/deauthorize.ts";
import {
  refetchActivity,
  type RefetchResult,
} from "../sync/refetch_activity.ts";
import { finishClaim, renewClaim, retryClaim } from "./event_lease.ts";
import { dropUnknownSubscription } from "./unknown_subscription.ts";

/** Processes all waiting events of one object. */
export async function processClaim(
  deps: Deps,
  claim: EventClaim,
): Promise<void> {
  const events = await dropUnknownSubscription(deps, claim);
  if (events.length === 0) return;
  if (claim.objectType === "athlete") await processAthleteEvents(deps, claim);
  else await processActivityEvents(deps, claim, events);
}

/** Fetches the activity again. All its events together cost one request. */
async function processActivityEvents(
  deps: Deps,
  claim: EventClaim,
  events: readonly ClaimedEvent[],
): Promise<void> {
  const { athleteId, objectId } = claim;
  const newest = findNewest(events);
  let isRetried = false;
  const result = await refetchActivity(deps, {
    athleteId,
    id: objectId,
    beforeRetry: () => renewClaim(deps, claim),
    settle: async (sql, result) => {
      isRetried = isTooEarly(newest, result) ||
        (events.some(({ attempts }) => attempts === 0) &&
          await isSyncing(sql, deps, athleteId));
      if (isRetried) await retryClaim(sql, deps, claim);
      else await finishClaim(sql, deps, { claim, outcome: result });
    },
  });
  deps.log.info("Push event: activity {id} of athlete {athleteId} {result}", {
    id: objectId,
    athleteId,
    result,
    events: events.length,
    ...(isRetried ? { retry: true } : {}),
  });
}

/** Returns the event that happened last. Strava delivers events in any order. */
function findNewest(events: readonly ClaimedEvent[]): ClaimedEvent {
  return events.reduce((newest, event) =>
    event.eventTime >= newest.eventTime ? event : newest
  );
}

/**
 * Reports whether a sync is running. It may have fetched a page before this activity and store that
 * older state afterwards. So the activity is fetched once more a minute later.
 */
async function isSyncing(
  sql: Sql,
  { now }: Deps,
  athleteId: number,
): Promise<boolean> {
  const state = await lockSyncState(sql, { athleteId });
  return (state?.leasedUntil?.getTime() ?? 0) > now();
}

/** Reports whether Strava's API does not yet show the change of the event. */
function isTooEarly(
  { aspectType }: ClaimedEvent,
  result: RefetchResult,
): boolean {
  return aspectType === "delete"
    ? result === "stored" || result === "unchanged"
    : result === "gone";
}

/** Ends the athlete's grant if an event says that the permission is withdrawn and Strava confirms it. */
async function processAthleteEvents(
  deps: Deps,
  claim: EventClaim,
): Promise<void> {
  const { athleteId } = claim;
  const result = claim.events.some(isDeauthorization)
    ? await checkDeauthorization(deps, {
      athleteId,
      settle: (sql) =>
        finishClaim(sql, deps, { claim, outcome: "deauthorized" }),
    })
    : "ignored";
  if (result === "ignored") {
    await finishClaim(deps.sql, deps, { claim, outcome: "ignored" });
  } else if (result === "authorized") {
    deps.log.warning(
      "Strava still accepts the grant of athlete {athleteId}, although an event says that it was withdrawn",
      { athleteId },
    );
    await retryClaim(deps.sql, deps, claim);
  }
}

function isDeauthorization({ aspectType, raw }: ClaimedEvent): boolean {
  return aspectType === "update" &&
    String(JSON.parse(raw).updates?.authorized) === "false";
}
