import { createHash } from "node:crypto";
import {
  type ActivityColumns,
  type ActivityInput,
  toActivityInput,
} from "../../db/activities.ts";
import type { UnparsedActivity } from "../../db/quarantine.ts";
import { toActivityType } from "../../db/sports.ts";
import { safeParseCoerced } from "../strava/coerce.ts";
import { SummaryActivity } from "../strava/schemas.ts";

/** Greatest accepted offset from UTC. */
const MAX_OFFSET_SECONDS = 24 * 60 * 60;
/** Longest reason, in characters. It names every invalid field. */
const MAX_REASON = 500;
/** Longest id, in characters. */
const MAX_ID = 64;
/** Greatest accepted Relative Effort, far above real ones. */
const MAX_SCORE = 1_000_000;

/** A parsed page: the activities to store, and the unparsable ones with their reasons. */
export interface ParsedPage {
  /** Number of items on the page. An empty page is the end of the list. */
  count: number;
  activities: ActivityInput[];
  skipped: UnparsedActivity[];
}

/** Parses a page item by item. If an id appears twice, the last one counts. */
export function parsePage(items: readonly unknown[]): ParsedPage {
  const activities = new Map<number, ActivityInput>();
  const skipped: ParsedPage["skipped"] = [];
  for (const item of items) {
    const parsed = safeParseCoerced(SummaryActivity, item);
    if (parsed.success) {
      const raw = JSON.stringify(item);
      const columns = toColumns(parsed.data, raw);
      activities.set(columns.id, toActivityInput({ columns, raw }));
      continue;
    }
    const reason = parsed.error.issues
      .map((issue) => `${issue.path.join(".")}: ${issue.message}`)
      .join("; ");
    skipped.push({ id: parseId(item), reason: reason.slice(0, MAX_REASON) });
  }
  return { count: items.length, activities: [...activities.values()], skipped };
}

/**
 * Returns the columns of an activity: the only place where Strava's fields become columns. Strava
 * sends floats for integers (`474287.0` seconds), and null counts as absent.
 */
function toColumns(
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
    utc_offset: computeOffset(activity),
    timezone: parseZone(activity.timezone),
    distance: activity.distance ?? 0,
    moving_time: Math.round(activity.moving_time ?? 0),
    elapsed_time: Math.round(activity.elapsed_time ?? 0),
    total_elevation_gain: activity.total_elevation_gain ?? 0,
    average_speed: activity.average_speed ?? 0,
    max_speed: activity.max_speed ?? 0,
    average_heartrate: activity.average_heartrate ?? null,
    max_heartrate: activity.max_heartrate ?? null,
    suffer_score: parseScore(activity.suffer_score),
    heartrate_opt_out: activity.heartrate_opt_out ?? false,
    kudos_count: Math.round(activity.kudos_count ?? 0),
    visibility: activity.visibility ||
      (activity.private ? "only_me" : "everyone"),
    gear_id: activity.gear_id || null,
    // An unknown value here is no reason to lose the activity.
    workout_type: isInt4(workout_type) ? workout_type : null,
    trainer: activity.trainer ?? false,
    commute: activity.commute ?? false,
    manual: activity.manual ?? false,
    content_hash: createHash("sha256").update(raw).digest("hex"),
  };
}

/** Returns the zone's name from `(GMT-05:00) America/New_York`. The bracket ignores daylight saving. */
function parseZone(timezone: string | null | undefined): string | null {
  return timezone?.replace(/^\(.*?\)\s*/, "").trim() || null;
}

/** Returns the offset from UTC in seconds, computed from both start times if it is not given. */
function computeOffset(
  { utc_offset, start_date, start_date_local }: SummaryActivity,
): number {
  const difference = Date.parse(start_date_local.replace(/Z?$/, "Z")) -
    Date.parse(start_date);
  const offset = [utc_offset, difference / 1000].find((seconds) =>
    typeof seconds === "number" && Math.abs(seconds) <= MAX_OFFSET_SECONDS
  );
  return Math.round(offset ?? 0);
}

/** Returns the score, or null if it is implausible. */
function parseScore(score: number | null | undefined): number | null {
  return typeof score === "number" && score >= 0 && score <= MAX_SCORE
    ? score
    : null;
}

function isInt4(value: number | null | undefined): value is number {
  return typeof value === "number" && (value | 0) === value;
}

/** Returns an item's id as text. Numbers beyond 2^53 have already lost their last digits. */
function parseId(item: unknown): string {
  const id = typeof item === "object" && item !== null && "id" in item
    ? item.id
    : undefined;
  if (typeof id === "number") {
    return Number.isInteger(id) ? BigInt(id).toString() : String(id);
  }
  return typeof id === "string" && id ? id.slice(0, MAX_ID) : "unknown";
}
