import assert from "node:assert/strict";
import type { FaultAction } from "../../../strava_simulator/faults.ts";
import { requestStrava } from "../../../server/sync/request_strava.ts";
import { StravaClient } from "../../../server/strava/client.ts";
import { StravaError } from "../../../server/strava/errors.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../../support/app.ts";
import {
  connectWithoutSync,
  createSpacedRuns,
  LIST,
  listPages,
  readStoredIds,
  readStravaIds,
  sync,
} from "../../support/sync.ts";

const DETAIL = "/api/v3/activities/*";
const COUNT = 30;

/** A faulty response, and how a run reports it. */
interface OddResponse {
  action: FaultAction;
  reason: "unavailable" | "unreachable";
  /** Pattern of the run's error detail. */
  detail: RegExp;
}

const BODIES: Record<string, OddResponse> = {
  "HTML with 200": {
    action: { kind: "status", status: 200 },
    reason: "unavailable",
    detail: /with 200 and HTML$/,
  },
  "an empty 200": {
    action: { kind: "status", status: 200, body: "empty" },
    reason: "unavailable",
    detail: /with 200 and an empty body$/,
  },
  "204 without a body": {
    action: { kind: "status", status: 204, body: "empty" },
    reason: "unavailable",
    detail: /with 204 and an empty body$/,
  },
  "JSON cut short": {
    action: { kind: "truncated" },
    reason: "unavailable",
    detail: /with 200 and a body that is not JSON$/,
  },
  "a JSON string": {
    action: { kind: "status", status: 200, body: { json: "sorry" } },
    reason: "unavailable",
    detail: /not have the documented shape: the response$/,
  },
  "a JSON null": {
    action: { kind: "status", status: 200, body: { json: null } },
    reason: "unavailable",
    detail: /not have the documented shape: the response$/,
  },
  "500": {
    action: { kind: "status", status: 500 },
    reason: "unavailable",
    detail: /with 500$/,
  },
  "503 in JSON": {
    action: { kind: "status", status: 503, body: { json: { errors: "x" } } },
    reason: "unavailable",
    detail: /with 503$/,
  },
  "a reset before the response": {
    action: { kind: "reset" },
    reason: "unreachable",
    detail: /sent no complete response to \S+$/,
  },
  "a lost response": {
    action: { kind: "lost" },
    reason: "unreachable",
    detail: /sent no complete response to \S+$/,
  },
  "a reset during the body": {
    action: { kind: "cut" },
    reason: "unreachable",
    detail: /sent no complete response to \S+$/,
  },
  "a hang before the headers": {
    action: { kind: "hang" },
    reason: "unreachable",
    detail: /did not answer \S+ within 0.3 s$/,
  },
  "a hang during the body": {
    action: { kind: "stall" },
    reason: "unreachable",
    detail: /did not answer \S+ within 0.3 s$/,
  },
  "broken gzip": {
    action: { kind: "gzip", broken: true },
    reason: "unreachable",
    detail: /sent no complete response to \S+$/,
  },
  "a Content-Length of 10 GB": {
    action: { kind: "length", bytes: 10e9 },
    reason: "unavailable",
    detail: /^Strava sent a response of more than 32 MiB$/,
  },
  "too large a Content-Length": {
    action: { kind: "length", bytes: 1_000_000 },
    reason: "unreachable",
    detail: /sent no complete response to \S+$/,
  },
};

const LISTS: Record<string, OddResponse> = {
  ...BODIES,
  "an object instead of a list": {
    action: { kind: "object" },
    reason: "unavailable",
    detail: /not have the documented shape: the response$/,
  },
  "ten times too many items": {
    action: { kind: "oversized" },
    reason: "unavailable",
    detail: /^Strava sent 300 activities: expected at most 200$/,
  },
};

const OBJECTS: Record<string, OddResponse> = {
  ...BODIES,
  "a list instead of an object": {
    action: { kind: "list" },
    reason: "unavailable",
    detail: /not have the documented shape: the response$/,
  },
  "an unrelated object": {
    action: { kind: "object" },
    reason: "unavailable",
    detail: /not have the documented shape: id$/,
  },
};

async function createConnected(): Promise<TestApp> {
  const test = await createTestApp({ activities: createSpacedRuns(COUNT) });
  test.deps.strava = new StravaClient({
    ...test.config.strava,
    timeoutMs: 300,
  });
  await connectWithoutSync(test);
  return test;
}

for (const [name, { action, reason, detail }] of Object.entries(LISTS)) {
  Deno.test(`sync: retries ${name} for the list, then fails`, async () => {
    await using test = await createConnected();
    const { strava, deps } = test;
    const rule = strava.faults.inject(action, { path: LIST });

    const failed = await sync(test);

    assert.deepEqual([failed.status, failed.errorReason], ["failed", reason]);
    assert.match(failed.errorDetail ?? "", detail);
    assert.equal(rule.hits, 3);
    assert.deepEqual([failed.pages, failed.inserted], [0, 0]);
    assert.deepEqual(await readStoredIds(deps.sql), []);

    rule.remove();
    strava.faults.inject(action, { path: LIST, times: 2 });
    const run = await sync(test);
    assert.deepEqual([run.status, run.inserted], ["success", COUNT]);
    assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(strava));
  });
}

for (const [name, { action, reason, detail }] of Object.entries(OBJECTS)) {
  Deno.test(`requestStrava: retries ${name} for an activity, then fails`, async () => {
    await using test = await createConnected();
    const { strava, deps } = test;
    const id = readStravaIds(strava)[0]!;
    const fetchDetail = (): Promise<Record<string, unknown>> =>
      requestStrava(deps, {
        athleteId: ATHLETE_ID,
        priority: "fresh",
        send: (options) => deps.strava.getActivity({ ...options, id }),
      });
    const rule = strava.faults.inject(action, { path: DETAIL });

    const error = await fetchDetail().catch((cause) => cause);

    assert.ok(error instanceof StravaError, `${error}`);
    assert.equal(error.kind, reason);
    assert.match(error.message, detail);
    assert.equal(rule.hits, 3);

    rule.remove();
    strava.faults.inject(action, { path: DETAIL, times: 2 });
    assert.equal((await fetchDetail())["id"], id);
  });
}

Deno.test("sync: reads a list compressed with gzip", async () => {
  await using test = await createConnected();
  test.strava.faults.inject({ kind: "gzip" }, { path: LIST });
  assert.equal((await sync(test)).inserted, COUNT);
});

Deno.test("sync: keeps all pages before an odd one and stores nothing of it", async () => {
  for (const { action } of Object.values(LISTS)) {
    await using test = await createConnected();
    const { strava, deps } = test;
    strava.faults.shortPages = 10;
    if (action.kind === "oversized") continue; // ten times 10 items still fit on a page
    strava.faults.inject(action, {
      path: LIST,
      when: ({ query }) => query.get("page") === "2",
    });

    const run = await sync(test);

    assert.deepEqual([run.status, run.pages], ["failed", 1]);
    assert.equal((await readStoredIds(deps.sql)).length, 10);
  }
});

for (const status of [301, 302, 303, 307, 308]) {
  Deno.test(`StravaClient: never follows a redirect with ${status}`, async () => {
    await using test = await createConnected();
    await using target = startTarget();
    const { strava } = test;
    for (const path of [LIST, "/oauth/token"]) {
      strava.faults.inject(
        { kind: "redirect", location: `${target.url}/login`, status },
        { path },
      );
    }

    const run = await sync(test);
    test.clock.now += 6 * 60 * 60 * 1000; // the token expires
    const refreshing = await sync(test);

    assert.deepEqual(run.errorReason, "unavailable");
    assert.equal(
      run.errorDetail,
      `Strava answered ${LIST} with ${status} and a redirect`,
    );
    assert.equal(
      refreshing.errorDetail,
      `Strava answered /oauth/token with ${status} and a redirect`,
    );
    assert.equal(listPages(strava).length, 3);
    assert.equal(target.hits(), 0);
  });
}

/** Starts a server as the target of redirects and counts its requests. */
function startTarget(): { url: string; hits: () => number } & AsyncDisposable {
  let hits = 0;
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => {
      hits++;
      return Response.json([]);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    hits: () => hits,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
