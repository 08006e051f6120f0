import assert from "node:assert/strict";
import {
  MAX_OF_ANONYMOUS,
  MAX_OF_CLIENT,
} from "../../../server/connect/exchange_limit.ts";
import { insertCaller } from "../../support/callers.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import { countRequests } from "../../support/admin.ts";
import { TOKEN } from "../../support/grants.ts";
import { connect } from "../../support/sign_in.ts";

const SERVER = "http://localhost:5001";

/** Gets a state and returns with an invalid code. Returns the response. */
async function sendJunk(
  { app }: TestApp,
  { address = "203.0.113.7", headers = {} }: {
    address?: string;
    headers?: Record<string, string>;
  } = {},
): Promise<Response> {
  const start = await app(
    new Request(`${SERVER}/strava/connect`, { headers }),
    { address },
  );
  const [cookie = ""] = start.headers.getSetCookie()[0]!.split(";");
  const page = new URL(start.headers.get("location")!);
  const back = new URL(`${SERVER}/strava/callback?code=junk`);
  back.searchParams.set("state", page.searchParams.get("state")!);
  return await app(
    new Request(back, { headers: { ...headers, cookie } }),
    { address },
  );
}

async function countAccepted(
  test: TestApp,
  count: number,
  toAddress: (index: number) => string,
): Promise<number> {
  let accepted = 0;
  for (let index = 0; index < count; index++) {
    const { status } = await sendJunk(test, { address: toAddress(index) });
    if (status === 303) accepted++;
  }
  return accepted;
}

Deno.test("GET /strava/callback: limits the codes of an address", async () => {
  await using test = await createTestApp();
  const accepted = await countAccepted(test, 60, () => "203.0.113.7");
  assert.equal(accepted, MAX_OF_CLIENT);
  assert.equal(countRequests(test, TOKEN), MAX_OF_CLIENT);

  const refused = await sendJunk(test);
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("retry-after"), "900");
  assert.equal((await refused.json()).reason, "too_many_requests");

  test.clock.now += 15 * 60 * 1000;
  assert.equal((await sendJunk(test)).status, 303);
});

Deno.test("GET /strava/callback: limits the codes of all strangers, not of users", async () => {
  await using test = await createTestApp();
  const toAddress = (index: number): string => `198.51.100.${index}`;
  assert.equal(await countAccepted(test, 70, toAddress), MAX_OF_ANONYMOUS);
  assert.equal(countRequests(test, TOKEN), MAX_OF_ANONYMOUS);

  const { headers } = await insertCaller(test, "ada");
  assert.equal((await sendJunk(test, { headers })).status, 303);
});

Deno.test("GET /strava/callback: does not count successful connections", async () => {
  await using test = await createTestApp();
  for (let count = 0; count <= MAX_OF_CLIENT; count++) {
    assert.equal(await connect(test), "success");
  }
  await test.idle();
});
