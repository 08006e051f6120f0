/** Kilometres, or miles of 1,609.344 m. */
export type DistanceUnit = "km" | "mi";

/** Metres, or feet of 0.3048 m. */
export type ElevationUnit = "m" | "ft";

/** How a number is written. */
export interface FormatOptions<Unit extends string> {
  /** Default: the metric one. */
  unit?: Unit | undefined;
  /** Whose way of writing, such as `de-CH`. Default: the reader's. */
  locale?: string | undefined;
  /** Digits after the decimal point at most. */
  digits?: number | undefined;
}

const METRES_PER_KM = 1000;
const METRES_PER_MILE = 1609.344;
const METRES_PER_FOOT = 0.3048;
const SECONDS_PER_HOUR = 3600;

/**
 * A distance of so many metres, in kilometres or miles.
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

/** Climbing of so many metres, in metres or feet. */
export function formatElevation(
  metres: number,
  { unit = "m", locale, digits = 0 }: FormatOptions<ElevationUnit> = {},
): string {
  const feet = metres / METRES_PER_FOOT;
  return unit === "m"
    ? formatUnit(metres, { unit: "meter", locale, digits })
    : formatUnit(feet, { unit: "foot", locale, digits });
}

/** A speed of so many metres per second, in kilometres or miles per hour. */
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
 * The pace of a speed in metres per second: minutes and seconds for a kilometre or a mile. A dash
 * where nothing moved.
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
 * A time of so many seconds: as a clock shows it, or in words of the reader's language.
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

/** `4:05` or `1:04:05`. */
function formatClock(seconds: number): string {
  const twoDigits = (value: number) => String(value).padStart(2, "0");
  const hours = Math.trunc(seconds / SECONDS_PER_HOUR);
  const minutes = Math.trunc(seconds / 60) % 60;
  const rest = twoDigits(seconds % 60);
  return hours > 0
    ? `${hours}:${twoDigits(minutes)}:${rest}`
    : `${minutes}:${rest}`;
}
