import type { StreamSet } from "@paceline/sdk";
import { fillDistance } from "./chart_values.ts";

/** A part of an activity of one kilometre or mile. The last one may be shorter. */
export interface Split {
  /** Metres. */
  distance: number;
  /** Seconds in motion. */
  movingTime: number;
  /** Seconds, pauses included. */
  elapsedTime: number;
  /** Metres up less metres down. Null without altitudes. */
  climb: number | null;
  /** Beats per minute. Null if not recorded. */
  heartRate: number | null;
  /** Seconds from the start of the recording to the start and the end of the part. */
  from: number;
  to: number;
}

/** Metres below which the rest after the last whole part is left out. */
const SHORTEST = 10;

/** Returns the parts of equal length, computed from the streams. Empty without distances. */
export function computeSplits(streams: StreamSet, metres: number): Split[] {
  const { time, distance } = streams;
  if (!time || !distance || time.length < 2) return [];
  const run = fillDistance(distance);
  const total = run.at(-1)!;
  const ends: number[] = [];
  for (let end = metres; end <= total; end += metres) ends.push(end);
  if (total - (ends.at(-1) ?? 0) >= SHORTEST) ends.push(total);
  let before = findPlace(run, 0);
  let from = 0;
  return ends.map((end) => {
    const place = findPlace(run, end);
    const split = measure(streams, before, place);
    before = place;
    const distance = end - from;
    from = end;
    return { ...split, distance };
  });
}

/** A place between two points: the second one's index, and the share of the way from the first one. */
interface Place {
  index: number;
  share: number;
}

function findPlace(run: readonly number[], metres: number): Place {
  if (metres <= run[0]!) return { index: 1, share: 0 };
  let [low, high] = [1, run.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (run[middle]! < metres) low = middle + 1;
    else high = middle;
  }
  const step = run[low]! - run[low - 1]!;
  const share = step > 0 ? (metres - run[low - 1]!) / step : 1;
  return { index: low, share: Math.min(share, 1) };
}

function measure(
  { time = [], moving, altitude, heartrate }: StreamSet,
  start: Place,
  end: Place,
): Omit<Split, "distance"> {
  const timeAt = ({ index, share }: Place): number =>
    time[index - 1]! + share * (time[index]! - time[index - 1]!);
  let movingTime = 0;
  let beats = 0;
  let beatTime = 0;
  for (let index = start.index; index <= end.index; index++) {
    const share = (index === end.index ? end.share : 1) -
      (index === start.index ? start.share : 0);
    const seconds = share * (time[index]! - time[index - 1]!);
    if (moving?.[index] ?? true) movingTime += seconds;
    const heartRate = heartrate?.[index];
    if (heartRate && seconds > 0) {
      beats += heartRate * seconds;
      beatTime += seconds;
    }
  }
  const altitudes = altitude &&
    [start, end].map((place) => altitudeAt(altitude, place));
  const [low, high] = altitudes ?? [];
  const [from, to] = [timeAt(start), timeAt(end)];
  return {
    from,
    to,
    elapsedTime: to - from,
    movingTime,
    climb: low == null || high == null ? null : high - low,
    heartRate: beatTime > 0 ? beats / beatTime : null,
  };
}

function altitudeAt(
  altitude: readonly (number | null)[],
  { index, share }: Place,
): number | null {
  const before = altitude[index - 1] ?? null;
  const after = altitude[index] ?? null;
  if (before === null || after === null) return before ?? after;
  return before + share * (after - before);
}
