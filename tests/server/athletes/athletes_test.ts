import assert from "node:assert/strict";
import type { Sql } from "../../../db/driver/client.ts";
import { createSeal } from "../../../server/crypto/seal.ts";
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
const OF_INSTANCE = 700_014;
const BY_INSTANCE = { "x-api-key": API_KEY };

interface House extends TestApp {
  ada: TestUser;
  bob: TestUser;
  root: TestUser;
}

/** Ada with two athletes, Bob with one, and one that is the instance's own. */
async function createHouse(
  options: Parameters<typeof createTestApp>[0] = {},
): Promise<House> {
  const test = await createTestApp(options);
  const ada = await insertCaller(test, "ada");
  const bob = await insertCaller(test, "bob");
  const root = await insertCaller(test, "root", { role: "admin" });
  await insertAthlete(test, { id: FIRST, userId: ada.id });
  await insertAthlete(test, { id: SECOND, userId: ada.id });
  await insertAthlete(test, { id: BOBS, userId: bob.id });
  await insertAthlete(test, { id: OF_INSTANCE });
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

/** Status with the body, or the reason. */
async function post(
  test: TestApp,
  what: string,
  { headers, ...body }: {
    headers: Record<string, string>;
    athlete: number;
    visibility?: string;
  },
  // deno-lint-ignore no-explicit-any -- as the wire has it
): Promise<any> {
  const response = await test.post(`/api/athletes/${what}`, {
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  return response.status === 200 ? answer : [response.status, answer.reason];
}

async function share(
  test: House,
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

Deno.test("GET /api/athletes: one's own, the default first; an administrator's are all, with their owners", async () => {
  await using test = await createHouse();
  const idsOf = async (
    headers: Record<string, string>,
  ): Promise<unknown[]> =>
    (await list(test, headers)).map(({ id, owner, is_default }) =>
      [id, owner?.username, is_default] as const
    );
  const adas = [[FIRST, "ada", true], [SECOND, "ada", false]];
  const all = [...adas, [BOBS, "bob", true], [OF_INSTANCE, undefined, true]];

  assert.deepEqual(await idsOf(test.ada.headers), adas);
  assert.deepEqual(await idsOf(test.bob.headers), [[BOBS, "bob", true]]);
  assert.deepEqual(await idsOf(test.root.headers), all);
  assert.deepEqual(await idsOf(BY_INSTANCE), all);
  const key =
    (await insertKey(test, { user: test.root, scopes: ["stats:read"] }))
      .headers;
  assert.deepEqual(await idsOf(key), []);
  assert.equal((await test.get("/api/athletes")).status, 401);
});

Deno.test("GET /api/athletes: all of the wire", async () => {
  await using test = await createHouse();
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

Deno.test("GET /api/athletes: a visibility that nobody has chosen is what PUBLIC_STATS says", async () => {
  for (const value of ["true", "false"]) {
    await using test = await createTestApp({ env: { PUBLIC_STATS: value } });
    await insertAthlete(test, { id: OF_INSTANCE });
    const [own] = await list(test, BY_INSTANCE);
    assert.equal(own!.visibility, value === "true" ? "public" : "private");
  }
});

Deno.test("POST /api/athletes/default: it is served where none is named, and only one is it", async () => {
  await using test = await createHouse();
  const { headers } = test.ada;

  const answer = await post(test, "default", { headers, athlete: SECOND });

  assert.deepEqual([answer.id, answer.is_default], [SECOND, true]);
  assert.deepEqual(
    (await list(test, headers)).map(({ id }) => id),
    [SECOND, FIRST],
  );
  const refused = [404, "athlete_not_found"];
  for (const athlete of [BOBS, OF_INSTANCE, 1]) {
    assert.deepEqual(
      await post(test, "default", { headers, athlete }),
      refused,
    );
  }
  // Even an administrator has no say in what is another's default.
  const { headers: roots } = test.root;
  assert.deepEqual(
    await post(test, "default", { headers: roots, athlete: FIRST }),
    refused,
  );
  const [first] = await list(test, headers);
  assert.deepEqual([first!.id, first!.is_default], [SECOND, true]);
});

Deno.test("POST /api/athletes/default: of many at once one stays", async () => {
  await using test = await createHouse();
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

Deno.test("POST /api/athletes/visibility: a link opens the athlete to whoever has it, the same link each time", async () => {
  await using test = await createHouse();
  const token = await share(test);

  assert.match(token, /^ps_[\w-]{43}$/);
  assert.equal(await share(test), token);
  assert.equal(await status(test, token), 200);
  assert.equal(await status(test, FIRST), 404, "by id not even now");
  assert.equal(await status(test, token, test.bob.headers), 200);
  const activities = await test.get(`/strava/activities?athlete=${token}`);
  const { total } = await activities.json();
  const own = await test.get(`/strava/activities?athlete=${FIRST}`, test.ada);
  assert.ok(total <= (await own.json()).total);

  // The link is for reading: what is the owner's stays the owner's.
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

Deno.test("POST /api/athletes/visibility: the database knows no token in plain text, and the log none at all", async () => {
  await using test = await createHouse();
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

Deno.test("POST /api/athletes/visibility: private ends the link, and a later one is another", async () => {
  await using test = await createHouse();
  const token = await share(test);

  assert.equal(await share(test, "private"), null);
  assert.equal(await status(test, token), 404);

  const later = await share(test);
  assert.notEqual(later, token);
  assert.equal(await status(test, token), 404);
  assert.equal(await status(test, later), 200);
});

Deno.test("a share token: opens nothing of an athlete who is private, should its hash be there still", async () => {
  await using test = await createHouse();
  const token = await share(test);

  await test.deps.sql`update athletes set visibility = 'private'`;
  assert.equal(await status(test, token), 404);
  await test.deps.sql`update athletes set visibility = null`;
  assert.equal(await status(test, token), 404);
});

Deno.test("POST /api/athletes/visibility: public opens it by id and keeps the link", async () => {
  await using test = await createHouse();
  const token = await share(test);

  assert.equal(await share(test, "public"), token);

  assert.equal(await status(test, FIRST), 200);
  assert.equal(await status(test, token), 200);
  await share(test, "link");
  assert.equal(await status(test, FIRST), 404);
  assert.equal(await status(test, token), 200);
});

Deno.test("POST /api/athletes/renew-link: the old link opens nothing from now on", async () => {
  await using test = await createHouse();
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

Deno.test("POST /api/athletes/visibility: of many at once all have the one link that opens", async () => {
  await using test = await createHouse();

  const tokens = await Promise.all(
    Array.from({ length: 8 }, () => share(test)),
  );

  assert.equal(new Set(tokens).size, 1);
  assert.equal(await status(test, tokens[0]!), 200);
});

Deno.test("setVisibility: who comes second to the first link gets that one, not another", async () => {
  await using test = await createHouse();
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
  }, "the second to wait");
  mayEnd.resolve();
  await Promise.all([first, second]);

  assert.equal(await readLink(sql), link);
});

Deno.test("POST /api/athletes/visibility: the instance's own athlete is INTERNAL_API_KEY's to share", async () => {
  await using test = await createHouse();

  const answer = await post(test, "visibility", {
    headers: BY_INSTANCE,
    athlete: OF_INSTANCE,
    visibility: "private",
  });

  assert.equal(answer.visibility, "private");
  assert.equal(await status(test, OF_INSTANCE), 404);
  assert.deepEqual(await readAudit(test), [{
    kind: "athlete_shared",
    user_id: null,
    actor_id: null,
    athlete_id: OF_INSTANCE,
    detail: { visibility: "private", by: "instance" },
  }]);
});

Deno.test("keys: one shares, disconnects and deletes nothing without the scope, and sees no link", async () => {
  await using test = await createHouse();
  await share(test);
  const plain = (await insertKey(test, {
    user: test.ada,
    scopes: ["stats:read", "sync:write", "export:read", "activities:read"],
  })).headers;
  const [first] = await list(test, plain);
  assert.equal(first!.share_token, null);

  const actions = ["default", "visibility", "renew-link", "disconnect"];
  for (const what of [...actions, "delete"]) {
    const body = { headers: plain, athlete: FIRST };
    const isVisibility = what === "visibility";
    assert.deepEqual(
      await post(
        test,
        what,
        isVisibility ? { ...body, visibility: "public" } : body,
      ),
      [403, "scope_missing"],
      what,
    );
  }
  const almighty =
    (await insertKey(test, { user: test.ada, scopes: ["admin"] })).headers;
  assert.deepEqual(
    await post(test, "delete", { headers: almighty, athlete: FIRST }),
    [403, "scope_missing"],
  );
  const response = await test.post("/strava/admin/disconnect", {
    headers: { ...almighty, "content-type": "application/json" },
    body: JSON.stringify({ athlete: FIRST, data: "delete" }),
  });
  assert.equal(response.status, 403);
  await response.body?.cancel();
  assert.deepEqual(await countRows(test, FIRST), [1, 1, 3]);
});

Deno.test("POST /api/athletes/disconnect: the tokens go, here and at Strava, and the history is served on", async () => {
  await using test = await createHouse();
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

Deno.test("POST /api/athletes/delete: every row goes, the other athletes stay, the next one is the default", async () => {
  await using test = await createHouse();
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

Deno.test("POST /api/athletes/delete: needs a password given a moment ago, as deleting by disconnect does", async () => {
  await using test = await createHouse();
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

Deno.test("POST /api/athletes/delete: by an administrator it is recorded of whom and by whom", async () => {
  await using test = await createHouse();
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

Deno.test("resealLinks: under a new key the links stay what they are; one whose key is lost opens still", async () => {
  await using test = await createHouse();
  const { config, sql, log } = test.deps;
  const token = await share(test);
  const newKey = "another-seal-0123456789-abcdefghijklmno";
  const readSealed = async (): Promise<string> =>
    (await sql`select share_token from athletes where id = ${FIRST}`)[0]![
      "share_token"
    ];
  const before = await readSealed();

  const seal = await createSeal(newKey, [config.encryptionKey]);
  assert.equal(await resealLinks({ sql, log, seal }), 1);
  assert.equal(await resealLinks({ sql, log, seal }), 0);
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
  assert.equal(await resealLinks({ sql, log, seal: lost }), 0);
  assert.equal(await status(test, token), 200);
  assert.match(test.log.text(), /Cannot open the share token/);
});
