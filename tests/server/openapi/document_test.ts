import assert from "node:assert/strict";
import { createOpenApiDocument } from "../../../server/openapi/document.ts";
import { API_KEY, createHistory, createTestApp } from "../../support/app.ts";
import type { TestApp } from "../../support/app.ts";
import {
  insertAthlete,
  insertCaller,
  insertKey,
} from "../../support/callers.ts";
import { type Contract, createContract } from "../../support/contract.ts";
import {
  importFile,
  listIds,
  readActivity,
  RIDE_FILE,
} from "../../support/edits.ts";
import { ACCOUNT_STATES } from "../../support/contract_accounts.ts";
import { ATHLETE_VALUE_STATES } from "../../support/contract_athlete_values.ts";
import { GEAR_STATES } from "../../support/contract_gear.ts";
import { PRIVACY_STATES } from "../../support/contract_privacy.ts";
import { IMPORT_STATES } from "../../support/contract_imports.ts";

const DOCUMENT = JSON.parse(JSON.stringify(createOpenApiDocument()));
const { operations } = createContract(DOCUMENT);
const EXPORT = operations.filter(({ operationId }) =>
  operationId === "activities-export"
);
const READERS = operations
  .filter(({ tags }) => /stats|activities/.test(tags.join()))
  .filter((operation) => !EXPORT.includes(operation));
/** Operations that answer before the first sync has ended. */
const FOLLOWERS = operations
  .filter(({ path }) => path === "/strava/sync/status");
const ORIGINAL = operations.filter(({ operationId }) =>
  operationId === "activities-original"
);
const OWNERS = operations
  .filter(({ tags }) =>
    /admin|sync|edits|athlete values|gear|privacy/.test(tags.join())
  )
  .filter((each) => ![...FOLLOWERS, ...ORIGINAL].includes(each));
const PROCEDURES = [
  ...READERS,
  ...FOLLOWERS,
  ...OWNERS,
  ...EXPORT,
  ...ORIGINAL,
];
const DOWNLOADS = [...EXPORT, ...ORIGINAL];
/** Operations of users on their athletes. */
const ATHLETES = operations.filter(({ tags }) => tags.includes("athletes"));
const SHARERS = ATHLETES.filter(({ method }) => method === "post");
const WRITERS = OWNERS.filter(({ method }) => method === "post");
const HEALTH = operations.filter(({ tags }) => tags.includes("health"));

const HISTORY = createHistory(300);
const SHOWN_ID = HISTORY.find(({ visibility }) => visibility === "everyone")!
  .id;

/** Responses that no request can cause without breaking the program itself. */
const NEVER_SEEN = [
  "authorize 500 internal_error",
  "connect 500 internal_error",
];

/** A source that no activity has. */
const SOURCE = `${"0".repeat(64)}:0`;

/** The query of paths with required parameters. */
const USUAL_QUERY: Record<string, string> = {
  "/strava/activities/export": "?format=csv",
  "/strava/activities/original": `?id=1&source=${SOURCE}`,
  "/strava/stats/goal": "?metric=distance&target=1000000&period=year",
};

interface Sent {
  query?: string;
  key?: boolean;
  headers?: Record<string, string>;
  body?: BodyInit;
}

/** Sends a request to each operation and checks the response against the document. */
async function expect(
  { test, contract }: { test: TestApp; contract: Contract },
  list: readonly { method: string; path: string }[],
  status: number,
  { query, ...init }: Sent = {},
): Promise<void> {
  for (const { method, path } of list) {
    const url = path.replace("{id}", String(SHOWN_ID)) +
      (query ?? USUAL_QUERY[path] ?? "");
    const response = await (method === "get" ? test.get : test.post)(url, init);
    assert.equal(response.status, status, `${method} ${url}`);
    await contract.check(method, url, response);
  }
}

/** Returns the input of a procedure that changes an athlete. */
function toShareInput(
  { path }: { path: string },
  athlete: number,
): Record<string, unknown> {
  return path.endsWith("/visibility")
    ? { athlete, visibility: "link" }
    : { athlete };
}

function post(path: string): { method: string; path: string }[] {
  return [{ method: "post", path }];
}

function get(...paths: string[]): { method: string; path: string }[] {
  return paths.map((path) => ({ method: "get", path }));
}

const STATES: Record<string, (contract: Contract) => Promise<void>> = {
  async "nobody is connected"(contract) {
    await using test = await createTestApp();
    const at = { test, contract };
    await expect(at, [...READERS, ...EXPORT, ...ORIGINAL], 404, { key: true });
    await expect(at, [...READERS, ...FOLLOWERS], 404);
    await expect(at, WRITERS, 404, { key: true });
    await expect(at, get("/strava/activities/deleted"), 404, { key: true });
    const values = ["", "/valid"].map((each) => `/api/athlete-values${each}`);
    await expect(at, get(...values, "/api/gear", "/api/privacy"), 404, {
      key: true,
    });
    await expect(at, get("/strava/sync/runs"), 404, { key: true });
    await expect(at, get("/strava/admin/status"), 200, { key: true });
    await expect(at, get("/strava/admin/quarantine"), 404, { key: true });
    await expect(at, get("/strava/authorize", "/strava/connect"), 302);
    await expect(at, get("/strava/callback", "/strava/callback?state=x"), 303);
    await expect(at, HEALTH, 200);
    await test.deps.sql`delete from migrations`;
    test.clock.now += 1000; // requests share a probe for a second
    await expect(at, get("/health/ready"), 503);
  },

  async "the first sync has failed"(contract) {
    await using test = await createTestApp();
    const at = { test, contract };
    test.strava.faults.inject({ kind: "status", status: 404 }, {
      path: "/api/v3/athlete/activities",
    });
    await test.connect();
    await test.idle();
    await expect(at, [...READERS, ...EXPORT], 404, { key: true });
    await expect(at, READERS, 404);
    await expect(at, FOLLOWERS, 200);
    await expect(at, get("/strava/admin/status"), 200, { key: true });
  },

  async "a history is stored"(contract) {
    await using test = await createTestApp({
      activities: HISTORY,
      synced: true,
    });
    const at = { test, contract };
    await expect(at, [...READERS, ...FOLLOWERS], 200);
    await expect(at, READERS, 200, { key: true });
    await expect(at, get("/strava/stats/totals", "/strava/stats/yearly"), 200, {
      query: "?by=sport_type",
    });
    const list = get("/strava/activities");
    for (
      const query of [
        "?limit=1",
        "?limit=200&offset=3",
        "?year=2025&activity_type=run",
        "?cursor=1733473812000-16543210987",
        "?activity_type=None",
        "?activity_type=Ski%20%26%20Schu%C3%9F",
        "?sport=run&from=2025-01-01&to=2025-12-31&sort=distance&order=asc",
        "?gear_id=g1&min_distance=0&max_distance=42195.5&q=long%20-run",
        "?commute=true&trainer=false&has_map=true&sort=average_speed",
      ]
    ) await expect(at, list, 200, { query });
    for (
      const query of [
        "?limit=0",
        "?limit=x",
        "?limit=",
        "?limit=1&limit=2",
        "?offset=-1",
        "?year=1",
        "?cursor=x",
        "?cursor=1-1&offset=1",
        "?activity_type=a%00b",
        "?from=2025-02-30",
        "?from=2025-12-31&to=2025-01-01",
        "?commute=1",
        "?sort=name",
        "?constructor=1",
      ]
    ) await expect(at, list, 400, { query });
    await expect(at, get("/strava/stats/totals", "/strava/stats/yearly"), 400, {
      query: "?by=shoe",
    });
    await expect(at, get("/strava/activities/1"), 404);
    await expect(at, get("/strava/activities/1/streams"), 404);
    await expect(at, get("/strava/activities/1/laps"), 404);
    for (const format of ["csv", "jsonl", "geojson"]) {
      const query = `?format=${format}`;
      await expect(at, EXPORT, 200, { query, key: true });
    }
    await test.deps.sql`update activities set name = repeat('x', 10000)`;
    const { path } = EXPORT[0]!;
    const open = () => test.get(`${path}?format=jsonl`, { key: true });
    const unread = [await open(), await open()];
    await expect(at, EXPORT, 429, { key: true });
    await Promise.all(unread.map(({ body }) => body!.cancel()));
    await test.idle();
    const longest = get(
      "/strava/stats/longest-run",
      "/strava/stats/longest-ride",
    );
    await expect(at, longest, 400, { query: "?year=20255" });
    await expect(at, longest, 404, { query: "?year=1950" });
    await expect(at, OWNERS.filter(({ method }) => method === "get"), 200, {
      key: true,
    });
    await expect(at, post("/strava/refresh-data"), 200, { key: true });
    test.clock.now += 60_000;
    await expect(at, post("/strava/refresh-data"), 200, {
      headers: {
        authorization: `Bearer ${API_KEY}`,
        "content-type": "application/json; charset=utf-8",
      },
      body: "{}",
    });
    await expect(at, post("/strava/refresh-data"), 200, {
      key: true,
      headers: { "content-type": "application/json" },
      body: `{"mode":"full"}`,
    });
    const deletions = [
      ...post("/strava/admin/confirm-deletions"),
      ...post("/strava/admin/restore"),
    ];
    await expect(at, deletions, 200, { key: true });
    await expect(at, post("/strava/admin/disconnect"), 200, {
      key: true,
      headers: { "content-type": "application/json" },
      body: `{"data":"delete"}`,
    });
  },

  async "activities are edited"(contract) {
    await using test = await createTestApp({
      activities: HISTORY,
      synced: true,
    });
    await importFile(test, RIDE_FILE);
    const at = { test, contract };
    const send = (body: object): Sent => ({
      key: true,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const edit = async (
      name: string,
      status: number,
      body: object,
    ): Promise<void> =>
      await expect(at, post(`/strava/activities/${name}`), status, send(body));
    const day = "?from=2024-05-04&to=2024-05-04";
    const [ours] = await listIds(test, day);
    const [first, second] = HISTORY.map(({ id }) => id);
    const { sources } = await readActivity(test, ours!);
    const source = sources.data[0].id;
    await expect(at, get("/strava/activities/original"), 200, {
      query: `?id=${ours}&source=${source}`,
      key: true,
    });
    await expect(at, get("/strava/activities/original"), 404, { key: true });
    await edit("update", 200, { ids: [first], set: { name: "Mine" } });
    await edit("update", 404, { ids: [1], set: { name: "Mine" } });
    await edit("update", 404, { ids: [first], set: { gear_id: "g0" } });
    const set = { preferred_source: SOURCE };
    await edit("update", 404, { ids: [first], set });
    await edit("delete", 200, { ids: [second] });
    await expect(at, get("/strava/activities/deleted"), 200, { key: true });
    await edit("restore", 200, { ids: [second] });
    const entry = {
      name: "Swim",
      sport_type: "Swim",
      start_date_local: "2024-05-04T08:00:00",
      timezone: "UTC",
      elapsed_time: 600,
    };
    await edit("create", 200, entry);
    await edit("create", 400, { ...entry, timezone: "Mars" });
    await edit("create", 404, { ...entry, elapsed_time: 1, gear_id: "g0" });
    await edit("merge", 404, { id: 1, ids: [first] });
    await edit("merge", 409, { id: first, ids: [second] });
    const swim = (await listIds(test, day)).find((id) => id !== ours);
    await edit("split", 409, { id: ours, sources: [source] });
    await edit("split", 404, { id: 1, sources: [source] });
    await edit("split", 404, { id: ours, sources: [SOURCE] });
    await edit("merge", 200, { id: ours, ids: [swim] });
    await edit("split", 200, { id: ours, sources: [source] });
    await test.deps.sql`
      update activities set start_date = '2024-05-04T08:00:00Z' where id = ${first!}
    `;
    await edit("merge", 409, { id: ours, ids: [first] });
  },

  async "users have athletes"(contract) {
    await using test = await createTestApp();
    const at = { test, contract };
    const ada = await insertCaller(test, "ada");
    const json = { "content-type": "application/json" };
    const { headers } = ada;
    const send = (body: Record<string, unknown>): Sent => ({
      headers: { ...headers, ...json },
      body: JSON.stringify(body),
    });
    await expect(at, get("/api/athletes"), 200, { headers });
    for (const sharer of SHARERS) {
      await expect(at, [sharer], 404, send(toShareInput(sharer, 1)));
    }
    const unnamed = SHARERS.filter(({ path }) => !path.endsWith("/default"));
    await expect(at, unnamed, 404, send({}));

    const [own, second] = [700_011, 700_012];
    await insertAthlete(test, { id: own, userId: ada.id });
    await insertAthlete(test, { id: second, userId: ada.id });
    const shared = post("/api/athletes/visibility");
    const renewed = post("/api/athletes/renew-link");
    await expect(at, renewed, 409, send({ athlete: own }));
    for (const visibility of ["link", "public", "private", "link"]) {
      await expect(at, shared, 200, send({ athlete: own, visibility }));
    }
    await expect(at, renewed, 200, send({ athlete: own }));
    await expect(
      at,
      post("/api/athletes/default"),
      200,
      send({ athlete: second }),
    );
    await expect(at, get("/api/athletes"), 200, { headers });
    await expect(
      at,
      post("/api/athletes/disconnect"),
      200,
      send({ athlete: own }),
    );
    const gone = post("/api/athletes/delete");
    await expect(at, gone, 200, send({ athlete: own }));

    const changers = [...WRITERS, ...SHARERS];
    const { cookie } = ada;
    const forged = { headers: { cookie, ...json }, body: "{}" };
    await expect(at, changers, 403, forged);
    test.clock.now += 10 * 60_000 + 1;
    await expect(at, gone, 403, send({ athlete: second }));
    await expect(
      at,
      post("/strava/admin/disconnect"),
      403,
      send({ data: "delete" }),
    );

    const keyed = [...PROCEDURES, ...ATHLETES];
    for (const scope of ["export:read", "stats:read"] as const) {
      const { headers } = await insertKey(test, { user: ada, scopes: [scope] });
      const closed = keyed.filter((operation) =>
        scope === "stats:read"
          ? DOWNLOADS.includes(operation)
          : !DOWNLOADS.includes(operation)
      );
      await expect(at, closed, 403, { headers });
    }
    await expect(at, keyed, 401, {
      headers: { authorization: `Bearer pa_${"x".repeat(43)}` },
    });
  },

  async "requests are wrong"(contract) {
    await using test = await createTestApp({
      activities: createHistory(3),
      synced: true,
    });
    const at = { test, contract };
    const wrong = { "x-api-key": "wrong" };
    const twice = { "x-api-key": API_KEY, authorization: `Bearer ${API_KEY}` };
    const all = [...PROCEDURES, ...ATHLETES];
    await expect(at, all, 401, { headers: wrong });
    await expect(at, all, 400, { headers: twice });
    const dead = {
      cookie: "paceline_refresh=x",
      "sec-fetch-site": "same-origin",
    };
    await expect(at, all, 401, { headers: dead });
    const forged = { origin: "https://evil.test" };
    await expect(at, [...WRITERS, ...SHARERS], 403, { headers: forged });
    await expect(at, [...OWNERS, ...DOWNLOADS, ...ATHLETES], 401);
    const gets = all.filter(({ method }) => method === "get");
    await expect(at, gets, 400, { query: "?yeer=2025", key: true });
    const chosen = [...READERS, ...FOLLOWERS, ...OWNERS].filter(({ path }) =>
      !/admin\/(audit|status)$/.test(path)
    );
    const named = chosen.filter(({ method }) => method === "get");
    await expect(at, named, 404, { query: "?athlete=1", key: true });
    for (const { path } of DOWNLOADS) {
      const query = `${USUAL_QUERY[path]}&athlete=1`;
      await expect(at, get(path), 404, { query, key: true });
    }
    const json = { "content-type": "application/json" };
    const text = { "content-type": "text/plain" };
    const large = JSON.stringify({ data: "x".repeat(110_000) });
    await expect(at, WRITERS, 404, {
      key: true,
      headers: json,
      body: `{"athlete":1}`,
    });
    const { headers: own } = await insertCaller(test, "root", {
      role: "admin",
    });
    const changers = [...WRITERS, ...SHARERS];
    const sent = { ...own, ...json };
    for (const body of ["{", "[]", "1", `{"yeer":1}`]) {
      await expect(at, changers, 400, { headers: sent, body });
    }
    const plain = { ...own, ...text };
    await expect(at, changers, 415, { headers: plain, body: "{}" });
    await expect(at, changers, 413, { headers: sent, body: large });
    test.deps.sleep = () => Promise.resolve();
    for (const writer of changers) {
      const body = new ReadableStream();
      await expect(at, [writer], 408, { headers: sent, body });
    }
  },

  async "there is no Strava application"(contract) {
    await using test = await createTestApp({
      env: { STRAVA_CLIENT_ID: "", STRAVA_CLIENT_SECRET: "" },
    });
    const at = { test, contract };
    const paths = ["authorize", "connect", "callback"].map((each) =>
      `/strava/${each}`
    );
    await expect(at, get(...paths), 404);
    await insertAthlete(test, { id: 700_011 });
    const syncs = [
      ...post("/strava/refresh-data"),
      ...post("/strava/admin/confirm-deletions"),
    ];
    await expect(at, syncs, 404, { key: true });
  },

  async "nothing is public"(contract) {
    await using test = await createTestApp({
      activities: createHistory(30),
      synced: true,
      env: { PUBLIC_STATS: "false" },
    });
    const at = { test, contract };
    await expect(at, [...READERS, ...FOLLOWERS], 401);
    await expect(at, get("/strava/stats/ytd"), 200, { key: true });
  },

  async "Strava fails"(contract) {
    await using test = await createTestApp({ synced: true });
    const at = { test, contract };
    const syncs = [
      ...post("/strava/refresh-data"),
      ...post("/strava/admin/confirm-deletions"),
    ];
    const { faults } = test.strava;
    const path = "/api/v3/athlete/activities";
    const failures = [
      [502, () => faults.inject({ kind: "status", status: 404 }, { path })],
      [502, () => faults.inject({ kind: "status", status: 500 }, { path })],
      [503, () => faults.inject({ kind: "rate_limit" }, { path })],
      // The server remembers this failure for an hour, so it must come last.
      [503, () => faults.inactive = true],
    ] as const;
    for (const [status, fail] of failures) {
      test.clock.now += 60 * 60_000;
      fail();
      await expect(at, syncs, status, { key: true });
      faults.clear();
    }
    test.clock.now += 60 * 60_000;
    test.strava.deauthorize(700_001);
    await expect(at, syncs, 409, { key: true });
    await expect(at, get("/strava/admin/status"), 200, { key: true });
  },

  async "something is broken here"(contract) {
    await using test = await createTestApp();
    await test.deps.sql`alter table athletes rename to gone`;
    await test.deps.sql`alter table audit_events rename to gone_too`;
    await expect({ test, contract }, PROCEDURES, 500, { key: true });
    await expect({ test, contract }, get("/api/athletes"), 500, { key: true });
    const { headers } = await insertCaller(test, "ada");
    for (const sharer of SHARERS) {
      await expect({ test, contract }, [sharer], 500, {
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(toShareInput(sharer, 1)),
      });
    }
  },

  ...ACCOUNT_STATES,
  ...IMPORT_STATES,
  ...ATHLETE_VALUE_STATES,
  ...GEAR_STATES,
  ...PRIVACY_STATES,

  async "the client's rate limit is used up"(contract) {
    await using test = await createTestApp({ env: { RATE_LIMIT: "1" } });
    await test.get("/");
    const limited = operations.filter((each) => !HEALTH.includes(each));
    await expect({ test, contract }, limited, 429);
  },

  async "the database is away"(contract) {
    await using test = await createTestApp();
    await test.deps.sql.end();
    const at = { test, contract };
    await expect(at, PROCEDURES, 503, { key: true });
    await expect(at, ATHLETES, 503, {
      headers: { authorization: `Bearer pa_${"x".repeat(43)}` },
    });
    const health = ["/strava/health", "/api/health", "/health/ready"];
    await expect(at, get(...health), 503);
    await expect(at, get("/health/live"), 200);
  },
};

Deno.test("createOpenApiDocument: describes every response that the server sends", async (t) => {
  const contract = createContract(DOCUMENT);
  for (const [state, run] of Object.entries(STATES)) {
    await t.step(`where ${state}`, () => run(contract));
  }
  const unseen = [...contract.described].filter((name) =>
    !contract.seen.has(name)
  );
  assert.deepEqual(unseen, NEVER_SEEN);
});
