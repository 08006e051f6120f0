import assert from "node:assert/strict";
import type { Sql } from "../../../db/driver/client.ts";
import { createSeal } from "../../../server/crypto/encryption.ts";
import {
  resealLinks,
  setVisibility,
} from "../../../server/athletes/sharing.ts";
import { API_KEY, createTestApp, type TestApp } from "../../support/app.ts";
import {
  insertAthlete,
  insertCaller,
  insertKey,
  type TestUser,
} from "../../support/callers.ts";
import { until } from "../../support/sync.ts";

const FIRST = 700_011;
const SECOND = 700_012;
const BOBS = 700_013;
const UNOWNED = 700_014;
const INSTANCE_KEY = { "x-api-key": API_KEY };

interface AthletesApp extends TestApp {
  ada: TestUser;
  bob: TestUser;
  root: TestUser;
}

/** Creates Ada with two athletes, Bob with one, an administrator, and an athlete without an owner. */
async function createAthletesApp(
  options: Parameters<typeof createTestApp>[0] = {},
): Promise<AthletesApp> {
  const test = await createTestApp(options);
  const ada = await insertCaller(test, "ada");
  const bob = await insertCaller(test, "bob");
  const root = await insertCaller(test, "root", { role: "admin" });
  await insertAthlete(test, { id: FIRST, userId: ada.id });
  await insertAthlete(test, { id: SECOND, userId: ada.id });
  await insertAthlete(test, { id: BOBS, userId: bob.id });
  await insertAthlete(test, { id: UNOWNED });
  return Object.assign(test, { ada, bob, root });
}

interface Listed {
  id: number;
  is_default: boolean;
  visibility: string;
  share_token: string | null;
  owner: { username: string } | null;
}

async function list(
  test: TestApp,
  headers: Record<string, string>,
): Promise<Listed[]> {
  const response = await test.get("/api/athletes", { headers });
  assert.equal(response.status, 200);
  return (await response.json()).data;
}

/** Returns the body of a successful response, or the status and the reason. */
async function post(
  test: TestApp,
  action: string,
  { headers, ...body }: {
    headers: Record<string, string>;
    athlete: number;
    visibility?: string;
  },
  // deno-lint-ignore no-explicit-any -- the body of any route
): Promise<any> {
  const response = await test.post(`/api/athletes/${action}`, {
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  return response.status === 200 ? answer : [response.status, answer.reason];
}

async function share(
  test: AthletesApp,
  visibility = "link",
): Promise<string> {
  const { headers } = test.ada;
  const answer = await post(test, "visibility", {
    headers,
    athlete: FIRST,
    visibility,
  });
  return answer.share_token;
}

async function status(
  test: TestApp,
  athlete: number | string,
  headers: Record<string, string> = {},
): Promise<number> {
  const path = `/strava/stats/ytd?athlete=${athlete}`;
  const response = await test.get(path, { headers });
  await response.body?.cancel();
  return response.status;
}

async function readAudit({ deps: { sql } }: TestApp): Promise<unknown[]> {
  const rows = await sql`
    select kind, user_id, actor_id, athlete_id, detail
    from audit_events
    order by id
  `;
  return rows.map((row) => ({ ...row }));
}

async function countRows(
  { deps: { sql } }: TestApp,
  athleteId: number,
): Promise<number[]> {
  const [row] = await sql`
    select
      (select count(*) from athletes where id = ${athleteId}) as athletes,
      (select count(*) from grants where athlete_id = ${athleteId}) as grants,
      (select count(*) from activities where athlete_id = ${athleteId}) as activities
  `;
  return Object.values(row!);
}

Deno.test("GET /api/athletes: lists own athletes, or all for an administrator", async () => {
  await using test = await createAthletesApp();
  const idsOf = async (
    headers: Record<string, string>,
  ): Promise<unknown[]> =>
    (await list(test, headers)).map(({ id, owner, is_default }) =>
      [id, owner?.username, is_default] as const
    );
  const adas = [[FIRST, "ada", true], [SECOND, "ada", false]];
  const all = [...adas, [BOBS, "bob", true], [UNOWNED, undefined, true]];

  assert.deepEqual(await idsOf(test.ada.headers), adas);
  assert.deepEqual(await idsOf(test.bob.headers), [[BOBS, "bob", true]]);
  assert.deepEqual(await idsOf(test.root.headers), all);
  assert.deepEqual(await idsOf(INSTANCE_KEY), all);
  const key =
    (await insertKey(test, { user: test.root, scopes: ["stats:read"] }))
      .headers;
  assert.deepEqual(await idsOf(key), []);
  assert.equal((await test.get("/api/athletes")).status, 401);
});

Deno.test("GET /api/athletes: returns every field", async () => {
  await using test = await createAthletesApp();
  const token = await share(test);

  const [first] = await list(test, test.ada.headers);

  const { name, connected_at, last_success_at, owner, ...rest } =
    first as unknown as Record<string, unknown>;
  assert.equal(typeof name, "string");
  assert.ok(connected_at && last_success_at);
  assert.deepEqual(owner, {
    id: test.ada.id,
    username: "ada",
    display_name: "ada",
  });
  assert.deepEqual(rest, {
    id: FIRST,
    is_default: true,
    visibility: "link",
    share_token: token,
    connected: true,
    reconnect_needed: null,
    activities: 3,
    first_sync_done: true,
  });
});

Deno.test("GET /api/athletes: PUBLIC_STATS is the default visibility", async () => {
  for (const value of ["true", "false"]) {
    await using test = await createTestApp({ env: { PUBLIC_STATS: value } });
    await insertAthlete(test, { id: UNOWNED });
    const [own] = await list(test, INSTANCE_KEY);
    assert.equal(own!.visibility, value === "true" ? "public" : "private");
  }
});

Deno.test("POST /api/athletes/default: makes an own athlete the only default", async () => {
  await using test = await createAthletesApp();
  const { headers } = test.ada;

  const answer = await post(test, "default", { headers, athlete: SECOND });

  assert.deepEqual([answer.id, answer.is_default], [SECOND, true]);
  assert.deepEqual(
    (await list(test, headers)).map(({ id }) => id),
    [SECOND, FIRST],
  );
  const refused = [404, "athlete_not_found"];
  for (const athlete of [BOBS, UNOWNED, 1]) {
    assert.deepEqual(
      await post(test, "default", { headers, athlete }),
      refused,
    );
  }
  // Even an administrator cannot choose another user's default.
  const { headers: roots } = test.root;
  assert.deepEqual(
    await post(test, "default", { headers: roots, athlete: FIRST }),
    refused,
  );
  const [first] = await list(test, headers);
  assert.deepEqual([first!.id, first!.is_default], [SECOND, true]);
});

Deno.test("POST /api/athletes/default: keeps one default under concurrent requests", async () => {
  await using test = await createAthletesApp();
  const { headers } = test.ada;
  const choices = [FIRST, SECOND, FIRST, SECOND, FIRST, SECOND];

  const answers = await Promise.all(
    choices.map((athlete) => post(test, "default", { headers, athlete })),
  );

  assert.ok(answers.every(({ id }) => id), JSON.stringify(answers));
  const rows = await test.deps.sql`
    select id from athletes where user_id = ${test.ada.id} and is_default
  `;
  assert.equal(rows.length, 1);
});

Deno.test("POST /api/athletes/visibility: `link` creates one share link that works", async () => {
  await using test = await createAthletesApp();
  const token = await share(test);

  assert.match(token, /^ps_[\w-]{43}$/);
  assert.equal(await share(test), token);
  assert.equal(await status(test, token), 200);
  assert.equal(
    await status(test, FIRST),
    404,
    "the id alone still does not work",
  );
  assert.equal(await status(test, token, test.bob.headers), 200);
  const activities = await test.get(`/strava/activities?athlete=${token}`);
  const { total } = await activities.json();
  const own = await test.get(`/strava/activities?athlete=${FIRST}`, test.ada);
  assert.ok(total <= (await own.json()).total);

  // The link only allows reading what the athlete shows.
  const { headers } = test.bob;
  for (const path of ["/strava/sync/runs", "/strava/admin/quarantine"]) {
    const response = await test.get(`${path}?athlete=${token}`, { headers });
    assert.equal(response.status, 404, path);
    await response.body?.cancel();
  }
  const bob = (await insertKey(test, {
    user: test.bob,
    scopes: ["activities:read", "activities:read_private"],
  })).headers;
  const shared = await test.get(`/strava/activities?athlete=${token}`, {
    headers: bob,
  });
  assert.equal((await shared.json()).total, total);
});

Deno.test("POST /api/athletes/visibility: stores and logs no share token in plain text", async () => {
  await using test = await createAthletesApp();
  const token = await share(test);
  assert.equal(await status(test, token), 200);

  const rows = await test.deps.sql<{ row: string }[]>`
    select to_jsonb(athletes)::text as row from athletes
    union all
    select to_jsonb(audit_events)::text from audit_events
  `;
  for (const { row } of rows) assert.ok(!row.includes(token), row);
  assert.ok(!test.log.text().includes(token));
  const [stored] = await test.deps.sql<{ hash: string; sealed: string }[]>`
    select encode(share_hash, 'base64') as hash, share_token as sealed
    from athletes
    where id = ${FIRST}
  `;
  const hash = stored!.hash.replaceAll("+", "-").replaceAll("/", "_");
  for (const found of [stored!.sealed, `ps_${hash.slice(0, 43)}`]) {
    assert.notEqual(await status(test, encodeURIComponent(found)), 200);
  }
});

Deno.test("POST /api/athletes/visibility: `private` ends the link for good", async () => {
  await using test = await createAthletesApp();
  const token = await share(test);

  assert.equal(await share(test, "private"), null);
  assert.equal(await status(test, token), 404);

  const later = await share(test);
  assert.notEqual(later, token);
  assert.equal(await status(test, token), 404);
  assert.equal(await status(test, later), 200);
});

Deno.test("share token: does not work for a private athlete", async () => {
  await using test = await createAthletesApp();
  const token = await share(test);

  await test.deps.sql`update athletes set visibility = 'private'`;
  assert.equal(await status(test, token), 404);
  await test.deps.sql`update athletes set visibility = null`;
  assert.equal(await status(test, token), 404);
});

Deno.test("POST /api/athletes/visibility: `public` opens the id and keeps the link", async () => {
  await using test = await createAthletesApp();
  const token = await share(test);

  assert.equal(await share(test, "public"), token);

  assert.equal(await status(test, FIRST), 200);
  assert.equal(await status(test, token), 200);
  await share(test, "link");
  assert.equal(await status(test, FIRST), 404);
  assert.equal(await status(test, token), 200);
});

Deno.test("POST /api/athletes/renew-link: replaces the link and is recorded", async () => {
  await using test = await createAthletesApp();
  const { headers } = test.ada;
  const old = await share(test);

  const answer = await post(test, "renew-link", { headers, athlete: FIRST });

  assert.notEqual(answer.share_token, old);
  assert.equal(await status(test, old), 404);
  assert.equal(await status(test, answer.share_token), 200);
  assert.deepEqual(
    await post(test, "renew-link", { headers, athlete: SECOND }),
    [409, "not_shared"],
  );
  const shared = {
    kind: "athlete_shared",
    user_id: test.ada.id,
    actor_id: null,
    athlete_id: FIRST,
  };
  assert.deepEqual(await readAudit(test), [
    { ...shared, detail: { visibility: "link" } },
    { ...shared, detail: { renewed: true } },
  ]);
});

Deno.test("POST /api/athletes/visibility: creates one link for concurrent requests", async () => {
  await using test = await createAthletesApp();

  const tokens = await Promise.all(
    Array.from({ length: 8 }, () => share(test)),
  );

  assert.equal(new Set(tokens).size, 1);
  assert.equal(await status(test, tokens[0]!), 200);
});

Deno.test("setVisibility: waits for a concurrent call and keeps its link", async () => {
  await using test = await createAthletesApp();
  const { sql, seal } = test.deps;
  const isShared = Promise.withResolvers<string>();
  const mayEnd = Promise.withResolvers<void>();
  const choice = { athleteId: FIRST, visibility: "link" } as const;
  const readLink = async (tx: Sql): Promise<string> => {
    const [row] = await tx<{ link: string }[]>`
      select share_token as link from athletes where id = ${FIRST}
    `;
    return row!.link;
  };

  const first = sql.begin(async (tx) => {
    await setVisibility({ sql: tx, seal }, choice);
    isShared.resolve(await readLink(tx));
    await mayEnd.promise;
  });
  const link = await isShared.promise;
  const second = sql.begin((tx) => setVisibility({ sql: tx, seal }, choice));
  await until(async () => {
    const waiting = await sql`
      select from pg_stat_activity
      where datname = current_database()
        and wait_event_type = 'Lock'
    `;
    return waiting.length === 1;
  }, "the second call to wait");
  mayEnd.resolve();
  await Promise.all([first, second]);

  assert.equal(await readLink(sql), link);
});

Deno.test("POST /api/athletes/visibility: INTERNAL_API_KEY shares an unowned athlete", async () => {
  await using test = await createAthletesApp();

  const answer = await post(test, "visibility", {
    headers: INSTANCE_KEY,
    athlete: UNOWNED,
    visibility: "private",
  });

  assert.equal(answer.visibility, "private");
  assert.equal(await status(test, UNOWNED), 404);
  assert.deepEqual(await readAudit(test), [{
    kind: "athlete_shared",
    user_id: null,
    actor_id: null,
    athlete_id: UNOWNED,
    detail: { visibility: "private", by: "instance" },
  }]);
});

Deno.test("athletes.*: refuse API keys without the scope and hide the link", async () => {
  await using test = await createAthletesApp();
  await share(test);
  const plain = (await insertKey(test, {
    user: test.ada,
    scopes: ["stats:read", "sync:write", "export:read", "activities:read"],
  })).headers;
  const [first] = await list(test, plain);
  assert.equal(first!.share_token, null);

  const actions = ["default", "visibility", "renew-link", "disconnect"];
  for (const action of [...actions, "delete"]) {
    const body = { headers: plain, athlete: FIRST };
    const isVisibility = action === "visibility";
    assert.deepEqual(
      await post(
        test,
        action,
        isVisibility ? { ...body, visibility: "public" } : body,
      ),
      [403, "scope_missing"],
      action,
    );
  }
  const other = await test.post("/api/athletes/default", {
    headers: { ...plain, "content-type": "application/json" },
    body: JSON.stringify({ athlete: FIRST }),
  });
  assert.match((await other.json()).detail, /^No API key can do this/);
  const adminKey =
    (await insertKey(test, { user: test.ada, scopes: ["admin"] })).headers;
  assert.deepEqual(
    await post(test, "delete", { headers: adminKey, athlete: FIRST }),
    [403, "scope_missing"],
  );
  const response = await test.post("/strava/admin/disconnect", {
    headers: { ...adminKey, "content-type": "application/json" },
    body: JSON.stringify({ athlete: FIRST, data: "delete" }),
  });
  assert.equal(response.status, 403);
  await response.body?.cancel();
  assert.deepEqual(await countRows(test, FIRST), [1, 1, 3]);
});

Deno.test("POST /api/athletes/disconnect: revokes the grant and keeps the activities", async () => {
  await using test = await createAthletesApp();
  const { headers } = test.ada;

  const answer = await post(test, "disconnect", { headers, athlete: FIRST });

  assert.deepEqual(answer, {
    status: "disconnected",
    athlete_id: FIRST,
    revoked_at_strava: true,
    data: "kept",
  });
  assert.equal(test.strava.grants.get(FIRST), undefined);
  assert.deepEqual(await countRows(test, FIRST), [1, 0, 3]);
  assert.deepEqual(await countRows(test, SECOND), [1, 1, 3]);
  assert.equal(await status(test, FIRST, headers), 200);
  const event = { user_id: test.ada.id, actor_id: null, athlete_id: FIRST };
  assert.deepEqual(await readAudit(test), [
    { kind: "athlete_disconnected", detail: {}, ...event },
  ]);
});

Deno.test("POST /api/athletes/delete: deletes one athlete, the next becomes the default", async () => {
  await using test = await createAthletesApp();
  const { headers } = test.ada;
  const token = await share(test);

  const answer = await post(test, "delete", { headers, athlete: FIRST });

  assert.deepEqual([answer.data, answer.revoked_at_strava], ["deleted", true]);
  assert.deepEqual(await countRows(test, FIRST), [0, 0, 0]);
  assert.equal(test.strava.grants.get(FIRST), undefined);
  assert.equal(await status(test, token), 404);
  const left = await list(test, headers);
  assert.deepEqual(
    left.map(({ id, is_default }) => [id, is_default]),
    [[SECOND, true]],
  );
  assert.deepEqual(
    await post(test, "delete", { headers, athlete: FIRST }),
    [404, "athlete_not_found"],
  );
});

Deno.test("POST /api/athletes/delete: needs a recently entered password", async () => {
  await using test = await createAthletesApp();
  const { headers } = test.ada;
  test.clock.now += 10 * 60_000 + 1;

  assert.deepEqual(
    await post(test, "delete", { headers, athlete: FIRST }),
    [403, "recent_login_required"],
  );
  const response = await test.post("/strava/admin/disconnect", {
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ athlete: FIRST, data: "delete" }),
  });
  assert.equal((await response.json()).reason, "recent_login_required");
  assert.deepEqual(await countRows(test, FIRST), [1, 1, 3]);
  const kept = await post(test, "disconnect", { headers, athlete: FIRST });
  assert.equal(kept.data, "kept");
});

Deno.test("POST /api/athletes/delete: records the owner and the administrator", async () => {
  await using test = await createAthletesApp();
  const { headers } = test.root;

  const answer = await post(test, "delete", { headers, athlete: BOBS });

  assert.equal(answer.data, "deleted");
  assert.deepEqual(await readAudit(test), [{
    kind: "athlete_deleted",
    user_id: test.bob.id,
    actor_id: test.root.id,
    athlete_id: BOBS,
    detail: {},
  }]);
});

Deno.test("resealLinks: keeps links working, even one whose key is lost", async () => {
  await using test = await createAthletesApp();
  const { config, sql } = test.deps;
  const token = await share(test);
  const newKey = "another-seal-0123456789-abcdefghijklmno";
  const readSealed = async (): Promise<string> =>
    (await sql`select share_token from athletes where id = ${FIRST}`)[0]![
      "share_token"
    ];
  const before = await readSealed();

  const seal = await createSeal(newKey, [config.encryptionKey]);
  assert.equal(await resealLinks({ ...test.deps, seal }), 1);
  assert.equal(await resealLinks({ ...test.deps, seal }), 0);
  assert.notEqual(await readSealed(), before);

  test.deps.seal = await createSeal(newKey);
  const later = Object.assign(test, {
    app: (await import("../../../server/app.ts")).createApp(test.deps),
  });
  const shown = await later.app(
    new Request("http://localhost:5001/api/athletes", {
      headers: test.ada.headers,
    }),
  );
  assert.equal((await shown.json()).data[0].share_token, token);

  const lost = await createSeal("a-lost-seal-0123456789-abcdefghijklmnop");
  assert.equal(await resealLinks({ ...test.deps, seal: lost }), 0);
  assert.equal(await status(test, token), 200);
  assert.match(test.log.text(), /Cannot open the share token/);
});
