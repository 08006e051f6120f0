import type { Activity, ActivityDetail } from "@paceline/sdk";
import type { Texts } from "../../texts/en.ts";

/** Strava's workout types. */
const RACES: readonly unknown[] = [1, 11];
const LONG_RUN = 2;
const WORKOUTS: readonly unknown[] = [3, 12];

/** Reports whether the activity was a race. */
export function isRace(
  { workout_type }: Pick<Activity, "workout_type">,
): boolean {
  return RACES.includes(workout_type);
}

/** Returns what is special about an activity, in words. */
export function listNotes(
  activity: ActivityDetail,
  { activities, activity: texts }: Pick<Texts, "activities" | "activity">,
): string[] {
  return [
    isRace(activity) && texts.race,
    activity.workout_type === LONG_RUN && texts.longRun,
    WORKOUTS.includes(activity.workout_type) && texts.workout,
    activity.commute && activities.commute,
    activity.trainer && activities.trainer,
    activity.manual && activities.manual,
    activity.visibility === "only_me" && activities.private,
    activity.visibility === "followers_only" && activities.followers,
    activity.excluded && texts.excluded,
  ].filter((note) => note !== false);
}
