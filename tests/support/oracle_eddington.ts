/** Plain counts as in `oracle.ts`, for the Eddington number. */
import { dayOf, sportOf, sportsOf, totalOf } from "./oracle.ts";
import type { RawActivity } from "./raw_days.ts";

const METRES = { km: 1000, mi: 1609.344, m: 1, ft: 0.3048 };
const DAY_MS = 86_400_000;

/** The way to count. */
export interface EddingtonChoice {
  unit?: keyof typeof METRES;
  metric?: "distance" | "elevation_gain";
  by?: "day" | "week";
  week?: "monday" | "sunday";
}

interface Sum {
  date: string;
  far: number;
}

/** Returns the last day up to this one that is such a weekday, but none before the year 1. */
function backTo(weekday: number, date: string): string {
  let at = Date.parse(date);
  if (date < "0001-01-07") return "0001-01-01";
  while (new Date(at).getUTCDay() !== weekday) at -= DAY_MS;
  return new Date(at).toISOString().slice(0, 10);
}

/** Expects the Eddington number, counted from the start for each day of its history. */
export function expectEddington(
  activities: readonly RawActivity[],
  {
    metric = "distance",
    unit = metric === "distance" ? "km" : "m",
    by = "day",
    week = "monday",
  }: EddingtonChoice = {},
): {
  unit: string;
  metric: string;
  by: string;
  next_days: unknown[];
  value: number;
  next: { value: number; days_needed: number };
} & Record<string, unknown> {
  const startOf = (a: RawActivity): string =>
    by === "day" ? dayOf(a) : backTo(week === "monday" ? 1 : 0, dayOf(a));
  const listDays = (own: readonly RawActivity[]): Sum[] =>
    [...new Set(own.map(startOf))].sort().map((date) => {
      const total = totalOf(own.filter((a) => startOf(a) === date));
      return { date, far: Math.floor(total[metric] / METRES[unit]) };
    });
  const yearOf = ({ date }: Sum): number => {
    const middle = Date.parse(date) + (by === "day" ? 0 : 3 * DAY_MS);
    return new Date(middle).getUTCFullYear();
  };
  const days = listDays(activities);
  const history: unknown[] = [];
  let before = 0;
  for (const { date } of days) {
    const { value } = countEddington(days.filter((d) => d.date <= date));
    while (before < value) history.push({ value: ++before, date });
  }
  const number = countEddington(days);
  return {
    ...{ unit, metric, by },
    ...number,
    next_days: days.filter(({ far }) => far > number.value)
      .toSorted((a, b) => b.far - a.far || (a.date < b.date ? -1 : 1))
      .map(({ date, far }) => ({
        date,
        amount: far,
        activity_ids: activities.filter((a) => startOf(a) === date)
          .toSorted((a, b) =>
            a.start_date_local < b.start_date_local
              ? -1
              : a.start_date_local > b.start_date_local
              ? 1
              : a.id - b.id
          ).map(({ id }) => id),
      })),
    history,
    years: [...new Set(days.map(yearOf))].map((year) => ({
      year,
      ...countEddington(days.filter((day) => yearOf(day) === year)),
    })),
    sports: sportsOf(activities).map((sport) => ({
      sport,
      ...countEddington(
        listDays(activities.filter((a) => sportOf(a) === sport)),
      ),
    })),
  };
}

function countEddington(
  days: readonly { far: number }[],
): { value: number; next: { value: number; days_needed: number } } {
  const atLeast = (n: number): number =>
    days.filter(({ far }) => far >= n).length;
  let value = 0;
  for (let n = 1; n <= days.length; n++) if (atLeast(n) >= n) value = n;
  const days_needed = value + 1 - atLeast(value + 1);
  return { value, next: { value: value + 1, days_needed } };
}
