import { createHash } from "node:crypto";
import {
  type ActivityColumns,
  type ActivityInput,
  toActivityInput,
} from "../../db/activities.ts";
import type { Unreadable } from "../../db/quarantine.ts";
import { toActivityType } from "../../db/sports.ts";
import { SummaryActivity } from "../strava/schemas.ts";

/** No zone is further from UTC. */
const MAX_OFFSET_SECONDS = 24 * 60 * 60;
/** Characters of a reason, which names every field at fault. */
const MAX_REASON = 500;
/** Characters of an id. */
const MAX_ID = 64;
/** No effort comes near it; the migration that filled the column has the same bound. */
const MAX_SCORE = 1_000_000;

/** What of a page can be stored, and what cannot with the reason why. */
export interface ReadPage {
  /** How many items the page had; an empty page is the list's end. */
  count: number;
  activities: ActivityInput[];
  skipped: Unreadable[];
}

/** Reads a page item by item; of an id that stands on it twice the last counts. */
export function readPage(items: readonly unknown[]): ReadPage {
  const activities = new Map<number, ActivityInput>();
  const skipped: ReadPage["skipped"] = [];
  for (const item of items) {
    const parsed = SummaryActivity.safeParse(item);
    if (parsed.success) {
      const raw = JSON.stringify(item);
      const columns = readColumns(parsed.data, raw);
      activities.set(columns.id, toActivityInput({ columns, raw }));
      continue;
    }
    const reason = parsed.error.issues
      .map((issue) => `${issue.path.join(".")}: ${issue.message}`)
      .join("; ");
    skipped.push({ id: readId(item), reason: reason.slice(0, MAX_REASON) });
  }
  return { count: items.length, activities: [...activities.values()], skipped };
}

/**
 * The only place where Strava's fields become columns. Its numbers are sloppy (`474287.0` seconds,
 * floats for ints), and null counts as absent.
 */
function readColumns(
  activity: SummaryActivity,
  raw: string,
): ActivityColumns {
  const { workout_type } = activity;
  const sportType = activity.sport_type || activity.type || "Workout";
  return {
    id: activity.id,
    name: activity.name ?? "",
    type: activity.type || toActivityType(sportType),
    sport_type: sportType,
    start_date: new Date(activity.start_date).toISOString(),
    start_date_local: activity.start_date_local.replace(/Z$/, ""),
    utc_offset: readOffset(activity),
    timezone: readZone(activity.timezone),
    distance: activity.distance ?? 0,
    moving_time: Math.round(activity.moving_time ?? 0),
    elapsed_time: Math.round(activity.elapsed_time ?? 0),
    total_elevation_gain: activity.total_elevation_gain ?? 0,
    average_speed: activity.average_speed ?? 0,
    max_speed: activity.max_speed ?? 0,
    average_heartrate: activity.average_heartrate ?? null,
    max_heartrate: activity.max_heartrate ?? null,
    suffer_score: readScore(activity.suffer_score),
    kudos_count: Math.round(activity.kudos_count ?? 0),
    visibility: activity.visibility ||
      (activity.private ? "only_me" : "everyone"),
    gear_id: activity.gear_id || null,
    // Of this one an unknown value is no reason to lose the activity.
    workout_type: isInt4(workout_type) ? workout_type : null,
    trainer: activity.trainer ?? false,
    commute: activity.commute ?? false,
    manual: activity.manual ?? false,
    content_hash: createHash("sha256").update(raw).digest("hex"),
  };
}

/** `(GMT-05:00) America/New_York`: the bracket ignores daylight saving, the name is what counts. */
function readZone(timezone: string | null | undefined): string | null {
  return timezone?.replace(/^\(.*?\)\s*/, "").trim() || null;
}

/** Seconds from UTC to the wall clock; where an answer does not state them, their difference. */
function readOffset(
  { utc_offset, start_date, start_date_local }: SummaryActivity,
): number {
  const difference = Date.parse(start_date_local.replace(/Z?$/, "Z")) -
    Date.parse(start_date);
  const offset = [utc_offset, difference / 1000].find((seconds) =>
    typeof seconds === "number" && Math.abs(seconds) <= MAX_OFFSET_SECONDS
  );
  return Math.round(offset ?? 0);
}

/** Null for what no effort can be; the activity stays. */
function readScore(score: number | null | undefined): number | null {
  return typeof score === "number" && score >= 0 && score <= MAX_SCORE
    ? score
    : null;
}

function isInt4(value: number | null | undefined): value is number {
  return typeof value === "number" && (value | 0) === value;
}

/** What names an item, for a person: one beyond 2^53 has lost its last digits already. */
function readId(item: unknown): string {
  const id = typeof item === "object" && item !== null && "id" in item
    ? item.id
    : undefined;
  if (typeof id === "number") {
    return Number.isInteger(id) ? BigInt(id).toString() : String(id);
  }
  return typeof id === "string" && id ? id.slice(0, MAX_ID) : "unknown";
}
