/** The time zone of an athlete, as recorded by the last activity that has begun. */
export interface Place {
  /** IANA name of the zone; `null` if unknown. */
  timezone: string | null;
  /** Seconds east of UTC; `null` if unknown. */
  utcOffset: number | null;
}

/**
 * Returns the month on the athlete's calendar, "2025-12". The zone's name is used first, because it
 * implies daylight saving time. If the name is unknown the last offset is used, and after that UTC.
 * Strava also sends the name `Factory`. Temporal rejects it, so it counts as unknown too.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const now = Date.UTC(2025, 11, 31, 23, 30);
 * assert.equal(localMonth(now, { timezone: "Europe/Berlin", utcOffset: 3600 }), "2026-01");
 * ```
 */
export function localMonth(now: number, place: Place): string {
  return localDate(now, place).slice(0, 7);
}

/** Returns the day on the athlete's calendar, "2025-12-31". */
export function localDate(
  now: number,
  { timezone, utcOffset }: Place,
): string {
  return findDateInZone(now, timezone) ??
    new Date(now + (utcOffset ?? 0) * 1000).toISOString().slice(0, 10);
}

/** Returns the year on the athlete's calendar. */
export function localYear(now: number, place: Place): number {
  return Number(localMonth(now, place).slice(0, 4));
}

/** Returns when the day on the athlete's calendar ends, in epoch milliseconds. */
export function localDayEnd(now: number, place: Place): number {
  const next = Temporal.PlainDate.from(localDate(now, place)).add({ days: 1 });
  const { timezone, utcOffset } = place;
  return findDateInZone(now, timezone) === undefined
    ? Date.parse(`${next}T00:00:00Z`) - (utcOffset ?? 0) * 1000
    : next.toZonedDateTime(timezone!).epochMilliseconds;
}

/** Returns the day in a zone, or `undefined` if the name is not a usable zone. */
function findDateInZone(
  now: number,
  timezone: string | null,
): string | undefined {
  if (timezone === null) return undefined;
  const instant = Temporal.Instant.fromEpochMilliseconds(now);
  try {
    return instant.toZonedDateTimeISO(timezone).toPlainDate().toString();
  } catch {
    return undefined;
  }
}
