import type { TotalRow } from "../../../db/stats.ts";

/** Sums that grow; metres are held as whole tenths, so that adding leaves no noise. */
export interface Sums {
  count: number;
  tenthsOfDistance: number;
  moving_time: number;
  tenthsOfClimbing: number;
}

export function createSums(): Sums {
  return { count: 0, tenthsOfDistance: 0, moving_time: 0, tenthsOfClimbing: 0 };
}

/** Adds an activity, which counts as one, or the sums of several. */
export function addTo(
  sums: Sums,
  { count = 1, distance, moving_time, elevation_gain }:
    & Omit<TotalRow, "count">
    & { count?: number },
): void {
  sums.count += count;
  sums.tenthsOfDistance += Math.round(distance * 10);
  sums.moving_time += moving_time;
  sums.tenthsOfClimbing += Math.round(elevation_gain * 10);
}

/** Adds sums to others. */
export function mergeInto(sums: Sums, other: Sums): void {
  sums.count += other.count;
  sums.tenthsOfDistance += other.tenthsOfDistance;
  sums.moving_time += other.moving_time;
  sums.tenthsOfClimbing += other.tenthsOfClimbing;
}

/** The sums as they go over the wire. */
export function readSums(sums: Sums): TotalRow {
  return {
    count: sums.count,
    distance: sums.tenthsOfDistance / 10,
    moving_time: sums.moving_time,
    elevation_gain: sums.tenthsOfClimbing / 10,
  };
}

/** An activity of a local day, `2025-12-06`. */
type DayRow = Omit<TotalRow, "count"> & { date: string };

/** The sums of one local day. */
export interface DayTotal extends TotalRow {
  date: string;
}

/** The sums of all of these. */
export function sumUp(rows: Iterable<Omit<TotalRow, "count">>): TotalRow {
  const sums = createSums();
  for (const { distance, moving_time, elevation_gain } of rows) {
    addTo(sums, { distance, moving_time, elevation_gain });
  }
  return readSums(sums);
}

/** The sums of each local day that has activities, in the order of the activities. */
export function sumDays(rows: readonly DayRow[]): DayTotal[] {
  return [...Map.groupBy(rows, ({ date }) => date)]
    .map(([date, own]) => ({ date, ...sumUp(own) }));
}
