import type { Random } from "./random.ts";

/** A town where activities start, with its time zone. */
export interface Place {
  zone: string;
  lat: number;
  lng: number;
  /** Metres above the sea. */
  altitude: number;
}

export const HOME: Place = {
  zone: "Europe/Berlin",
  lat: 52.5145,
  lng: 13.3501,
  altitude: 36,
};

const ABROAD: readonly [Place, ...Place[]] = [
  { zone: "America/New_York", lat: 40.7812, lng: -73.9665, altitude: 24 },
  { zone: "Asia/Tokyo", lat: 35.6852, lng: 139.7528, altitude: 18 },
  { zone: "Australia/Sydney", lat: -33.8643, lng: 151.2166, altitude: 12 },
  { zone: "Asia/Kathmandu", lat: 27.7172, lng: 85.324, altitude: 1320 },
];

/** A stay away from home, in whole days since 1970. */
export interface Trip {
  place: Place;
  from: number;
  to: number;
}

/** Returns two trips a year, so that even a short history has several zones. No trip reaches `last`. */
export function planTrips(random: Random, first: number, last: number): Trip[] {
  const trips: Trip[] = [];
  let turn = random.whole(0, 3);
  for (
    let day = first + random.whole(20, 90);
    day < last - 20;
    day += random.whole(150, 210)
  ) {
    const place = ABROAD[turn++ % ABROAD.length] ?? HOME;
    trips.push({ place, from: day, to: day + random.whole(5, 14) });
  }
  return trips;
}

export function placeOf(trips: readonly Trip[], day: number): Place {
  return trips.find((trip) => day >= trip.from && day <= trip.to)?.place ??
    HOME;
}

/** Returns the zone's offset from UTC in seconds at the instant, summer time included. */
export function readUtcOffset(zone: string, epochMs: number): number {
  const instant = Temporal.Instant.fromEpochMilliseconds(epochMs);
  return instant.toZonedDateTimeISO(zone).offsetNanoseconds / 1e9;
}

/** Returns the instant at which the zone's clocks show `localMs`, an hour later in the hour that spring skips. */
export function toInstant(zone: string, localMs: number): number {
  const guess = localMs - readUtcOffset(zone, localMs) * 1000;
  return localMs - readUtcOffset(zone, guess) * 1000;
}

const brackets = new Map<string, string>();

/** Returns Strava's `(GMT+01:00) Europe/Berlin`: the zone's standard offset, in summer too. */
export function toTimezone(zone: string, epochMs: number): string {
  const year = new Date(epochMs).getUTCFullYear();
  const key = `${zone} ${year}`;
  const known = brackets.get(key);
  if (known) return known;
  const standard = Math.min(
    readUtcOffset(zone, Date.UTC(year, 0, 1)),
    readUtcOffset(zone, Date.UTC(year, 6, 1)),
  );
  const minutes = Math.abs(standard) / 60;
  const two = (value: number): string =>
    String(Math.floor(value)).padStart(2, "0");
  const text = `(GMT${standard < 0 ? "-" : "+"}${two(minutes / 60)}:${
    two(minutes % 60)
  }) ${zone}`;
  brackets.set(key, text);
  return text;
}
