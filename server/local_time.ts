/** Where an athlete lives, as far as the newest activity tells. */
export interface Place {
  /** IANA name of the zone; null where unknown. */
  timezone: string | null;
  /** Seconds east of UTC; null where unknown. */
  utcOffset: number | null;
}

/**
 * The month on the athlete's calendar, "2025-12". A zone's name knows its daylight saving; where
 * the name is odd the last offset decides, at last UTC. Strava sends `Factory`, among others,
 * which Intl knows and takes for UTC.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const now = Date.UTC(2025, 11, 31, 23, 30);
 * assert.equal(localMonth(now, { timezone: "Europe/Berlin", utcOffset: 3600 }), "2026-01");
 * ```
 */
export function localMonth(
  now: number,
  { timezone, utcOffset }: Place,
): string {
  if (timezone !== null && timezone !== "Factory") {
    try {
      const parts = new Intl.DateTimeFormat("en", {
        timeZone: timezone,
        year: "numeric",
        month: "2-digit",
      }).formatToParts(now);
      const part = (type: string): string =>
        parts.find((candidate) => candidate.type === type)?.value ?? "";
      return `${part("year").padStart(4, "0")}-${part("month")}`;
    } catch {
      // Not a zone that Intl knows.
    }
  }
  return new Date(now + (utcOffset ?? 0) * 1000).toISOString().slice(0, 7);
}

/** The year on the athlete's calendar. */
export function localYear(now: number, place: Place): number {
  return Number(localMonth(now, place).slice(0, 4));
}
