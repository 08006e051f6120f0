import type { ActivitySpan } from "../../db/imports/file_activities.ts";
import { SPORT_GROUPS, toActivityType } from "../../db/sports.ts";

/** Share of the shorter activity that must overlap with the other one. */
export const MIN_OVERLAP = 0.8;

/** Strava's sport for what has no other. It agrees with every sport. */
export const UNKNOWN_SPORT = "Workout";

/**
 * Returns the share of the shorter of two activities that overlaps with the other one, in time.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const startDate = new Date("2026-05-04T08:00:00Z");
 * const later = new Date("2026-05-04T08:30:00Z");
 * const hour = { startDate, elapsedTime: 3600 };
 * assert.equal(computeOverlap(hour, { startDate: later, elapsedTime: 3600 }), 0.5);
 * assert.equal(computeOverlap(hour, { startDate: later, elapsedTime: 600 }), 1);
 * ```
 */
export function computeOverlap(
  a: Pick<ActivitySpan, "startDate" | "elapsedTime">,
  b: Pick<ActivitySpan, "startDate" | "elapsedTime">,
): number {
  const [aStart, bStart] = [a.startDate.getTime(), b.startDate.getTime()];
  // An activity without a length still has a place in time.
  const [aLength, bLength] = [a, b].map(({ elapsedTime }) =>
    Math.max(elapsedTime, 1) * 1000
  ) as [number, number];
  const both = Math.min(aStart + aLength, bStart + bLength) -
    Math.max(aStart, bStart);
  return Math.max(both, 0) / Math.min(aLength, bLength);
}

/**
 * Reports whether two activities are the same: they overlap in time for `MIN_OVERLAP` of the shorter
 * one, their sports agree, and Strava does not keep them apart.
 */
export function isSameActivity(
  a: Omit<ActivitySpan, "id" | "source">,
  b: Omit<ActivitySpan, "id" | "source">,
): boolean {
  const isKeptApart = a.stravaId !== null && b.stravaId !== null &&
    a.stravaId !== b.stravaId;
  return !isKeptApart && doSportsAgree(a.sportType, b.sportType) &&
    computeOverlap(a, b) >= MIN_OVERLAP;
}

/** Reports whether two sports are of one group, or one of them is unknown. */
export function doSportsAgree(a: string, b: string): boolean {
  return a === UNKNOWN_SPORT || b === UNKNOWN_SPORT ||
    toGroup(a) === toGroup(b);
}

function toGroup(sportType: string): string {
  const group = Object.entries(SPORT_GROUPS).find(([, types]) =>
    (types as readonly string[]).includes(sportType)
  );
  return group ? group[0] : toActivityType(sportType);
}
