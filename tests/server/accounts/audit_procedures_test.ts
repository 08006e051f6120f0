import assert from "node:assert/strict";
import { AuditKind } from "@paceline/sdk/schemas";
import {
  type AuditEventInput,
  insertAuditEvent,
} from "../../../db/audit_events.ts";
import { applyRetention } from "../../../server/retention.ts";
import {
  insertAthlete,
  insertCaller,
  insertKey,
  json,
  type TestUser,
} from "../../support/callers.ts";
import {
  API_KEY,
  createTestApp,
  NOW,
  type TestApp,
} from "../../support/app.ts";

const AUDIT = "/strava/admin/audit";
const EVENTS = "/api/auth/events";
const DAY_MS = 24 * 60 * 60 * 1000;

interface Page {
  status: number;
  reason?: string;
  // deno-lint-ignore no-explicit-any -- events of any kind
  data: any[];
  next_cursor: string | null;
}

async function read(
  test: TestApp,
  path: string,
  user?: TestUser,
): Promise<Page> {
  const response = await test.get(
    path,
    user ? { headers: user.headers } : { key: true },
  );
  return { status: response.status, ...await response.json() };
}

/** Inserts events one minute apart, the last one now. */
async function insertEvents(
  { deps: { sql } }: TestApp,
  events: readonly Partial<AuditEventInput>[],
): Promise<void> {
  for (const [index, event] of events.entries()) {
    const at = new Date(NOW - (events.length - 1 - index) * 60_000);
    await insertAuditEvent(sql, { kind: "login", at, ...event });
  }
}

Deno.test("GET /strava/admin/audit: shows administrators every event, newest first", async () => {
  await using test = await createTestApp();
  const root = await insertCaller(test, "root", { role: "admin" });
  const ada = await insertCaller(test, "ada");
  const { text } = await insertKey(test, { user: root, scopes: ["admin"] });
  await insertEvents(test, [
    { kind: "login_failed", address: "192.0.2.9" },
    {
      kind: "password_reset",
      userId: ada.id,
      actorId: root.id,
      sessionId: root.sessionId,
      address: "2001:db8::1",
      agent: "curl/8.14",
      detail: { by: "admin" },
    },
  ]);

  const byKey = await read(test, AUDIT);
  const bySession = await read(test, AUDIT, root);
  const byOwnKey = await (await test.get(AUDIT, {
    headers: { "x-api-key": text },
  })).json();

  assert.equal(byKey.status, 200);
  assert.deepEqual(bySession, byKey);
  assert.deepEqual(byOwnKey.data, byKey.data);
  assert.equal(byKey.next_cursor, null);
  const [reset, failed] = byKey.data;
  assert.deepEqual(reset, {
    id: reset.id,
    at: "2026-11-20T12:02:00Z",
    kind: "password_reset",
    user_id: ada.id,
    username: "ada",
    actor_id: root.id,
    session_id: root.sessionId,
    api_key_id: null,
    athlete_id: null,
    address: "2001:db8::1",
    agent: "curl/8.14",
    detail: { by: "admin" },
  });
  assert.deepEqual(
    [failed.user_id, failed.username, failed.address],
    [null, null, "192.0.2.9"],
  );
});

Deno.test("GET /strava/admin/audit: returns an empty page if there are no events", async () => {
  await using test = await createTestApp();
  assert.deepEqual(await read(test, AUDIT), {
    status: 200,
    data: [],
    next_cursor: null,
  });
});

Deno.test("GET /strava/admin/audit: refuses members, anonymous callers and other scopes", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");
  const root = await insertCaller(test, "root", { role: "admin" });
  const { text } = await insertKey(test, {
    user: root,
    scopes: ["stats:read", "export:read"],
  });
  for (
    const [headers, expected] of [
      [ada.headers, [403, "admin_only"]],
      [{}, [401, "missing_api_key"]],
      [{ "x-api-key": text }, [403, "scope_missing"]],
    ] as const
  ) {
    const response = await test.get(AUDIT, { headers });
    assert.deepEqual(
      [response.status, (await response.json()).reason],
      expected,
    );
  }
});

Deno.test("GET /strava/admin/audit: pages show each event once while others arrive", async () => {
  await using test = await createTestApp();
  await insertEvents(test, Array.from({ length: 25 }, () => ({})));
  const ids: number[] = [];
  let cursor: string | null = "";
  let pages = 0;

  while (cursor !== null) {
    const page: Page = await read(
      test,
      `${AUDIT}?limit=10${cursor && `&cursor=${cursor}`}`,
    );
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor;
    pages++;
    await insertEvents(test, [{}, {}]);
  }

  assert.equal(pages, 3);
  assert.deepEqual(ids, Array.from({ length: 25 }, (_, index) => 25 - index));
});

Deno.test("GET /strava/admin/audit: filters by user, kind and time", async () => {
  await using test = await createTestApp();
  const root = await insertCaller(test, "root", { role: "admin" });
  const ada = await insertCaller(test, "ada");
  const deleted = crypto.randomUUID();
  await insertEvents(test, [
    { userId: deleted, kind: "account_deleted" },
    { userId: ada.id, kind: "logout" },
    { userId: ada.id, actorId: root.id, kind: "user_disabled" },
    { kind: "login_failed" },
  ]);
  const kinds = async (query: string): Promise<string[]> =>
    (await read(test, `${AUDIT}?${query}`)).data.map(({ kind }) => kind);

  assert.deepEqual(await kinds("user=ADA"), ["user_disabled", "logout"]);
  assert.deepEqual(await kinds("user=ada@Example.org"), [
    "user_disabled",
    "logout",
  ]);
  assert.deepEqual(await kinds(`user=${ada.id}`), ["user_disabled", "logout"]);
  assert.deepEqual(await kinds("user=root"), ["user_disabled"]);
  assert.deepEqual(await kinds(`user=${deleted}`), ["account_deleted"]);
  assert.deepEqual(await kinds("user=nobody"), []);
  assert.deepEqual(await kinds("kind=login_failed"), ["login_failed"]);
  assert.deepEqual(await kinds("kind=login"), []);
  assert.deepEqual(await kinds("from=2026-11-20T12:01:00Z"), [
    "login_failed",
    "user_disabled",
  ]);
  assert.deepEqual(
    await kinds("from=2026-11-20&to=2026-11-20T13:01:00%2B01:00"),
    ["logout", "account_deleted"],
  );
  assert.deepEqual(await kinds("from=2026-11-21"), []);
  assert.deepEqual(await kinds("from=2026-11-21&to=2026-11-20"), []);
});

for (
  const query of [
    "limit=0",
    "limit=201",
    "cursor=x",
    "cursor=0",
    "cursor=99999999999999999999",
    "kind=everything",
    "from=yesterday",
    "from=2026-02-30",
    "user=",
    "user=a%00b",
    `user=${"x".repeat(300)}`,
    "athlete=1",
  ]
) {
  Deno.test(`GET /strava/admin/audit: refuses ?${query.slice(0, 30)}`, async () => {
    await using test = await createTestApp();
    const { status, reason } = await read(test, `${AUDIT}?${query}`);
    assert.deepEqual([status, reason], [400, "invalid_input"]);
  });
}

Deno.test("GET /api/auth/events: shows the user's events without an administrator's origin", async () => {
  await using test = await createTestApp();
  const root = await insertCaller(test, "root", { role: "admin" });
  const ada = await insertCaller(test, "ada");
  const origin = { address: "192.0.2.9", agent: "curl" };
  await insertEvents(test, [
    { userId: root.id, ...origin },
    { kind: "login_failed", ...origin },
    { userId: ada.id, ...origin },
    {
      userId: ada.id,
      actorId: root.id,
      sessionId: root.sessionId,
      kind: "user_disabled",
      ...origin,
    },
  ]);

  const { status, data } = await read(test, `${EVENTS}?limit=10`, ada);
  const { data: [newest], next_cursor } = await read(
    test,
    `${EVENTS}?limit=1`,
    ada,
  );
  const { data: rest } = await read(
    test,
    `${EVENTS}?limit=1&cursor=${next_cursor}`,
    ada,
  );

  assert.equal(status, 200);
  assert.deepEqual(
    data.map(({ kind, address, agent, session_id }) => [
      kind,
      address,
      agent,
      session_id,
    ]),
    [["user_disabled", null, null, null], [
      "login",
      "192.0.2.9",
      "curl",
      null,
    ]],
  );
  assert.deepEqual([newest, ...rest], data);
});

Deno.test("GET /api/auth/events: hides the origin of INTERNAL_API_KEY from users only", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");
  await insertAthlete(test, { id: 700_011, userId: ada.id, count: 0 });
  for (const headers of [ada.headers, { "x-api-key": API_KEY }]) {
    const request = new Request(
      "http://localhost:5001/api/athletes/visibility",
      {
        method: "POST",
        ...json({ athlete: 700_011, visibility: "public" }, {
          ...headers,
          "user-agent": "curl",
        }),
      },
    );
    const response = await test.app(request, { address: "192.0.2.9" });
    assert.equal(response.status, 200);
  }

  const own = await read(test, EVENTS, ada);
  const all = await read(test, AUDIT);

  assert.deepEqual(
    own.data.map(({ detail, address, agent }) => [detail.by, address, agent]),
    [["instance", null, null], [undefined, "192.0.2.9", "curl"]],
  );
  assert.deepEqual(all.data.map(({ address }) => address), [
    "192.0.2.9",
    "192.0.2.9",
  ]);
});

Deno.test("AuditKind: has the kinds that PostgreSQL allows", async () => {
  await using test = await createTestApp();
  for (const kind of AuditKind.options) await insertEvents(test, [{ kind }]);

  const { status, data } = await read(test, `${AUDIT}?limit=200`);

  assert.equal(status, 200);
  assert.equal(data.length, AuditKind.options.length);
});

Deno.test("AUDIT_RETENTION: deletes older events in batches and nothing else", async () => {
  await using test = await createTestApp({ env: { AUDIT_RETENTION: "30" } });
  const { sql } = test.deps;
  await sql`
    insert into audit_events (at, kind)
    select ${new Date(NOW)}::timestamptz, 'login' from generate_series(1, 10001)
  `;
  await insertEvents(test, [{}]);
  test.clock.now += 30 * DAY_MS;

  const early = await applyRetention(test.deps);
  test.clock.now += 1;
  await insertAuditEvent(sql, { kind: "logout", at: new Date(test.clock.now) });
  const ended = await applyRetention(test.deps);
  const again = await applyRetention(test.deps);

  assert.deepEqual(
    [early.auditEvents, ended.auditEvents, again.auditEvents],
    [0, 10_002, 0],
  );
  const { data } = await read(test, AUDIT);
  assert.deepEqual(data.map(({ kind }) => kind), ["logout"]);
});

Deno.test("AUDIT_RETENTION: `forever` keeps all events, the default a year", async () => {
  for (const [value, kept] of [["forever", 1], [undefined, 0]] as const) {
    await using test = await createTestApp({
      env: value === undefined ? {} : { AUDIT_RETENTION: value },
    });
    await insertEvents(test, [{}]);
    test.clock.now += 365 * DAY_MS;
    assert.equal((await applyRetention(test.deps)).auditEvents, 0);
    test.clock.now += 1;
    assert.equal((await applyRetention(test.deps)).auditEvents, 1 - kept);
  }
});

Deno.test("AUDIT_RETENTION: concurrent processes delete each event once", async () => {
  await using test = await createTestApp({ env: { AUDIT_RETENTION: "1" } });
  await insertEvents(test, Array.from({ length: 20 }, () => ({})));
  test.clock.now += 2 * DAY_MS;

  const ended = await Promise.all(
    [1, 2, 3].map(() => applyRetention(test.deps)),
  );

  const total = ended.reduce((sum, { auditEvents }) => sum + auditEvents, 0);
  assert.equal(total, 20);
});

Deno.test("GET /strava/admin/audit: shows the address and user agent of an event", async () => {
  await using test = await createTestApp({ env: { TRUSTED_PROXIES: "1" } });
  const ada = await insertCaller(test, "ada");
  await test.post(
    "/api/keys",
    json({ name: "Phone", scopes: ["stats:read"] }, {
      ...ada.headers,
      "x-forwarded-for": "10.0.0.1, 192.0.2.44",
      "user-agent": `Shortcuts/${"9".repeat(5000)}`,
    }),
  );

  const { data: [event] } = await read(test, AUDIT);

  assert.deepEqual([event.kind, event.address], ["key_created", "192.0.2.44"]);
  assert.match(event.agent, /^Shortcuts\/9+$/);
  assert.ok(event.agent.length <= 256);
});
