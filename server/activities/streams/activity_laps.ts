import type { ActivityLaps } from "@paceline/sdk/schemas";
import type * as z from "zod";
import type {
  ActivityLapsRow,
  StreamAccess,
} from "../../../db/streams/activity_streams.ts";
import type {
  StoredLap,
  StoredLength,
} from "../../../db/streams/recording_streams.ts";

type Answer = z.input<typeof ActivityLaps>;

/** Renders the laps and lengths of an activity. A figure that the file lacks is null. */
export function toActivityLaps(
  row: ActivityLapsRow | undefined,
  access: StreamAccess,
): Answer {
  if (!row) return { source: null, laps: [], lengths: [] };
  return {
    source: row.source,
    laps: row.laps.map((lap, index) => toLap(lap, index, access)),
    lengths: row.lengths.map(toLength),
  };
}

function toLap(
  lap: StoredLap,
  index: number,
  { isHeartRateShown }: StreamAccess,
): Answer["laps"][number] {
  return {
    lap_index: index + 1,
    start: lap.start,
    elapsed_time: lap.elapsed_time ?? null,
    moving_time: lap.moving_time ?? null,
    distance: lap.distance ?? null,
    total_elevation_gain: lap.total_elevation_gain ?? null,
    average_speed: lap.average_speed ?? null,
    max_speed: lap.max_speed ?? null,
    heart_rate: {
      average: isHeartRateShown ? lap.average_heartrate ?? null : null,
      max: isHeartRateShown ? lap.max_heartrate ?? null : null,
    },
    average_cadence: lap.average_cadence ?? null,
    average_watts: lap.average_watts ?? null,
    max_watts: lap.max_watts ?? null,
    calories: lap.calories ?? null,
    trigger: lap.trigger,
    intensity: lap.intensity,
  };
}

function toLength(
  { start, elapsed_time, active, strokes, stroke }: StoredLength,
): Answer["lengths"][number] {
  return { start, elapsed_time, active, strokes, stroke };
}
