import { toGearSummary } from "./profile.ts";
import type { Spoiled } from "./faults.ts";
import {
  badRequest,
  notFound,
  StravaFault,
  toActivityJson,
  toJson,
} from "./responses.ts";
import { type ApiCall, requireScope, type Simulation } from "./simulation.ts";
import type { SummaryActivity } from "./types.ts";

const DEFAULT_PER_PAGE = 30;
const MAX_PER_PAGE = 200;

/**
 * Serves `GET /athlete/activities`: newest first, but oldest first when only `after` is given.
 * A `per_page` above 200 is cut to 200; what Strava does there is not known.
 */
export function listActivities(sim: Simulation, call: ApiCall): Response {
  requireScope(call, "activity:read");
  const before = readInteger(call, "before");
  const after = readInteger(call, "after");
  const page = readInteger(call, "page") || 1;
  const asked = Math.min(
    readInteger(call, "per_page") || DEFAULT_PER_PAGE,
    MAX_PER_PAGE,
  );
  const perPage = sim.faults.shortPages > 0
    ? Math.min(asked, sim.faults.shortPages)
    : asked;

  const items = visibleActivities(call).filter((activity) =>
    isWithin(activity, before, after, sim.faults.inclusiveBounds)
  );
  const direction = after !== undefined && before === undefined ? 1 : -1;
  items.sort((a, b) => direction * compareStart(a, b));
  const shown = items.slice((page - 1) * perPage, page * perPage);
  const body = toActivityJson(
    shown.map((activity) =>
      toListItem(activity, sim.faults.spoiled.get(activity.id))
    ),
  );
  sim.faults.afterPage?.(call.athlete, page);
  return body;
}

function readInteger(call: ApiCall, name: string): number | undefined {
  const text = call.query.get(name);
  if (text === null || text === "") return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badRequest("Activity", name);
  return Number(text);
}

/** Only You activities need `activity:read_all`. */
function visibleActivities(call: ApiCall): SummaryActivity[] {
  const all = [...call.athlete.activities.values()];
  if (call.scopes.has("activity:read_all")) return all;
  return all.filter((activity) => activity.visibility !== "only_me");
}

function isWithin(
  activity: SummaryActivity,
  before: number | undefined,
  after: number | undefined,
  inclusive: boolean,
): boolean {
  if (before === undefined && after === undefined) return true;
  const start = Date.parse(activity.start_date) / 1000;
  const slack = inclusive ? 1 : 0;
  return start < (before ?? Infinity) + slack &&
    start > (after ?? -Infinity) - slack;
}

function compareStart(a: SummaryActivity, b: SummaryActivity): number {
  if (a.start_date === b.start_date) return a.id - b.id;
  return a.start_date < b.start_date ? -1 : 1;
}

function toListItem(
  activity: SummaryActivity,
  spoiled: Spoiled | undefined,
): unknown {
  if (spoiled === "null") return null;
  if (spoiled === "huge_id") return { ...activity, id: 2 ** 60 };
  if (spoiled === "no_start_date") {
    const { start_date: _, ...rest } = activity;
    return rest;
  }
  return activity;
}

/** Returns the activity if the token may see it. Throws the same 404 for hidden and missing ones. */
export function findActivity(
  sim: Simulation,
  call: ApiCall,
  id: string,
): SummaryActivity {
  requireScope(call, "activity:read");
  const activity = call.athlete.activities.get(Number(id));
  const hidden = activity?.visibility === "only_me" &&
    !call.scopes.has("activity:read_all");
  if (!activity || hidden) throw notFound("Activity");
  if (sim.faults.broken.has(activity.id)) {
    throw new StravaFault(500, "error", []);
  }
  return activity;
}

/** Serves `GET /activities/{id}`. */
export function getActivity(
  sim: Simulation,
  call: ApiCall,
  id: string,
): Response {
  const activity = findActivity(sim, call, id);
  const { bikes, shoes } = call.athlete.profile;
  const gear = [...bikes, ...shoes].find((item) =>
    item.id === activity.gear_id
  );
  const running = activity.type === "Run" && !activity.manual;
  return toActivityJson({
    ...activity,
    resource_state: 3,
    description: null,
    calories: Math.round(activity.moving_time * 1.4) / 10,
    perceived_exertion: null,
    prefer_perceived_exertion: false,
    segment_efforts: [],
    ...(running ? { splits_metric: toSplits(activity), best_efforts: [] } : {}),
    laps: toLaps(activity),
    ...(gear ? { gear: toGearSummary(gear) } : {}),
    photos: { primary: null, count: activity.total_photo_count },
    stats_visibility: [],
    hide_from_home: false,
    embed_token: activity.id.toString(16).padStart(40, "0"),
    similar_activities: null,
    available_zones: activity.has_heartrate ? ["heartrate"] : [],
    private_note: "",
    map: {
      ...activity.map,
      polyline: activity.map.summary_polyline,
      resource_state: 3,
    },
  });
}

/** Serves `GET /activities/{id}/laps`. */
export function getLaps(sim: Simulation, call: ApiCall, id: string): Response {
  return toJson(toLaps(findActivity(sim, call, id)));
}

/** Returns one lap that spans the activity, as a device records it without manual laps. */
function toLaps(activity: SummaryActivity): Record<string, unknown>[] {
  if (activity.manual) return [];
  const {
    id,
    distance,
    moving_time,
    elapsed_time,
    start_date,
    start_date_local,
  } = activity;
  return [{
    id: id * 2 + 1,
    resource_state: 2,
    name: "Lap 1",
    activity: { id, visibility: activity.visibility, resource_state: 1 },
    athlete: activity.athlete,
    elapsed_time,
    moving_time,
    start_date,
    start_date_local,
    distance,
    average_speed: activity.average_speed,
    max_speed: activity.max_speed,
    lap_index: 1,
    split: 1,
    start_index: 0,
    end_index: Math.max(0, moving_time - 1),
    total_elevation_gain: activity.total_elevation_gain,
    ...(activity.average_cadence === undefined
      ? {}
      : { average_cadence: activity.average_cadence }),
    device_watts: activity.device_watts ?? false,
    pace_zone: 0,
  }];
}

function toSplits(activity: SummaryActivity): Record<string, unknown>[] {
  const count = Math.ceil(activity.distance / 1000);
  return Array.from({ length: count }, (_, index) => {
    const distance = Math.min(1000, activity.distance - index * 1000);
    const seconds = Math.round(
      activity.moving_time * distance / activity.distance,
    );
    return {
      distance,
      elapsed_time: seconds,
      moving_time: seconds,
      elevation_difference: 0,
      split: index + 1,
      average_speed: activity.average_speed,
      pace_zone: 0,
    };
  });
}
