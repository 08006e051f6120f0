import { ATHLETE_VALUE_LIMITS } from "@paceline/sdk/schemas";
import {
  type FileProfile,
  listFileProfiles,
  listStoredValues,
  type StoredValue,
  type ValueContent,
} from "../../db/athlete_values/athlete_values.ts";
import type { Sql } from "../../db/driver/client.ts";

/** A kind of athlete values. */
export type ValueKind = keyof typeof ATHLETE_VALUE_LIMITS;

/** A value of the athlete, which holds from its date until the next one of its kind. */
export interface AthleteValue extends ValueContent {
  kind: ValueKind;
  /** Local date, `2025-12-31`. */
  date: string;
  source: "owner" | "file" | "strava";
}

const KINDS = Object.keys(ATHLETE_VALUE_LIMITS) as ValueKind[];

/** The source that wins if several have a value for the same date comes first. */
const PRECEDENCE: readonly AthleteValue["source"][] = [
  "owner",
  "file",
  "strava",
];

/** Lists the values of an athlete by kind, each kind's oldest first; with `until`, those up to that date. */
export async function listAthleteValues(
  sql: Sql,
  options: { athleteId: number; until?: string },
): Promise<AthleteValue[]> {
  const stored = await listStoredValues(sql, options);
  const profiles = await listFileProfiles(sql, options);
  return resolveValues({ stored, profiles });
}

/** Returns the last value of each kind. */
export function findLastValues(
  values: readonly AthleteValue[],
): AthleteValue[] {
  return values.filter(({ kind }, i) => values[i + 1]?.kind !== kind);
}

/**
 * Resolves the sources' values. A file or Strava only says something new when its value changes: a watch
 * repeats in each file what it was told once, and must not undo what the owner has set since. On one date
 * the owner wins over files, and these over Strava. A value that holds already is left out, unless the
 * owner has set it.
 */
export function resolveValues(
  { stored, profiles }: {
    stored: readonly StoredValue[];
    /** In the order of their starts. */
    profiles: readonly FileProfile[];
  },
): AthleteValue[] {
  return KINDS.flatMap((kind) => {
    const all: AthleteValue[] = [
      ...stored.filter((each) => each.kind === kind)
        .map((each) => ({ ...each, kind })),
      ...listFileValues(kind, profiles),
    ];
    const ranked = all.toSorted((a, b) =>
      a.date < b.date ? -1 : a.date > b.date ? 1 : rank(a) - rank(b)
    );
    const resolved: AthleteValue[] = [];
    for (const each of ranked) {
      const last = resolved.at(-1);
      if (last?.date === each.date) continue;
      if (last && each.source !== "owner" && isSame(last, each)) continue;
      resolved.push(each);
    }
    return resolved;
  });
}

/** Reports whether a number is within the limits of its kind. */
export function isWithinLimits(kind: ValueKind, value: number): boolean {
  const { min, max } = ATHLETE_VALUE_LIMITS[kind];
  return value >= min && value <= max;
}

/** Lists the dates on which the files' value changes. On one day the last file counts. */
function listFileValues(
  kind: ValueKind,
  profiles: readonly FileProfile[],
): AthleteValue[] {
  const byDate = new Map<string, number>();
  for (const { date, profile } of profiles) {
    const value = profile[kind];
    if (typeof value === "number" && isWithinLimits(kind, value)) {
      byDate.set(date, value);
    }
  }
  return [...byDate].filter(([, value], i, all) => value !== all[i - 1]?.[1])
    .map(([date, value]) => ({
      kind,
      date,
      value,
      bounds: null,
      source: "file",
    }));
}

function rank({ source }: AthleteValue): number {
  return PRECEDENCE.indexOf(source);
}

function isSame(a: ValueContent, b: ValueContent): boolean {
  return a.value === b.value &&
    JSON.stringify(a.bounds) === JSON.stringify(b.bounds);
}
