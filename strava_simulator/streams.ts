import { findActivity } from "./activities.ts";
import { decodePolyline, type Point } from "./polyline.ts";
import { notFound, toJson } from "./responses.ts";
import type { ApiCall, Simulation } from "./simulation.ts";
import type { SummaryActivity } from "./types.ts";

interface Stream {
  data: unknown[];
  series_type: string;
  original_size: number;
  resolution: string;
}

/**
 * Serves `GET /activities/{id}/streams`: an object by stream name with `key_by_type=true`, else a list.
 * A stream that the device did not record has no key, and an activity without any stream is a 404.
 */
export function getStreams(
  sim: Simulation,
  call: ApiCall,
  id: string,
): Response {
  const activity = findActivity(sim, call, id);
  if (activity.manual) throw notFound("Activity");
  const asked = (call.query.get("keys") ?? "").split(",").filter((key) =>
    key !== ""
  );
  const wanted = new Set([...asked, "distance"]); // distance comes along even when it is not asked for
  const found = Object.entries(toSeries(activity)).filter(([key]) =>
    wanted.has(key)
  );
  const streams = found.map(([key, data]): [string, Stream] => [key, {
    data,
    series_type: "distance",
    original_size: data.length,
    resolution: "high",
  }]);
  if (call.query.get("key_by_type") === "true") {
    return toJson(Object.fromEntries(streams));
  }
  return toJson(streams.map(([type, stream]) => ({ type, ...stream })));
}

/** Returns streams that match the activity's summary: uneven intervals and waves around the averages. */
function toSeries(activity: SummaryActivity): Record<string, unknown[]> {
  const time = toTimes(activity.elapsed_time);
  const total = Math.max(1, time.at(-1) ?? 1);
  const share = time.map((second) => second / total);
  const wave = (middle: number, swing: number, turns: number): number[] =>
    share.map((part) => middle + swing * Math.sin(part * turns * 2 * Math.PI));
  const tenths = (values: number[]): number[] =>
    values.map((value) => Math.round(value * 10) / 10);
  const whole = (values: number[]): number[] =>
    values.map((value) => Math.round(value));
  const line = decodePolyline(activity.map.summary_polyline);
  const { elev_low: low, elev_high: high } = activity;
  return {
    time,
    distance: tenths(share.map((part) => part * activity.distance)),
    ...(line.length > 0
      ? { latlng: share.map((part) => toPointAt(line, part)) }
      : {}),
    ...(low === undefined || high === undefined
      ? {}
      : { altitude: tenths(wave((low + high) / 2, (high - low) / 2, 3)) }),
    velocity_smooth: tenths(
      wave(activity.average_speed, activity.average_speed / 10, 7),
    ),
    ...(activity.average_heartrate === undefined
      ? {}
      : { heartrate: whole(wave(activity.average_heartrate, 8, 5)) }),
    ...(activity.average_cadence === undefined
      ? {}
      : { cadence: whole(wave(activity.average_cadence, 3, 11)) }),
    ...(activity.average_watts === undefined
      ? {}
      : { watts: whole(wave(activity.average_watts, 25, 13)) }),
    ...(activity.average_temp === undefined
      ? {}
      : { temp: whole(wave(activity.average_temp, 1, 1)) }),
    moving: time.map(() => true),
    grade_smooth: tenths(wave(0, 3, 3)),
  };
}

function toTimes(seconds: number): number[] {
  const times: number[] = [];
  for (
    let second = 0;
    second < Math.min(seconds, 20_000);
    second += 1 + times.length % 3
  ) {
    times.push(second);
  }
  return times;
}

function toPointAt(line: readonly Point[], part: number): Point {
  const place = part * (line.length - 1);
  const from = line[Math.floor(place)] ?? [0, 0];
  const to = line[Math.ceil(place)] ?? from;
  const rest = place - Math.floor(place);
  const between = (a: number, b: number): number =>
    Math.round((a + (b - a) * rest) * 1e6) / 1e6;
  return [between(from[0], to[0]), between(from[1], to[1])];
}
