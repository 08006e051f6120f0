import { bumpDataVersion } from "../../db/athletes.ts";
import {
  type GearEdits,
  listOwnGear,
  type OwnGear,
  resolveGearId,
  updateGearEdits,
} from "../../db/edits/gear_edits.ts";
import { hasGear } from "../../db/gear.ts";
import { countStoredGear } from "../../db/imports/file_gear.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import type { Deps } from "../context.ts";
import { toFileGear } from "../imports/file_gear.ts";
import { storeFileGear } from "../imports/join_gear.ts";
import type { NamedGear } from "../recordings/strava_export/exported_activity.ts";

/** Largest number of shoes and bikes of an athlete, with those of Strava and of files. */
export const MAX_GEAR = 1000;

/**
 * Adds gear for its owner, under the id that a bulk export gives the same names. Adding it again changes
 * nothing. Returns the gear, or Strava's with these names. The athlete's lock is held, so that concurrent
 * calls cannot exceed {@link MAX_GEAR}.
 */
export async function createGear(
  { sql, now }: Pick<Deps, "sql" | "now">,
  { athleteId, named }: { athleteId: number; named: NamedGear },
): Promise<OwnGear | "athlete_not_found" | "too_many_gear"> {
  const gear = toFileGear(named);
  return await sql.begin(async (tx) => {
    if (!await lockSyncState(tx, { athleteId })) return "athlete_not_found";
    const others = await countStoredGear(tx, { athleteId, id: gear.id });
    if (others !== null && others >= MAX_GEAR) return "too_many_gear";
    const isNew = await storeFileGear(tx, {
      athleteId,
      gear: [gear],
      now: new Date(now()),
    });
    if (isNew) await bumpDataVersion(tx, { id: athleteId });
    const id = await resolveGearId(tx, { athleteId, id: gear.id });
    return (await listOwnGear(tx, { athleteId, id }))[0]!;
  });
}

/** Sets values of gear for its owner. Returns the gear; undefined if the athlete does not have it. */
export async function updateGear(
  { sql }: Pick<Deps, "sql">,
  change: {
    athleteId: number;
    id: string;
    set: GearEdits;
    reset: readonly (keyof GearEdits)[];
  },
): Promise<OwnGear | undefined> {
  const { athleteId, id } = change;
  return await sql.begin(async (tx) => {
    await lockSyncState(tx, { athleteId });
    if (!await hasGear(tx, { athleteId, id })) return undefined;
    const isChanged = await updateGearEdits(tx, change);
    if (isChanged) await bumpDataVersion(tx, { id: athleteId });
    return (await listOwnGear(tx, { athleteId, id }))[0];
  });
}
