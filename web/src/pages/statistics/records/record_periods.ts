import type { PeriodRecord, SportRecords } from "@paceline/sdk";
import { addDays } from "../../../format/days.ts";

/** Lengths of the biggest periods. */
export const PERIODS = ["day", "week", "month", "year"] as const;

/** Length of a biggest period. */
export type PeriodLength = (typeof PERIODS)[number];

const GROUPS = ["run", "ride", "swim"];

/** Returns the biggest period of a length. */
export function getBiggest(
  records: SportRecords,
  length: PeriodLength,
): PeriodRecord | null {
  return records[`biggest_${length}`];
}

/** Returns the last day of the period that begins on a day. */
export function toPeriodEnd(length: PeriodLength, start: string): string {
  switch (length) {
    case "day":
      return start;
    case "week":
      return addDays(start, 6);
    case "month": {
      const [year, month] = start.split("-").map(Number) as [number, number];
      // The day before the first one of the next month.
      return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
    }
    case "year":
      return `${start.slice(0, 4)}-12-31`;
  }
}

/** Reports whether a sport has any record. */
export function hasRecord(records: SportRecords): boolean {
  return records.longest_distance !== null || records.longest_time !== null ||
    records.most_climbing !== null ||
    PERIODS.some((length) => getBiggest(records, length) !== null);
}

/** Orders sports: runs, rides, swims, then the others by name. */
export function toSportOrder(a: string, b: string): number {
  const [first, second] = [GROUPS.indexOf(a), GROUPS.indexOf(b)];
  if (first >= 0 && second >= 0) return first - second;
  return first >= 0 ? -1 : second >= 0 ? 1 : a < b ? -1 : 1;
}
