/** The time zone of an athlete, as recorded by the newest activity. */
export interface Place {
  /** IANA name of the zone; `null` if unknown. */
  timezone: string | null;
  /** Seconds east of UTC; `null` if unknown. */
  utcOffset: number | null;
}

/**
 * Returns the month on the athlete's calendar, "2025-12". The zone's name is used first, because it
 * implies daylight saving time. If the name is unknown the last offset is used, and after that UTC.
 * Strava also sends the name `Factory`, which `Intl` accepts and treats as UTC; it counts as unknown.
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
  const formatter = getFormatter(timezone);
  if (!formatter) {
    return new Date(now + (utcOffset ?? 0) * 1000).toISOString().slice(0, 10);
  }
  const parts = formatter.formatToParts(now);
  const part = (type: string): string =>
    parts.find((candidate) => candidate.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
}

/** Returns the year on the athlete's calendar. */
export function localYear(now: number, place: Place): number {
  return Number(localMonth(now, place).slice(0, 4));
}

/** Formatters by zone. Creating one costs far more than using it, and the zones are limited. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Returns the formatter of a zone, or `undefined` if the name is not a usable zone. */
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
