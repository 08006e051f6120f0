import findZone from "@photostructure/tz-lookup";
import { hasPosition, type Point } from "./points.ts";

/** The wall clock at the start of a recording. */
export interface LocalClock {
  readonly timeZone: string | null;
  readonly utcOffsetSeconds: number | null;
}

const QUARTER_SECONDS = 900;
/** Offsets of the wall clock from UTC that exist. */
const OFFSETS = [-12 * 3600, 14 * 3600] as const;
/** Seconds by which a device's two clocks may differ beyond a whole quarter of an hour. */
const TOLERANCE_SECONDS = 60;

/**
 * Finds the wall clock at the start: by the first position, else by the device's own offset. The
 * positions of a virtual world are not those of the athlete, and at sea there is no zone.
 */
export function findLocalClock(
  points: readonly Point[],
  { startedAt, isVirtual, deviceOffsetSeconds }: {
    startedAt: Date;
    isVirtual: boolean;
    deviceOffsetSeconds?: number | undefined;
  },
): LocalClock {
  const first = isVirtual ? undefined : points.find(hasPosition);
  const timeZone = first && findZone(first.latitude, first.longitude);
  if (timeZone && !timeZone.startsWith("Etc/")) {
    const utcOffsetSeconds = findOffset(timeZone, startedAt);
    if (utcOffsetSeconds !== undefined) return { timeZone, utcOffsetSeconds };
  }
  return {
    timeZone: null,
    utcOffsetSeconds: roundOffset(deviceOffsetSeconds) ?? null,
  };
}

/** Returns a zone's offset at a time; undefined if this runtime does not know the zone. */
function findOffset(timeZone: string, at: Date): number | undefined {
  try {
    return Temporal.Instant.fromEpochMilliseconds(at.getTime())
      .toZonedDateTimeISO(timeZone).offsetNanoseconds / 1e9;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Returns a device's offset if it is a possible one, in whole quarters of an hour. */
function roundOffset(seconds: number | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  const whole = Math.round(seconds / QUARTER_SECONDS) * QUARTER_SECONDS;
  const [least, most] = OFFSETS;
  return Math.abs(whole - seconds) <= TOLERANCE_SECONDS && whole >= least &&
      whole <= most
    ? whole + 0
    : undefined;
}
