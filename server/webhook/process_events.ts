import { claimEvents } from "../../db/webhook_claims.ts";
import { listAthletesWithEvents } from "../../db/webhook_events.ts";
import { type Deps, forEachAthlete } from "../context.ts";
import { getSpentWindow } from "../sync/rate_limit.ts";
import { handleFailure } from "./event_failure.ts";
import { processClaim } from "./process_claim.ts";

/**
 * Pause between two objects, so that a burst of events is answered before it is processed. Strava's
 * rate limit allows about a hundred objects in 15 minutes anyway. Waiting also lets more events of the
 * same object arrive, which then share one request.
 */
const PAUSE_MS = 10;

/** Processes all due events, athlete by athlete and object by object. */
export async function processEvents(deps: Deps): Promise<void> {
  const now = new Date(deps.now());
  const athletes = await listAthletesWithEvents(deps.sql, { now });
  await forEachAthlete(deps, athletes, {
    task: "process push events",
    work: (athleteId) => processAthlete(deps, athleteId),
  });
}

async function processAthlete(deps: Deps, athleteId: number): Promise<void> {
  const { sql, background } = deps;
  while (!background.signal.aborted) {
    // A withdrawn permission uses no request of the rate limit, so it does not wait for one.
    const onlyAthlete = await getSpentWindow(deps) !== undefined;
    const now = new Date(deps.now());
    const claim = await claimEvents(sql, { athleteId, onlyAthlete, now });
    if (!claim) return;
    const canContinue = await processClaim(deps, claim)
      .then(() => true, (error) => handleFailure(deps, claim, error));
    if (!canContinue) return;
    await deps.sleep(PAUSE_MS, background.signal).catch(() => {});
  }
}
