import type { AthleteValue, AthleteValueKind } from "@paceline/sdk";
import type { Format } from "../../format/use_format.ts";
import { isPace } from "./parse_value.ts";

const UNITS: Readonly<Partial<Record<AthleteValueKind, string>>> = {
  weight: "kg",
  resting_heartrate: "bpm",
  max_heartrate: "bpm",
  threshold_heartrate: "bpm",
  ftp: "W",
  heartrate_zones: "bpm",
  power_zones: "W",
};

/** Returns a value in words. */
export function describeValue(
  { kind, value, bounds }: AthleteValue,
  format: Format,
): string {
  const toText = (each: number): string =>
    isPace(kind) ? format.pace(each, "Run") : format.number(each, 1);
  const text = (bounds ?? [value ?? 0]).map(toText).join(" · ");
  const unit = UNITS[kind];
  return unit ? `${text} ${unit}` : text;
}
