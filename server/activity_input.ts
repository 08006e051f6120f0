import type { ActivityInput } from "../db/activities.ts";
import { toActivityType } from "../db/sports.ts";
import { SummaryActivity } from "./strava/schemas.ts";

/** What of a page can be stored, and what cannot with the reason why. */
export interface ReadPage {
  activities: ActivityInput[];
  skipped: { id: unknown; reason: string }[];
}

/** Reads a page item by item; of an id that stands on it twice the last counts. */
export function readPage(items: readonly unknown[]): ReadPage {
  const activities = new Map<number, ActivityInput>();
  const skipped: ReadPage["skipped"] = [];
  for (const item of items) {
    const parsed = SummaryActivity.safeParse(item);
    if (parsed.success) {
      activities.set(
        parsed.data.id,
        toActivityInput(parsed.data, item as object),
      );
      continue;
    }
    const reason = parsed.error.issues
      .map((issue) => `${issue.path.join(".")}: ${issue.message}`)
      .join("; ");
    skipped.push({ id: readId(item), reason });
  }
  return { activities: [...activities.values()], skipped };
}

/** The only place where Strava's fields become columns. */
function toActivityInput(
  activity: SummaryActivity,
  raw: object,
): ActivityInput {
  const { private: isPrivate, ...fields } = activity;
  const sportType = activity.sport_type || activity.type || "Workout";
  return {
    ...fields,
    type: activity.type || toActivityType(sportType),
    sport_type: sportType,
    utc_offset: Math.round(activity.utc_offset ?? wallClockOffset(activity)),
    timezone: readZone(activity.timezone),
    average_heartrate: activity.average_heartrate ?? null,
    max_heartrate: activity.max_heartrate ?? null,
    visibility: activity.visibility || (isPrivate ? "only_me" : "everyone"),
    gear_id: activity.gear_id || null,
    workout_type: activity.workout_type ?? null,
    raw,
  };
}

/** `(GMT-05:00) America/New_York`: the bracket ignores daylight saving, the name is what counts. */
function readZone(timezone: string | null | undefined): string | null {
  return timezone?.replace(/^\(.*?\)\s*/, "").trim() || null;
}

/** Seconds from UTC to the wall clock, where an old answer does not state them. */
function wallClockOffset(activity: SummaryActivity): number {
  return (Date.parse(`${activity.start_date_local}Z`) -
    Date.parse(activity.start_date)) / 1000;
}

function readId(item: unknown): unknown {
  return typeof item === "object" && item !== null && "id" in item
    ? item.id
    : undefined;
}
