import assert from "node:assert/strict";
import { serveStrava } from "../../strava_simulator/simulator.ts";
import { assertFault, createRig, START } from "./simulator.ts";

const QUARTER_HOUR = 15 * 60_000;

function readUsage(response: Response): [string | null, string | null] {
  return [
    response.headers.get("X-Ratelimit-Usage"),
    response.headers.get("X-Readratelimit-Usage"),
  ];
}

Deno.test("rate limit headers: carry both pairs in Strava's case", async () => {
  const { strava, token } = createRig();
  await using server = serveStrava(strava);
  const { port } = new URL(server.url);
  using connection = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(port),
  });
  await connection.write(new TextEncoder().encode(
    `GET /api/v3/athlete HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
  ));

  const text = await new Response(connection.readable).text();

  for (
    const line of [
      "X-Ratelimit-Limit: 200,2000",
      "X-Ratelimit-Usage: 1,1",
      "X-Readratelimit-Limit: 100,1000",
      "X-Readratelimit-Usage: 1,1",
    ]
  ) assert.ok(text.includes(`\r\n${line}\r\n`), line);
});

Deno.test("rate limit: answers 429 until the quarter hour ends", async () => {
  const { strava, clock, get } = createRig();
  strava.rateLimit.spend(99);

  const last = await get("/athlete");
  const refused = await get("/athlete");
  clock.now = START + QUARTER_HOUR - 1;
  const still = await get("/athlete");
  clock.now = START + QUARTER_HOUR;
  const next = await get("/athlete");

  assert.equal(last.status, 200);
  assert.equal(refused.headers.get("Retry-After"), null);
  assert.deepEqual(readUsage(refused), ["101,101", "101,101"]);
  await assertFault(
    refused,
    429,
    "Rate Limit Exceeded",
    "Application",
    "read rate limit",
    "exceeded",
  );
  assert.equal(still.status, 429);
  assert.equal(next.status, 200);
  assert.deepEqual(readUsage(next), ["1,103", "1,103"]);
});

Deno.test("rate limit: holds the daily limit until 00:00 UTC", async () => {
  const { strava, clock, get } = createRig([], { limits: { readDaily: 3 } });
  clock.now = Date.UTC(2026, 10, 20, 23, 50);
  strava.rateLimit.spend(3);
  clock.now += QUARTER_HOUR - 6 * 60_000; // 23:59, no new quarter hour in sight of the limit
  const { token } =
    strava.grants.issue(700_001, ["read", "activity:read"]).access;

  assert.equal((await get("/athlete", token)).status, 429);
  clock.now = Date.UTC(2026, 10, 21);
  const response = await get("/athlete", token);

  assert.equal(response.status, 200);
  assert.deepEqual(readUsage(response), ["1,1", "1,1"]);
});

Deno.test("rate limit: applies the overall pair where it is smaller", async () => {
  const { strava, get } = createRig([], { limits: { short: 1 } });

  await get("/athlete");

  await assertFault(
    await get("/athlete"),
    429,
    "Rate Limit Exceeded",
    "Application",
    "overall rate limit",
    "exceeded",
  );
  assert.equal(
    strava.rateLimit.limits.readDaily,
    1000,
    "the other limits keep their defaults",
  );
});

Deno.test("rate limit: does not count an unknown token", async () => {
  const { strava, get } = createRig();

  const unknown = await get("/athlete", "unknown");
  const missing = await get("/activities/1");
  strava.faults.errorHeaders = false;
  const bare = await get("/activities/1");

  assert.equal(unknown.status, 401);
  assert.deepEqual(readUsage(missing), ["1,1", "1,1"]);
  assert.deepEqual(readUsage(bare), [null, null]);
  assert.equal(strava.usage().daily, 2);
});

Deno.test("latencyMs: delays data calls but not OAuth", async () => {
  let asked = 0;
  const { strava, get } = createRig([], { latencyMs: () => (asked++, 1) });

  await get("/athlete");
  await get("/athlete");
  await strava.fetch(new Request("http://strava.test/oauth/authorize"));

  assert.equal(asked, 2);
});
