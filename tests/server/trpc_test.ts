import assert from "node:assert/strict";
import {
  createTRPCClient,
  httpBatchLink,
  httpBatchStreamLink,
  TRPCClientError,
} from "@trpc/client";
import superjson from "superjson";
import { createApp } from "../../server/app.ts";
import type { AppRouter } from "../../server/router.ts";
import {
  API_KEY,
  createHistory,
  createTestApp,
  type TestApp,
} from "../support/app.ts";

const HISTORY = createHistory(40, 3);

/** Options of a client that calls the app directly, as a browser would without the network. */
function toLinkOptions(test: TestApp, requests: Request[] = []) {
  return {
    url: "http://localhost:5001/trpc",
    transformer: superjson,
    headers: { "x-api-key": API_KEY },
    fetch: (input: unknown, init: unknown): Promise<Response> => {
      const request = new Request(input as string, init as RequestInit);
      requests.push(request);
      return test.app(request);
    },
  };
}

async function catchError(
  work: Promise<unknown>,
): Promise<TRPCClientError<AppRouter>> {
  const error = await work.then(() => undefined, (error) => error);
  assert.ok(error instanceof TRPCClientError, "The call has not failed");
  return error;
}

Deno.test("@trpc/client: receives Dates, and a batch in one request", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const requests: Request[] = [];
  const client = createTRPCClient<AppRouter>({
    links: [httpBatchLink(toLinkOptions(test, requests))],
  });

  const [ytd, page, run] = await Promise.all([
    client.stats.ytd.query(),
    client.activities.list.query({ limit: 2, activity_type: "Run" }),
    client.stats.longestRun.query({}),
  ]);

  assert.equal(requests.length, 1);
  // The annotations are part of the test: they compile only if the client's types are Dates.
  const dates: Date[] = [ytd.fetched_at, run.start_date];
  for (const { start_date } of page.data) dates.push(start_date);
  assert.equal(dates.length, 4);
  for (const date of dates) assert.ok(date instanceof Date);
  assert.equal(ytd.fetched_at.toISOString(), "2026-11-20T12:02:00.000Z");
});

Deno.test("@trpc/client: receives a streamed batch", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const client = createTRPCClient<AppRouter>({
    links: [httpBatchStreamLink(toLinkOptions(test))],
  });

  const [totals, failed] = await Promise.allSettled([
    client.stats.totals.query(),
    client.stats.longestRun.query({ year: 1900 }),
  ]);

  assert.equal(totals.status, "fulfilled");
  assert.ok(totals.value.fetched_at instanceof Date);
  assert.equal(failed.status, "rejected");
  assert.equal(failed.reason.data.reason, "activity_not_found");
});

Deno.test("@trpc/client: receives a mutation's Dates", async () => {
  await using test = await createTestApp({ synced: true });
  const client = createTRPCClient<AppRouter>({
    links: [httpBatchLink(toLinkOptions(test))],
  });

  const { status, run } = await client.admin.refresh.mutate();

  assert.equal(status, "success");
  assert.ok(run.started_at instanceof Date);
});

Deno.test("@trpc/client: receives an error's reason, message, issues and request id", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const client = createTRPCClient<AppRouter>({
    links: [httpBatchLink(toLinkOptions(test))],
  });

  const missing = await catchError(
    client.stats.longestRun.query({ year: 1900 }),
  );
  const invalid = await catchError(client.activities.list.query({ limit: 0 }));

  assert.equal(missing.message, "The year 1900 has no run that you may see");
  assert.deepEqual(
    { ...missing.data, request_id: typeof missing.data?.request_id },
    {
      code: "NOT_FOUND",
      httpStatus: 404,
      path: "stats.longestRun",
      reason: "activity_not_found",
      request_id: "string",
      issues: null,
    },
  );
  assert.equal(invalid.data?.reason, "invalid_input");
  assert.equal(invalid.data?.issues?.[0]?.path, "limit");
  const ids = test.log.lines.map(({ properties }) => properties["requestId"]);
  assert.ok(ids.includes(missing.data?.request_id));
});

Deno.test("/trpc: answers each call of a batch and refuses more than 20", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const names = (count: number): string =>
    Array(count).fill("stats.ytd").join(",");

  const mixed = await test.get("/trpc/stats.ytd,stats.nothing?batch=1");
  const full = await test.get(`/trpc/${names(20)}?batch=1`);
  const above = await test.get(`/trpc/${names(21)}?batch=1`);

  assert.equal(mixed.status, 207);
  const [first, second] = await mixed.json();
  assert.equal(first.result.data.json.type, "ytd");
  assert.equal(second.error.json.data.reason, "not_found");
  assert.equal(full.status, 200);
  assert.equal((await full.json()).length, 20);
  assert.equal(above.status, 400);
  const { error } = await above.json();
  assert.equal(error.json.data.reason, "invalid_input");
});

const key = { "x-api-key": API_KEY };
const json = { ...key, "content-type": "application/json" };

interface Refusal {
  name: string;
  path: string;
  init: RequestInit;
  status: number;
  reason: string;
  allow?: string;
}

const REFUSALS: readonly Refusal[] = [
  {
    name: "GET for a mutation",
    path: "admin.refresh",
    init: { headers: key },
    status: 405,
    reason: "method_not_allowed",
    allow: "POST",
  },
  {
    name: "GET for a mutation in a batch",
    path: "admin.refresh?batch=1",
    init: { headers: key },
    status: 405,
    reason: "method_not_allowed",
    allow: "POST",
  },
  {
    name: "POST for a query",
    path: "stats.ytd",
    init: { method: "POST", headers: json, body: '{"json":null}' },
    status: 405,
    reason: "method_not_allowed",
    allow: "GET",
  },
  ...[
    "nothing",
    "stats",
    "stats.nothing",
    "stats.constructor",
    "constructor",
    "__proto__",
    "_def",
    "stats.%00",
    "stats.ytd,stats.ytd",
    "",
    "STATS.YTD",
  ].map((path) => ({
    name: `unknown procedure "${path}"`,
    path,
    init: {},
    status: 404,
    reason: "not_found",
  })),
  ...["{", "'", "\u0000", "undefined"].map((input) => ({
    name: `input that is not JSON, ${JSON.stringify(input)}`,
    path: `stats.longestRun?input=${encodeURIComponent(input)}`,
    init: {},
    status: 400,
    reason: "invalid_json",
  })),
  {
    name: "a body that is not JSON",
    path: "admin.refresh",
    init: { method: "POST", headers: json, body: "{" },
    status: 400,
    reason: "invalid_json",
  },
  {
    name: "a body that is not UTF-8",
    path: "admin.refresh",
    init: {
      method: "POST",
      headers: json,
      body: new Uint8Array([0xff, 0xfe, 0x7b]),
    },
    status: 400,
    reason: "invalid_json",
  },
  {
    name: "a body of another type",
    path: "admin.refresh",
    init: { method: "POST", headers: { ...key, "content-type": "text/xml" } },
    status: 415,
    reason: "unsupported_media_type",
  },
  ...["application/octet-stream", "multipart/form-data; boundary=x", ""].map((
    type,
  ) => ({
    name: `a body of the type "${type}"`,
    path: "admin.refresh",
    init: {
      method: "POST",
      headers: { ...key, "content-type": type },
      body: new TextEncoder().encode('{"json":{}}'),
    },
    status: 415,
    reason: "unsupported_media_type",
  })),
  {
    name: "a GET for a form",
    path: "stats.ytd",
    init: { headers: { "content-type": "multipart/form-data; boundary=x" } },
    status: 405,
    reason: "method_not_allowed",
  },
  {
    name: "a batch of 21",
    path: `${Array(21).fill("stats.ytd").join(",")}?batch=1`,
    init: {},
    status: 400,
    reason: "invalid_input",
  },
  {
    name: "a path that is not valid",
    path: "%E0%A4%A",
    init: {},
    status: 400,
    reason: "invalid_input",
  },
  ...[
    '{"json":null}',
    '{"json":[]}',
    '{"json":{"year":"2025"}}',
    '{"json":{"year":2025.5}}',
    '{"json":{"year":1899}}',
    '{"json":{"years":2025}}',
    '{"json":{"year":2025},"meta":{"values":{"year":["Date"]}}}',
    '{"json":{"year":2025},"meta":{"values":{"year":["class","X"]}}}',
    '{"json":{"year":2025},"meta":{"values":{"__proto__.x":["Date"]}}}',
    '{"json":{"year":2025},"meta":{"values":{"constructor.prototype.x":["Date"]}}}',
  ].map((input) => ({
    name: `input that does not match, ${input}`,
    path: `stats.longestRun?input=${encodeURIComponent(input)}`,
    init: {},
    status: 400,
    reason: "invalid_input",
  })),
  {
    name: "no key",
    path: "admin.status",
    init: {},
    status: 401,
    reason: "missing_api_key",
  },
];

Deno.test("/trpc: refuses with status, reason and one log line", async () => {
  await using test = await createTestApp({ synced: true });
  for (const { name, path, init, status, reason, allow } of REFUSALS) {
    const before = test.log.lines.length;

    const response = await test.app(
      new Request(`http://localhost:5001/trpc/${path}`, init),
    );

    const body = await response.json();
    const { error } = Array.isArray(body) ? body[0] : body;
    const id = response.headers.get("x-request-id");
    assert.equal(response.status, status, name);
    assert.match(
      response.headers.get("content-type") ?? "",
      /^application\/json/,
      name,
    );
    assert.equal(response.headers.get("allow"), allow ?? null, name);
    assert.equal(error.json.data.reason, reason, name);
    assert.deepEqual(
      Object.keys(error.json.data),
      ["code", "httpStatus", "path", "reason", "request_id", "issues"],
    );
    assert.ok(id);
    assert.equal(error.json.data.request_id, id, name);
    assert.equal(error.json.data.httpStatus, status, name);
    const [line, ...others] = test.log.lines.slice(before);
    assert.equal(others.length, 0, name);
    assert.equal(line?.level, "info");
    assert.equal(line.properties["reason"], reason);
  }
});

Deno.test("/trpc: logs a failure during a stream with its cause", async () => {
  await using test = await createTestApp({ synced: true });
  const failing = Promise.withResolvers<never>();
  const app = createApp({
    ...test.deps,
    sql: Object.assign(() => failing.promise, test.deps.sql) as never,
  });
  const request = new Request(
    "http://localhost:5001/trpc/stats.ytd?batch=1&input={}",
    { headers: { "trpc-accept": "application/jsonl" } },
  );
  const before = test.log.lines.length;

  const response = await app(request);
  failing.reject(new Error("hunter2"));
  const text = await response.text();

  const id = response.headers.get("x-request-id");
  assert.match(text, /"reason":"internal_error"/);
  assert.ok(id && text.includes(id));
  assert.doesNotMatch(text, /hunter2/);
  const [answered, failed, ...others] = test.log.lines.slice(before);
  assert.equal(others.length, 0);
  assert.deepEqual([answered?.level, failed?.level], ["info", "error"]);
  assert.equal(failed?.message, "Failed while sending the response {reason}");
  assert.equal(failed.properties["requestId"], id);
  assert.match(Deno.inspect(failed.properties["cause"]), /hunter2/);
});

Deno.test("/trpc: keeps inputs strict after REST calls with numbers as text", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const ask = (input: unknown): Promise<Response> =>
    test.get(
      `/trpc/activities.list?input=${
        encodeURIComponent(JSON.stringify({ json: input }))
      }`,
    );

  const rest = await test.get("/strava/activities?limit=5&offset=1");
  const text = await ask({ limit: "5" });
  const number = await ask({ limit: 5 });

  assert.equal(rest.status, 200);
  assert.equal(text.status, 400);
  assert.equal(number.status, 200);
});

Deno.test("/trpc: refuses a body over the limit", async () => {
  await using test = await createTestApp({ synced: true });
  const post = (bytes: number): Promise<Response> =>
    test.post("/trpc/admin.refresh", {
      headers: json,
      body: `{"json":null${" ".repeat(bytes - 13)}}`,
    });

  // Null is not an object, so it is refused once it is read.
  assert.equal((await post(100 * 1024)).status, 400);
  assert.equal((await post(100 * 1024 + 1)).status, 413);
});
