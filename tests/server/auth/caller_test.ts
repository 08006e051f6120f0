import assert from "node:assert/strict";
import { type CallerDeps, readCaller } from "../../../server/auth/caller.ts";
import type { Caller } from "../../../server/context.ts";
import { API_KEY, createTestApp, createTestConfig } from "../../support/app.ts";

const NO_DATABASE = "postgres://nobody@127.0.0.1:9/none";
/** No database: none of these cases queries it. */
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
  ["treats a request without credentials as anonymous", {}, ANONYMOUS],
  ["accepts the instance's key in X-API-Key", { "x-api-key": API_KEY }, ADMIN],
  ["accepts the instance's key as Bearer", {
    authorization: `Bearer ${API_KEY}`,
  }, ADMIN],
  ["reads the scheme in any case", {
    authorization: `bEARER   ${API_KEY} `,
  }, ADMIN],
  ["refuses a wrong key", { "x-api-key": "wrong" }, INVALID],
  ["refuses a wrong Bearer", { authorization: "Bearer wrong" }, INVALID],
  ["refuses an empty key", { "x-api-key": "" }, INVALID],
  ["refuses an empty Bearer", { authorization: "Bearer " }, INVALID],
  ["refuses a Bearer of two words", {
    authorization: `Bearer ${API_KEY} ${API_KEY}`,
  }, INVALID],
  ["refuses a shorter key", { "x-api-key": API_KEY.slice(0, -1) }, INVALID],
  ["refuses a longer key", { "x-api-key": `${API_KEY}x` }, INVALID],
  ["refuses the key in capitals", {
    "x-api-key": API_KEY.toUpperCase(),
  }, INVALID],
  ["refuses a wrong last letter", {
    "x-api-key": `${API_KEY.slice(0, -1)}q`,
  }, INVALID],
  ["refuses a huge key", { "x-api-key": "k".repeat(1_000_000) }, INVALID],
  ["refuses a key beyond ASCII", { "x-api-key": "schlüssel\xff" }, INVALID],
  ["refuses a repeated header", [
    ["x-api-key", API_KEY],
    ["x-api-key", API_KEY],
  ], INVALID],
  ["refuses both headers, even with the right key", {
    "x-api-key": API_KEY,
    authorization: `Bearer ${API_KEY}`,
  }, TOO_MANY],
  ["refuses both headers, even if one is empty", {
    "x-api-key": API_KEY,
    authorization: "Bearer",
  }, TOO_MANY],
  ["ignores a proxy's Basic", {
    authorization: `Basic ${btoa(`paceline:${API_KEY}`)}`,
  }, ANONYMOUS],
  ["accepts the key next to a proxy's Basic", {
    "x-api-key": API_KEY,
    authorization: "Basic cHJveHk6cGFzcw==",
  }, ADMIN],
  ["accepts a Bearer after a proxy's Basic", [
    ["authorization", "Basic cHJveHk6cGFzcw=="],
    ["authorization", `Bearer ${API_KEY}`],
  ], ADMIN],
  ["refuses a wrong Bearer after a proxy's Basic despite a cookie", [
    ["authorization", "Basic cHJveHk6cGFzcw=="],
    ["authorization", "Bearer wrong"],
    ["cookie", "paceline_refresh=pr_x"],
  ], INVALID],
  ["refuses two Bearers", [
    ["authorization", `Bearer ${API_KEY}`],
    ["authorization", `Bearer ${API_KEY}`],
  ], INVALID],
  ["treats a lone refresh cookie as an expired session", {
    cookie: "paceline_refresh=pr_x",
  }, EXPIRED],
  ["treats an empty access cookie as an expired session", {
    cookie: "paceline_access=",
  }, EXPIRED],
  ["ignores a scheme that begins like Bearer", {
    authorization: `BearerToken ${API_KEY}`,
  }, ANONYMOUS],
  ["ignores a bare key as Authorization", {
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

Deno.test("public routes: refuse a wrong key", async () => {
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

Deno.test("public procedures: refuse a wrong key over tRPC, alone and in a batch", async () => {
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

Deno.test("public routes: answer 400 for two keys", async () => {
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

Deno.test("public routes: require a key with PUBLIC_STATS=false", async () => {
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
