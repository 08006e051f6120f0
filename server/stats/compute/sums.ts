import type { TotalRow } from "../../../db/activity_totals.ts";

/** Growing sums. Metres are held as whole tenths, so adding them leaves no rounding noise. */
export interface Sums {
  count: number;
  distanceTenths: number;
  movingTime: number;
  elevationTenths: number;
}

/** The part of a total that one activity has. */
type Amounts = Omit<TotalRow, "count">;

/** Creates sums of zero. */
export function createSums(): Sums {
  return { count: 0, distanceTenths: 0, movingTime: 0, elevationTenths: 0 };
}

/** Converts a total to sums. */
export function toSums(
  { count, distance, movingTime, elevationGain }: TotalRow,
): Sums {
  return {
    count,
    distanceTenths: Math.round(distance * 10),
    movingTime,
    elevationTenths: Math.round(elevationGain * 10),
  };
}

/** Adds one activity to the sums. */
export function addTo(
  sums: Sums,
  { distance, movingTime, elevationGain }: Amounts,
): void {
  sums.count += 1;
  sums.distanceTenths += Math.round(distance * 10);
  sums.movingTime += movingTime;
  sums.elevationTenths += Math.round(elevationGain * 10);
}

/** Converts sums back to metres and seconds. */
export function toTotalRow(sums: Sums): TotalRow {
  return {
    count: sums.count,
    distance: sums.distanceTenths / 10,
    movingTime: sums.movingTime,
    elevationGain: sums.elevationTenths / 10,
  };
}

/** Sums these activities. */
export function sumActivities(activities: Iterable<Amounts>): TotalRow {
  const sums = createSums();
  for (const activity of activities) addTo(sums, activity);
  return toTotalRow(sums);
}

/** The sums of one local day, `2025-12-06`. */
export interface DayTotal extends TotalRow {
  date: string;
}

/** Sums the activities of each local day, in the order of the activities. */
export function sumByDay(
  activities: readonly (Amounts & { date: string })[],
): DayTotal[] {
  return [...Map.groupBy(activities, ({ date }) => date)]
    .map(([date, ofDay]) => ({ date, ...sumActivities(ofDay) }));
}

/** A measure that records and goals name, as in the API. */
export type Measure = "distance" | "moving_time" | "elevation_gain";

/**
 * Returns an activity's amount of a measure in units that add up without rounding noise: tenths of a
 * metre, or seconds.
 */
export function toWhole(amounts: Amounts, metric: Measure): number {
  const amount = amounts[FIELDS[metric]];
  return metric === "moving_time" ? amount : Math.round(amount * 10);
}

/** Converts a sum of {@link toWhole} to metres or seconds. */
export function fromWhole(sum: number, metric: Measure): number {
  return metric === "moving_time" ? sum : sum / 10;
}

/** Returns the amount of a total that a measure or `count` names. */
export function getAmount(
  total: TotalRow,
  metric: Measure | "count",
): number {
  return total[FIELDS[metric]];
}

const FIELDS = {
  distance: "distance",
  moving_time: "movingTime",
  elevation_gain: "elevationGain",
  count: "count",
} as const satisfies Record<Measure | "count", keyof TotalRow>;
