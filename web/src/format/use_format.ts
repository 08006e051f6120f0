import {
  formatDistance,
  formatDuration,
  formatElevation,
  formatPace,
  formatSpeed,
} from "@paceline/sdk";
import { useMemo } from "react";
import { type Region, useRegion } from "./region.ts";

/** Functions that turn values of the API into text for this visitor. */
export interface Format extends Region {
  /** Metres as kilometres or miles. */
  distance(metres: number, digits?: number): string;
  /** Metres of climbing as metres or feet. */
  elevation(metres: number): string;
  /** Seconds as `1:23:45`. */
  clock(seconds: number): string;
  /** Seconds as hours and minutes in words. */
  duration(seconds: number): string;
  /** Metres a second as pace for runs and walks, per 100 m for swims, else as speed. */
  pace(metresPerSecond: number, sportType: string): string;
  /** A number with the separators of the region. */
  number(value: number, digits?: number): string;
  /** A number with its sign. */
  signed(value: number): string;
  /** A share between 0 and 1 as per cent. */
  percent(share: number): string;
  /** A local day, `2026-11-28`, in words. */
  day(date: string, style?: DayStyle): string;
  /** A local month, `2026-11`, in words. */
  month(month: string, style?: "short" | "long"): string;
  /** A weekday in words: 1 is Monday, 7 is Sunday. */
  weekday(weekday: number, style?: "short" | "long"): string;
  /** A moment, as day and time. */
  moment(at: Date): string;
  /** The local time of day of `start_date_local`. */
  timeOfDay(local: string): string;
  /** A number of a unit's kilometres or miles, for an axis. */
  inDistanceUnit(metres: number): number;
  distanceUnit: "km" | "mi";
}

type DayStyle = "short" | "long" | "weekday" | "dayMonth";

const DAY_STYLES: Record<DayStyle, Intl.DateTimeFormatOptions> = {
  short: { day: "numeric", month: "short", year: "numeric" },
  long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  weekday: { weekday: "short", day: "numeric", month: "short" },
  dayMonth: { day: "numeric", month: "short" },
};
const METRES_PER: Readonly<Record<"km" | "mi", number>> = {
  km: 1000,
  mi: 1609.344,
};
const ON_FOOT = /run|walk|hike|snowshoe/i;
const SWIM = /swim/i;

/** How the speed of a sport is read: as time per kilometre or mile, per 100 m, or as speed. */
export type PaceKind = "foot" | "swim" | "speed";

/** Returns how the speed of a sport is read. */
export function toPaceKind(sportType: string): PaceKind {
  if (ON_FOOT.test(sportType)) return "foot";
  return SWIM.test(sportType) ? "swim" : "speed";
}

/** Returns the functions that turn values into text for this visitor. */
export function useFormat(): Format {
  const { locale, units, weekStart } = useRegion();
  return useMemo(() => createFormat({ locale, units, weekStart }), [
    locale,
    units,
    weekStart,
  ]);
}

/** Creates the functions for a region. */
export function createFormat(region: Region): Format {
  const { locale, units } = region;
  const unit = units === "metric" ? "km" : "mi";
  const formatDate = (
    date: string,
    options: Intl.DateTimeFormatOptions,
  ): string =>
    // The date is local already: no zone may move it.
    new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" })
      .format(new Date(`${date.slice(0, 10)}T12:00:00Z`));
  const formatNumber = (value: number, digits = 0): string =>
    new Intl.NumberFormat(locale, {
      maximumFractionDigits: digits,
      // No "-0".
      signDisplay: "negative",
    }).format(value);
  return {
    ...region,
    distance: (metres, digits = 1) =>
      formatDistance(metres, { unit, locale, digits }),
    elevation: (metres) =>
      formatElevation(metres, {
        unit: units === "metric" ? "m" : "ft",
        locale,
        digits: 0,
      }),
    clock: (seconds) => formatDuration(seconds),
    duration: (seconds) => formatDuration(seconds, { style: "units", locale }),
    pace: (metresPerSecond, sportType) => {
      const kind = toPaceKind(sportType);
      if (kind === "foot") return formatPace(metresPerSecond, { unit });
      if (kind === "speed") {
        return formatSpeed(metresPerSecond, { unit, locale });
      }
      if (metresPerSecond <= 0) return "– /100 m";
      return `${formatDuration(100 / metresPerSecond)} /100 m`;
    },
    number: formatNumber,
    signed: (value) =>
      new Intl.NumberFormat(locale, {
        maximumFractionDigits: 0,
        signDisplay: "exceptZero",
      }).format(value),
    percent: (share) =>
      new Intl.NumberFormat(locale, {
        style: "percent",
        maximumFractionDigits: 0,
      }).format(share),
    day: (date, style = "short") => formatDate(date, DAY_STYLES[style]),
    month: (month, style = "long") =>
      formatDate(
        `${month}-01`,
        style === "long"
          ? { month: "long", year: "numeric" }
          : { month: "short" },
      ),
    weekday: (weekday, style = "long") =>
      // 1 January 2024 was a Monday.
      formatDate(`2024-01-0${weekday}`, { weekday: style }),
    moment: (at) =>
      new Intl.DateTimeFormat(locale, {
        dateStyle: "medium",
        timeStyle: "short",
      }).format(at),
    timeOfDay: (local) =>
      new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone: "UTC" })
        .format(new Date(`${local.slice(0, 19)}Z`)),
    inDistanceUnit: (metres) => metres / METRES_PER[unit],
    distanceUnit: unit,
  };
}
