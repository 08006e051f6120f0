import type { ActivityDetail } from "@paceline/sdk";
import type { ReactNode } from "react";
import { toPaceKind, useFormat } from "../../format/use_format.ts";
import { Value, Values } from "../../parts/values.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import type { StreamAverages } from "./stream_averages.ts";

/** Seconds that a pause has at least. */
const PAUSE = 30;

/** The totals of an activity. */
export function Facts(
  { activity, averages }: {
    activity: ActivityDetail;
    /** Averages that only the streams have. */
    averages: StreamAverages;
  },
): ReactNode {
  const { activity: texts, metrics } = useTexts();
  const format = useFormat();
  const { sport_type: sport, heart_rate: heartRate } = activity;
  // An activity entered by hand states none.
  const speed = activity.average_speed ||
    activity.distance / Math.max(activity.moving_time, 1);
  const isSpeed = toPaceKind(sport) === "speed";
  const perMinute = toPaceKind(sport) === "foot"
    ? texts.stepsPerMinute
    : texts.perMinute;
  const whole = (value: number): string => format.number(value);
  return (
    <Values>
      {activity.distance > 0 && (
        <Value
          name={metrics.distance}
          value={format.distance(activity.distance, 2)}
        />
      )}
      <Value
        name={metrics.movingTime}
        value={format.clock(activity.moving_time)}
        note={activity.elapsed_time - activity.moving_time >= PAUSE &&
          texts.pauses(format.clock(activity.elapsed_time))}
      />
      {speed > 0 && (
        <Value
          name={isSpeed ? metrics.speed : metrics.pace}
          value={format.pace(speed, sport)}
          note={activity.max_speed > speed &&
            texts.fastest(format.pace(activity.max_speed, sport))}
        />
      )}
      {activity.total_elevation_gain > 0 && (
        <Value
          name={metrics.elevation}
          value={format.elevation(activity.total_elevation_gain)}
        />
      )}
      {heartRate.average !== null && (
        <Value
          name={metrics.heartRate}
          value={texts.bpm(whole(heartRate.average))}
          note={heartRate.max !== null &&
            texts.atMost(texts.bpm(whole(heartRate.max)))}
        />
      )}
      {averages.watts && (
        <Value
          name={metrics.power}
          value={texts.watts(whole(averages.watts.average))}
          note={texts.atMost(texts.watts(whole(averages.watts.most)))}
        />
      )}
      {averages.cadence && (
        <Value
          name={metrics.cadence}
          value={perMinute(whole(averages.cadence.average))}
          note={texts.atMost(perMinute(whole(averages.cadence.most)))}
        />
      )}
      {averages.calories !== null && (
        <Value
          name={texts.calories}
          value={`${whole(averages.calories)} kcal`}
        />
      )}
      {activity.kudos_count > 0 && (
        <Value name={texts.kudos} value={whole(activity.kudos_count)} />
      )}
    </Values>
  );
}
