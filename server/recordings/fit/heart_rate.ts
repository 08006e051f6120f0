import type { Point } from "../points.ts";
import { type Message, readBytes, readNumber, readNumbers } from "./message.ts";

/** One beat-to-beat value of a strap that sends its memory after a swim. */
export interface HeartRateSample {
  /** Seconds since the FIT epoch. */
  time: number;
  value: number;
}

/** State of the strap's clock between two `hr` messages. */
export interface StrapClock {
  /** Seconds to add to an event time for the FIT time. */
  offset: number | undefined;
  /** Event time of the last sample in 1/1024 s. */
  last: number;
}

const FRACTION = 32768;
const TICKS = 1024;
const TWELVE_BITS = 4096;
/** A sample stands for records at most this many seconds later. */
const MAX_AGE_SECONDS = 5;
const NO_HEART_RATE = 255;

/** Reads the samples of an `hr` message: full event times, or 12-bit ones that follow the last. */
export function readHeartRates(
  message: Message,
  { clock, timestamp }: { clock: StrapClock; timestamp: number | undefined },
): HeartRateSample[] {
  const rates = readNumbers(message, 6);
  const events = readNumbers(message, 9);
  const times: number[] = [];
  if (events[0] !== undefined) {
    if (timestamp !== undefined) {
      const exact = timestamp + (readNumber(message, 0) ?? 0) / FRACTION;
      clock.offset = exact - events[0] / TICKS;
    }
    for (const event of events) if (event !== undefined) times.push(event);
  } else {
    let last = clock.last;
    for (const low of unpack(readBytes(message, 10))) {
      // The low twelve bits. They roll over every four seconds.
      last += (low - last % TWELVE_BITS + TWELVE_BITS) % TWELVE_BITS;
      times.push(last);
    }
  }
  clock.last = times.at(-1) ?? clock.last;
  const { offset } = clock;
  if (offset === undefined) return [];
  return times.flatMap((time, i) => {
    const value = rates[i];
    return value === undefined || value === 0 || value === NO_HEART_RATE
      ? []
      : [{ time: offset + time / TICKS, value }];
  });
}

/** Returns the numbers of twelve bits that three bytes hold in pairs. */
function unpack(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  for (let i = 0; i + 2 < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i]!, bytes[i + 1]!, bytes[i + 2]!];
    numbers.push(a | (b & 15) << 8, b >> 4 | c << 4);
  }
  return numbers;
}

/** Gives points without a heart rate the latest sample before them. */
export function addHeartRates(
  points: readonly Point[],
  samples: readonly HeartRateSample[],
  epoch: number,
): void {
  const sorted = samples.toSorted((a, b) => a.time - b.time);
  let next = 0;
  for (const point of points) {
    // A record states a second, the samples lie within it.
    while (
      next < sorted.length && sorted[next]!.time + epoch < point.time + 1
    ) {
      next++;
    }
    const sample = sorted[next - 1];
    if (
      sample && Number.isNaN(point.heartRate) &&
      point.time - (sample.time + epoch) <= MAX_AGE_SECONDS
    ) point.heartRate = sample.value;
  }
}
