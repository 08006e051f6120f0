import type { TimedMetrics } from "../../../db/activity_metrics.ts";
import type { TotalRow } from "../../../db/activity_totals.ts";
import { toDayNumber, toWeekday, type WeekOptions } from "./days.ts";
import { findGroup, groupBySport } from "./sport_groups.ts";
import { addTo, createSums, type Sums, toTotalRow } from "./sums.ts";

/** Default width of a distance band in metres, by group of sports. */
const BAND_WIDTH: ReadonlyMap<string, number> = new Map([
  ["run", 5000],
  ["ride", 20_000],
  ["swim", 1000],
]);
const BAND_WIDTH_OF_OTHERS = 5000;

/** The second of the day that Strava sends when the athlete hides the start of an activity. */
const HIDDEN_START = 1;

/** Sums of the activities of at least `from` and less than `to` metres. */
export interface DistanceBand extends TotalRow {
  from: number;
  to: number;
}

/** Sums of a group of sports, and of its distance bands. */
export interface SportShare extends TotalRow {
  sport: string;
  bandWidth: number;
  bands: DistanceBand[];
}

/** Sums by weekday, by hour, and by sport and distance. */
export interface Distribution {
  weekdays: (TotalRow & { weekday: number })[];
  hours: (TotalRow & { hour: number })[];
  unknownHour: TotalRow;
  sports: SportShare[];
}

/**
 * Computes sums by weekday (Monday is 1), by hour of the local start, and by sport and distance
 * band. The list of weekdays begins with the first of the week. A start one second after midnight is a hidden one, so its hour is unknown. Bands without
 * activities are left out.
 */
export function computeDistribution(
  activities: readonly TimedMetrics[],
  { sport, bandWidth, weekStart }: WeekOptions & {
    sport?: string | undefined;
    bandWidth?: number | undefined;
  } = {},
): Distribution {
  const sumsByWeekday = Array.from({ length: 7 }, createSums);
  const hours = Array.from({ length: 24 }, createSums);
  const unknown = createSums();
  for (const activity of activities) {
    const { date } = activity;
    addTo(sumsByWeekday[toWeekday(toDayNumber(date)) - 1]!, activity);
    const second = Math.floor(activity.time);
    const isHidden = second === HIDDEN_START;
    addTo(isHidden ? unknown : hours[Math.floor(second / 3600)]!, activity);
  }
  const weekdays = sumsByWeekday.map((sums, index) => ({
    weekday: index + 1,
    ...toTotalRow(sums),
  }));
  if (weekStart === "sunday") weekdays.unshift(weekdays.pop()!);
  return {
    weekdays,
    hours: hours.map((sums, hour) => ({ hour, ...toTotalRow(sums) })),
    unknownHour: toTotalRow(unknown),
    sports: groupBySport(activities, sport).map(({ sport: name, rows }) =>
      computeSportShare(name, rows, bandWidth)
    ),
  };
}

/** Computes one sport's share. A single sport type uses the band width of its group. */
function computeSportShare(
  sport: string,
  activities: readonly TimedMetrics[],
  bandWidth: number | undefined,
): SportShare {
  const width = bandWidth ??
    BAND_WIDTH.get(findGroup(activities[0]!.sportType)) ??
    BAND_WIDTH_OF_OTHERS;
  const all = createSums();
  const bands = new Map<number, Sums>();
  for (const activity of activities) {
    const band = Math.max(0, Math.floor(activity.distance / width));
    const sums = bands.get(band) ?? createSums();
    bands.set(band, sums);
    addTo(sums, activity);
    addTo(all, activity);
  }
  return {
    sport,
    ...toTotalRow(all),
    bandWidth: width,
    bands: [...bands].sort(([a], [b]) => a - b).map(([band, sums]) => ({
      from: band * width,
      to: (band + 1) * width,
      ...toTotalRow(sums),
    })),
  };
}
