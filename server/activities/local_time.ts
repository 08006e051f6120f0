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
export function localMonth(now: number, place: Place): string {
  return localDate(now, place).slice(0, 7);
}

/** The day on the athlete's calendar, "2025-12-31". */
export function localDate(
  now: number,
  { timezone, utcOffset }: Place,
): string {
  const formatter = getFormatter(timezone);
  if (!formatter) {
    return new Date(now + (utcOffset ?? 0) * 1000).toISOString().slice(0, 10);
  }
  const parts = formatter.formatToParts(now);
  const part = (type: string): string =>
    parts.find((candidate) => candidate.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
}

/** The year on the athlete's calendar. */
export function localYear(now: number, place: Place): number {
  return Number(localMonth(now, place).slice(0, 4));
}

/** Making one costs far more than using it; there are no more than there are zones. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** `undefined` for what is not a zone, or none that tells anything. */
function getFormatter(
  timezone: string | null,
): Intl.DateTimeFormat | undefined {
  if (timezone === null || timezone === "Factory") return undefined;
  const known = formatters.get(timezone);
  if (known) return known;
  try {
    const formatter = new Intl.DateTimeFormat("en", {
      timeZone: timezone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
    formatters.set(timezone, formatter);
    return formatter;
  } catch {
    return undefined;
  }
}
