import assert from "node:assert/strict";
import { createActivity } from "../../strava_simulator/fixtures.ts";
import { generateAthlete } from "../../demo/history/history.ts";
import type { Gear } from "../../strava_simulator/types.ts";
import { assertFault, ATHLETE_ID, createRig, type Rig } from "./simulator.ts";

function createDressed(): Rig {
  const rig = createRig([
    createActivity(
      { id: 1, sport_type: "TrailRun", distance: 5000 },
      ATHLETE_ID,
    ),
    createActivity(
      { id: 2, distance: 7000, visibility: "only_me" },
      ATHLETE_ID,
    ),
    createActivity(
      { id: 3, distance: 9000, visibility: "followers_only" },
      ATHLETE_ID,
    ),
    createActivity({
      id: 4,
      distance: 1000,
      start_date: "2025-12-31T23:30:00Z",
    }, ATHLETE_ID),
    createActivity({
      id: 5,
      distance: 3000,
      start_date: "2026-11-10T08:00:00Z",
    }, ATHLETE_ID),
    createActivity(
      { id: 6, sport_type: "GravelRide", distance: 40_000 },
      ATHLETE_ID,
    ),
    createActivity({ id: 7, sport_type: "Hike", distance: 8000 }, ATHLETE_ID),
  ]);
  rig.athlete.profile = generateAthlete({ seed: 1, athleteId: ATHLETE_ID });
  return rig;
}

Deno.test("GET /athlete: returns details with profile:read_all, else the summary", async () => {
  const rig = createDressed();
  const narrow = rig.strava.grants.issue(ATHLETE_ID, ["read"]).access.token;

  const detailed = await (await rig.get("/athlete")).json();
  const summary = await (await rig.get("/athlete", narrow)).json();

  assert.equal(detailed.resource_state, 3);
  assert.deepEqual(detailed.bikes.map((bike: Gear) => bike.retired), [
    false,
    false,
    false,
  ]);
  assert.equal(typeof detailed.ftp, "number");
  assert.equal(summary.resource_state, 2);
  assert.equal(summary.id, ATHLETE_ID);
  for (const key of ["bikes", "shoes", "ftp", "follower_count"]) {
    assert.ok(!(key in summary), key);
  }
});

Deno.test("GET /gear/{id}: returns retired gear too, 404 for other athletes' gear", async () => {
  const rig = createDressed();
  const retired = rig.athlete.profile.bikes.find((bike) => bike.retired);

  const response = await rig.get(`/gear/${retired?.id}`);
  const missing = await rig.get("/gear/b1");

  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { ...retired, resource_state: 3 });
  await assertFault(
    missing,
    404,
    "Resource Not Found",
    "Gear",
    "",
    "not found",
  );
});

Deno.test("GET /athlete/zones: returns power only with an FTP, 401 without the scope", async () => {
  const rig = createDressed();
  const narrow =
    rig.strava.grants.issue(ATHLETE_ID, ["activity:read_all"]).access.token;

  const withFtp = await (await rig.get("/athlete/zones")).json();
  rig.athlete.profile.ftp = null;
  const without = await (await rig.get("/athlete/zones")).json();

  assert.equal(withFtp.heart_rate.zones.at(-1).max, -1);
  assert.equal(withFtp.power.zones.at(-1).max, -1);
  assert.ok(!("power" in without));
  await assertFault(
    await rig.get("/athlete/zones", narrow),
    401,
    "Authorization Error",
    "AccessToken",
    "profile:read_all_permission",
    "missing",
  );
});

Deno.test("GET /athletes/{id}/stats: counts public activities of the own athlete", async () => {
  const rig = createDressed();

  const stats = await (await rig.get(`/athletes/${ATHLETE_ID}/stats`)).json();
  const other = await rig.get("/athletes/1/stats");

  assert.equal(stats.all_run_totals.count, 3);
  assert.equal(stats.all_run_totals.distance, 9000);
  assert.equal(stats.ytd_run_totals.count, 2);
  assert.equal(stats.recent_run_totals.count, 1);
  assert.equal(stats.recent_run_totals.achievement_count, 0);
  assert.equal(stats.all_ride_totals.distance, 40_000);
  assert.equal(stats.all_swim_totals.count, 0);
  assert.equal(stats.biggest_ride_distance, 40_000);
  assert.equal(other.status, 403);
});

Deno.test("GET /activities/{id}/streams: returns streams of equal length", async () => {
  const rig = createRig([
    createActivity(
      { id: 1, has_heartrate: true, average_heartrate: 140 },
      ATHLETE_ID,
    ),
    createActivity({ id: 2, manual: true }, ATHLETE_ID),
  ]);
  const keys = "keys=time,heartrate,latlng,watts";

  const keyed = await rig.get(`/activities/1/streams?${keys}&key_by_type=true`);
  const listed = await rig.get("/activities/1/streams");
  const manual = await rig.get(
    `/activities/2/streams?${keys}&key_by_type=true`,
  );

  const streams = await keyed.json();
  assert.equal(keyed.headers.get("X-Ratelimit-Usage"), null);
  assert.deepEqual(Object.keys(streams).sort(), [
    "distance",
    "heartrate",
    "time",
  ]);
  assert.equal(streams.time.data.length, streams.heartrate.data.length);
  assert.equal(streams.time.original_size, streams.time.data.length);
  assert.deepEqual(
    (await listed.json()).map((stream: { type: string }) => stream.type),
    [
      "distance",
    ],
  );
  assert.equal(manual.status, 404);
  assert.equal(rig.strava.usage().readShort, 3, "though the calls count");
});
