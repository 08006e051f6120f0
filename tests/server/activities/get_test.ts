import assert from "node:assert/strict";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import {
  decodePolyline,
  encodePolyline,
} from "../../../strava_simulator/polyline.ts";
import { toShownTrack } from "../../../server/privacy/shown_track.ts";
import { ATHLETE_ID, createHistory, createTestApp } from "../../support/app.ts";

/** The example in Google's documentation. */
const GOOGLE = "_p~iF~ps|U_ulLnnqC_mqNvxq`@";

const MAPS: [name: string, map: unknown, hasTrack: boolean][] = [
  ["Google's example", { summary_polyline: GOOGLE }, true],
  ["from (0,0) on", { summary_polyline: `??${GOOGLE}` }, true],
  ["null", null, false],
  ["a text", "", false],
  ["a list", [], false],
  ["no polyline", { id: "a1" }, false],
  ["a polyline of null", { summary_polyline: null }, false],
  ["an empty polyline", { summary_polyline: "" }, false],
  ["a list for a polyline", { summary_polyline: [[1, 2], [3, 4]] }, false],
  ["a point at (0,0)", { summary_polyline: "??" }, false],
  ["points at (0,0)", { summary_polyline: "??????" }, false],
  ["a single point", { summary_polyline: "_p~iF~ps|U" }, false],
  ["a line cut off", { summary_polyline: `${GOOGLE}_p~` }, false],
  ["half a point more", { summary_polyline: `${GOOGLE}?` }, false],
  ["numbers too long", { summary_polyline: `~~~~~~~~~?${GOOGLE}?` }, false],
  ["no polyline's letters", { summary_polyline: "Straße 1, Ort" }, false],
];

Deno.test("GET /strava/activities/{id}: returns the map or a reason with the key", async () => {
  const activities = MAPS.map(([name, map], index) => ({
    ...createActivity({ id: index + 1, name }, ATHLETE_ID),
    map: map as never,
    start_latlng: [0, 0] as [number, number],
  }));
  await using test = await createTestApp({ activities, synced: true });
  const list = await test.get("/strava/activities?has_map=true", { key: true });
  const { data } = await list.json();
  const withMap = new Set(data.map(({ id }: { id: number }) => id));

  for (const [index, [name, map, hasTrack]] of MAPS.entries()) {
    const id = index + 1;
    const response = await test.get(`/strava/activities/${id}`, { key: true });
    const activity = await response.json();
    assert.equal(response.status, 200, name);
    assert.equal(activity.name, name);
    assert.equal(activity.map !== null, hasTrack, name);
    assert.equal(activity.map_reason, hasTrack ? null : "no_track", name);
    assert.equal(withMap.has(id), hasTrack, `has_map, ${name}`);
    if (!hasTrack) continue;
    const { summary_polyline } = map as { summary_polyline: string };
    assert.equal(activity.map.polyline, summary_polyline);
  }
  const response = await test.get("/strava/activities/1", { key: true });
  assert.deepEqual((await response.json()).map.geojson, {
    type: "LineString",
    coordinates: [[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]],
  });
});

/** Returns a whole track as GeoJSON. */
function toTrack(polyline: string | null) {
  return toShownTrack(polyline, "all").track?.geojson ?? null;
}

Deno.test("toShownTrack: decodes encoded points as longitude and latitude", () => {
  for (const { map } of createHistory(40, 3)) {
    const points = decodePolyline(map.summary_polyline);
    const line = toTrack(map.summary_polyline);
    assert.equal(line !== null, points.length > 1);
    if (!line) continue;
    assert.deepEqual(line.coordinates, points.map(([lat, lng]) => [lng, lat]));
  }
  const corners: [number, number][] = [[-90, -90], [90, 90], [-90, -90]];
  assert.deepEqual(
    toTrack(encodePolyline(corners))?.coordinates,
    corners.map(([lat, lng]) => [lng, lat]),
  );
  assert.equal(toTrack(null), null);
});

const CROSSINGS: [
  name: string,
  points: [latitude: number, longitude: number][],
  expected: unknown,
][] = [
  ["to the east", [[10, 179.5], [20, -179.5], [30, -179]], {
    type: "MultiLineString",
    coordinates: [
      [[179.5, 10], [180, 15]],
      [[-180, 15], [-179.5, 20], [-179, 30]],
    ],
  }],
  ["to the west and back", [[0, -179.9], [1, 179.9], [2, -179.9]], {
    type: "MultiLineString",
    coordinates: [
      [[-179.9, 0], [-180, 0.5]],
      [[180, 0.5], [179.9, 1], [180, 1.5]],
      [[-180, 1.5], [-179.9, 2]],
    ],
  }],
  ["with longitudes beyond 180", [[10, 179.5], [20, 180.5], [30, 181]], {
    type: "MultiLineString",
    coordinates: [
      [[179.5, 10], [180, 15]],
      [[-180, 15], [-179.5, 20], [-179, 30]],
    ],
  }],
  ["with longitudes below -180", [[0, -181], [1, -182]], {
    type: "LineString",
    coordinates: [[179, 0], [178, 1]],
  }],
  ["through a point on it", [[0, 179], [1, 180], [2, -179]], {
    type: "MultiLineString",
    coordinates: [[[179, 0], [180, 1]], [[-180, 1], [-179, 2]]],
  }],
  ["from a point on it", [[1, 180], [2, -179]], {
    type: "LineString",
    coordinates: [[-180, 1], [-179, 2]],
  }],
  ["to a point on it", [[2, -179], [1, 180]], {
    type: "LineString",
    coordinates: [[-179, 2], [-180, 1]],
  }],
  ["along it", [[1, 180], [2, -180], [3, 180]], {
    type: "MultiLineString",
    coordinates: [[[180, 1], [180, 2]], [[-180, 2], [-180, 3]]],
  }],
  ["in one place on it", [[1, 180], [1, -180]], {
    type: "LineString",
    coordinates: [[180, 1], [-180, 1]],
  }],
  ["twice in one place", [[1, 180], [1, 180]], {
    type: "LineString",
    coordinates: [[180, 1], [180, 1]],
  }],
  ["half a turn apart", [[0, -90], [0, 90]], {
    type: "LineString",
    coordinates: [[-90, 0], [90, 0]],
  }],
];

Deno.test("GET /strava/activities/{id}: cuts a track over the antimeridian", async () => {
  const activities = CROSSINGS.map(([name, points], index) => ({
    ...createActivity({ id: index + 1, name }, ATHLETE_ID),
    map: {
      id: "a",
      summary_polyline: encodePolyline(points),
      resource_state: 2,
    },
  }));
  await using test = await createTestApp({ activities, synced: true });
  const file = await test.get("/strava/activities/export?format=geojson", {
    key: true,
  });
  const { features } = await file.json();

  for (const [index, [name, , expected]] of CROSSINGS.entries()) {
    const id = index + 1;
    const response = await test.get(`/strava/activities/${id}`, { key: true });
    const { map } = await response.json();
    assert.deepEqual(map.geojson, expected, name);
    const feature = features.find((one: { id: number }) => one.id === id);
    assert.deepEqual(feature.geometry, expected, name);
  }
});

Deno.test("GET /strava/activities/{id}: omits the map and hides activities without the key", async () => {
  const map = { id: "a", summary_polyline: GOOGLE, resource_state: 2 };
  const activities = [
    createActivity({ id: 1, map }, ATHLETE_ID),
    createActivity({ id: 2, map, visibility: "only_me" }, ATHLETE_ID),
    createActivity({ id: 3, visibility: "followers_only" }, ATHLETE_ID),
  ];
  await using test = await createTestApp({ activities, synced: true });
  const getAnswer = async (id: number): Promise<[number, unknown]> => {
    const response = await test.get(`/strava/activities/${id}`);
    const { request_id: _, ...body } = await response.json();
    return [response.status, body];
  };

  const [status, activity] = await getAnswer(1);
  const absent = await getAnswer(4);

  assert.equal(status, 200);
  assert.partialDeepStrictEqual(activity, {
    id: 1,
    map: null,
    map_reason: "needs_key",
  });
  assert.equal(absent[0], 404);
  assert.deepEqual(await getAnswer(2), absent);
  assert.deepEqual(await getAnswer(3), absent);
  assert.equal(JSON.stringify(activity).includes(GOOGLE), false);
});

Deno.test("GET /strava/activities/{id}: accepts a numeric id in the path only", async () => {
  const activities = [createActivity({ id: 12 }, ATHLETE_ID)];
  await using test = await createTestApp({ activities, synced: true });
  for (
    const [path, status, reason] of [
      ["12", 200, undefined],
      ["13", 404, "activity_not_found"],
      ["012", 404, "not_found"],
      ["0", 404, "not_found"],
      ["-12", 404, "not_found"],
      ["12x", 404, "not_found"],
      ["12/", 200, undefined],
      ["x", 404, "not_found"],
      ["9007199254740991", 404, "activity_not_found"],
      ["9007199254740993", 400, "invalid_input"],
      ["99999999999999999", 400, "invalid_input"],
      ["12?id=13", 400, "invalid_input"],
      ["12?x=1", 400, "invalid_input"],
    ] as const
  ) {
    const response = await test.get(`/strava/activities/${path}`);
    const body = await response.json();
    assert.equal(response.status, status, path);
    assert.equal(body.reason, reason, path);
  }
  const posted = await test.post("/strava/activities/12");
  await posted.body?.cancel();
  assert.equal(posted.status, 405);
  assert.equal(posted.headers.get("allow"), "GET, HEAD");
});
