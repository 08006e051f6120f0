import { parseCsv } from "./activities_csv.ts";
import type { ExportedGear, ExportedProfile } from "./exported_activity.ts";

/** Bikes or shoes that are read of an export. */
const MAX_GEAR = 1000;

/** Parses `bikes.csv` or `shoes.csv`: name, brand and model by place, in any language. */
export function parseGearCsv(
  bytes: Uint8Array,
  kind: ExportedGear["kind"],
): ExportedGear[] {
  const [, ...rows] = parseCsv(bytes);
  return rows.slice(0, MAX_GEAR).map(([name = "", brand = "", model = ""]) => ({
    kind,
    name: name.trim(),
    brand: brand.trim(),
    model: model.trim(),
    names: listNames(name, brand, model),
  })).filter(({ names }) => names.length > 0);
}

/** Lists the forms in which the table of activities may name a gear, normalized. */
function listNames(name: string, brand: string, model: string): string[] {
  const forms = [
    [name],
    [brand, name],
    [brand, model],
    [brand, model, name],
    [name, brand, model],
  ].map((parts) => normalizeName(parts.join(" ")));
  return [...new Set(forms)].filter((form) => form !== "");
}

/** Returns the name of a gear for comparisons: in lower case, with single spaces. */
export function normalizeName(name: string): string {
  return name.trim().toLowerCase().replaceAll(/\s+/g, " ");
}

/** Gear by its names. */
export interface GearIndex {
  readonly byName: ReadonlyMap<string, readonly ExportedGear[]>;
  readonly byForm: ReadonlyMap<string, readonly ExportedGear[]>;
}

/** Arranges gear for {@link findGear}: an export may have many activities. */
export function indexGear(gear: readonly ExportedGear[]): GearIndex {
  const byForm = new Map<string, ExportedGear[]>();
  for (const each of gear) {
    for (const form of each.names) {
      byForm.set(form, [...byForm.get(form) ?? [], each]);
    }
  }
  const byName = Map.groupBy(gear, ({ name }) => normalizeName(name));
  byName.delete("");
  return { byName, byForm };
}

/** Finds the gear that an activity names; undefined if none or several fit. */
export function findGear(
  gearName: string | null,
  { byName, byForm }: GearIndex,
): ExportedGear | undefined {
  if (gearName === null) return undefined;
  const wanted = normalizeName(gearName);
  const fitting = byName.get(wanted) ?? byForm.get(wanted) ?? [];
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** Place of the id in `profile.csv`. The order is the same in all languages. */
const ATHLETE_ID = 0;
/** Places in `profile.csv` and `general_preferences.csv`. */
const PROFILE_WEIGHT = 6;
const WEIGHT = 1;
const THRESHOLD_POWER = 2;
const MAX_HEART_RATE = 3;
const KILOGRAMS_PER_POUND = 0.45359237;

/** Parses the athlete's id and training values. Nothing else of the profile is read. */
export function parseProfile(
  { profile, preferences }: {
    profile?: Uint8Array | undefined;
    preferences?: Uint8Array | undefined;
  },
): ExportedProfile {
  const [, person = []] = profile ? parseCsv(profile) : [];
  const [, general = []] = preferences ? parseCsv(preferences) : [];
  const id = /^\d{1,15}$/.test(person[ATHLETE_ID] ?? "")
    ? Number(person[ATHLETE_ID])
    : null;
  return {
    athleteId: id,
    weightKilograms: parseWeight(person[PROFILE_WEIGHT]) ??
      parseWeight(general[WEIGHT]),
    thresholdPower: parseWithin(general[THRESHOLD_POWER], [20, 1000]),
    maxHeartRate: parseWithin(general[MAX_HEART_RATE], [60, 250]),
  };
}

function parseWeight(text: string | undefined): number | null {
  const kilograms = parseWithin(text, [20, 700]);
  if (kilograms === null) return null;
  return /lb/i.test(text!) ? kilograms * KILOGRAMS_PER_POUND : kilograms;
}

/** Parses the number at the start of a text such as `133 W`, if it is within bounds. */
function parseWithin(
  text: string | undefined,
  [least, most]: readonly [number, number],
): number | null {
  const [digits] = /^\d+([.,]\d+)?/.exec(text?.trim() ?? "") ?? [];
  const value = Number(digits?.replace(",", "."));
  return value >= least && value <= most ? value : null;
}
