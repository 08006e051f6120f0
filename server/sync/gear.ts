import { bumpDataVersion } from "../../db/athletes.ts";
import { isDatabaseUnavailable } from "../../db/driver/errors.ts";
import { type Gear, listDueGear, upsertGear } from "../../db/gear.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import { storeStravaValues } from "../athlete_values/change_values.ts";
import { joinGear } from "../imports/join_gear.ts";
import { requestStrava } from "./request_strava.ts";
import { getSpentWindow } from "./rate_limit.ts";
import type { Deps } from "../context.ts";
import { StravaError, type StravaErrorKind } from "../strava/errors.ts";
import type { Profile, StravaGear } from "../strava/schemas.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Most requests per athlete and run. The rest follows in the next run. */
const MAX_PER_RUN = 20;
/** Failures in a row that end a run, because Strava or the grant is the cause. */
const MAX_FAILURES = 3;
/** Failures that every other request of the athlete would share. */
const SHARED_FAILURES: ReadonlySet<StravaErrorKind> = new Set([
  "rate_limited",
  "app_inactive",
  "unauthorized",
]);

/**
 * Fetches the names of these athletes' gear from Strava, each at most once a day. It runs after all
 * syncs and only within the rate limit of `history`, so that no sync waits for it or fails because
 * of it.
 */
export async function refreshGear(
  deps: Deps,
  athletes: readonly number[],
): Promise<void> {
  for (const athleteId of athletes) {
    if (deps.background.signal.aborted) return;
    await refreshAthleteGear(deps, athleteId).catch((cause) => {
      if (deps.background.signal.aborted) return;
      deps.log.warning("Could not fetch the gear of athlete {athleteId}", {
        athleteId,
        cause,
      });
    });
  }
}

async function refreshAthleteGear(
  deps: Deps,
  athleteId: number,
): Promise<void> {
  const since = new Date(deps.now() - DAY_MS);
  const due = await listDueGear(deps.sql, { athleteId, since });
  if (due.length === 0 || !await isRequestAllowed(deps)) return;
  const listed = await listSummaries(deps, athleteId);
  let failures = listed ? 0 : 1;
  for (const { id, stored } of due.slice(0, MAX_PER_RUN)) {
    // The list lacks brand and model. They are assumed unchanged while the name is.
    const summary = listed?.get(id);
    if (stored && summary && isSame(stored, summary)) {
      await store(deps, { athleteId, stored, gear: stored });
      continue;
    }
    if (!await isRequestAllowed(deps)) return;
    const hasAnswer = await refreshOne(deps, { athleteId, id, stored });
    failures = hasAnswer ? 0 : failures + 1;
    if (failures === MAX_FAILURES) return;
  }
}

/** Returns the gear in the athlete's profile by id, or `undefined` if Strava does not answer. */
async function listSummaries(
  deps: Deps,
  athleteId: number,
): Promise<Map<string, StravaGear> | undefined> {
  try {
    const profile = await requestStrava(deps, {
      athleteId,
      priority: "history",
      send: (options) => deps.strava.getAthlete(options),
    });
    await storeValues(deps, { athleteId, profile });
    const { bikes, shoes } = profile;
    const listed = [...bikes ?? [], ...shoes ?? []];
    return new Map(listed.map((gear) => [gear.id, gear]));
  } catch (cause) {
    if (isShared(deps, cause)) throw cause;
    deps.log.warning("Could not list the gear of athlete {athleteId}", {
      athleteId,
      cause,
    });
    return undefined;
  }
}

/** Stores the athlete values that the profile has. No request is sent for them alone. */
async function storeValues(
  { sql, now }: Deps,
  { athleteId, profile }: { athleteId: number; profile: Profile },
): Promise<void> {
  await sql.begin(async (tx) => {
    // The athlete may have been deleted since.
    if (!await lockSyncState(tx, { athleteId })) return;
    await storeStravaValues(tx, { athleteId, profile, now: new Date(now()) });
  });
}

/**
 * Fetches and stores one gear; returns whether Strava answered. A failure counts as a check, so that
 * this gear is not the first of every run and keeps no other from being fetched.
 */
async function refreshOne(
  deps: Deps,
  options: { athleteId: number; id: string; stored: Gear | undefined },
): Promise<boolean> {
  const { athleteId, id, stored } = options;
  try {
    const gear = await fetchGear(deps, options);
    await store(deps, { athleteId, stored, gear });
    return true;
  } catch (cause) {
    if (isShared(deps, cause)) throw cause;
    deps.log.warning("Could not fetch the gear {id} of athlete {athleteId}", {
      id,
      athleteId,
      cause,
    });
    const gear = stored ?? { ...toGear(id, {}), isKnown: null };
    await store(deps, { athleteId, stored: gear, gear });
    return false;
  }
}

/** Reports whether a failure affects the athlete's other gear too. */
function isShared({ background }: Deps, error: unknown): boolean {
  if (background.signal.aborted || isDatabaseUnavailable(error)) return true;
  return error instanceof StravaError && SHARED_FAILURES.has(error.kind);
}

function isSame(stored: Gear, summary: StravaGear): boolean {
  const { name, nickname, retired } = toGear(stored.id, summary);
  return stored.isKnown === true && stored.name === name &&
    stored.nickname === nickname && stored.retired === retired;
}

async function fetchGear(
  deps: Deps,
  { athleteId, id, stored }: {
    athleteId: number;
    id: string;
    stored: Gear | undefined;
  },
): Promise<Gear> {
  try {
    const gear = await requestStrava(deps, {
      athleteId,
      priority: "history",
      send: (options) => deps.strava.getGear({ ...options, id }),
    });
    return toGear(id, gear);
  } catch (error) {
    if (!(error instanceof StravaError) || error.kind !== "not_found") {
      throw error;
    }
    return { ...stored ?? toGear(id, {}), isKnown: false };
  }
}

/** Returns the columns of Strava's gear. An empty text counts as absent. */
function toGear(id: string, gear: Partial<StravaGear>): Gear {
  return {
    id,
    name: gear.name?.trim() || null,
    brandName: gear.brand_name?.trim() || null,
    modelName: gear.model_name?.trim() || null,
    nickname: gear.nickname?.trim() || null,
    retired: gear.retired ?? null,
    isKnown: true,
  };
}

async function store(
  { sql, now }: Deps,
  { athleteId, stored, gear }: {
    athleteId: number;
    stored: Gear | undefined;
    gear: Gear;
  },
): Promise<void> {
  const hasChanged = JSON.stringify(toGearKey(gear)) !==
    JSON.stringify(stored && toGearKey(stored));
  await sql.begin(async (tx) => {
    // The athlete may have been deleted since.
    if (!await lockSyncState(tx, { athleteId })) return;
    await upsertGear(tx, { athleteId, gear, now: new Date(now()) });
    if (!hasChanged) return;
    await joinGear(tx, { athleteId });
    await bumpDataVersion(tx, { id: athleteId });
  });
}

/** Returns the fields that callers can see, in a fixed order. */
function toGearKey(
  { name, brandName, modelName, nickname, retired, isKnown }: Gear,
): unknown[] {
  return [name, brandName, modelName, nickname, retired, isKnown];
}

/** Reports whether the rate limit allows `history` requests: names are not more urgent than those. */
async function isRequestAllowed(deps: Deps): Promise<boolean> {
  return await getSpentWindow(deps, { priority: "history" }) === undefined;
}
