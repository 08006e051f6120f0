import type { StreamSet } from "@paceline/sdk";
import type { Line } from "../../charts/line_chart.tsx";
import { type Format, toPaceKind } from "../../format/use_format.ts";
import type { Texts } from "../../texts/en.ts";
import { averageOf, hasValues, rangeOf } from "./chart_values.ts";

/** Names of the charts, in their order. */
export const CHARTS = [
  "altitude",
  "pace",
  "heartrate",
  "watts",
  "cadence",
  "grade",
  "temp",
] as const;

/** Name of a chart. */
export type ChartName = (typeof CHARTS)[number];

/** A chart of one stream. */
export interface StreamChart {
  name: ChartName;
  title: string;
  line: Line;
  /** Unit of the axis. */
  unit: string;
  /** Texts of the average and of the least and greatest value. */
  average: string;
  least: string;
  most: string;
  formatY: (value: number) => string;
  /** Distances of the labels of the axis that are round, such as 30 seconds. */
  increments?: readonly number[];
}

const METRES_PER_FOOT = 0.3048;
/** Metres a second below which a pace is a standstill: slower than half an hour for a kilometre. */
const SLOWEST = 0.55;
/** Share of the average speed below which a pace is a gap: it would flatten the rest of the chart. */
const SLOWEST_SHARE = 0.45;
const PACE_INCREMENTS = [5, 10, 15, 30, 60, 120, 300, 600];

/** How the values of a stream are drawn and read. */
interface Shape {
  title: string;
  colour: string;
  unit: string;
  values: readonly (number | null)[];
  text: (value: number) => string;
  formatY?: (value: number) => string;
  /** The average, if the mean of the drawn values is not it. */
  average?: number | null;
  increments?: readonly number[];
  isFilled?: boolean;
}

/** Returns the charts of all streams that were recorded. */
export function createStreamCharts(
  streams: StreamSet,
  { sport, format, texts }: {
    sport: string;
    format: Format;
    texts: Texts["activity"];
  },
): StreamChart[] {
  const time = streams.time ?? [];
  return CHARTS.flatMap((name) => {
    const shape = toShape(name, streams, { sport, format, texts });
    const range = shape && rangeOf(shape.values);
    if (!shape || !range) return [];
    const { title, colour, unit, values, text, isFilled = false } = shape;
    const average = shape.average ?? averageOf(values, time);
    const [least, most] = range;
    return [{
      name,
      title,
      unit,
      average: average === null ? "–" : text(average),
      least: text(least),
      most: text(most),
      formatY: shape.formatY ?? ((value: number) => format.number(value, 1)),
      ...shape.increments && { increments: shape.increments },
      line: { label: title, values, colour, isFilled, format: text },
    }];
  });
}

function toShape(
  name: ChartName,
  streams: StreamSet,
  { sport, format, texts }: {
    sport: string;
    format: Format;
    texts: Texts["activity"];
  },
): Shape | undefined {
  const { charts } = texts;
  const isMetric = format.units === "metric";
  const isFoot = toPaceKind(sport) === "foot";
  const whole = (value: number): string => format.number(value);
  switch (name) {
    case "altitude":
      return ifPresent(streams.altitude, (values) => ({
        title: charts.altitude,
        colour: "--chart-2",
        unit: isMetric ? "m" : "ft",
        values: isMetric ? values : scale(values, 1 / METRES_PER_FOOT),
        text: (value) => `${whole(value)} ${isMetric ? "m" : "ft"}`,
        isFilled: true,
      }));
    case "pace":
      return ifPresent(
        streams.velocity_smooth,
        (values) => toSpeedShape(values, streams, { sport, format, texts }),
      );
    case "heartrate":
      return ifPresent(streams.heartrate, (values) => ({
        title: charts.heartrate,
        colour: "--chart-4",
        unit: "bpm",
        values,
        text: (value) => texts.bpm(whole(value)),
      }));
    case "watts":
      return ifPresent(streams.watts, (values) => ({
        title: charts.watts,
        colour: "--chart-3",
        unit: "W",
        values,
        text: (value) => texts.watts(whole(value)),
      }));
    case "cadence":
      return ifPresent(streams.cadence, (values) => ({
        title: charts.cadence,
        colour: "--chart-2",
        unit: isFoot ? texts.stepsPerMinute("").trim() : "/min",
        values: isFoot ? scale(values, 2) : values,
        text: (value) =>
          isFoot
            ? texts.stepsPerMinute(whole(value))
            : texts.perMinute(whole(value)),
      }));
    case "grade":
      return ifPresent(streams.grade_smooth, (values) => ({
        title: charts.grade,
        colour: "--chart-3",
        unit: "%",
        values,
        text: (value) => `${format.number(value, 1)} %`,
      }));
    case "temp":
      return ifPresent(streams.temp, (values) => ({
        title: charts.temp,
        colour: "--chart-1",
        unit: isMetric ? "°C" : "°F",
        values: isMetric
          ? values
          : values.map((value) => value === null ? null : value * 1.8 + 32),
        text: (value) => `${format.number(value, 1)} ${isMetric ? "°C" : "°F"}`,
      }));
  }
}

function toSpeedShape(
  speeds: readonly (number | null)[],
  { time = [] }: StreamSet,
  { sport, format, texts: { charts } }: {
    sport: string;
    format: Format;
    texts: Texts["activity"];
  },
): Shape {
  const kind = toPaceKind(sport);
  if (kind === "speed") {
    const perHour = format.inDistanceUnit(3600);
    return {
      title: charts.speed,
      colour: "--chart-1",
      unit: format.units === "metric" ? "km/h" : "mph",
      values: scale(speeds, perHour),
      text: (value) => format.pace(value / perHour, sport),
    };
  }
  const metres = kind === "swim" ? 100 : 1 / format.inDistanceUnit(1);
  const average = averageOf(speeds, time);
  const slowest = Math.max(SLOWEST, (average ?? 0) * SLOWEST_SHARE);
  return {
    title: charts.pace,
    colour: "--chart-1",
    unit: kind === "swim" ? "/100 m" : `/${format.distanceUnit}`,
    // Negative seconds, so that faster is higher.
    values: speeds.map((speed) =>
      speed === null || speed < slowest ? null : -metres / speed
    ),
    text: (value) => format.pace(metres / -value, sport),
    formatY: (value) => format.clock(-value),
    average: average ? -metres / average : null,
    increments: PACE_INCREMENTS,
  };
}

function ifPresent(
  values: readonly (number | null)[] | undefined,
  create: (values: readonly (number | null)[]) => Shape,
): Shape | undefined {
  return hasValues(values) ? create(values) : undefined;
}

function scale(
  values: readonly (number | null)[],
  factor: number,
): (number | null)[] {
  return values.map((value) => value === null ? null : value * factor);
}
