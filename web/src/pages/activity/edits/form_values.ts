import type { FieldValues } from "./changes.ts";

/** Value of a choice that changes nothing. */
export const UNCHANGED = "unchanged";
/** Value of the choice of no gear. */
export const NO_GEAR = "none";

/** The part of `FormData` that is read here. */
export interface FormValues {
  get(name: string): unknown;
}

/** Reads the form of one activity. */
export function readFieldValues(form: FormValues): FieldValues {
  const text = (name: string): string => String(form.get(name) ?? "").trim();
  const isTicked = (name: string): boolean => form.get(name) !== null;
  const source = text("preferred_source");
  return {
    name: text("name"),
    sport_type: text("sport_type"),
    description: text("description") || null,
    gear_id: text("gear_id") === NO_GEAR ? null : text("gear_id"),
    visibility: text("visibility") as NonNullable<FieldValues["visibility"]>,
    commute: isTicked("commute"),
    race: isTicked("race"),
    trainer: isTicked("trainer"),
    excluded: isTicked("excluded"),
    ...source && { preferred_source: source },
  };
}

/** Reads the form of several activities: only what was chosen. */
export function readChosenValues(form: FormValues): FieldValues {
  const chosen: Record<string, unknown> = {};
  for (const field of ["sport_type", "gear_id", "visibility"]) {
    const value = form.get(field);
    if (typeof value === "string" && value !== UNCHANGED) chosen[field] = value;
  }
  if (chosen["gear_id"] === NO_GEAR) chosen["gear_id"] = null;
  for (const field of ["commute", "race", "trainer", "excluded"]) {
    const value = form.get(field);
    if (value === "yes" || value === "no") chosen[field] = value === "yes";
  }
  return chosen;
}
