import assert from "node:assert/strict";
import { type CallerDeps, readCaller } from "../../../server/auth/caller.ts";
import type { Caller } from "../../../server/context.ts";
import { API_KEY, createTestApp, createTestConfig } from "../../support/app.ts";

const NO_DATABASE = "postgres://nobody@127.0.0.1:9/none";
/** Without a database: none of these asks it. */
const DEPS = {
  config: createTestConfig("http://127.0.0.1:9", { url: NO_DATABASE }),
  now: () => 0,
} as unknown as CallerDeps;

const ANONYMOUS: Caller = { kind: "anonymous" };
const ADMIN: Caller = { kind: "admin" };
const INVALID: Caller = { kind: "refused", reason: "invalid_api_key" };
const EXPIRED: Caller = { kind: "refused", reason: "session_expired" };
const TOO_MANY: Caller = { kind: "refused", reason: "too_many_credentials" };

const CASES: [string, HeadersInit, Caller][] = [
  ["nothing is anonymous", {}, ANONYMOUS],
  ["the key in X-API-Key is the admin's", { "x-api-key": API_KEY }, ADMIN],
  ["the key as Bearer is the admin's", {
    authorization: `Bearer ${API_KEY}`,
  }, ADMIN],
  ["the scheme is read in any case", {
    authorization: `bEARER   ${API_KEY} `,
  }, ADMIN],
  ["a wrong key is refused", { "x-api-key": "wrong" }, INVALID],
  ["a wrong Bearer is refused", { authorization: "Bearer wrong" }, INVALID],
  ["an empty key is refused", { "x-api-key": "" }, INVALID],
  ["an empty Bearer is refused", { authorization: "Bearer " }, INVALID],
  ["a Bearer of two words is refused", {
    authorization: `Bearer ${API_KEY} ${API_KEY}`,
  }, INVALID],
  ["a shorter key is refused", { "x-api-key": API_KEY.slice(0, -1) }, INVALID],
  ["a longer key is refused", { "x-api-key": `${API_KEY}x` }, INVALID],
  ["the first letter's case matters", {
    "x-api-key": API_KEY.toUpperCase(),
  }, INVALID],
  ["the last letter matters", {
    "x-api-key": `${API_KEY.slice(0, -1)}q`,
  }, INVALID],
  ["a huge key is refused", { "x-api-key": "k".repeat(1_000_000) }, INVALID],
  ["a key beyond ASCII is refused", { "x-api-key": "schlüssel\xff" }, INVALID],
  ["the same header twice is refused", [
    ["x-api-key", API_KEY],
    ["x-api-key", API_KEY],
  ], INVALID],
  ["both headers are too many, though both are right", {
    "x-api-key": API_KEY,
    authorization: `Bearer ${API_KEY}`,
  }, TOO_MANY],
  ["both headers are too many, though one is empty", {
    "x-api-key": API_KEY,
    authorization: "Bearer",
  }, TOO_MANY],
  ["Basic is a proxy's and ignored", {
    authorization: `Basic ${btoa(`paceline:${API_KEY}`)}`,
  }, ANONYMOUS],
  ["the key beside a proxy's Basic counts", {
    "x-api-key": API_KEY,
    authorization: "Basic cHJveHk6cGFzcw==",
  }, ADMIN],
  ["a Bearer behind a proxy's Basic counts", [
    ["authorization", "Basic cHJveHk6cGFzcw=="],
    ["authorization", `Bearer ${API_KEY}`],
  ], ADMIN],
  ["a wrong Bearer behind a proxy's Basic is refused, whatever cookie comes", [
    ["authorization", "Basic cHJveHk6cGFzcw=="],
    ["authorization", "Bearer wrong"],
    ["cookie", "paceline_refresh=pr_x"],
  ], INVALID],
  ["two Bearers are refused", [
    ["authorization", `Bearer ${API_KEY}`],
    ["authorization", `Bearer ${API_KEY}`],
  ], INVALID],
  ["a refresh cookie alone is a session whose access token has run out", {
    cookie: "paceline_refresh=pr_x",
  }, EXPIRED],
  ["an empty access cookie is a dead session, not nobody", {
    cookie: "paceline_access=",
  }, EXPIRED],
  ["a scheme that begins like Bearer is another", {
    authorization: `BearerToken ${API_KEY}`,
  }, ANONYMOUS],
  ["the bare key as Authorization is no scheme", {
    authorization: API_KEY,
  }, ANONYMOUS],
];

for (const [promise, headers, caller] of CASES) {
  Deno.test(`readCaller: ${promise}`, async () => {
    const request = { headers: new Headers(headers), address: undefined };
    assert.deepEqual(await readCaller(DEPS, request), caller);
  });
}

const PUBLIC_ROUTES = ["/strava/stats/ytd", "/strava/activities"];
const PUBLIC_PROCEDURES = ["/trpc/stats.ytd", "/trpc/activities.list"];

Deno.test("public routes: a wrong key is refused where none is needed", async () => {
  await using test = await createTestApp({ synced: true });
  const headers = { "x-api-key": "wrong" };
  for (const path of PUBLIC_ROUTES) {
    assert.equal((await test.get(path)).status, 200, path);
    const response = await test.get(path, { headers });
    assert.equal(response.status, 401, path);
    const { reason, status } = await response.json();
    assert.deepEqual([reason, status], ["invalid_api_key", 401]);
  }
});

Deno.test("public procedures: a wrong key is refused over tRPC too, alone and in a batch", async () => {
  await using test = await createTestApp({ synced: true });
  const headers = { authorization: "Bearer wrong" };
  for (const path of PUBLIC_PROCEDURES) {
    const response = await test.get(path, { headers });
    assert.equal(response.status, 401, path);
    assert.equal(
      (await response.json()).error.json.data.reason,
      "invalid_api_key",
    );
  }
  const batch = await test.get(
    "/trpc/stats.ytd,stats.totals?batch=1&input={}",
    {
      headers,
    },
  );
  assert.equal(batch.status, 401);
  for (const answer of await batch.json()) {
    assert.equal(answer.error.json.data.reason, "invalid_api_key");
  }
});

Deno.test("public routes: two keys are a bad request, over REST and tRPC", async () => {
  await using test = await createTestApp({ synced: true });
  const headers = { authorization: `Bearer ${API_KEY}` };
  const rest = await test.get("/strava/stats/ytd", { key: true, headers });
  assert.equal(rest.status, 400);
  assert.equal((await rest.json()).reason, "too_many_credentials");
  const trpc = await test.get("/trpc/stats.ytd", { key: true, headers });
  assert.equal(trpc.status, 400);
  const { data } = (await trpc.json()).error.json;
  assert.equal(data.reason, "too_many_credentials");
});

Deno.test("public routes: with PUBLIC_STATS=false the key opens them, and nothing else does", async () => {
  await using test = await createTestApp({
    synced: true,
    env: { PUBLIC_STATS: "false" },
  });
  for (const path of PUBLIC_ROUTES) {
    assert.equal((await test.get(path, { key: true })).status, 200, path);
    const response = await test.get(path);
    assert.equal(response.status, 401, path);
    assert.equal((await response.json()).reason, "missing_api_key");
    const basic = await test.get(path, {
      headers: { authorization: `Basic ${btoa(`x:${API_KEY}`)}` },
    });
    assert.equal(basic.status, 401, path);
    await basic.body?.cancel();
  }
});
