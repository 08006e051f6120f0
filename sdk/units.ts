/** Kilometres, or miles of 1,609.344 m. */
export type DistanceUnit = "km" | "mi";

/** Metres, or feet of 0.3048 m. */
export type ElevationUnit = "m" | "ft";

/** The options of a formatted number. */
export interface FormatOptions<Unit extends string> {
  /** The unit. Defaults to the metric one. */
  unit?: Unit | undefined;
  /** The locale, such as `de-CH`. Defaults to the reader's. */
  locale?: string | undefined;
  /** Maximum number of digits after the decimal point. */
  digits?: number | undefined;
}

const METRES_PER_KM = 1000;
const METRES_PER_MILE = 1609.344;
const METRES_PER_FOOT = 0.3048;
const SECONDS_PER_HOUR = 3600;

/**
 * Formats a distance in metres as kilometres or miles.
 *
 * @example
 * ```ts
 * import { formatDistance } from "@paceline/sdk";
 *
 * formatDistance(10_234, { locale: "en" }); // "10.2 km"
 * formatDistance(42_195, { locale: "en", unit: "mi" }); // "26.2 mi"
 * ```
 */
export function formatDistance(
  metres: number,
  { unit = "km", locale, digits = 1 }: FormatOptions<DistanceUnit> = {},
): string {
  return formatUnit(metres / metresPer(unit), {
    unit: unit === "km" ? "kilometer" : "mile",
    locale,
    digits,
  });
}

/** Formats an elevation in metres as metres or feet. */
export function formatElevation(
  metres: number,
  { unit = "m", locale, digits = 0 }: FormatOptions<ElevationUnit> = {},
): string {
  const feet = metres / METRES_PER_FOOT;
  return unit === "m"
    ? formatUnit(metres, { unit: "meter", locale, digits })
    : formatUnit(feet, { unit: "foot", locale, digits });
}

/** Formats a speed in metres per second as kilometres or miles per hour. */
export function formatSpeed(
  metresPerSecond: number,
  { unit = "km", locale, digits = 1 }: FormatOptions<DistanceUnit> = {},
): string {
  const perHour = metresPerSecond * SECONDS_PER_HOUR / metresPer(unit);
  return formatUnit(perHour, {
    unit: unit === "km" ? "kilometer-per-hour" : "mile-per-hour",
    locale,
    digits,
  });
}

/**
 * Formats a speed in metres per second as a pace: minutes and seconds per kilometre or mile.
 * Returns a dash if the speed is 0.
 *
 * @example
 * ```ts
 * import { formatPace } from "@paceline/sdk";
 *
 * formatPace(3.5); // "4:46 /km"
 * formatPace(3.5, { unit: "mi" }); // "7:40 /mi"
 * ```
 */
export function formatPace(
  metresPerSecond: number,
  { unit = "km" }: { unit?: DistanceUnit | undefined } = {},
): string {
  const seconds = Math.round(metresPer(unit) / metresPerSecond);
  return Number.isFinite(seconds) && seconds > 0
    ? `${formatClock(seconds)} /${unit}`
    : `– /${unit}`;
}

/**
 * Formats a duration in seconds: like a clock, or in words of the reader's language.
 *
 * @example
 * ```ts
 * import { formatDuration } from "@paceline/sdk";
 *
 * formatDuration(4530); // "1:15:30"
 * formatDuration(4530, { style: "units", locale: "en" }); // "1 hr 16 min"
 * ```
 */
export function formatDuration(
  seconds: number,
  { style = "clock", locale }: {
    style?: "clock" | "units" | undefined;
    locale?: string | undefined;
  } = {},
): string {
  if (style === "clock") return formatClock(Math.round(seconds));
  const minutes = Math.round(seconds / 60);
  const hours = Math.trunc(minutes / 60);
  const rest = formatUnit(minutes % 60, { unit: "minute", locale, digits: 0 });
  return hours === 0
    ? rest
    : `${formatUnit(hours, { unit: "hour", locale, digits: 0 })} ${rest}`;
}

function metresPer(unit: DistanceUnit): number {
  return unit === "km" ? METRES_PER_KM : METRES_PER_MILE;
}

function formatUnit(
  value: number,
  { unit, locale, digits }: {
    unit: string;
    locale: string | undefined;
    digits: number;
  },
): string {
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    maximumFractionDigits: digits,
  }).format(value);
}

/** Formats seconds as `4:05` or `1:04:05`. */
function formatClock(seconds: number): string {
  const twoDigits = (value: number) => String(value).padStart(2, "0");
  const hours = Math.trunc(seconds / SECONDS_PER_HOUR);
  const minutes = Math.trunc(seconds / 60) % 60;
  const rest = twoDigits(seconds % 60);
  return hours > 0
    ? `${hours}:${twoDigits(minutes)}:${rest}`
    : `${minutes}:${rest}`;
}

/**
 * Formats a sport type of Strava for people, in English.
 *
 * @example
 * ```ts
 * import { formatSport } from "@paceline/sdk";
 *
 * formatSport("VirtualRide"); // "Virtual Ride"
 * formatSport("EMountainBikeRide"); // "E-Mountain Bike Ride"
 * ```
 */
export function formatSport(sportType: string): string {
  return sportType.replace(/^E(?=[A-Z])/, "E-")
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ");
}
