import assert from "node:assert/strict";
import { createActivity } from "../../strava_simulator/fixtures.ts";
import type { SummaryActivity } from "../../strava_simulator/types.ts";
import { assertFault, ATHLETE_ID, createRig, type Rig } from "./simulator.ts";

const DAY = 86_400;
const FIRST = Date.UTC(2026, 0, 1) / 1000;

/** Ten activities a day apart, ids 101 to 110, in mixed order. */
function createTen(
  change: (index: number) => Partial<SummaryActivity> = () => ({}),
): Rig {
  const indexes = [3, 7, 0, 9, 1, 5, 2, 8, 6, 4];
  return createRig(indexes.map((index) => {
    const start_date = new Date((FIRST + index * DAY) * 1000).toISOString()
      .replace(".000", "");
    return createActivity(
      { id: 101 + index, start_date, ...change(index) },
      ATHLETE_ID,
    );
  }));
}

async function listIds(rig: Rig, query: string): Promise<number[]> {
  const response = await rig.get(`/athlete/activities?${query}`);
  assert.equal(response.status, 200);
  return (await response.json()).map((item: SummaryActivity) => item.id);
}

Deno.test("GET /athlete/activities: lists newest first, or oldest first with only `after`", async () => {
  const rig = createTen();
  const [after, before] = [FIRST + 2 * DAY, FIRST + 6 * DAY];

  assert.deepEqual(await listIds(rig, "per_page=3"), [110, 109, 108]);
  assert.deepEqual(await listIds(rig, `before=${before}`), [
    106,
    105,
    104,
    103,
    102,
    101,
  ]);
  assert.deepEqual(await listIds(rig, `after=${after}&per_page=3`), [
    104,
    105,
    106,
  ]);
  assert.deepEqual(await listIds(rig, `after=${after}&before=${before}`), [
    106,
    105,
    104,
  ]);
});

Deno.test("GET /athlete/activities: includes both bounds when switched so", async () => {
  const rig = createTen();
  rig.strava.faults.inclusiveBounds = true;

  const ids = await listIds(
    rig,
    `after=${FIRST + 2 * DAY}&before=${FIRST + 4 * DAY}`,
  );

  assert.deepEqual(ids, [105, 104, 103]);
});

Deno.test("GET /athlete/activities: covers everything once and ends with an empty page", async () => {
  const rig = createTen();

  const pages = await Promise.all(
    [1, 2, 3, 4].map((page) => listIds(rig, `page=${page}&per_page=4`)),
  );

  assert.deepEqual(pages.map((page) => page.length), [4, 4, 2, 0]);
  assert.equal(new Set(pages.flat()).size, 10);
});

Deno.test("GET /athlete/activities: has 30 a page by default, at most 200", async () => {
  const many = Array.from(
    { length: 250 },
    (_, index) => createActivity({ id: index + 1 }, ATHLETE_ID),
  );
  const rig = createRig(many);

  assert.equal((await listIds(rig, "")).length, 30);
  assert.equal((await listIds(rig, "per_page=500")).length, 200);
  const response = await rig.get("/athlete/activities?after=yesterday");
  await assertFault(
    response,
    400,
    "Bad Request",
    "Activity",
    "after",
    "invalid",
  );
});

Deno.test("GET /athlete/activities: loses nothing on short pages", async () => {
  const rig = createTen();
  rig.strava.faults.shortPages = 3;

  const pages = await Promise.all(
    [1, 2, 3, 4, 5].map((page) => listIds(rig, `page=${page}&per_page=200`)),
  );

  assert.deepEqual(pages.map((page) => page.length), [3, 3, 3, 1, 0]);
  assert.equal(new Set(pages.flat()).size, 10);
});

Deno.test("GET /athlete/activities: needs activity:read_all for Only You", async () => {
  const rig = createTen((index) =>
    index === 9 ? { visibility: "only_me" } : {}
  );
  const narrow =
    rig.strava.grants.issue(ATHLETE_ID, ["activity:read"]).access.token;
  const none = rig.strava.grants.issue(ATHLETE_ID, ["read"]).access.token;

  assert.equal((await listIds(rig, "per_page=1"))[0], 110);
  const list = await (await rig.get("/athlete/activities", narrow)).json();
  assert.equal(list[0].id, 109);
  assert.equal(list.length, 9);
  assert.equal((await rig.get("/activities/110", narrow)).status, 404);
  await assertFault(
    await rig.get("/athlete/activities", none),
    401,
    "Authorization Error",
    "AccessToken",
    "activity:read_permission",
    "missing",
  );
});

Deno.test("GET /athlete/activities: writes whole floats with .0 as Strava does", async () => {
  const rig = createRig([
    createActivity({
      id: 1,
      manual: true,
      distance: 5000,
      name: 'x","distance":7',
    }, ATHLETE_ID),
  ]);

  const text = await (await rig.get("/athlete/activities")).text();

  assert.match(text, /"distance":5000\.0,/);
  assert.match(text, /"utc_offset":0\.0,/);
  assert.match(text, /"max_speed":0,/);
  assert.match(text, /"upload_id":null/);
  assert.doesNotMatch(text, /upload_id_str/);
  assert.equal(JSON.parse(text)[0].name, 'x","distance":7');
});

Deno.test("afterPage: shifts the next page when an activity is inserted", async () => {
  const rig = createTen();
  rig.strava.faults.afterPage = (athlete, page) => {
    if (page === 1) {
      athlete.add({ id: 999, start_date: "2026-06-01T08:00:00Z" });
    }
  };

  const first = await listIds(rig, "per_page=3&page=1");
  const second = await listIds(rig, "per_page=3&page=2");

  assert.deepEqual([first, second], [[110, 109, 108], [108, 107, 106]]);
});

Deno.test("GET /activities/{id}: returns the detail, or one 404 for every reason", async () => {
  const rig = createTen();
  rig.strava.addAthlete({ id: 2 }, [createActivity({ id: 500 }, 2)]);

  const response = await rig.get("/activities/103");
  const detail = await response.json();

  assert.equal(response.status, 200);
  assert.equal(detail.resource_state, 3);
  assert.equal(detail.id, 103);
  assert.ok(
    "description" in detail && "calories" in detail && detail.laps.length === 1,
  );
  assert.ok("polyline" in detail.map);
  for (const id of ["999", "500", "9007199254740993123"]) {
    const missing = await rig.get(`/activities/${id}`);
    await assertFault(
      missing,
      404,
      "Resource Not Found",
      "Activity",
      "",
      "not found",
    );
  }
});

Deno.test("GET /activities/{id}/laps: returns one lap over the whole activity", async () => {
  const rig = createTen();

  const laps = await (await rig.get("/activities/103/laps")).json();

  assert.equal(laps.length, 1);
  assert.equal(laps[0].distance, 10_000);
});

Deno.test("routes: answer 404 with Strava's Fault for unknown paths and methods", async () => {
  const rig = createTen();
  for (
    const path of [
      "/nothing",
      "/athlete/",
      "/clubs/1/members",
      "/activities/abc",
    ]
  ) {
    const response = await rig.get(path);
    if (path === "/athlete/") assert.equal(response.status, 200);
    else {await assertFault(
        response,
        404,
        "Record Not Found",
        "resource",
        "path",
        "invalid",
      );}
  }
  const request = new Request("http://strava.test/elsewhere", {
    method: "PUT",
    body: "x",
  });
  assert.equal((await rig.strava.fetch(request)).status, 404);
});

Deno.test("requests: record each request's athlete, status and usage", async () => {
  const rig = createTen();
  await listIds(rig, "page=2");
  await rig.get("/athlete", "nobody's");

  const [first, second] = rig.strava.requests;

  assert.deepEqual(first, {
    method: "GET",
    path: "/api/v3/athlete/activities",
    query: { page: "2" },
    athleteId: ATHLETE_ID,
    status: 200,
    at: rig.clock.now,
    usage: { short: 1, daily: 1, readShort: 1, readDaily: 1 },
  });
  assert.equal(second?.athleteId, null);
  assert.equal(second?.status, 401);
  rig.strava.clearRequests();
  assert.equal(rig.strava.requests.length, 0);
});
