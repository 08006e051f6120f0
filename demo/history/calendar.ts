import { HOME, type Place, placeOf, planTrips, type Trip } from "./places.ts";
import type { Random } from "./random.ts";

/** The moment of an activity with its calendar properties. */
export interface Slot {
  place: Place;
  /** Wall clock at the start, read as UTC, in epoch milliseconds. */
  localMs: number;
  /** 0 at the first day of the history, 1 at the last. */
  progress: number;
  /** 0 in January, 1 in July. */
  warmth: number;
  workday: boolean;
  /** Set for dates that matter more than chance. */
  fixed: boolean;
  sport?: string;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** Returns `count` slots in order over the years up to yesterday: the special dates, the rest by each day's weight. */
export function planDays(
  random: Random,
  { years, count, now }: { years: number; count: number; now: number },
): Slot[] {
  const last = Math.floor(now / DAY) - 1;
  const first = Math.max(0, last - Math.round(years * 365.25));
  const trips = planTrips(random, first, last);
  const special = findSpecialStarts(first, last).slice(
    0,
    Math.floor(count / 4),
  );
  const slots = special.map((localMs) =>
    toSlot({ first, last, trips: [] }, localMs, true)
  );
  for (
    const day of pickDays(random, { first, last, count: count - slots.length })
  ) {
    const localMs = day * DAY + pickHour(random, day) * HOUR;
    slots.push(
      toSlot({ first, last, trips }, Math.floor(localMs / 1000) * 1000, false),
    );
  }
  return slots.sort((a, b) => a.localMs - b.localMs);
}

function toSlot(
  { first, last, trips }: {
    first: number;
    last: number;
    trips: readonly Trip[];
  },
  localMs: number,
  fixed: boolean,
): Slot {
  const day = Math.floor(localMs / DAY);
  return {
    place: fixed ? HOME : placeOf(trips, day),
    localMs,
    progress: last === first ? 1 : (day - first) / (last - first),
    warmth: readWarmth(day),
    workday: !isWeekend(day),
    fixed,
    ...(fixed ? { sport: "Run" } : {}),
  };
}

function readWarmth(day: number): number {
  return (1 - Math.cos((day % 365.25 - 15) / 365.25 * 2 * Math.PI)) / 2;
}

function isWeekend(day: number): boolean {
  return (day + 4) % 7 === 0 || (day + 4) % 7 === 6; // 1 January 1970 was a Thursday
}

/** Returns the dates that break date arithmetic: clock changes, turns of the year, leap days. */
function findSpecialStarts(first: number, last: number): number[] {
  const starts: number[] = [];
  const from = new Date(first * DAY).getUTCFullYear();
  const to = new Date(last * DAY).getUTCFullYear();
  for (let year = to; year >= from; year--) {
    starts.push(
      lastSunday(year, 2) + 1.75 * HOUR, // runs over the hour that spring skips
      lastSunday(year, 9) + 2.5 * HOUR, // the hour that autumn has twice
      lastSunday(year, 9) + 18 * HOUR,
      Date.UTC(year, 11, 31) + 23.6 * HOUR, // ends in the next year
      Date.UTC(year, 0, 1) + 0.2 * HOUR, // still last year in UTC
    );
    if (new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1) {
      starts.push(Date.UTC(year, 1, 29) + 7 * HOUR);
    }
  }
  return starts.filter((start) =>
    start >= first * DAY && start < (last + 1) * DAY
  );
}

function lastSunday(year: number, month: number): number {
  const end = Date.UTC(year, month + 1, 0);
  return end - new Date(end).getUTCDay() * DAY;
}

/** Returns days drawn by weight: more in summer, at weekends and in later years, fewer during an injury. */
function pickDays(
  random: Random,
  { first, last, count }: { first: number; last: number; count: number },
): number[] {
  const sums: number[] = [];
  let total = 0;
  let injuredUntil = 0;
  for (let day = first; day <= last; day++) {
    if (random.chance(1 / 400)) injuredUntil = day + random.whole(7, 35);
    const season = 0.7 + 0.6 * readWarmth(day);
    const growth = 0.6 + 0.6 * (day - first) / Math.max(1, last - first);
    const week = isWeekend(day) ? 1.5 : (day + 4) % 7 === 1 ? 0.5 : 1;
    total += season * growth * week * (day < injuredUntil ? 0.05 : 1);
    sums.push(total);
  }
  return Array.from(
    { length: count },
    () => first + findSum(sums, random.next() * total),
  );
}

/** Returns the first index whose running sum exceeds `value`. */
function findSum(sums: readonly number[], value: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function pickHour(random: Random, day: number): number {
  const draw = random.next();
  if (isWeekend(day)) {
    return draw < 0.7 ? random.near(9.5, 1.5) : random.near(15.5, 2);
  }
  if (draw < 0.4) return random.near(7, 0.7);
  return draw < 0.55 ? random.near(12.3, 0.4) : random.near(18.2, 1.2);
}
