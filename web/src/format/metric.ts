/** The sums that statistics can show. */
export const METRICS = [
  "distance",
  "moving_time",
  "elevation_gain",
  "count",
] as const;

/** A sum: metres, seconds, metres of climbing, or a number of activities. */
export type Metric = (typeof METRICS)[number];

/** How a visitor reads numbers and distances: the part of `Format` that sums need. */
export interface SumFormat {
  units: "metric" | "imperial";
  distanceUnit: "km" | "mi";
  inDistanceUnit(metres: number): number;
  number(value: number, digits?: number): string;
}

/** How a visitor reads one sum. */
export interface Measure {
  /** Name of the unit, such as `km`. Empty for a count. */
  unit: string;
  /** Turns a value of the API into the unit. */
  inUnit(value: number): number;
  /** Turns a value of the API into text with its unit. */
  text(value: number): string;
  /** Turns a value of the API into a number without its unit, for a column whose head has it. */
  short(value: number): string;
}

const SECONDS_PER_HOUR = 3600;
const METRES_PER_FOOT = 0.3048;
/** From this number on, tenths say nothing. */
const WHOLE_FROM = 100;

/** Returns how a visitor reads a sum. */
export function createMeasure(metric: Metric, format: SumFormat): Measure {
  const { unit, inUnit } = toUnit(metric, format);
  const short = (value: number): string => {
    const amount = inUnit(value);
    const digits = metric === "distance" || metric === "moving_time"
      ? Math.abs(amount) < WHOLE_FROM ? 1 : 0
      : 0;
    return format.number(amount, digits);
  };
  return {
    unit,
    inUnit,
    short,
    text: (value) => unit === "" ? short(value) : `${short(value)} ${unit}`,
  };
}

function toUnit(
  metric: Metric,
  { units, distanceUnit, inDistanceUnit }: SumFormat,
): Pick<Measure, "unit" | "inUnit"> {
  switch (metric) {
    case "distance":
      return { unit: distanceUnit, inUnit: inDistanceUnit };
    case "moving_time":
      return { unit: "h", inUnit: (seconds) => seconds / SECONDS_PER_HOUR };
    case "elevation_gain":
      return units === "metric"
        ? { unit: "m", inUnit: (metres) => metres }
        : { unit: "ft", inUnit: (metres) => metres / METRES_PER_FOOT };
    case "count":
      return { unit: "", inUnit: (count) => count };
  }
}
