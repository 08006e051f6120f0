/** Plain counts of training loads. They share nothing with the code under test. */

/** The fields of an activity that a load is computed from, named as in Strava's JSON. */
export interface LoadActivity {
  sport_type: string;
  start_date_local: string;
  moving_time: number | null;
  average_heartrate?: number | null;
  max_heartrate?: number | null;
  suffer_score?: number | null;
}

const ESTIMATES: [RegExp, number][] = [
  [/^(Run|TrailRun|VirtualRun)$/, 60],
  [/Ride$|^Velomobile$|^Handcycle$/, 45],
  [/^Swim$/, 50],
  [/./, 30],
];

function countLoad(
  activity: LoadActivity,
  highest: number,
): [load: number, source: string] {
  if (typeof activity.suffer_score === "number") {
    return [activity.suffer_score, "suffer_score"];
  }
  const hours = (activity.moving_time ?? 0) / 3600;
  if (activity.average_heartrate && highest > 60) {
    const reserve = (activity.average_heartrate - 60) / (highest - 60);
    const r = reserve < 0 ? 0 : reserve > 1 ? 1 : reserve;
    const trimp = hours * 60 * r * 0.64 * Math.E ** (1.92 * r);
    const reference = 60 * 0.85 * 0.64 * Math.E ** (1.92 * 0.85);
    return [trimp / reference * 100, "heart_rate"];
  }
  const [, hourly] = ESTIMATES.find(([sports]) =>
    sports.test(activity.sport_type)
  )!;
  return [hours * hourly, "estimate"];
}

/** Returns the highest plausible heart rate of these activities. */
export function highestOf(activities: readonly LoadActivity[]): number {
  return Math.max(
    0,
    ...activities.map((a) => a.max_heartrate ?? 0).filter((rate) =>
      rate <= 220
    ),
  );
}

export interface ExpectedLoad {
  load: number;
  estimated: number;
  source: string | null;
}

/** Sums the loads of a day's activities. */
export function sumLoads(
  activities: readonly LoadActivity[],
  highest: number,
): ExpectedLoad {
  const loads = activities.map((a) => countLoad(a, highest));
  const sources = new Set(loads.map(([, source]) => source));
  return {
    load: loads.reduce((sum, [load]) => sum + load, 0),
    estimated: loads.reduce(
      (sum, [load, source]) => sum + (source === "estimate" ? load : 0),
      0,
    ),
    source: sources.size > 1 ? "mixed" : [...sources][0] ?? null,
  };
}

/** Expects the load of each local day of these activities, with the highest heart rate of `all`. */
export function expectLoads(
  activities: readonly LoadActivity[],
  all = activities,
): Map<string, ExpectedLoad> {
  const dayOf = (a: LoadActivity): string => a.start_date_local.slice(0, 10);
  return new Map(
    activities.map((a) => [
      dayOf(a),
      sumLoads(
        activities.filter((other) => dayOf(other) === dayOf(a)),
        highestOf(all),
      ),
    ]),
  );
}
