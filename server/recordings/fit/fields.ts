import { type Message, readNumber } from "./message.ts";
import type { DeviceTotals } from "../totals.ts";
import type { TotalName } from "../recording.ts";

/** A field's number and the divisor of its raw value. */
type Field = readonly [number: number, scale: number];

/** Fields of a `session` message. The first that has a value counts. */
const SESSION: Readonly<Partial<Record<TotalName, readonly Field[]>>> = {
  distanceMetres: [[9, 100]],
  elapsedSeconds: [[7, 1000]],
  timerSeconds: [[8, 1000]],
  movingSeconds: [[59, 1000]],
  ascentMetres: [[22, 1]],
  descentMetres: [[23, 1]],
  averageSpeed: [[124, 1000], [14, 1000]],
  maxSpeed: [[125, 1000], [15, 1000]],
  averageHeartRate: [[16, 1]],
  maxHeartRate: [[17, 1]],
  averageCadence: [[18, 1]],
  maxCadence: [[19, 1]],
  averagePower: [[20, 1]],
  maxPower: [[21, 1]],
  normalizedPower: [[34, 1]],
  calories: [[11, 1]],
  averageTemperature: [[57, 1]],
};

/** Fields of a `lap` message. */
const LAP: typeof SESSION = {
  distanceMetres: [[9, 100]],
  elapsedSeconds: [[7, 1000]],
  timerSeconds: [[8, 1000]],
  movingSeconds: [[52, 1000]],
  ascentMetres: [[21, 1]],
  descentMetres: [[22, 1]],
  averageSpeed: [[110, 1000], [13, 1000]],
  maxSpeed: [[111, 1000], [14, 1000]],
  averageHeartRate: [[15, 1]],
  maxHeartRate: [[16, 1]],
  averageCadence: [[17, 1]],
  maxCadence: [[18, 1]],
  averagePower: [[19, 1]],
  maxPower: [[20, 1]],
  normalizedPower: [[33, 1]],
  calories: [[11, 1]],
  averageTemperature: [[50, 1]],
};

/** Totals of which 0 means that the device did not measure them. */
const ZERO_IS_NONE = new Set<TotalName>([
  "elapsedSeconds",
  "timerSeconds",
  "movingSeconds",
  "averageSpeed",
  "maxSpeed",
  "averageHeartRate",
  "maxHeartRate",
  "averageCadence",
  "maxCadence",
  "averagePower",
  "maxPower",
  "normalizedPower",
]);

/** Returns the totals that a `session` or a `lap` message states. */
export function readTotals(
  message: Message,
  kind: "session" | "lap",
): DeviceTotals {
  const totals: DeviceTotals = {};
  const table = kind === "session" ? SESSION : LAP;
  for (const [key, fields] of Object.entries(table)) {
    const name = key as TotalName;
    for (const [number, scale] of fields) {
      const raw = readNumber(message, number);
      if (raw === undefined || (raw === 0 && ZERO_IS_NONE.has(name))) continue;
      totals[name] ??= raw / scale;
    }
  }
  return totals;
}
