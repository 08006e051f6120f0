import { StravaFault, toJson } from "./responses.ts";
import { toIsoSeconds } from "./fixtures.ts";
import type { ApiCall, Simulation } from "./simulation.ts";
import type { SummaryActivity } from "./types.ts";

const GROUPS: Record<string, string[]> = {
  ride: ["Ride", "VirtualRide", "EBikeRide", "Handcycle", "Velomobile"],
  run: ["Run", "VirtualRun"],
  swim: ["Swim"],
};

const FOUR_WEEKS = 28 * 24 * 60 * 60 * 1000;

/**
 * Serves `GET /athletes/{id}/stats`: counts only what everyone may see, whatever the token's scopes.
 * The id must be the token's own athlete. The year is that of the local start date.
 */
export function getStats(sim: Simulation, call: ApiCall, id: string): Response {
  if (Number(id) !== call.athlete.id) {
    throw new StravaFault(403, "Forbidden", [
      { resource: "Athlete", field: "id", code: "invalid" },
    ]);
  }
  const seen = [...call.athlete.activities.values()].filter((item) =>
    item.visibility === "everyone"
  );
  const year = toIsoSeconds(sim.now()).slice(0, 4);
  const recentFrom = toIsoSeconds(sim.now() - FOUR_WEEKS);
  const rides = ofGroup(seen, "ride");
  const totals = Object.keys(GROUPS).flatMap((group) => {
    const items = ofGroup(seen, group);
    const recent = items.filter((item) => item.start_date >= recentFrom);
    return [
      [`recent_${group}_totals`, { ...sum(recent), achievement_count: 0 }],
      [
        `ytd_${group}_totals`,
        sum(items.filter((item) => item.start_date_local.startsWith(year))),
      ],
      [`all_${group}_totals`, sum(items)],
    ];
  });
  return toJson({
    ...(rides.length === 0 ? {} : {
      biggest_ride_distance: Math.max(...rides.map((ride) => ride.distance)),
      biggest_climb_elevation_gain: Math.max(
        ...rides.map((ride) => ride.total_elevation_gain),
      ),
    }),
    ...Object.fromEntries(totals),
  });
}

function ofGroup(
  items: readonly SummaryActivity[],
  group: string,
): SummaryActivity[] {
  return items.filter((item) => GROUPS[group]?.includes(item.type));
}

interface Totals {
  count: number;
  distance: number;
  moving_time: number;
  elapsed_time: number;
  elevation_gain: number;
}

function sum(items: readonly SummaryActivity[]): Totals {
  const totals = {
    count: 0,
    distance: 0,
    moving_time: 0,
    elapsed_time: 0,
    elevation_gain: 0,
  };
  for (const item of items) {
    totals.count += 1;
    totals.distance += item.distance;
    totals.moving_time += item.moving_time;
    totals.elapsed_time += item.elapsed_time;
    totals.elevation_gain += item.total_elevation_gain;
  }
  return totals;
}
