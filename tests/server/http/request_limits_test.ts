import assert from "node:assert/strict";
import { createLimits } from "../../../server/http/request_limits.ts";
import { insertCaller } from "../../support/callers.ts";
import {
  API_KEY,
  createHistory,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";

const YTD = "/strava/stats/ytd";
const STRANGER = "203.0.113.7";
const NEIGHBOUR = "203.0.113.8";

interface Sent {
  from?: string;
  headers?: Record<string, string>;
}

/** Sends a GET from an address. */
async function send(
  { app }: TestApp,
  path: string,
  { from = STRANGER, headers = {} }: Sent = {},
): Promise<Response> {
  const url = new URL(path, "http://localhost:5001");
  return await app(new Request(url, { headers }), { address: from });
}

/** Sends a GET and reads the answer. Returns its status. */
async function readStatus(
  test: TestApp,
  path: string,
  sent: Sent = {},
): Promise<number> {
  const response = await send(test, path, sent);
  await response.body?.cancel();
  return response.status;
}

/** Returns the path of a batch of these procedures without input. */
function toBatch(procedures: readonly string[]): string {
  const input = Object.fromEntries(
    procedures.map((_, index) => [index, { json: {} }]),
  );
  const text = encodeURIComponent(JSON.stringify(input));
  return `/trpc/${procedures.join(",")}?batch=1&input=${text}`;
}

Deno.test("rate limit: refuses a client over its budget, and no other", async () => {
  await using test = await createTestApp({ env: { RATE_LIMIT: "60" } });
  for (let count = 0; count < 60; count++) {
    assert.equal(await readStatus(test, YTD), 404);
  }
  const response = await send(test, YTD);
  assert.equal(response.status, 429);
  assert.equal(response.headers.get("retry-after"), "1");
  assert.equal((await response.json()).reason, "too_many_requests");
  assert.equal(await readStatus(test, YTD, { from: NEIGHBOUR }), 404);

  test.clock.now += 2000;
  assert.equal(await readStatus(test, YTD), 404);
});

Deno.test("rate limit: reports the budget in RateLimit headers", async () => {
  await using test = await createTestApp({ env: { RATE_LIMIT: "120" } });
  await readStatus(test, YTD);
  const { headers } = await send(test, YTD, {
    headers: { origin: "http://frontend.test" },
  });
  const names = ["limit", "remaining", "reset", "policy"];
  assert.deepEqual(
    names.map((name) => headers.get(`ratelimit-${name}`)),
    ["120", "118", "1", "120;w=60"],
  );
  const exposed = headers.get("access-control-expose-headers");
  for (const name of names) assert.match(exposed!, RegExp(`ratelimit-${name}`));
});

Deno.test("rate limit: charges a procedure's cost over REST and tRPC", async () => {
  await using test = await createTestApp({ env: { RATE_LIMIT: "100" } });
  const readLeft = async (path: string): Promise<string | null> => {
    const response = await send(test, path);
    await response.body?.cancel();
    return response.headers.get("ratelimit-remaining");
  };
  assert.equal(await readLeft("/strava/stats/training-load"), "90");
  assert.equal(await readLeft("/trpc/stats.trainingLoad"), "80");
  assert.equal(
    await readLeft(toBatch(["stats.trainingLoad", "stats.ytd"])),
    "69",
  );
  assert.equal(await readLeft("/no/such/route"), "68");
});

Deno.test("rate limit: counts an IPv6 address by its /64", async () => {
  await using test = await createTestApp({ env: { RATE_LIMIT: "2" } });
  const statuses = [];
  for (const last of ["1", "2", "3:4:5"]) {
    const from = `2001:db8:1:2:${last}::9`.replace(":3:4:5::9", ":3:4:5:9");
    statuses.push(await readStatus(test, YTD, { from }));
  }
  assert.deepEqual(statuses, [404, 404, 429]);
  assert.equal(await readStatus(test, YTD, { from: "2001:db8:1:3::1" }), 404);
});

Deno.test("rate limit: gives the networks of one IPv6 /56 four budgets together", async () => {
  await using test = await createTestApp({ env: { RATE_LIMIT: "2" } });
  const statuses = [];
  for (let network = 1; network <= 9; network++) {
    const from = `2001:db8:1:20${network}::1`;
    statuses.push(await readStatus(test, YTD, { from }));
  }

  assert.deepEqual(statuses, [...Array(8).fill(404), 429]);
  const neighbour = { from: "2001:db8:1:300::1" };
  assert.equal(await readStatus(test, YTD, neighbour), 404);
});

Deno.test("rate limit: lets users behind one address spend apart", async () => {
  await using test = await createTestApp({ env: { RATE_LIMIT: "5" } });
  const ada = await insertCaller(test, "ada");
  const bob = await insertCaller(test, "bob");
  for (let count = 0; count < 5; count++) {
    assert.equal(await readStatus(test, YTD, ada), 404);
  }
  assert.equal(await readStatus(test, YTD, ada), 429);
  assert.equal(await readStatus(test, YTD, bob), 404);
  assert.equal(await readStatus(test, YTD), 404);
});

Deno.test("rate limit: counts wrong keys by address", async () => {
  await using test = await createTestApp({ env: { RATE_LIMIT: "3" } });
  const statuses = [];
  for (let count = 0; count < 4; count++) {
    const headers = { "x-api-key": `wrong-${count}` };
    statuses.push(await readStatus(test, YTD, { headers }));
  }
  assert.deepEqual(statuses, [401, 401, 401, 429]);
});

Deno.test("rate limit: exempts health routes and INTERNAL_API_KEY", async () => {
  await using test = await createTestApp({ env: { RATE_LIMIT: "2" } });
  const key = { headers: { "x-api-key": API_KEY } };
  for (let count = 0; count < 5; count++) {
    assert.equal(await readStatus(test, "/health/live"), 200);
    assert.equal(await readStatus(test, YTD, key), 404);
  }
});

Deno.test("rate limit: spares this machine in development by default", async () => {
  await using test = await createTestApp();
  for (const from of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) {
    const { headers } = await send(test, "/health", { from });
    assert.equal(headers.get("ratelimit-limit"), null, from);
  }
  const { headers } = await send(test, "/health");
  assert.equal(headers.get("ratelimit-limit"), "2000");
});

Deno.test("MAX_CONCURRENT_REQUESTS: refuses a client with too many at once", async () => {
  await using test = await createTestApp({
    env: { MAX_CONCURRENT_REQUESTS: "2" },
  });
  const { sql } = test.deps;
  const locked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const lock = sql.begin(async (sql) => {
    await sql`lock table athletes in access exclusive mode`;
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  const waiting = [readStatus(test, YTD), readStatus(test, YTD)];
  assert.equal(await readStatus(test, YTD), 429);
  const other = readStatus(test, YTD, { from: NEIGHBOUR });
  release.resolve();
  await lock;
  assert.deepEqual(await Promise.all([...waiting, other]), [404, 404, 404]);
  assert.equal(await readStatus(test, YTD), 404);
});

Deno.test("MAX_STREAMS: refuses a client with too many open streams", async () => {
  await using test = await createTestApp({
    env: { MAX_STREAMS: "2" },
    synced: true,
  });
  const open = async (from = "127.0.0.1"): Promise<Response> =>
    await send(test, "/trpc/sync.progress", { from });
  const streams = [await open(), await open()];
  const refused = await open();
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("retry-after"), "5");
  const { error } = await refused.json();
  assert.equal(error.json.data.reason, "too_many_requests");
  streams.push(await open(NEIGHBOUR));
  assert.deepEqual(streams.map(({ status }) => status), [200, 200, 200]);

  await streams.shift()!.body!.cancel();
  streams.push(await open());
  assert.equal(streams.at(-1)!.status, 200);
  for (const { body } of streams) await body!.cancel();
});

Deno.test("MAX_STREAMS: gives the place back when a stream is refused", async () => {
  await using test = await createTestApp({ env: { MAX_STREAMS: "1" } });
  for (let count = 0; count < 3; count++) {
    const response = await send(test, "/trpc/sync.progress");
    assert.equal(response.status, 200);
    assert.match(await response.text(), /not_connected/);
  }
});

Deno.test("POST /trpc: refuses a batch that costs too much before it runs", async () => {
  await using test = await createTestApp();
  const many = Array<string>(20).fill("stats.trainingLoad");
  const response = await send(test, toBatch(many));
  assert.equal(response.status, 413);
  const { error } = await response.json();
  assert.equal(error.json.data.reason, "batch_too_large");
  assert.match(error.json.message, /100 units/);
});

Deno.test("POST /trpc: accepts every statistic once in a batch", async () => {
  await using test = await createTestApp({
    activities: createHistory(100),
    synced: true,
  });
  const names = [
    ..."records eddington streaks calendar cumulative distribution milestones"
      .split(
        " ",
      ),
    ..."trainingLoad overview gear ytd monthly totals yearly longestRun".split(
      " ",
    ),
  ].map((name) => `stats.${name}`);
  const response = await send(test, toBatch(names));
  assert.equal(response.status, 200);
  const results = await response.json();
  assert.equal(results.length, names.length);
  assert.ok(results.every((each: object) => "result" in each));
});

Deno.test("createLimits: bounds the bytes that wait for a client to read", async () => {
  await using test = await createTestApp();
  const limits = createLimits(test.deps);
  const sender = { caller: { kind: "anonymous" }, address: "::1" } as const;
  const text = "x".repeat(10 * 1024 * 1024);
  const respond = (): Response => limits.respond(sender, text, { headers: {} });
  const responses = [respond(), respond(), respond()];
  assert.throws(respond, { reason: "too_many_requests" });
  await responses.pop()!.body!.cancel();
  responses.push(respond());
  assert.equal((await responses.pop()!.text()).length, text.length);
  for (const { body } of responses) await body!.cancel();
});
