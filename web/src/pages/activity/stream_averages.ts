import type { Lap, StreamSet } from "@paceline/sdk";
import { averageOf, hasValues, rangeOf } from "./chart_values.ts";

/** The average and the greatest value of a stream. */
export interface StreamAverage {
  average: number;
  most: number;
}

/** Values of an activity that only its recording has. */
export interface StreamAverages {
  watts: StreamAverage | null;
  /** For runs in steps of both feet. */
  cadence: StreamAverage | null;
  /** Kilocalories of all laps. Null if a lap has none. */
  calories: number | null;
}

/** Returns what the streams and laps know and the activity does not. */
export function computeStreamAverages(
  { time = [], watts, cadence }: StreamSet,
  laps: readonly Lap[],
  { isFoot }: { isFoot: boolean },
): StreamAverages {
  return {
    watts: average(watts, time),
    cadence: average(
      // Times without a step or a turn do not count.
      cadence?.map((value) => value ? value * (isFoot ? 2 : 1) : null),
      time,
    ),
    calories: laps.length > 0 && laps.every(({ calories }) => calories !== null)
      ? laps.reduce((sum, { calories }) => sum + calories!, 0)
      : null,
  };
}

function average(
  values: readonly (number | null)[] | undefined,
  time: readonly number[],
): StreamAverage | null {
  if (!hasValues(values)) return null;
  const mean = averageOf(values, time);
  const most = rangeOf(values)?.[1];
  return mean === null || most === undefined ? null : { average: mean, most };
}
