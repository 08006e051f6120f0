import { MAX_OWN_VALUES } from "@paceline/sdk/schemas";
import {
  countOwnValues,
  deleteAthleteValue,
  getLocalDate,
  listLastStravaValues,
  upsertAthleteValue,
  type ValueContent,
} from "../../db/athlete_values/athlete_values.ts";
import { bumpDataVersion } from "../../db/athletes.ts";
import type { Sql } from "../../db/driver/client.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import type { Deps } from "../context.ts";
import { isWithinLimits, type ValueKind } from "./resolve_values.ts";

/** Sets a value for its owner, in place of one that the owner has set for the same date. */
export async function setOwnValue(
  { sql, now }: Pick<Deps, "sql" | "now">,
  { athleteId, kind, date, ...content }:
    & { athleteId: number; kind: ValueKind; date: string }
    & ValueContent,
): Promise<"set" | "athlete_not_found" | "too_many_athlete_values"> {
  return await sql.begin(async (tx) => {
    if (!await lockSyncState(tx, { athleteId })) return "athlete_not_found";
    const isChanged = await upsertAthleteValue(tx, {
      athleteId,
      stored: { kind, date, source: "owner", ...content },
      now: new Date(now()),
    });
    if (!isChanged) return "set";
    if (await countOwnValues(tx, { athleteId, kind }) > MAX_OWN_VALUES) {
      await deleteAthleteValue(tx, { athleteId, kind, date, source: "owner" });
      return "too_many_athlete_values";
    }
    await bumpDataVersion(tx, { id: athleteId });
    return "set";
  });
}

/** Deletes a value that the owner has set. Returns whether it was there. */
export async function deleteOwnValue(
  { sql }: Pick<Deps, "sql">,
  { athleteId, kind, date }: {
    athleteId: number;
    kind: ValueKind;
    date: string;
  },
): Promise<boolean> {
  return await sql.begin(async (tx) => {
    await lockSyncState(tx, { athleteId });
    const source = "owner";
    const isDeleted = await deleteAthleteValue(tx, {
      athleteId,
      kind,
      date,
      source,
    });
    if (isDeleted) await bumpDataVersion(tx, { id: athleteId });
    return isDeleted;
  });
}

/** The kinds of values in Strava's profile, by Strava's names. */
const STRAVA_KINDS: readonly ValueKind[] = ["weight", "ftp"];

/**
 * Stores the values of Strava's profile that have changed since Strava was last asked. Strava does not
 * tell since when they hold, so they hold from the athlete's day on. Runs in a transaction, after the
 * athlete's lock.
 */
export async function storeStravaValues(
  sql: Sql,
  { athleteId, profile, now }: {
    athleteId: number;
    profile: Readonly<Record<string, unknown>>;
    now: Date;
  },
): Promise<void> {
  const today = await getLocalDate(sql, { athleteId, now });
  const known = await listLastStravaValues(sql, { athleteId });
  let hasChanged = false;
  for (const kind of STRAVA_KINDS) {
    const given = profile[kind];
    if (typeof given !== "number" || !isWithinLimits(kind, given)) continue;
    // Strava's weight is a 32-bit float printed in full.
    const value = Math.round(given * 100) / 100;
    const [last, before] = known.filter((each) => each.kind === kind);
    if (last?.value === value) continue;
    // West of the last one the day may be an earlier one.
    const date = last && last.date > today ? last.date : today;
    const source = "strava";
    hasChanged = true;
    if (last?.date === date && before?.value === value) {
      await deleteAthleteValue(sql, { athleteId, kind, date, source });
      continue;
    }
    const stored = { kind, date, source, value, bounds: null } as const;
    await upsertAthleteValue(sql, { athleteId, stored, now });
  }
  if (hasChanged) await bumpDataVersion(sql, { id: athleteId });
}
