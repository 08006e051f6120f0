import type { ActivityMetrics } from "../../../db/activity_metrics.ts";
import type { TotalRow } from "../../../db/stats.ts";
import { toDay, weekdayOf } from "./days.ts";
import { groupBySport, groupOf } from "./sport_groups.ts";
import { addTo, createSums, readSums, type Sums } from "./sums.ts";

/** How wide a band of distances is, in metres, unless the caller says. */
const BAND_WIDTH: ReadonlyMap<string, number> = new Map([
  ["run", 5000],
  ["ride", 20_000],
  ["swim", 1000],
]);
const BAND_WIDTH_OF_OTHERS = 5000;

/** What Strava sends where the athlete hides when an activity began. */
const HIDDEN_START = "00:00:01";

/** Sums of activities from one distance to below another, in metres. */
export interface DistanceBand extends TotalRow {
  from: number;
  to: number;
}

/** Sums of a group of sports, and of its bands of distances. */
export interface SportShare extends TotalRow {
  sport: string;
  band_width: number;
  bands: DistanceBand[];
}

/** When, how far, and what. */
export interface Distribution {
  weekdays: (TotalRow & { weekday: number })[];
  hours: (TotalRow & { hour: number })[];
  unknown_hour: TotalRow;
  sports: SportShare[];
}

/**
 * Sums by weekday (Monday 1), by hour of the local start, by sport and band of distances. A start at
 * one second past midnight is a hidden one, whose hour is unknown. Bands without activities are left
 * out.
 */
export function readDistribution(
  figures: readonly ActivityMetrics[],
  { sport, bandWidth }: {
    sport?: string | undefined;
    bandWidth?: number | undefined;
  } = {},
): Distribution {
  const weekdays = Array.from({ length: 7 }, createSums);
  const hours = Array.from({ length: 24 }, createSums);
  const unknown = createSums();
  for (const figure of figures) {
    const [date, time] = figure.start_date_local.split("T") as [string, string];
    addTo(weekdays[weekdayOf(toDay(date)) - 1]!, figure);
    const isHidden = time.slice(0, 8) === HIDDEN_START;
    addTo(isHidden ? unknown : hours[Number(time.slice(0, 2))]!, figure);
  }
  return {
    weekdays: weekdays.map((sums, index) => ({
      weekday: index + 1,
      ...readSums(sums),
    })),
    hours: hours.map((sums, hour) => ({ hour, ...readSums(sums) })),
    unknown_hour: readSums(unknown),
    sports: groupBySport(figures, sport).map(({ sport: name, rows }) =>
      readSport(name, rows, bandWidth)
    ),
  };
}

/** Where one sport was asked for, the width is that of its group. */
function readSport(
  sport: string,
  rows: readonly ActivityMetrics[],
  bandWidth: number | undefined,
): SportShare {
  const width = bandWidth ?? BAND_WIDTH.get(groupOf(rows[0]!.sport_type)) ??
    BAND_WIDTH_OF_OTHERS;
  const all = createSums();
  const bands = new Map<number, Sums>();
  for (const row of rows) {
    const band = Math.max(0, Math.floor(row.distance / width));
    const sums = bands.get(band) ?? createSums();
    bands.set(band, sums);
    addTo(sums, row);
    addTo(all, row);
  }
  return {
    sport,
    ...readSums(all),
    band_width: width,
    bands: [...bands].sort(([a], [b]) => a - b).map(([band, sums]) => ({
      from: band * width,
      to: (band + 1) * width,
      ...readSums(sums),
    })),
  };
}
