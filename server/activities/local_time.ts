import { LRUCache } from "lru-cache";

const DAY_MS = 24 * 60 * 60 * 1000;

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
export function localDate(now: number, place: Place): string {
  return findDay(now, place).date;
}

/** Returns the year on the athlete's calendar. */
export function localYear(now: number, place: Place): number {
  return Number(localMonth(now, place).slice(0, 4));
}

/** Returns when the day on the athlete's calendar ends, in epoch milliseconds. */
export function localDayEnd(now: number, place: Place): number {
  return findDay(now, place).end;
}

/** A day on a calendar: its date, and its first moment and that of the next day in epoch milliseconds. */
interface Day {
  date: string;
  start: number;
  end: number;
}

/** The current day of each zone and offset, because every request asks for it. */
const days = new LRUCache<string, Day>({ max: 1000 });

function findDay(now: number, place: Place): Day {
  const key = `${place.timezone} ${place.utcOffset}`;
  const known = days.get(key);
  if (known && known.start <= now && now < known.end) return known;
  const day = findDayInZone(now, place.timezone) ??
    findDayAtOffset(now, place.utcOffset ?? 0);
  days.set(key, day);
  return day;
}

function findDayAtOffset(now: number, utcOffset: number): Day {
  const date = new Date(now + utcOffset * 1000).toISOString().slice(0, 10);
  const start = Date.parse(`${date}T00:00:00Z`) - utcOffset * 1000;
  return { date, start, end: start + DAY_MS };
}

/** Returns the day in a zone, or `undefined` if the name is not a usable zone. */
function findDayInZone(now: number, timezone: string | null): Day | undefined {
  if (timezone === null) return undefined;
  const instant = Temporal.Instant.fromEpochMilliseconds(now);
  try {
    const date = instant.toZonedDateTimeISO(timezone).toPlainDate();
    const toStart = (day: Temporal.PlainDate): number =>
      day.toZonedDateTime(timezone).epochMilliseconds;
    return {
      date: date.toString(),
      start: toStart(date),
      end: toStart(date.add({ days: 1 })),
    };
  } catch {
    return undefined;
  }
}
