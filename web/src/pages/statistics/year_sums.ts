import type { Total } from "@paceline/sdk";

/** More years than this get short labels. */
const MAX_LONG_LABELS = 8;

/** Adds sums. */
export function addTotals(totals: readonly Total[]): Total {
  const sum: Total = {
    count: 0,
    distance: 0,
    moving_time: 0,
    elevation_gain: 0,
  };
  for (const total of totals) {
    sum.count += total.count;
    sum.distance += total.distance;
    sum.moving_time += total.moving_time;
    sum.elevation_gain += total.elevation_gain;
  }
  return sum;
}

/** Adds the sums of sports to those of their groups. A group without activities is left out. */
export function groupTotals<Group extends string>(
  sports: Readonly<Record<string, Total>>,
  toGroup: (sport: string) => Group,
): Partial<Record<Group, Total>> {
  const groups: Partial<Record<Group, Total>> = {};
  for (const [sport, total] of Object.entries(sports)) {
    const group = toGroup(sport);
    const before: Total | undefined = groups[group];
    groups[group] = before ? addTotals([before, total]) : total;
  }
  return groups;
}

/** Returns the label of a year in a chart of a number of years: `2026`, or `’26` where space is short. */
export function toYearLabel(year: number, years: number): string {
  return years > MAX_LONG_LABELS
    ? `’${String(year % 100).padStart(2, "0")}`
    : String(year);
}
