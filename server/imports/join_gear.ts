import { bumpDataVersion } from "../../db/athletes.ts";
import type { Pool, Sql } from "../../db/driver/client.ts";
import type { Gear } from "../../db/gear.ts";
import {
  FILE_GEAR_ID,
  type FileGear,
  insertFileGear,
  joinFileGear,
  listJoinableGear,
} from "../../db/imports/file_gear.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import { normalizeName } from "../recordings/strava_export/other_tables.ts";

const IS_FILE_GEAR = new RegExp(FILE_GEAR_ID);
/** The first letter of Strava's ids by the kind of a file's gear. */
const LETTERS: Readonly<Record<string, string>> = { bike: "b", shoes: "g" };

/**
 * Stores gear of a bulk export, and joins it with Strava's. Returns whether any is new. Runs in a
 * transaction, after the athlete's lock.
 */
export async function storeFileGear(
  sql: Sql,
  options: { athleteId: number; gear: readonly FileGear[]; now: Date },
): Promise<boolean> {
  const isNew = await insertFileGear(sql, options);
  if (isNew) await joinGear(sql, options);
  return isNew;
}

/** Stores the gear of a bulk export, also what no activity uses, if the athlete is still there. */
export async function storeGear(
  sql: Pool,
  options: { athleteId: number; gear: readonly FileGear[]; now: Date },
): Promise<void> {
  const { athleteId, gear } = options;
  if (gear.length === 0) return;
  await sql.begin(async (tx) => {
    if (!await lockSyncState(tx, { athleteId })) return;
    const isNew = await storeFileGear(tx, options);
    if (isNew) await bumpDataVersion(tx, { id: athleteId });
  });
}

/**
 * Joins gear of a bulk export with Strava's gear of the same names, so that each is listed once with all
 * of its activities. Gear that could be several of Strava's stays as it is. Runs in a transaction, after
 * the athlete's lock.
 */
export async function joinGear(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<void> {
  const all = await listJoinableGear(sql, { athleteId });
  const ofStrava = all.filter(({ id }) => !IS_FILE_GEAR.test(id));
  for (const gear of all) {
    if (!IS_FILE_GEAR.test(gear.id) || gear.sameAs !== null) continue;
    const [same, ...others] = ofStrava.filter((each) => isSame(gear, each));
    if (!same || others.length > 0) continue;
    const { id } = gear;
    await joinFileGear(sql, { athleteId, id, stravaId: same.id });
  }
}

/** Reports whether gear of a bulk export is this gear of Strava. */
function isSame(file: Gear, strava: Gear): boolean {
  const letter = LETTERS[file.id.replace(/_.*/, "")];
  if (letter !== undefined && !strava.id.startsWith(letter)) return false;
  const isOther = (["brandName", "modelName"] as const).some((column) =>
    file[column] !== null && strava[column] !== null &&
    normalizeName(file[column]) !== normalizeName(strava[column])
  );
  if (isOther) return false;
  const names = listNames(strava, strava.nickname);
  if (strava.name !== null) names.add(normalizeName(strava.name));
  return !names.isDisjointFrom(listNames(file, file.name));
}

/** Lists the forms of gear's whole name. Brand and model alone are its name only if it has no other. */
function listNames(
  { brandName, modelName }: Gear,
  name: string | null,
): Set<string> {
  const forms = name === null ? [[brandName, modelName]] : [
    [name],
    [brandName, name],
    [brandName, modelName, name],
    [name, brandName, modelName],
  ];
  const names = forms.map((parts) =>
    normalizeName(parts.filter((part) => part !== null).join(" "))
  );
  return new Set(names.filter((each) => each !== ""));
}
