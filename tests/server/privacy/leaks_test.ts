import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { AnyTRPCProcedure } from "@trpc/server";
import superjson from "superjson";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import {
  decodePolyline,
  encodePolyline,
  type Point,
} from "../../../strava_simulator/polyline.ts";
import { createOpenApiDocument } from "../../../server/openapi/document.ts";
import { computeDistance } from "../../../server/recordings/points.ts";
import { appRouter } from "../../../server/router.ts";
import {
  API_KEY,
  ATHLETE_ID,
  createHandler,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";
import {
  giveAthlete,
  insertCaller,
  insertKey,
  json,
} from "../../support/callers.ts";
import { importFile } from "../../support/edits.ts";
import { createPoints, gpx, track } from "../recordings/xml_file.ts";

/** The zone: every track of the tests starts in its centre. */
const HOME = { latitude: 52.5, longitude: 13.4, radius: 500 };
const STRAVA_ID = 1;

/** A winding track northwards from home, 6 km long. */
const TRACK: Point[] = Array.from(
  { length: 120 },
  (_, i) => [52.5 + i * 50 / 111_195, 13.4 + Math.sin(i / 3) / 1000],
);

/** Creates a server whose athlete has an activity of Strava and one of a file, both from home. */
async function createHome(): Promise<
  TestApp & { ids: number[]; owner: Record<string, string> }
> {
  const map = {
    id: "a",
    summary_polyline: encodePolyline(TRACK),
    resource_state: 2,
  };
  const test = await createTestApp({
    env: { ANSWER_CACHE_MB: "32" },
    activities: [
      createActivity({
        id: STRAVA_ID,
        map,
        start_latlng: TRACK[0]!,
        start_date: "2026-11-01T07:00:00Z",
      }, ATHLETE_ID),
    ],
    synced: true,
  });
  const points = createPoints(120, { start: "2026-11-02T07:00:00Z" });
  await importFile(test, gpx(track(points, { type: "cycling" })), [
    "--visibility=everyone",
  ]);
  const list = await test.get("/strava/activities", { key: true });
  const { data } = await list.json();
  const ids = data.map(({ id }: { id: number }) => id);
  assert.equal(ids.length, 2);
  return Object.assign(test, { ids, owner: { "x-api-key": API_KEY } });
}

async function post(
  { post }: Pick<TestApp, "post">,
  path: string,
  body: object,
  // deno-lint-ignore no-explicit-any -- tests look into answers of many shapes
): Promise<any> {
  const response = await post(path, { ...json(body), key: true });
  const answer = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  return answer;
}

function isHome(latitude: number, longitude: number): boolean {
  return Math.abs(latitude) <= 90 &&
    computeDistance({ latitude, longitude }, HOME) <= HOME.radius;
}

/** Finds positions at home in any part of an answer: numbers next to each other, and polylines. */
function findHome(value: unknown, path = ""): string[] {
  if (typeof value === "string") {
    const parts = [value, ...value.split(/[\s",{}\[\]\\]+/)];
    return parts.some((part) =>
        decodePolyline(part).some(([north, east]) => isHome(north, east))
      )
      ? [path]
      : [];
  }
  if (typeof value !== "object" || value === null) return [];
  const values = Object.values(value);
  const found = Object.entries(value).flatMap(([key, each]) =>
    findHome(each, `${path}.${key}`)
  );
  for (const [i, a] of values.entries()) {
    const b = values[i + 1];
    if (typeof a !== "number" || typeof b !== "number") continue;
    if (isHome(a, b) || isHome(b, a)) found.push(`${path}: ${a}, ${b}`);
  }
  return found;
}

function findHomeInText(text: string): string[] {
  const found = text.split("\n").flatMap((line) => {
    try {
      return findHome(JSON.parse(line));
    } catch {
      return findHome(line);
    }
  });
  const numbers = [...text.matchAll(/-?\d+\.\d+/g)].map(([each]) =>
    Number(each)
  );
  return [...found, ...findHome(numbers, "text")];
}

/** Lists the path of every GET route of the API, for an activity. */
function listPaths(id: number): string[] {
  const { paths } = createOpenApiDocument() as unknown as {
    paths: Record<string, { get?: object }>;
  };
  return Object.entries(paths).filter(([path, { get }]) =>
    get && !/authorize|connect|callback|webhook/.test(path)
  ).flatMap(([path]) => {
    const usual = path.replace("{id}", String(id));
    if (path.endsWith("/streams")) {
      return [usual, `${usual}?keys=latlng,distance&resolution=50000`];
    }
    if (path.endsWith("/export")) {
      return ["csv", "jsonl", "geojson"].map((each) =>
        `${usual}?format=${each}`
      );
    }
    if (path.endsWith("/goal")) {
      return [`${usual}?metric=distance&target=10&period=year`];
    }
    return [usual];
  });
}

/** Lists the URL of every query over tRPC, for an activity. */
function listQueries(id: number, athlete?: string): string[] {
  const procedures = appRouter._def.procedures as unknown as Record<
    string,
    AnyTRPCProcedure
  >;
  return Object.entries(procedures).filter(([, { _def }]) =>
    _def.type === "query"
  ).map(([name]) => {
    const input = {
      ...athlete ? { athlete } : {},
      .../activities\.(get|laps|streams)/.test(name) ? { id } : {},
    };
    const text = JSON.stringify(superjson.serialize(input));
    return `/trpc/${name}?input=${encodeURIComponent(text)}`;
  });
}

function addAthlete(path: string, athlete: string | number): string {
  return `${path}${path.includes("?") ? "&" : "?"}athlete=${athlete}`;
}

/** Asks every route for each activity. Returns how many answered, and which show home. */
async function walkRoutes(
  test: TestApp & { ids: number[] },
  { headers, athlete }: {
    headers: Record<string, string>;
    athlete?: string;
  },
): Promise<{ answered: number; leaks: string[]; maps: number }> {
  let [answered, maps] = [0, 0];
  const leaks: string[] = [];
  for (const id of test.ids) {
    const rest = listPaths(id).map((path) =>
      athlete ? addAthlete(path, athlete) : path
    );
    const all = [...rest, ...listQueries(id, athlete)];
    // Twice: the second answer may come from memory.
    for (const path of [...all, ...all]) {
      const response = await test.get(path, { headers });
      const text = await response.text();
      if (response.status === 200) answered++;
      if (text.includes('"polyline":"')) maps++;
      const found = [
        ...findHomeInText(text),
        ...findHome(Object.fromEntries(response.headers)),
      ];
      if (found.length > 0) leaks.push(`${path}: ${found}`);
    }
  }
  return { answered, leaks, maps };
}

Deno.test("privacy zones: no route shows a position in a zone to others", async (t) => {
  await using test = await createHome();
  const ada = await insertCaller(test, "ada");
  const eve = await insertCaller(test, "eve");
  await giveAthlete(test, { user: ada, athleteId: ATHLETE_ID });
  const shared = await test.post(
    "/api/athletes/visibility",
    json({ athlete: ATHLETE_ID, visibility: "link" }, ada.headers),
  );
  const { share_token: token } = await shared.json();
  const limited = await insertKey(test, {
    user: ada,
    scopes: ["stats:read", "activities:read"],
  });
  await post(test, "/api/privacy/update", { show_maps: true });
  await post(test, "/api/privacy/zones/create", { name: "Home", ...HOME });
  const audiences: Record<
    string,
    { headers: Record<string, string>; athlete?: string }
  > = {
    "the share link": { headers: {}, athlete: token },
    "another user with the link": { headers: eve.headers, athlete: token },
    "a key without private activities": { headers: limited.headers },
  };
  for (const [name, audience] of Object.entries(audiences)) {
    await t.step(name, async () => {
      const { answered, leaks, maps } = await walkRoutes(test, audience);
      assert.deepEqual(leaks, []);
      assert.ok(answered > 100, String(answered));
      // The rest of the track is there: REST and tRPC, twice, for both activities.
      assert.equal(maps, 8);
    });
  }
  await t.step("everyone, once it is public", async () => {
    await post(test, "/api/athletes/visibility", {
      athlete: ATHLETE_ID,
      visibility: "public",
    });
    for (const headers of [{}, eve.headers] as Record<string, string>[]) {
      const { leaks, maps } = await walkRoutes(test, { headers });
      assert.deepEqual(leaks, []);
      assert.equal(maps, 8);
    }
  });
  await t.step("but to the owner all", async () => {
    for (const headers of [ada.headers, test.owner]) {
      const { leaks } = await walkRoutes(test, { headers });
      assert.ok(leaks.some((each) => each.includes("/streams")));
      assert.ok(leaks.some((each) => each.includes("format=geojson")));
      assert.ok(leaks.some((each) => each.includes("format=jsonl")));
      assert.ok(leaks.some((each) => each.includes("/trpc/activities.get")));
    }
  });
});

Deno.test("show_maps: is off at first, and shows whole tracks without zones", async () => {
  await using test = await createHome();
  const [id] = test.ids;

  const before = await walkRoutes(test, { headers: {} });
  await post(test, "/api/privacy/update", { show_maps: true });
  const shown = await (await test.get(`/strava/activities/${id}`)).json();
  const own = await (await test.get(`/strava/activities/${id}`, { key: true }))
    .json();
  const streams = await (await test.get(`/strava/activities/${id}/streams`))
    .json();

  assert.deepEqual([before.leaks, before.maps], [[], 0]);
  assert.deepEqual(shown.map, own.map);
  assert.deepEqual(findHome(shown).length > 0, true);
  assert.deepEqual(streams.withheld, ["latlng"]);
  assert.equal(shown.distance, own.distance);
});

/** Longest time in milliseconds for which another process may serve an older answer (docs/caching.md). */
const PROMISE_MS = 1000;

Deno.test("privacy zones: apply at once in each process, to answers in memory too", async () => {
  await using test = await createHome();
  const [id] = test.ids;
  const path = `/strava/activities/${id}`;
  const other = createHandler({ ...test.deps });
  // deno-lint-ignore no-explicit-any -- tests look into answers of many shapes
  const readHere = async (): Promise<any> =>
    (await (await test.get(path)).json()).map;
  /** Reads in the other process, until its answer is the one of this process. */
  async function checkThere(expected: unknown): Promise<void> {
    const started = performance.now();
    for (;;) {
      const asked = performance.now();
      const response = await other(
        new Request(`http://localhost:5001${path}`),
      );
      const { map } = await response.json();
      if (isDeepStrictEqual(map, expected)) return;
      assert.ok(asked - started < PROMISE_MS, "The answer is too old");
      // An answer from memory takes no turn of the event loop, in which the news could arrive.
      await sleep(1);
    }
  }
  /** Changes something, and returns the map that is shown right after it. */
  // deno-lint-ignore no-explicit-any -- tests look into answers of many shapes
  async function change(path: string, body: object): Promise<any> {
    const { zones } = await post(test, `/api/privacy/${path}`, body);
    const map = await readHere();
    await checkThere(map);
    // Both keep it in memory now.
    for (let i = 0; i < 3; i++) await checkThere(await readHere());
    return { map, id: zones[0]?.id };
  }

  const whole = await change("update", { show_maps: true });
  const cut = await change("zones/create", { name: "Home", ...HOME });
  const wide = await change("zones/update", { id: cut.id, radius: 2000 });
  const again = await change("zones/delete", { id: cut.id });
  const none = await change("update", { show_maps: false });

  assert.ok(findHome(whole.map).length > 0);
  assert.deepEqual(findHome(cut.map), []);
  const metres = wide.map.geojson.coordinates.map((
    [longitude, latitude]: [number, number],
  ) => computeDistance({ longitude, latitude }, HOME));
  assert.ok(Math.min(...metres) > 2000);
  assert.deepEqual(again.map, whole.map);
  assert.equal(none.map, null);
});

Deno.test("privacy zones: hide the map of an activity that lies within them", async () => {
  await using test = await createHome();
  await post(test, "/api/privacy/update", { show_maps: true });
  await post(test, "/api/privacy/zones/create", {
    name: "Park",
    latitude: 52.5358,
    longitude: 13.4,
    radius: 2000,
  });
  await post(test, "/api/privacy/zones/create", {
    name: "Home",
    ...HOME,
    radius: 2000,
  });
  for (const id of test.ids) {
    const other = await (await test.get(`/strava/activities/${id}`)).json();
    const own = await (await test.get(`/strava/activities/${id}`, {
      key: true,
    })).json();

    assert.deepEqual([other.map, other.map_reason], [null, "hidden"]);
    assert.equal(own.map_reason, null);
    assert.equal(other.distance, own.distance);
  }
});

Deno.test("hidden ends: cut the ends of every track for others", async () => {
  await using test = await createHome();
  await post(test, "/api/privacy/update", {
    show_maps: true,
    hidden_start: 1600,
    hidden_end: 1000,
  });
  const id = test.ids.find((each) => each !== STRAVA_ID);
  const { map } = await (await test.get(`/strava/activities/${id}`)).json();
  const [[first] = [], [last] = []] = [
    decodePolyline(map.polyline),
    decodePolyline(map.polyline).reverse(),
  ].map((points) => points.map(([latitude]) => latitude));

  const length = 119 * 30;
  assert.ok(Math.abs((first! - 52.5) * 111_195 - 1602) < 3, String(first));
  assert.ok(
    Math.abs((last! - 52.5) * 111_195 - (length - 1002)) < 3,
    String(last),
  );
  await post(test, "/api/privacy/update", { hidden_end: 1600 });
  await post(test, "/api/privacy/update", { hidden_start: 1600 });
  const both = await (await test.get(`/strava/activities/${id}`)).json();
  assert.ok(decodePolyline(both.map.polyline).length === 2);
});

Deno.test("tracks: leave the server through server/privacy alone", async () => {
  const root = new URL("../../../server/", import.meta.url);
  const users: string[] = [];
  const visit = async (folder: URL, path: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const at = `${path}${name}`;
      if (isDirectory) await visit(new URL(`${name}/`, folder), `${at}/`);
      else if (name.endsWith(".ts")) {
        const source = await Deno.readTextFile(new URL(name, folder));
        if (
          /\bdecodePolyline\(|toTrack\(|drawLines\(|hideTrack\(/.test(source)
        ) {
          users.push(at);
        }
      }
    }
  };
  await visit(root, "");

  assert.deepEqual(users.toSorted(), [
    "privacy/hide_track.ts",
    "privacy/shown_track.ts",
    "privacy/track.ts",
    "recordings/polyline.ts",
  ]);
});
