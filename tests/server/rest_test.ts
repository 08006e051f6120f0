import assert from "node:assert/strict";
import { createHandler, createTestApp, type TestApp } from "../support/app.ts";

const PROBLEM_KEYS = ["type", "title", "status", "detail", "reason"];

// deno-lint-ignore no-explicit-any -- a problem has other keys in each test
async function readProblem(response: Response): Promise<any> {
  assert.equal(
    response.headers.get("content-type"),
    "application/problem+json",
  );
  const problem = await response.json();
  assert.deepEqual(Object.keys(problem).slice(0, 5), PROBLEM_KEYS);
  assert.equal(problem.status, response.status);
  assert.equal(problem.request_id, response.headers.get("x-request-id"));
  assert.equal(problem.type, `urn:paceline:error:${problem.reason}`);
  return problem;
}

function refresh(
  test: TestApp,
  body?: BodyInit,
  contentType?: string,
): Promise<Response> {
  const headers = new Headers();
  if (contentType) headers.set("content-type", contentType);
  // A string body would set its own content type.
  const bytes = typeof body === "string"
    ? new TextEncoder().encode(body)
    : body;
  return test.post("/strava/refresh-data", {
    key: true,
    headers,
    ...(bytes === undefined ? {} : { body: bytes }),
  });
}

const JSON_TYPE = "application/json";

Deno.test("POST /strava/refresh-data: accepts no body and no content type", async () => {
  await using test = await createTestApp({ synced: true });
  for (
    const [body, type] of [
      [undefined, undefined],
      ["", undefined],
      ["", "application/x-www-form-urlencoded"],
      [" \r\n", undefined],
      ["{}", JSON_TYPE],
      [" {} ", "Application/JSON ; charset=utf-8"],
    ]
  ) {
    const response = await refresh(test, body, type);
    const answer = await response.json();
    assert.equal(response.status, 200, JSON.stringify([body, type]));
    assert.deepEqual(Object.keys(answer), ["status", "message", "run"]);
  }
});

Deno.test("POST /strava/refresh-data: answers 415 for another content type", async () => {
  await using test = await createTestApp({ synced: true });
  for (
    const type of [
      undefined,
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/jsonp",
      "application/problem+json",
      ";",
    ]
  ) {
    const problem = await readProblem(await refresh(test, "{}", type));
    assert.equal(problem.status, 415, type);
    assert.equal(problem.reason, "unsupported_media_type");
  }
});

Deno.test("POST /strava/refresh-data: answers 400 unless the body is a JSON object", async () => {
  await using test = await createTestApp({ synced: true });
  const before = test.strava.requests.length;
  for (
    const [body, reason] of [
      ["{", "invalid_json"],
      ["{'a':1}", "invalid_json"],
      ["\u0000", "invalid_json"],
      ["NaN", "invalid_json"],
      [new Uint8Array([0xff, 0xfe]), "invalid_json"],
      [new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x7d]), "invalid_json"],
      ["[".repeat(100_000), "invalid_json"],
      ["[]", "invalid_input"],
      ["[{}]", "invalid_input"],
      ["null", "invalid_input"],
      ["1", "invalid_input"],
      ["true", "invalid_input"],
      ['"{}"', "invalid_input"],
      ['{"a":1}', "invalid_input"],
      ['{"a":1,"a":2}', "invalid_input"],
      ['{"\\u0000":1}', "invalid_input"],
      ['{"__proto__":{"data":"delete"}}', "invalid_input"],
      ['{"constructor":{"prototype":{}}}', "invalid_input"],
      [`${'{"a":'.repeat(15_000)}1${"}".repeat(15_000)}`, "invalid_input"],
      ["[".repeat(50_000) + "]".repeat(50_000), "invalid_input"],
    ] as const
  ) {
    const response = await refresh(test, body, JSON_TYPE);
    const problem = await readProblem(response);
    assert.equal(problem.status, 400, String(body).slice(0, 40));
    assert.equal(problem.reason, reason, String(body).slice(0, 40));
  }
  assert.equal(test.strava.requests.length, before);
});

Deno.test("POST /strava/admin/disconnect: takes the last of equal keys", async () => {
  await using test = await createTestApp({ synced: true });
  const post = (body: string): Promise<Response> =>
    test.post("/strava/admin/disconnect", {
      key: true,
      headers: { "content-type": JSON_TYPE },
      body,
    });

  for (const data of ['"DELETE"', "true", '["delete"]', "null", '""']) {
    const problem = await readProblem(await post(`{"data":${data}}`));
    assert.equal(problem.status, 400, data);
    assert.equal(problem.issues[0].path, "data");
  }
  assert.equal((await test.get("/strava/stats/ytd")).status, 200);

  const done = await (await post('{"data":"delete","data":"keep"}')).json();
  assert.equal(done.data, "kept");
});

const HOSTILE_NAMES = [
  "constructor=1",
  "__proto__=1",
  "__proto__[year]=1",
  "toString",
  "hasOwnProperty=1",
  "valueOf=1",
  "prototype=1",
  "%00=1",
  "%FF=1",
  "=1",
  "=",
  "%E2%80%AE=1",
  "%0d%0aset-cookie:a=1",
];

Deno.test("GET /strava/*: answers 400 and names an unknown parameter", async () => {
  await using test = await createTestApp({ synced: true });
  for (
    const path of [
      "stats/ytd",
      "stats/monthly",
      "stats/activities",
      "stats/totals",
      "stats/yearly",
      "stats/longest-run",
      "stats/longest-ride",
      "activities",
    ]
  ) {
    for (const query of HOSTILE_NAMES) {
      const [name] = [...new URLSearchParams(query)][0]!;
      const response = await test.get(`/strava/${path}?${query}`);
      const problem = await readProblem(response);
      assert.equal(problem.status, 400, `${path}?${query}`);
      assert.equal(problem.reason, "invalid_input");
      assert.equal(problem.issues.length, 1, query);
      assert.equal(problem.issues[0].path, name);
      assert.match(
        problem.issues[0].message,
        /^is not a known parameter: those that exist are ([a-z_]+, )*athlete/,
      );
    }
  }
});

Deno.test("input: names the known parameters over REST and tRPC, once", async () => {
  await using test = await createTestApp({ synced: true });
  const rest = await test.get("/strava/stats/compare?yeer=1&wrong=2");
  const input = encodeURIComponent('{"json":{"yeer":1,"wrong":2}}');
  const trpc = await test.get(`/trpc/stats.compare?input=${input}`);

  const { issues } = await readProblem(rest);
  const { error } = await trpc.json();
  for (const [first, second] of [issues, error.json.data.issues]) {
    assert.deepEqual([first.path, second.path], ["yeer", "wrong"]);
    assert.match(
      first.message,
      /^is not a known parameter: those that exist are .*athlete/,
    );
    assert.equal(second.message, "is not a known parameter");
  }
});

Deno.test("input: calls a missing parameter missing, and lists its values", async () => {
  await using test = await createTestApp({ synced: true });
  const asked = await test.get("/strava/activities/export", { key: true });
  const wrong = await test.get("/strava/activities/export?format=pdf", {
    key: true,
  });
  const goal = await test.get("/strava/stats/goal");

  const problem = await readProblem(asked);
  assert.equal(
    problem.detail,
    '"format" is missing: expected one of "csv", "jsonl", "geojson"',
  );
  assert.match(
    (await readProblem(wrong)).detail,
    /^"format": Invalid option: /,
  );
  assert.match(
    (await readProblem(goal)).detail,
    /"target" is missing: expected number$/,
  );
});

Deno.test("POST /strava/refresh-data: refuses query parameters", async () => {
  await using test = await createTestApp({ synced: true });
  const response = await test.post("/strava/refresh-data?force=1", {
    key: true,
  });
  const problem = await readProblem(response);
  assert.equal(problem.status, 400);
  assert.equal(problem.issues[0].path, "force");
});

Deno.test("GET /strava/activities: shortens the answer to thousands of problems", async () => {
  await using test = await createTestApp({ synced: true });
  const names = Array.from({ length: 5000 }, (_, i) => `p${i}=${i}`).join("&");
  const long = `${"%00".repeat(20_000)}=1`;

  const many = await test.get(`/strava/activities?${names}&limit=0`);
  const longOnes = await test.get(
    `/strava/activities?${`${long}&`.repeat(20)}`,
  );

  const problem = await readProblem(many.clone());
  assert.equal(problem.status, 400);
  assert.equal(problem.issues.length, 10);
  assert.match(problem.detail, /"p8" .*; and 4991 more$/);
  assert.equal(problem.issues[0].path, "limit", "Hidden by unknown ones");
  const { issues } = await readProblem(longOnes.clone());
  assert.equal(issues[0].path, `${"\0".repeat(63)}…`);
  for (const response of [many, longOnes]) {
    assert.ok((await response.text()).length < 16_000);
  }
});

Deno.test("GET /strava/activities: reports all problems at once", async () => {
  await using test = await createTestApp({ synced: true });
  const response = await test.get(
    "/strava/activities?yeer=2025&limit=0&year=2024&year=2025&offset=x&__proto__=1",
  );
  const { detail, issues } = await readProblem(response);
  assert.deepEqual(
    issues.map(({ path }: { path: string }) => path),
    ["limit", "offset", "year", "yeer", "__proto__"],
  );
  for (const { path } of issues) assert.ok(detail.includes(`"${path}"`), path);
});

Deno.test("GET /strava/*: refuses empty numbers and words as booleans", async () => {
  await using test = await createTestApp({ synced: true });
  for (
    const query of [
      "limit=",
      "limit=%20",
      "limit=%20%201",
      "limit=true",
      "limit=false",
      "limit=null",
      "limit=+5",
      "limit=0x10",
      "limit=1e1",
      "limit=1_0",
      "limit=%D9%A1",
      "offset=",
      "year=",
    ]
  ) {
    const response = await test.get(`/strava/activities?${query}`);
    assert.equal((await readProblem(response)).status, 400, query);
  }
  for (const query of ["limit=5", "limit=05", "limit=5.0", "offset=-0", ""]) {
    const response = await test.get(`/strava/activities?${query}`);
    assert.equal(response.status, 200, query);
  }
});

Deno.test("GET /strava/admin/status: answers 401 without a valid key, 400 with two", async () => {
  await using test = await createTestApp({ synced: true });
  const key = test.config.internalApiKey;
  for (
    const [headers, status, reason] of [
      [{}, 401, "missing_api_key"],
      [{ "x-api-key": "" }, 401, "invalid_api_key"],
      [{ "x-api-key": `${key}x` }, 401, "invalid_api_key"],
      [{ "x-api-key": key.toUpperCase() }, 401, "invalid_api_key"],
      [{ authorization: "Bearer wrong" }, 401, "invalid_api_key"],
      [{ authorization: "Bearer " }, 401, "invalid_api_key"],
      [{ authorization: "Basic YTpi" }, 401, "missing_api_key"],
      [
        { "x-api-key": key, authorization: `Bearer ${key}` },
        400,
        "too_many_credentials",
      ],
    ] as [HeadersInit, number, string][]
  ) {
    for (const path of ["GET /admin/status", "POST /refresh-data"]) {
      const [method = "", rest] = path.split(" ");
      const request = new Request(`http://localhost:5001/strava${rest}`, {
        method,
        headers,
      });
      const problem = await readProblem(await test.app(request));
      assert.equal(problem.reason, reason, JSON.stringify(headers));
      assert.equal(problem.status, status);
    }
  }
  for (const [name, value] of [["x-api-key", key], ["authorization", key]]) {
    const headers = {
      [name!]: name === "authorization" ? `bearer ${value}` : value!,
    };
    assert.equal(
      (await test.get("/strava/admin/status", { headers })).status,
      200,
    );
  }
});

/** Words from inside an error that no client may read. */
const INSIDE =
  /hunter2|relation|does not exist|select|athlete_id|postgres|\.ts\b|\bat \w+ \(|stack|node_modules|CONNECTION/i;

/** Sends a request and returns the properties of its log line. Outage lines are left out. */
async function assertOpaque(
  test: TestApp,
  app: TestApp["app"],
  { path, status, level, reason }: {
    path: string;
    status: number;
    level: "error" | "warning";
    reason: string;
  },
): Promise<Record<string, unknown>> {
  const before = test.log.lines.length;
  const response = await app(new Request(`http://localhost:5001${path}`));
  const text = await response.text();
  assert.equal(response.status, status, path);
  assert.doesNotMatch(text, INSIDE);
  const id = response.headers.get("x-request-id");
  assert.ok(id && text.includes(id), "The body does not name the request");
  const [line, ...others] = test.log.lines.slice(before)
    .filter(({ properties }) => "requestId" in properties);
  assert.equal(others.length, 0, path);
  assert.equal(line?.level, level);
  assert.equal(line.message, "{method} {path} {status} {reason}");
  assert.equal(line.properties["reason"], reason);
  assert.equal(line.properties["requestId"], id);
  return line.properties;
}

const DEFECT = {
  status: 500,
  level: "error",
  reason: "internal_error",
} as const;
const OUTAGE = {
  status: 503,
  level: "warning",
  reason: "database_unavailable",
} as const;

const DATA_PATHS = [
  "/strava/stats/ytd",
  "/strava/stats/monthly",
  "/strava/stats/activities",
  "/strava/stats/totals",
  "/strava/stats/yearly",
  "/strava/stats/longest-run",
  "/strava/stats/longest-ride",
  "/strava/activities",
  "/trpc/stats.ytd",
  "/trpc/activities.list",
];

Deno.test("GET /strava/*: answers an opaque 500 and logs the cause of a failed query", async () => {
  await using test = await createTestApp({ synced: true });
  await test.deps.sql`drop table activities cascade`;

  for (const path of DATA_PATHS) {
    const { cause } = await assertOpaque(test, test.app, { path, ...DEFECT });
    assert.match(Deno.inspect(cause), /relation "activities" does not exist/);
  }
});

Deno.test("GET /strava/*: answers an opaque 500 for a defect", async () => {
  await using test = await createTestApp({ synced: true });
  const app = createHandler({
    ...test.deps,
    now: () => {
      throw new Error("The password is hunter2");
    },
  });
  for (const path of ["/strava/stats/ytd", "/trpc/stats.ytd"]) {
    const { cause } = await assertOpaque(test, app, { path, ...DEFECT });
    assert.match(Deno.inspect(cause), /hunter2/);
  }
});

Deno.test("GET /strava/*: answers an opaque 500 when output validation fails", async () => {
  await using test = await createTestApp({ synced: true });
  test.strava.athletes.values().next().value!.add({});
  await test.post("/strava/refresh-data", { key: true });
  await test.deps.sql`update activities set distance = 'NaN'`;
  for (const path of ["/strava/activities", "/trpc/activities.list"]) {
    const { cause } = await assertOpaque(test, test.app, { path, ...DEFECT });
    assert.match(Deno.inspect(cause), /Output validation failed/);
  }
});

Deno.test("GET /strava/*: answers 503 without a database and logs it once", async () => {
  await using test = await createTestApp({ synced: true });
  await test.deps.sql.end();

  for (const path of DATA_PATHS) {
    const properties = await assertOpaque(test, test.app, { path, ...OUTAGE });
    assert.ok(!("cause" in properties));
  }

  const [outage, ...others] = test.log.lines.filter(({ level }) =>
    level === "error"
  );
  assert.equal(others.length, 0);
  assert.equal(outage?.message, "The database does not answer");
  assert.match(Deno.inspect(outage.properties["cause"]), /CONNECTION_ENDED/);
});

Deno.test("GET /strava/*: logs that the database is back", async () => {
  await using test = await createTestApp({ synced: true });
  const waits: (() => void)[] = [];
  let isAway = true;
  const gone = Object.assign(new Error("gone"), { code: "ECONNREFUSED" });
  const app = createHandler({
    ...test.deps,
    sql: new Proxy(test.deps.sql, {
      apply: (sql, _this, args) =>
        // Fragments of a query are built like queries but never sent.
        isAway
          ? {
            then: (_: unknown, reject: (error: Error) => void) => reject(gone),
          }
          : Reflect.apply(sql, undefined, args),
    }),
    sleep: (_milliseconds, signal) =>
      new Promise((resolve, reject) => {
        waits.push(resolve);
        signal.addEventListener("abort", reject);
      }),
  });
  const ask = (): Promise<Response> =>
    app(new Request("http://localhost:5001/strava/stats/ytd"));
  const messages = (): string[] =>
    test.log.lines.map(({ message }) => message)
      .filter((message) => message.startsWith("The database"));

  for (let count = 0; count < 3; count++) {
    assert.equal((await ask()).status, 503);
  }
  waits[0]!();
  // The pause, the query's time limit, and the next pause.
  while (waits.length < 3) await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(messages(), ["The database does not answer"]);
  isAway = false;
  test.clock.now += 7000;
  waits.at(-1)!();
  await test.idle();

  assert.deepEqual(messages(), [
    "The database does not answer",
    "The database answers again, after {seconds} s",
  ]);
  assert.equal(test.log.lines.at(-1)?.properties["seconds"], 7);
  assert.equal((await ask()).status, 200);
  isAway = true;
  assert.equal((await ask()).status, 503);
  assert.equal(messages().length, 3);
});

Deno.test("POST /strava/refresh-data: logs Strava's failure as one warning", async () => {
  await using test = await createTestApp({ synced: true });
  test.strava.faults.inject({ kind: "status", status: 418 }, {
    path: "/api/v3/athlete/activities",
  });
  for (const path of ["/strava/refresh-data", "/trpc/admin.refresh"]) {
    test.clock.now += 3_600_000;
    const before = test.log.lines.length;
    const response = await test.post(path, {
      key: true,
      headers: { "content-type": JSON_TYPE },
      body: path.startsWith("/trpc") ? '{"json":{}}' : "{}",
    });
    await response.body?.cancel();
    const id = response.headers.get("x-request-id");
    const lines = test.log.lines.slice(before)
      .filter(({ properties }) => properties["requestId"] === id)
      .filter(({ message }) => !message.startsWith("Sync"));
    assert.equal(response.status, 502, path);
    assert.deepEqual(lines.map(({ level }) => level), ["warning"], path);
    assert.equal(lines[0]!.properties["reason"], "sync_failed");
  }
});

Deno.test("GET /strava/*: logs a bad request in one line without query or stack", async () => {
  await using test = await createTestApp({ synced: true });
  for (
    const path of [
      "/strava/activities?limit=hunter2",
      "/strava/stats/longest-run?token=hunter2",
      "/strava/nothing?key=hunter2",
      "/trpc/nothing?input=hunter2",
      "/trpc/stats.longestRun?input=hunter2",
    ]
  ) {
    const before = test.log.lines.length;
    const response = await test.get(path);
    await response.body?.cancel();
    const lines = test.log.lines.slice(before);
    assert.equal(lines.length, 1, path);
    const { level, properties } = lines[0]!;
    assert.equal(level, "info");
    assert.deepEqual(Object.keys(properties).sort(), [
      "method",
      "milliseconds",
      "path",
      "reason",
      "requestId",
      "status",
    ]);
    assert.equal(properties["path"], path.split("?")[0]);
    assert.equal(properties["status"], response.status);
  }
  assert.doesNotMatch(test.log.text(), /hunter2/);
});
