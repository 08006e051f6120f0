import { upsertActivities } from "../../db/activities.ts";
import { encodePolyline } from "../../strava_simulator/polyline.ts";
import { createRandom, type Random } from "../../demo/history/random.ts";
import { createActivity } from "../../strava_simulator/fixtures.ts";
import type { SummaryActivity } from "../../strava_simulator/types.ts";
import { parsePage } from "../../server/sync/parse_activity.ts";
import { ATHLETE_ID, type TestApp } from "./app.ts";

/** A random history with many edge cases, and the time at which it is read. */
export interface RandomHistory {
  now: number;
  activities: SummaryActivity[];
  random: Random;
}

const DAY_MS = 86_400_000;

/** Times at which a day, a year or daylight saving time changes somewhere. */
const NOWS = [
  Date.UTC(2026, 10, 20, 12, 2),
  Date.UTC(2026, 11, 31, 23, 30),
  Date.UTC(2027, 0, 1, 0, 30),
  Date.UTC(2024, 1, 29, 12),
  Date.UTC(2024, 2, 1, 3),
  Date.UTC(2025, 2, 30, 1, 30),
  Date.UTC(2025, 9, 26, 0, 45),
  Date.UTC(2026, 5, 30, 22, 15),
] as const;

/** Hours ahead of UTC, and the IANA name. */
type Zone = readonly [number, string | null];

const ZONES: [Zone, ...Zone[]] = [
  [0, null],
  [0, "Europe/London"],
  [1, "Europe/Berlin"],
  [2, "Europe/Berlin"],
  [-8, "America/Los_Angeles"],
  [11, "Australia/Sydney"],
  [5.75, "Asia/Kathmandu"],
  [14, "Pacific/Kiritimati"],
  [-11, "Pacific/Pago_Pago"],
  [1, "Factory"],
];

const SPORTS = [
  "Run",
  "Run",
  "TrailRun",
  "VirtualRun",
  "Ride",
  "GravelRide",
  "Velomobile",
  "Swim",
  "Walk",
  "Quidditch",
] as const;

/**
 * Wall clocks at the turns of days and years and at clock changes; one of them occurs twice, and one
 * does not exist.
 */
const EDGES = [
  "2023-12-31T23:59:59",
  "2024-01-01T00:00:00",
  "2024-02-28T23:59:59",
  "2024-02-29T00:00:00",
  "2024-02-29T23:59:59",
  "2024-03-01T00:00:00",
  "2024-12-30T12:00:00",
  "2025-03-30T02:30:00",
  "2025-10-26T02:30:00",
  "2025-12-31T23:59:59",
  "2026-01-01T00:00:01",
  "2026-06-30T23:59:59",
  "2026-07-01T00:00:00",
  "2026-11-20T00:00:01",
  "2026-12-31T23:59:59",
  "2027-01-01T00:00:00",
] as const;

/**
 * Dates that a wrong clock records: the first and last years that can be stored, the first days of
 * clocks without a date, and a year that lies far ahead.
 */
const FAR = [
  Date.parse("0001-01-02T12:00:00Z"),
  Date.UTC(1970, 0, 1),
  Date.UTC(2000, 0, 1),
  Date.UTC(2036, 4, 4, 10),
  Date.UTC(9999, 11, 29, 12),
] as const;

const WORDS = ["Morning", "Run", "Café", "race-day", "long", "🏃"] as const;

const TRACK = encodePolyline([[52.5, 13.4], [52.6, 13.5]]);

/**
 * Creates a history of 0 to 40 activities within about 400 days. Every third history also has far
 * dates.
 */
export function createRandomHistory(seed: number): RandomHistory {
  const random = createRandom(seed);
  const now = random.pick(NOWS);
  const count = random.pick([0, 1, 2, 7, 20, 40]);
  const span = random.pick([3, 10, 40, 120, 400]);
  const far = random.pick([0, 0, 0.15]);
  const activities: SummaryActivity[] = [];
  for (let id = 1; id <= count; id++) {
    const previous = activities.at(-1);
    const start = previous && random.chance(0.1)
      ? Date.parse(previous.start_date)
      : Math.floor((now - random.next() * span * DAY_MS) / 1000) * 1000;
    const [hours, zone] = random.pick(ZONES);
    const edges = EDGES.map((text) =>
      Date.parse(`${text}Z`) - hours * 3_600_000
    ).filter((edge) => edge > now - span * DAY_MS && edge < now + DAY_MS);
    const [edge] = edges;
    const at = random.chance(far)
      ? random.pick([...FAR, now + random.whole(1, 400) * DAY_MS])
      : edge !== undefined && random.chance(0.15)
      ? random.pick([edge, ...edges])
      : start;
    activities.push(
      createRandomActivity(id, { start: at, place: [hours, zone], random }),
    );
  }
  return { now, activities, random };
}

function createRandomActivity(
  id: number,
  { start, place: [hours, zone], random }: {
    start: number;
    place: Zone;
    random: Random;
  },
): SummaryActivity {
  const sport = random.pick(SPORTS);
  const text = (moment: number): string =>
    new Date(moment).toISOString().replace(".000", "");
  const or = (value: number): number | null =>
    random.pick([value, value, value, value, 0, null]);
  return {
    ...createActivity({ id }, ATHLETE_ID),
    sport_type: sport,
    type: sport === "Quidditch" ? null : sport,
    start_date: text(start),
    start_date_local: text(start + hours * 3_600_000),
    utc_offset: hours * 3600,
    timezone: zone && `(GMT+00:00) ${zone}`,
    distance: or(random.whole(0, 500_000) / 10),
    moving_time: or(random.whole(0, 20_000)),
    total_elevation_gain: or(random.whole(0, 15_000) / 10),
    average_heartrate: or(random.whole(400, 2300) / 10),
    max_heartrate: or(random.whole(90, 240)),
    heartrate_opt_out: random.chance(0.2),
    suffer_score: random.chance(0.5) ? null : or(random.whole(0, 300)),
    visibility: random.pick(["everyone", "followers_only", "only_me"]),
    name: `${random.pick(WORDS)} ${random.pick(WORDS)} ${1000 + id}`,
    average_speed: or(random.whole(0, 9000) / 1000),
    gear_id: random.pick([null, "", "b1", "g1", "g22"]),
    commute: random.chance(0.3),
    trainer: random.chance(0.3),
    map: random.pick([null, { summary_polyline: TRACK }, {
      summary_polyline: "",
    }]),
  } as unknown as SummaryActivity;
}

/** Replaces the stored history as a sync would store it, and sets the clock. */
export async function setHistory(
  { deps: { sql }, clock }: TestApp,
  { now, activities }: Pick<RandomHistory, "now" | "activities">,
): Promise<void> {
  clock.now = now;
  await sql`delete from activities where athlete_id = ${ATHLETE_ID}`;
  await upsertActivities(sql, {
    athleteId: ATHLETE_ID,
    activities: parsePage(activities).activities,
    now: new Date(now),
  });
}

/** Converts activities for a plain count: null becomes 0. */
export function toRaw(
  activities: readonly SummaryActivity[],
): SummaryActivity[] {
  return activities.map((activity) => ({
    ...activity,
    distance: activity.distance ?? 0,
    moving_time: activity.moving_time ?? 0,
    total_elevation_gain: activity.total_elevation_gain ?? 0,
  }));
}

/** Finds the local day in the zone of the last activity that has begun. */
export function findToday(
  { now, activities }: Pick<RandomHistory, "now" | "activities">,
): string {
  const [latest] = activities.filter((a) => Date.parse(a.start_date) <= now)
    .sort((a, b) =>
      Date.parse(b.start_date) - Date.parse(a.start_date) || b.id - a.id
    );
  const zone = latest?.timezone?.split(") ")[1];
  return zone && zone !== "Factory"
    ? new Date(now).toLocaleDateString("sv-SE", { timeZone: zone })
    : new Date(now + (latest?.utc_offset ?? 0) * 1000)
      .toISOString().slice(0, 10);
}
