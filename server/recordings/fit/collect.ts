import {
  getFitGarminProductDisplayName,
  getFitGarminProductName,
  getFitManufacturerName,
  getFitSportName,
  getFitSubSportName,
} from "fit-file-parser/profile";
import { FileRefused } from "../file_refused.ts";
import { MAX_POINTS, type Point } from "../points.ts";
import type { Device, Length } from "../recording.ts";
import type { DeviceTotals } from "../totals.ts";
import { type DecodeEnd, decodeMessages } from "./decode.ts";
import { describeField } from "./developer_fields.ts";
import { readTotals } from "./fields.ts";
import { type HeartRateSample, readHeartRates } from "./heart_rate.ts";
import {
  type Message,
  readNumber,
  readText,
  readTimestamp,
} from "./message.ts";
import { toIntensity, toLapTrigger, toStroke } from "./names.ts";
import { readRecord } from "./record.ts";

/** Seconds from 1970 to the FIT epoch, 1989-12-31T00:00:00Z. */
export const FIT_EPOCH = 631_065_600;
/** A smaller time counts from power-on and is not a date. */
export const FIRST_DATE = 0x10000000;
/** Laps, lengths and events that are kept of one part, each. */
const MAX_SUMMARIES = 20_000;
/** Sessions that are kept of one part. A triathlon has five. */
const MAX_SESSIONS = 50;
const MAX_HEART_RATES = 1_000_000;

/** A `session` or a `lap` message. Times are seconds since 1970. */
export interface Summary {
  readonly start: number | undefined;
  /** Time at which the message was written, which is the end. */
  readonly end: number | undefined;
  readonly totals: DeviceTotals;
}

export interface Session extends Summary {
  readonly sport: string | null;
  readonly subSport: string | null;
  readonly poolLengthMetres: number | null;
  readonly thresholdPower: number | null;
}

export interface FitLap extends Summary {
  readonly trigger: string | null;
  readonly intensity: string | null;
}

/** Everything that the program uses of one part of a FIT file. */
export interface PartContent {
  fileType: number | undefined;
  device: Device;
  sport: string | null;
  subSport: string | null;
  points: Point[];
  sessions: Session[];
  laps: FitLap[];
  lengths: (Omit<Length, "startSeconds"> & { start: number | undefined })[];
  /** Starts and stops of the timer. */
  timer: { time: number; runs: boolean }[];
  heartRates: HeartRateSample[];
  extras: { name: string; unit: string | null }[];
  /** Local minus universal time, as the device states it. */
  deviceOffsetSeconds: number | undefined;
  profile: {
    weightKilograms: number | null;
    restingHeartRate: number | null;
    maxHeartRate: number | null;
    thresholdHeartRate: number | null;
    thresholdPower: number | null;
  };
  end: DecodeEnd;
  /** True if the device's clock was set during the activity. */
  clockWasSet: boolean;
}

/** Collects the messages between two offsets. */
export function collectPart(
  bytes: Uint8Array,
  range: { start: number; end: number },
): PartContent {
  const content: PartContent = {
    fileType: undefined,
    device: { maker: null, product: null, serial: null },
    sport: null,
    subSport: null,
    points: [],
    sessions: [],
    laps: [],
    lengths: [],
    timer: [],
    heartRates: [],
    extras: [],
    deviceOffsetSeconds: undefined,
    profile: {
      weightKilograms: null,
      restingHeartRate: null,
      maxHeartRate: null,
      thresholdHeartRate: null,
      thresholdPower: null,
    },
    end: "complete",
    clockWasSet: false,
  };
  const record = {
    developerFields: new Map(),
    extras: content.extras,
    compressedDistance: 0,
  };
  const clock = { offset: undefined, last: 0 };
  content.end = decodeMessages(bytes, range, (message) => {
    const time = toTime(readTimestamp(message));
    switch (message.definition.message) {
      case 20:
        // Old watches write a record without a time before each length of the pool.
        content.points.push(
          readRecord(message, { state: record, time: time ?? NaN }),
        );
        if (content.points.length > MAX_POINTS) {
          throw new FileRefused("too_large");
        }
        return;
      case 132:
        if (content.heartRates.length < MAX_HEART_RATES) {
          content.heartRates.push(...readHeartRates(message, {
            clock,
            timestamp: readTimestamp(message),
          }));
        }
        return;
      case 206:
        return describeField(record.developerFields, message);
      default:
        return collectSummary(content, message, time);
    }
  });
  return content;
}

function collectSummary(
  content: PartContent,
  message: Message,
  time: number | undefined,
): void {
  const number = (field: number) => readNumber(message, field);
  const { laps, lengths, profile, sessions, timer } = content;
  switch (message.definition.message) {
    case 0:
      content.fileType ??= number(0);
      content.device = readDevice(message);
      return;
    case 3:
      profile.weightKilograms = scale(number(4), 10);
      profile.restingHeartRate = number(8) || null;
      profile.maxHeartRate ??= number(11) || number(9) || number(10) || null;
      return;
    case 7:
      profile.maxHeartRate = number(1) || profile.maxHeartRate;
      profile.thresholdHeartRate = number(2) || null;
      profile.thresholdPower = number(3) || null;
      return;
    case 12:
      content.sport = getFitSportName(number(0));
      content.subSport = getFitSubSportName(number(1));
      return;
    case 18:
      if (sessions.length < MAX_SESSIONS) {
        sessions.push({
          ...readSummary(message, "session", time),
          sport: getFitSportName(number(5)),
          subSport: getFitSubSportName(number(6)),
          poolLengthMetres: scale(number(44), 100),
          thresholdPower: number(45) || null,
        });
      }
      return;
    case 19:
      if (laps.length < MAX_SUMMARIES) {
        laps.push({
          ...readSummary(message, "lap", time),
          trigger: toLapTrigger(number(24)),
          intensity: toIntensity(number(23)),
        });
      }
      return;
    case 21:
      if (
        number(0) === 0 && time !== undefined && timer.length < MAX_SUMMARIES
      ) {
        timer.push({ time, runs: number(1) === 0 });
      }
      return;
    case 34:
      content.deviceOffsetSeconds = readOffset(message, time);
      return;
    case 101:
      timeLastPoint(content, message);
      if (lengths.length < MAX_SUMMARIES) {
        lengths.push({
          start: toTime(number(2)),
          elapsedSeconds: (number(3) ?? 0) / 1000,
          active: number(12) !== 0,
          strokes: number(5) ?? null,
          stroke: toStroke(number(7)),
        });
      }
  }
}

/** Gives the last record the time at which a `length` message ends, if it has none. */
function timeLastPoint({ points }: PartContent, message: Message): void {
  const last = points.at(-1);
  const start = toTime(readNumber(message, 2));
  if (last && Number.isNaN(last.time) && start !== undefined) {
    last.time = start + (readNumber(message, 3) ?? 0) / 1000;
  }
}

function readSummary(
  message: Message,
  kind: "session" | "lap",
  end: number | undefined,
): Summary {
  const start = toTime(readNumber(message, 2));
  return { start, end, totals: readTotals(message, kind) };
}

function readDevice(message: Message): Device {
  const maker = readNumber(message, 1);
  const product = readNumber(message, 2);
  const makerName = getFitManufacturerName(maker);
  const name = readText(message, 8) ??
    (makerName === "garmin"
      ? getFitGarminProductDisplayName(product) ??
        getFitGarminProductName(product)
      : undefined);
  return {
    maker: makerName ?? maker?.toString() ?? null,
    product: name ?? product?.toString() ?? null,
    serial: readNumber(message, 3)?.toString() ?? null,
  };
}

/** Reads the difference of the device's two clocks from an `activity` message. */
function readOffset(
  message: Message,
  time: number | undefined,
): number | undefined {
  const local = readNumber(message, 5);
  if (local === undefined || local < FIRST_DATE || time === undefined) {
    return undefined;
  }
  return local + FIT_EPOCH - time;
}

function toTime(raw: number | undefined): number | undefined {
  return raw === undefined ? undefined : raw + FIT_EPOCH;
}

function scale(raw: number | undefined, by: number): number | null {
  return raw ? raw / by : null;
}
