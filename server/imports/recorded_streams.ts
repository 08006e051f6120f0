import type {
  RecordingStreams,
  StoredLap,
  StoredLength,
} from "../../db/streams/recording_streams.ts";
import type {
  Lap,
  Length,
  Recording,
  TotalName,
} from "../recordings/recording.ts";
import { computeTrackLine } from "../recordings/track_line.ts";
import { toText } from "./text.ts";

/** Laps and lengths that are stored of one recording. A day in a pool has about 2,000 lengths. */
const MAX_PARTS = 10_000;
/** Greatest stored figure of a lap. */
const MAX_FIGURE = 1e9;

/** The figures of a lap by their names in the API. Averages and maxima are those of the device. */
const LAP_FIGURES = {
  elapsedSeconds: "elapsed_time",
  movingSeconds: "moving_time",
  distanceMetres: "distance",
  ascentMetres: "total_elevation_gain",
  averageSpeed: "average_speed",
  maxSpeed: "max_speed",
  averageHeartRate: "average_heartrate",
  maxHeartRate: "max_heartrate",
  averageCadence: "average_cadence",
  averagePower: "average_watts",
  maxPower: "max_watts",
  calories: "calories",
} as const satisfies Partial<Record<TotalName, keyof StoredLap>>;

/** Returns the streams of a recording under the names of their columns, with its track, laps and lengths. */
export function toRecordedStreams(
  { streams, laps, lengths }: Pick<Recording, "streams" | "laps" | "lengths">,
): RecordingStreams {
  return {
    streams: {
      time: streams.time,
      latitude: streams.latitude,
      longitude: streams.longitude,
      distance: streams.distance,
      altitude: streams.altitude,
      velocity_smooth: streams.speed,
      heartrate: streams.heartRate,
      cadence: streams.cadence,
      watts: streams.power,
      temp: streams.temperature,
      moving: streams.moving,
    },
    track: computeTrackLine(streams),
    laps: laps.slice(0, MAX_PARTS).map(toStoredLap),
    lengths: lengths.slice(0, MAX_PARTS).map(toStoredLength),
  };
}

function toStoredLap(lap: Lap): StoredLap {
  const stored: StoredLap = {
    start: toSeconds(lap.startSeconds),
    trigger: toText(lap.trigger),
    intensity: toText(lap.intensity),
  };
  const { movingSeconds, timerSeconds } = lap.totals;
  // A device without a moving time has its timer's.
  const totals = {
    ...lap.totals,
    movingSeconds: movingSeconds ?? timerSeconds,
  };
  for (const [name, column] of Object.entries(LAP_FIGURES)) {
    const value = totals[name as keyof typeof LAP_FIGURES];
    if (value !== undefined && value >= 0 && value <= MAX_FIGURE) {
      stored[column] = Math.round(value * 1000) / 1000;
    }
  }
  return stored;
}

function toStoredLength(
  { startSeconds, elapsedSeconds, active, strokes, stroke }: Length,
): StoredLength {
  return {
    start: toSeconds(startSeconds),
    elapsed_time: toSeconds(elapsedSeconds),
    active,
    strokes: strokes !== null && Number.isFinite(strokes)
      ? Math.round(strokes)
      : null,
    stroke: toText(stroke),
  };
}

/** Returns seconds that are not negative, in milliseconds' precision. */
function toSeconds(seconds: number): number {
  const isUsable = seconds >= 0 && seconds <= MAX_FIGURE;
  return isUsable ? Math.round(seconds * 1000) / 1000 : 0;
}
