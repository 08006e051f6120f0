import assert from "node:assert/strict";
import { createActivity } from "../../strava_simulator/fixtures.ts";
import { serveStrava } from "../../strava_simulator/simulator.ts";
import type { FaultAction } from "../../strava_simulator/faults.ts";
import {
  assertFault,
  ATHLETE_ID,
  createRig,
  post,
  type Rig,
} from "./simulator.ts";

const CLIENT = {
  client_id: "12345",
  client_secret: "0123456789abcdef0123456789abcdef01234567",
};

function createTwo(): Rig {
  return createRig([1, 2].map((id) => createActivity({ id }, ATHLETE_ID)));
}

function refresh({ strava }: Rig, token: string): Promise<Response> {
  const fields = {
    ...CLIENT,
    grant_type: "refresh_token",
    refresh_token: token,
  };
  return post(strava, "/oauth/token", fields);
}

const LIST = "/athlete/activities";

Deno.test("inject: narrows a fault by times, skip, path, method and probability", async () => {
  const rig = createTwo();
  const action: FaultAction = { kind: "status", status: 503 };
  const { faults } = rig.strava;

  const statuses = async (...paths: string[]): Promise<number[]> => {
    const answers: number[] = [];
    for (const path of paths) {
      const response = await rig.get(path);
      await response.body?.cancel();
      answers.push(response.status);
    }
    faults.clear();
    return answers;
  };

  faults.inject(action, { times: 1, skip: 1 });
  assert.deepEqual(await statuses("/athlete", "/athlete", "/athlete"), [
    200,
    503,
    200,
  ]);
  const rule = faults.inject(action, { path: "/api/v3/activities/*" });
  assert.deepEqual(await statuses("/athlete", "/activities/1", LIST), [
    200,
    503,
    200,
  ]);
  assert.equal(rule.hits, 1);
  faults.inject(action, { method: "POST" });
  assert.deepEqual(await statuses("/athlete"), [200]);
  faults.inject(action, { when: ({ query }) => query.get("page") === "2" });
  assert.deepEqual(await statuses(`${LIST}?page=1`, `${LIST}?page=2`), [
    200,
    503,
  ]);
  faults.inject(action, { probability: 0 });
  assert.deepEqual(await statuses("/athlete"), [200]);
  faults.inject(action, { path: /athlete$/ }).remove();
  assert.deepEqual(await statuses("/athlete"), [200]);
});

Deno.test("inject: draws a probability from the simulator's random numbers", async () => {
  const draws = [0.2, 0.8, 0.4];
  const rig = createRig([], { random: () => draws.shift() ?? 0 });
  draws.splice(0, draws.length, 0.2, 0.8, 0.4);
  rig.strava.faults.inject({ kind: "status", status: 500 }, {
    probability: 0.5,
  });

  const statuses: number[] = [];
  for (let call = 0; call < 3; call++) {
    statuses.push((await rig.get("/athlete")).status);
  }

  assert.deepEqual(statuses, [500, 200, 500]);
});

Deno.test("status: sends HTML or nothing, uncounted and without headers", async () => {
  const rig = createTwo();
  rig.strava.faults.inject({ kind: "status", status: 502 }, { times: 1 });
  rig.strava.faults.inject({ kind: "status", status: 504, body: "empty" }, {
    times: 1,
  });

  const html = await rig.get("/athlete");
  const empty = await rig.get("/athlete");

  assert.equal(html.status, 502);
  assert.match(html.headers.get("Content-Type") ?? "", /text\/html/);
  assert.match(await html.text(), /^<!DOCTYPE html>/);
  assert.equal(html.headers.get("X-Ratelimit-Usage"), null);
  assert.equal(empty.status, 504);
  assert.equal(await empty.text(), "");
  assert.equal(rig.strava.usage().daily, 0);
});

Deno.test("truncated, object, content_type: send a 200 with a wrong body", async () => {
  const rig = createTwo();
  const { faults } = rig.strava;
  faults.inject({ kind: "truncated" }, { times: 1 });
  faults.inject({ kind: "object" }, { times: 1 });
  faults.inject({ kind: "content_type", type: "text/html" }, { times: 1 });

  const truncated = await rig.get(LIST);
  const object = await rig.get(LIST);
  const html = await rig.get(LIST);

  assert.equal(truncated.status, 200);
  await assert.rejects(truncated.json(), SyntaxError);
  assert.deepEqual(await object.json(), { message: "error", errors: [] });
  assert.equal(html.headers.get("Content-Type"), "text/html");
  assert.equal((await html.json()).length, 2);
});

Deno.test("gzip: sends a list that a client can decompress", async () => {
  const rig = createTwo();
  await using server = serveStrava(rig.strava);
  rig.strava.faults.inject({ kind: "gzip" });

  const response = await fetch(`${server.url}/api/v3${LIST}`, {
    headers: { Authorization: `Bearer ${rig.token}` },
  });

  assert.equal((await response.json()).length, 2);
  const raw = await rig.get(LIST);
  assert.equal(raw.headers.get("Content-Encoding"), "gzip");
  assert.deepEqual([...(await raw.bytes()).slice(0, 2)], [0x1f, 0x8b]);
});

Deno.test("redirect: sends the client to the given URL", async () => {
  const rig = createTwo();
  rig.strava.faults.inject({
    kind: "redirect",
    location: "https://x.example/login",
  });

  const response = await rig.get("/athlete");

  assert.equal(response.status, 302);
  assert.equal(response.headers.get("Location"), "https://x.example/login");
});

Deno.test("reset, lost: send no response, before or after the work", async () => {
  const rig = createTwo();
  const before = rig.strava.grants.liveRefreshToken(ATHLETE_ID) ?? "";
  rig.clock.now += 5.5 * 3600_000;
  const match = { path: "/oauth/token", times: 1 };

  rig.strava.faults.inject({ kind: "reset" }, match);
  await assert.rejects(refresh(rig, before), TypeError);
  assert.equal(rig.strava.grants.liveRefreshToken(ATHLETE_ID), before);

  rig.strava.faults.inject({ kind: "lost" }, match);
  await assert.rejects(refresh(rig, before), TypeError);
  assert.notEqual(rig.strava.grants.liveRefreshToken(ATHLETE_ID), before);
  assert.deepEqual(rig.strava.requests.map(({ status }) => status), [0, 0]);
});

Deno.test("reset, lost and cut over a port: make the client's read fail", async () => {
  for (const kind of ["reset", "lost", "cut"] as const) {
    const rig = createTwo();
    await using server = serveStrava(rig.strava);
    rig.strava.faults.inject({ kind });

    await assert.rejects(
      async () => {
        const response = await fetch(`${server.url}/api/v3${LIST}`, {
          headers: { Authorization: `Bearer ${rig.token}` },
        });
        await response.text();
      },
      TypeError,
      kind,
    );
  }
});

Deno.test("cut: fails in the middle of the body", async () => {
  const rig = createTwo();
  rig.strava.faults.inject({ kind: "cut" });

  const response = await rig.get(LIST);

  assert.equal(response.status, 200);
  await assert.rejects(response.text(), TypeError);
});

Deno.test("hang: ends when the client gives up, on release, or after a time", async () => {
  const rig = createTwo();
  const { faults } = rig.strava;
  const call = (signal?: AbortSignal): Promise<Response> =>
    rig.strava.fetch(
      new Request("http://strava.test/api/v3/athlete", {
        headers: { Authorization: `Bearer ${rig.token}` },
        ...(signal ? { signal } : {}),
      }),
    );

  faults.inject({ kind: "hang" }, { times: 2 });
  const abort = new AbortController();
  const given = call(abort.signal);
  const waited = call();
  abort.abort(new Error("Given up"));
  await assert.rejects(given);
  faults.release();
  assert.equal((await waited).status, 200);

  faults.inject({ kind: "hang", ms: 1 }, { times: 1 });
  assert.equal((await call()).status, 200);
});

Deno.test("hang over a port: lets the server close", async () => {
  const rig = createTwo();
  const server = serveStrava(rig.strava);
  const arrived = Promise.withResolvers<void>();
  rig.strava.faults.inject({ kind: "hang" }, {
    when: () => {
      arrived.resolve();
      return true;
    },
  });
  const call = fetch(`${server.url}/api/v3/athlete`, {
    headers: { Authorization: `Bearer ${rig.token}` },
  });
  await arrived.promise;

  await server.close();

  assert.equal((await (await call).json()).id, ATHLETE_ID);
});

Deno.test("invalid_token, forbidden, rate_limit: count like real errors", async () => {
  const rig = createTwo();
  const { faults } = rig.strava;
  faults.inject({ kind: "invalid_token" }, { times: 1 });
  faults.inject({ kind: "forbidden" }, { times: 1 });
  faults.inject({ kind: "rate_limit", old_body: true }, { times: 1 });
  faults.inject({ kind: "rate_limit" }, { times: 1 });

  const invalid = await rig.get("/athlete");
  const forbidden = await rig.get("/athlete");
  const old = await rig.get("/athlete");
  const limited = await rig.get("/athlete");

  await assertFault(
    invalid,
    401,
    "Authorization Error",
    "Athlete",
    "access_token",
    "invalid",
  );
  await assertFault(
    forbidden,
    403,
    "Forbidden",
    "Application",
    "Status",
    "Inactive",
  );
  assert.equal(old.status, 429);
  assert.deepEqual(await old.json(), {
    errors: "Rate Limit Exceeded",
    status: 429,
    message: "Too Many Requests",
  });
  assert.equal(limited.headers.get("X-Ratelimit-Usage"), "4,4");
});

Deno.test("inactive: answers 403 to data calls while refreshes still work", async () => {
  const rig = createTwo();
  rig.strava.faults.inactive = true;

  for (const path of ["/athlete", LIST, "/activities/1"]) {
    const response = await rig.get(path);
    await assertFault(
      response,
      403,
      "Forbidden",
      "Application",
      "Status",
      "Inactive",
    );
  }
  const token = rig.strava.grants.liveRefreshToken(ATHLETE_ID) ?? "";
  assert.equal((await refresh(rig, token)).status, 200);
});

Deno.test("athleteLimit: answers 403 to new athletes only", async () => {
  const rig = createTwo();
  const { strava } = rig;
  strava.addAthlete({ id: 2 });
  strava.autoApprove = true;
  const authorize = (id: number): Promise<Response> =>
    strava.fetch(
      new Request(
        `http://strava.test/oauth/authorize?client_id=12345&response_type=code&scope=read` +
          `&redirect_uri=http://localhost/&athlete_id=${id}`,
      ),
    );
  const early = new URL((await authorize(2)).headers.get("Location") ?? "");
  strava.faults.athleteLimit = true;

  const refused = await authorize(2);
  const exchange = await post(strava, "/oauth/token", {
    ...CLIENT,
    grant_type: "authorization_code",
    code: early.searchParams.get("code") ?? "",
  });

  await assertFault(refused, 403, "Limit of connected athletes exceeded");
  await assertFault(exchange, 403, "Limit of connected athletes exceeded");
  assert.equal((await authorize(ATHLETE_ID)).status, 302);
});

Deno.test("rejectRefresh: answers 400 to a refresh and changes nothing", async () => {
  const rig = createTwo();
  const token = rig.strava.grants.liveRefreshToken(ATHLETE_ID) ?? "";
  rig.strava.faults.rejectRefresh = true;

  const response = await refresh(rig, token);

  await assertFault(
    response,
    400,
    "Bad Request",
    "RefreshToken",
    "refresh_token",
    "invalid",
  );
  assert.equal(rig.strava.grants.liveRefreshToken(ATHLETE_ID), token);
});

Deno.test("broken: answers 500 for one activity only", async () => {
  const rig = createTwo();
  rig.strava.faults.broken.add(1);

  assert.equal((await rig.get("/activities/1")).status, 500);
  assert.equal((await rig.get("/activities/1/streams")).status, 500);
  assert.equal((await rig.get("/activities/2")).status, 200);
  assert.equal((await (await rig.get(LIST)).json()).length, 2);
});

Deno.test("spoiled: makes one item of a list impossible to parse", async () => {
  const rig = createTwo();
  const read = async (): Promise<Record<string, unknown>[]> =>
    (await rig.get(LIST)).json();

  rig.strava.faults.spoiled.set(1, "no_start_date");
  assert.ok(!("start_date" in ((await read())[1] ?? {})));
  rig.strava.faults.spoiled.set(1, "huge_id");
  assert.ok(Number((await read())[1]?.id) > Number.MAX_SAFE_INTEGER);
  rig.strava.faults.spoiled.set(1, "null");
  assert.equal((await read())[1], null);
});

Deno.test("clear: ends every rule and switch", async () => {
  const rig = createTwo();
  const { faults } = rig.strava;
  faults.inject({ kind: "status", status: 500 });
  faults.inactive = true;
  faults.shortPages = 1;
  faults.broken.add(1);

  faults.clear();

  assert.equal((await rig.get("/activities/1")).status, 200);
  assert.equal((await (await rig.get(LIST)).json()).length, 2);
});

Deno.test("list, oversized, length, stall, gzip: send a damaged 200", async () => {
  const rig = createTwo();
  const { faults } = rig.strava;
  faults.inject({ kind: "list" }, { times: 1 });
  faults.inject({ kind: "oversized" }, { times: 1 });
  faults.inject({ kind: "length", bytes: 1e10 }, { times: 1 });
  faults.inject({ kind: "gzip", broken: true }, { times: 1 });
  faults.inject({ kind: "stall" }, { times: 1 });

  const list = await (await rig.get("/athlete")).json();
  const oversized = await (await rig.get(LIST)).json();
  const long = await rig.get(LIST);
  const unzipped = await rig.get(LIST);
  const stalled = await rig.get(LIST);
  const reader = stalled.body!.getReader();
  const head = await reader.read();
  const rest = reader.read();
  faults.release();

  assert.deepEqual([Array.isArray(list), list.length], [true, 1]);
  assert.equal(oversized.length, 20);
  assert.equal(long.headers.get("Content-Length"), "10000000000");
  assert.equal(unzipped.headers.get("Content-Encoding"), "gzip");
  assert.equal(JSON.parse(await unzipped.text()).length, 2);
  const bytes = [...head.value!, ...(await rest).value!];
  const text = new TextDecoder().decode(new Uint8Array(bytes));
  assert.equal(JSON.parse(text).length, 2);
  await long.body?.cancel();
});
