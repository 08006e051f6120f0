import type { Activity, ActivityDetail, EditedField } from "@paceline/sdk";
import { isRace } from "../notes.ts";

/** New values of an activity's fields. */
export interface FieldValues {
  name?: string;
  sport_type?: string;
  description?: string | null;
  gear_id?: string | null;
  visibility?: "everyone" | "followers_only" | "only_me";
  commute?: boolean;
  race?: boolean;
  trainer?: boolean;
  excluded?: boolean;
  preferred_source?: string;
}

/** A change of activities: new values, and fields that get the value of their source again. */
export interface Change {
  set: FieldValues;
  reset: EditedField[];
}

/** A change of some activities. */
export interface ChangeOf extends Change {
  ids: number[];
}

/** Most activities of one request. */
export const MOST_IDS = 200;

/** Returns the values that a form shows for an activity. */
export function toFieldValues(activity: ActivityDetail): FieldValues {
  const { name, sport_type, description, gear_id, commute } = activity;
  const { visibility, trainer, excluded, sources } = activity;
  return {
    name,
    sport_type,
    description,
    gear_id,
    visibility: visibility as NonNullable<FieldValues["visibility"]>,
    commute,
    race: isRace(activity),
    trainer,
    excluded,
    ...sources?.preferred && { preferred_source: sources.preferred },
  };
}

/** Returns those of the new values that differ from the old ones. */
export function findChanged(
  before: FieldValues,
  after: FieldValues,
): FieldValues {
  return Object.fromEntries(
    Object.entries(after).filter(([field, value]) =>
      value !== undefined && value !== before[field as keyof FieldValues]
    ),
  );
}

/**
 * Returns the change that takes a change back: a field that the owner had set before gets that value,
 * every other one the value of its source.
 */
export function invertChange(
  activity: ActivityDetail,
  { set, reset }: Change,
): ChangeOf {
  const edited: readonly EditedField[] = activity.edited ?? [];
  const touched = [...Object.keys(set), ...reset] as EditedField[];
  const values: Readonly<Record<string, unknown>> = {
    ...toFieldValues(activity),
  };
  return {
    ids: [activity.id],
    set: Object.fromEntries(
      touched.filter((field) => edited.includes(field))
        .map((field) => [field, values[field]]),
    ),
    reset: touched.filter((field) => !edited.includes(field)),
  };
}

/** Joins changes that are the same, so that they take one request. */
export function joinChanges(changes: readonly ChangeOf[]): ChangeOf[] {
  const byChange = new Map<string, ChangeOf>();
  for (const { ids, ...change } of changes) {
    const key = JSON.stringify(change);
    const known = byChange.get(key);
    if (known) known.ids.push(...ids);
    else byChange.set(key, { ids: [...ids], ...change });
  }
  return [...byChange.values()];
}

/** Returns an activity with new values, as the list will show it. */
export function applyValues<Kind extends Activity>(
  activity: Kind,
  { race: _race, preferred_source: _source, description, excluded, ...set }:
    FieldValues,
): Kind {
  const detail = {
    ...description !== undefined && { description },
    ...excluded !== undefined && { excluded },
  };
  return {
    ...activity,
    ...set,
    // The list has neither.
    ..."excluded" in activity && detail,
  };
}

/** Cuts ids into groups of at most the size of a request. */
export function groupIds(ids: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (let start = 0; start < ids.length; start += MOST_IDS) {
    groups.push(ids.slice(start, start + MOST_IDS));
  }
  return groups;
}
