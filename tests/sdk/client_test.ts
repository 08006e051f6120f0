import assert from "node:assert/strict";
import {
  type Client,
  type ClientOptions,
  createClient,
  isApiError,
} from "@paceline/sdk";
import {
  API_KEY,
  ATHLETE_ID,
  createHistory,
  createTestApp,
} from "../support/app.ts";
import { ANSWERS, catchApiError, serveAnswers } from "./support.ts";

const HISTORY = createHistory(40, 3);

/** Creates a client of the whole server, without a network in between. */
function createAppClient(
  app: (request: Request) => Promise<Response>,
  options: Partial<ClientOptions> & { requests?: Request[] } = {},
): Client {
  const { requests = [], ...rest } = options;
  return createClient({
    url: "http://localhost:5001",
    fetch(url, init) {
      const request = new Request(url, init);
      requests.push(request);
      return app(request);
    },
    ...rest,
  });
}

Deno.test("createClient: returns dates, lists and numbers as the server has them", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const api = createAppClient(test.app);

  const page = await api.activities.list.query({ limit: 3 });
  const ytd = await api.stats.ytd.query();

  assert.equal(page.data.length, 3);
  assert.ok(page.data[0]!.start_date instanceof Date);
  assert.equal(ytd.type, "ytd");
  assert.ok(ytd.fetched_at instanceof Date);
});

Deno.test("createClient: accepts undefined and dates in inputs", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const api = createAppClient(test.app);
  const date = new Date(0) as unknown as number;

  const page = await api.activities.list.query({
    limit: 3,
    activity_type: undefined,
  });
  const error = await catchApiError(api.activities.list.query({ limit: date }));

  assert.equal(page.data.length, 3);
  // No procedure takes a date, but the error shows that the schema received one.
  assert.match(error.message, /expected number, received Date/);
});

Deno.test("createClient: runs a mutation once, with the API key", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const api = createAppClient(test.app, { apiKey: API_KEY });

  const { status, run } = await api.admin.refresh.mutate();

  assert.equal(status, "success");
  assert.equal(run.trigger, "refresh");
});

Deno.test("createClient: sends calls of one moment in one request unless batch is false", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const shared: Request[] = [];
  const single: Request[] = [];

  for (
    const [requests, batch] of [[shared, true], [single, false]] as const
  ) {
    const api = createAppClient(test.app, { requests, batch });
    await Promise.all([api.stats.ytd.query(), api.stats.monthly.query()]);
  }

  assert.deepEqual([shared.length, single.length], [1, 2]);
});

Deno.test("createClient: splits a batch that exceeds the server's limit", async () => {
  await using test = await createTestApp();
  const requests: Request[] = [];
  const api = createAppClient(test.app, { requests, apiKey: API_KEY });

  const errors = await Promise.all(
    Array.from({ length: 45 }, () => catchApiError(api.admin.refresh.mutate())),
  );

  assert.equal(requests.length, 3);
  assert.deepEqual(
    [...new Set(errors.map(({ reason }) => reason))],
    ["not_connected"],
  );
});

Deno.test("createClient: calls apiKey and headers before each request if functions", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const requests: Request[] = [];
  let count = 0;
  const api = createAppClient(test.app, {
    requests,
    apiKey: () => Promise.resolve(API_KEY),
    headers: () => ({ "x-count": String(++count) }),
  });

  await api.admin.status.query();
  await api.admin.status.query();

  assert.deepEqual(requests.map(({ headers }) => headers.get("x-count")), [
    "1",
    "2",
  ]);
});

Deno.test("createClient: rejects with the errors of the caller's own functions", async () => {
  const api = createClient({
    url: "http://localhost:5001",
    apiKey: () => Promise.reject(new RangeError("no key today")),
    fetch: () => assert.fail("nothing may be sent"),
  });

  await assert.rejects(api.stats.ytd.query(), RangeError);
});

Deno.test("ApiError: has reason, status, request id, path and issues of a bad input", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const api = createAppClient(test.app);

  const error = await catchApiError(api.activities.list.query({ limit: 0 }));

  assert.equal(error.reason, "invalid_input");
  assert.equal(error.status, 400);
  assert.match(error.requestId ?? "", /^[0-9a-f-]{36}$/);
  assert.equal(error.path, "activities.list");
  assert.equal(error.issues[0]?.path, "limit");
});

Deno.test("ApiError: differs for each call of a batch", async () => {
  await using test = await createTestApp();
  const api = createAppClient(test.app, { apiKey: API_KEY });

  const [ytd, status] = await Promise.allSettled([
    api.stats.ytd.query(),
    api.admin.status.query(),
  ]);

  assert.equal(status.status, "fulfilled");
  assert.ok(ytd.status === "rejected" && isApiError(ytd.reason));
  assert.equal(ytd.reason.reason, "not_connected");
  assert.equal(ytd.reason.status, 404);
});

Deno.test("ApiError: is network_error without a server, reported for each attempt", async () => {
  const { url, stop } = serveAnswers([]);
  await stop();
  const attempts: unknown[] = [];
  const api = createClient({
    url,
    retries: 1,
    onError: ({ reason }, { path, willRetry }) =>
      attempts.push([reason, path, willRetry]),
  });

  const error = await catchApiError(api.stats.ytd.query());

  assert.equal(error.reason, "network_error");
  assert.equal(error.status, 0);
  assert.deepEqual(attempts, [
    ["network_error", "stats.ytd", true],
    ["network_error", "stats.ytd", false],
  ]);
});

Deno.test("ApiError: mentions CORS in a network_error in a browser only", async () => {
  const { url, stop } = serveAnswers([]);
  await stop();
  const api = createClient({ url, retries: 0 });
  const outside = await catchApiError(api.stats.ytd.query());
  Object.defineProperty(globalThis, "location", {
    value: new URL("http://localhost:5174/page"),
    configurable: true,
  });
  using _page = {
    [Symbol.dispose]: () => Reflect.deleteProperty(globalThis, "location"),
  };

  const inside = await catchApiError(api.stats.ytd.query());

  assert.equal(outside.message, "The server could not be reached");
  assert.equal(
    inside.message,
    "The server could not be reached, or it refuses pages of http://localhost:5174 (CORS): " +
      "check that it runs and that its CORS_ORIGINS lists this origin",
  );
});

Deno.test("ApiError: is invalid_response if the response is not from the API", async () => {
  const { html, empty, truncated, other } = ANSWERS;
  for (const answer of [html, empty, truncated, other]) {
    await using server = serveAnswers([answer]);
    const api = createClient({ url: server.url, retries: 0 });

    const error = await catchApiError(api.stats.ytd.query());

    assert.equal(error.reason, "invalid_response");
    assert.equal(error.status, 200);
  }
});

Deno.test("ApiError: has the reason of a problem document outside of tRPC", async () => {
  const { tooLarge } = ANSWERS;
  await using server = serveAnswers([tooLarge]);
  const api = createClient({ url: server.url });

  const error = await catchApiError(api.stats.ytd.query());

  assert.equal(error.reason, "body_too_large");
  assert.equal(error.status, 413);
  assert.equal(error.requestId, "id-1");
  assert.equal(error.message, "Too large");
});

Deno.test("retries: repeats a query after 429, 502, 503, 504 and a lost connection", async () => {
  const { ok, status, html } = ANSWERS;
  for (const code of [429, 502, 503, 504]) {
    await using server = serveAnswers([status(code), ok]);
    const api = createClient({ url: server.url });
    assert.equal((await api.stats.ytd.query()).type, "ytd");
  }
  await using proxy = serveAnswers([
    () => new Response(html().body, { status: 502 }),
    ok,
  ]);
  assert.equal(
    (await createClient({ url: proxy.url }).stats.ytd.query()).type,
    "ytd",
  );
});

Deno.test("retries: stops at permanent errors and at the limit, and skips mutations", async () => {
  const { ok, status } = ANSWERS;
  await using notFound = serveAnswers([status(404), ok]);
  await using often = serveAnswers([status(503), status(503), ok]);
  await using mutation = serveAnswers([status(503), ok]);

  for (
    const [server, call] of [
      [notFound, (api: Client) => api.stats.ytd.query()],
      [often, (api: Client) => api.stats.ytd.query()],
      [mutation, (api: Client) => api.admin.refresh.mutate()],
    ] as const
  ) {
    const api = createClient({ url: server.url, retries: 1 });
    assert.ok((await catchApiError(call(api))).status >= 404);
  }

  assert.deepEqual([notFound.count, often.count, mutation.count], [1, 2, 1]);
});

Deno.test("retries: waits for Retry-After, or fails at once if it is too long", async () => {
  const { ok, status } = ANSWERS;
  await using soon = serveAnswers([status(503, { "retry-after": "1" }), ok]);
  await using late = serveAnswers([status(503, { "retry-after": "900" }), ok]);
  const start = performance.now();

  await createClient({ url: soon.url }).stats.ytd.query();
  const waited = performance.now() - start;
  const error = await catchApiError(
    createClient({ url: late.url }).stats.ytd.query(),
  );

  assert.ok(waited >= 1000, `waited ${waited} ms`);
  assert.equal(error.retryAfter, 900_000);
  assert.equal(late.count, 1);
});

Deno.test("timeout: ends an attempt without a response, which is then retried", async () => {
  const { ok, never } = ANSWERS;
  await using server = serveAnswers([never, ok]);
  await using silent = serveAnswers([never]);

  const ytd = await createClient({ url: server.url, timeout: 200 }).stats.ytd
    .query();
  const error = await catchApiError(
    createClient({ url: silent.url, retries: 0 }).stats.ytd.query(undefined, {
      timeout: 100,
    }),
  );

  assert.equal(ytd.type, "ytd");
  assert.equal(error.reason, "timeout");
});

Deno.test("signal: aborts one call of a batch at once while the others continue", async () => {
  const { okTwice, gate } = ANSWERS;
  const opened = gate();
  await using server = serveAnswers([async () => {
    await opened.promise;
    return okTwice();
  }]);
  const api = createClient({ url: server.url });
  const controller = new AbortController();
  const given = api.stats.ytd.query(undefined, { signal: controller.signal });
  const kept = api.stats.ytd.query();
  await server.asked;

  controller.abort(new Error("moved on"));
  const error = await catchApiError(given);
  opened.resolve();

  assert.equal(error.reason, "aborted");
  assert.match(String(error.cause), /moved on/);
  assert.equal((await kept).type, "ytd");
});

Deno.test("signal: aborts the request when no call waits for it", async () => {
  const { never } = ANSWERS;
  await using server = serveAnswers([never]);
  const controller = new AbortController();
  const call = createClient({ url: server.url }).stats.ytd.query(undefined, {
    signal: controller.signal,
  });
  await server.asked;

  controller.abort();
  await catchApiError(call);

  await server.aborted;
});

Deno.test("signal: prevents the request before a call and a retry between attempts", async () => {
  const { ok, status } = ANSWERS;
  await using server = serveAnswers([status(503), ok]);
  const controller = new AbortController();
  const api = createClient({
    url: server.url,
    onError: () => controller.abort(),
  });

  const before = await catchApiError(
    createClient({ url: server.url }).stats.ytd.query(undefined, {
      signal: AbortSignal.abort(),
    }),
  );
  assert.equal(server.count, 0);
  const between = await catchApiError(
    api.stats.ytd.query(undefined, { signal: controller.signal }),
  );

  assert.deepEqual([before.reason, between.reason], ["aborted", "aborted"]);
  assert.equal(server.count, 1);
});

Deno.test("createClient: keeps a path in the URL and drops its trailing slash", async () => {
  const { ok } = ANSWERS;
  await using server = serveAnswers([ok]);

  await createClient({ url: `${server.url}/behind/a/proxy/` }).stats.ytd
    .query();

  assert.match(server.paths[0]!, /^\/behind\/a\/proxy\/trpc\/stats\.ytd/);
});

Deno.test("createClient: warns of an API key in a page, not on a server", () => {
  const warnings: unknown[] = [];
  const { warn } = console;
  // deno-lint-ignore no-console -- what is tested
  console.warn = (text: unknown) => warnings.push(text);
  try {
    createClient({ url: "http://localhost", apiKey: "k" });
    Object.assign(globalThis, { document: {} });
    createClient({ url: "http://localhost" });
    createClient({ url: "http://localhost", apiKey: "k" });
  } finally {
    // deno-lint-ignore no-console -- as it was
    console.warn = warn;
    Reflect.deleteProperty(globalThis, "document");
  }

  assert.equal(warnings.length, 1);
  assert.match(String(warnings[0]), /API key is part of this page/);
});

Deno.test("createClient: returns a client that can be awaited and printed", async () => {
  const api = createClient({ url: "http://localhost" });

  assert.equal(typeof await api, "function");
  assert.equal(JSON.stringify({ api }), "{}");
  assert.throws(
    () => (api as unknown as { stats: () => void }).stats(),
    /api\.stats cannot be called/,
  );
});

Deno.test("isApiError: recognises the errors of another copy of the package", () => {
  const foreign = Object.assign(new Error("no"), {
    name: "ApiError",
    reason: "not_found",
  });

  assert.ok(isApiError(foreign));
  assert.ok(!isApiError(new Error("no")));
  assert.ok(!isApiError({ name: "ApiError", reason: "not_found" }));
});

Deno.test("athlete: is used for inputs without one, and can be a share token", async () => {
  await using test = await createTestApp({
    activities: HISTORY,
    synced: true,
    env: { PUBLIC_STATS: "false" },
  });
  const owner = createAppClient(test.app, { apiKey: API_KEY });
  const { share_token: athlete } = await owner.athletes.setVisibility.mutate({
    athlete: ATHLETE_ID,
    visibility: "link",
  });
  assert.ok(athlete);

  const anonymous = createAppClient(test.app);
  const guest = createAppClient(test.app, { athlete });
  const wrong = createAppClient(test.app, { athlete: ATHLETE_ID });
  const refused = await catchApiError(anonymous.stats.ytd.query());
  const hidden = await catchApiError(wrong.stats.ytd.query());
  const ytd = await guest.stats.ytd.query();
  const page = await guest.activities.list.query({ limit: 2 });
  const status = await guest.sync.status.query();
  const own = await wrong.stats.ytd.query({ athlete });
  const other = await catchApiError(
    guest.activities.list.query({ athlete: ATHLETE_ID }),
  );

  assert.equal(refused.reason, "missing_api_key");
  assert.equal(hidden.reason, "athlete_not_found");
  assert.equal(other.reason, "athlete_not_found");
  assert.equal(page.data.length, 2);
  assert.equal(status.activities, page.total);
  assert.deepEqual(own.data, ytd.data);
});

Deno.test("athlete: is not added to inputs of other routers", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const api = createAppClient(test.app, {
    athlete: ATHLETE_ID,
    apiKey: API_KEY,
  });

  const status = await api.admin.status.query();
  const { data } = await api.athletes.list.query();

  assert.ok(status);
  assert.equal(data[0]?.id, ATHLETE_ID);
});
