import { bumpDataVersion } from "../../db/athletes.ts";
import { type Gear, listDueGear, upsertGear } from "../../db/gear.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import { askStrava } from "./request_strava.ts";
import { getSpentWindow } from "./rate_limit.ts";
import type { Deps } from "../context.ts";
import { StravaError } from "../strava/errors.ts";
import type { StravaGear } from "../strava/schemas.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** The rest has its turn in the next run. */
const MAX_A_RUN = 20;

/**
 * Asks Strava for the names of these athletes' gear, of each once a day, after all syncs of a
 * schedule and only while the history may ask, too: no sync waits for it or fails by it.
 */
export async function refreshGear(
  deps: Deps,
  athletes: readonly number[],
): Promise<void> {
  for (const athleteId of athletes) {
    if (deps.background.signal.aborted) return;
    await refreshOne(deps, athleteId).catch((cause) => {
      if (deps.background.signal.aborted) return;
      deps.log.warning("Could not ask for the gear of athlete {athleteId}", {
        athleteId,
        cause,
      });
    });
  }
}

async function refreshOne(deps: Deps, athleteId: number): Promise<void> {
  const since = new Date(deps.now() - DAY_MS);
  const due = await listDueGear(deps.sql, { athleteId, since });
  if (due.length === 0 || !await hasRoom(deps)) return;
  const { bikes, shoes } = await askStrava(deps, {
    athleteId,
    priority: "history",
    ask: (options) => deps.strava.getAthlete(options),
  });
  const listed = new Map(
    [...bikes ?? [], ...shoes ?? []].map((gear) => [gear.id, gear]),
  );
  for (const { id, stored } of due.slice(0, MAX_A_RUN)) {
    // The list tells all but brand and model, which stay as they are while the name does.
    const summary = listed.get(id);
    if (stored && summary && isSame(stored, summary)) {
      await store(deps, { athleteId, stored, gear: stored });
      continue;
    }
    if (!await hasRoom(deps)) return;
    const gear = await fetchGear(deps, { athleteId, id, stored });
    await store(deps, { athleteId, stored, gear });
  }
}

function isSame(stored: Gear, summary: StravaGear): boolean {
  const { name, nickname, retired } = toGear(stored.id, summary);
  return stored.isKnown && stored.name === name &&
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
    const gear = await askStrava(deps, {
      athleteId,
      priority: "history",
      ask: (options) => deps.strava.getGear({ ...options, id }),
    });
    return toGear(id, gear);
  } catch (error) {
    if (!(error instanceof StravaError) || error.kind !== "not_found") {
      throw error;
    }
    return { ...stored ?? toGear(id, {}), isKnown: false };
  }
}

/** The only place where Strava's fields become columns; an empty text says nothing. */
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
    // Whoever was deleted meanwhile has no gear to be named.
    if (!await lockSyncState(tx, { athleteId })) return;
    await upsertGear(tx, { athleteId, gear, now: new Date(now()) });
    if (hasChanged) await bumpDataVersion(tx, { id: athleteId });
  });
}

/** What a caller may be told of, in one order. */
function toGearKey(
  { name, brandName, modelName, nickname, retired, isKnown }: Gear,
): unknown[] {
  return [name, brandName, modelName, nickname, retired, isKnown];
}

/** Whether the history has room in the shared budget: names are as little urgent. */
async function hasRoom(deps: Deps): Promise<boolean> {
  return await getSpentWindow(deps, { priority: "history" }) === undefined;
}
