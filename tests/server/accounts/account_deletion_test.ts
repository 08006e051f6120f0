import assert from "node:assert/strict";
import { lockSyncState } from "../../../db/sync_state.ts";
import { deleteAccount } from "../../../server/accounts/account_deletion.ts";
import { record } from "../../../server/audit.ts";
import { eraseFromShell } from "../../../cli/actions/erase.ts";
import { syncAthlete } from "../../../server/sync/run_sync.ts";
import {
  giveAthlete,
  insertCaller,
  insertKey,
  json,
  type TestUser,
} from "../../support/callers.ts";
import { PASSWORD } from "../../support/accounts.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";
import { connectWithoutSync, sync, untilLockWait } from "../../support/sync.ts";

const SECOND_ID = 700_002;
const OTHER_ID = 700_003;
const REVOKE = "/oauth/revoke";
const DELETE = "/api/auth/delete-account";

interface Answer {
  status: number;
  // deno-lint-ignore no-explicit-any -- the body of any response
  body: any;
}

/** Creates Ada with two synced athletes, and Bob with one. Both have an API key and audit events. */
async function createUsers(
  { role = "member" }: { role?: "member" | "admin" } = {},
): Promise<{ test: TestApp; ada: TestUser; bob: TestUser }> {
  const test = await createTestApp({
    activities: createHistory(5),
    env: { LOG_LEVEL: "error", ALLOWED_ATHLETES: "700001,700002,700003" },
  });
  const password = await test.deps.passwords.hash(PASSWORD);
  const ada = await insertCaller(test, "ada", { role, password });
  const bob = await insertCaller(test, "bob", { password });
  for (
    const [user, athleteId] of [
      [ada, ATHLETE_ID],
      [ada, SECOND_ID],
      [bob, OTHER_ID],
    ] as const
  ) {
    await connectWithoutSync(test, athleteId);
    await giveAthlete(test, { user, athleteId });
    await syncAthlete(test.deps, { athleteId, trigger: "cron" });
    await record(
      { ...test.deps, address: "192.0.2.9", agent: "curl" },
      "athlete_connected",
      { userId: user.id, athleteId },
    );
    await record(test.deps, "athlete_disconnected", { athleteId });
  }
  for (const user of [ada, bob]) {
    await insertKey(test, { user, scopes: ["stats:read"] });
    await test.deps.sql`
      insert into refresh_tokens (hash, session_id, created_at)
      values (sha256(${user.id}::text::bytea), ${user.sessionId}, now())
    `;
  }
  return { test, ada, bob };
}

async function postDeletion(
  test: TestApp,
  user: TestUser,
  password: string = PASSWORD,
): Promise<Answer> {
  const response = await test.post(DELETE, json({ password }, user.headers));
  return { status: response.status, body: await response.json() };
}

/** Returns the rows of all tables, as text, that contain one of the needles. */
async function findRows(
  { deps: { sql } }: TestApp,
  needles: readonly string[],
): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    select table_name as name
    from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'
    order by 1
  `;
  assert.ok(tables.length > 15);
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await sql<{ row: string }[]>`
      select row_to_json(found)::text as row from ${sql(name)} as found
    `;
    for (const { row } of rows) {
      if (needles.some((needle) => row.includes(needle))) {
        found.push(`${name} ${row}`);
      }
    }
  }
  return found;
}

/** Returns the texts by which a user's rows are found: ids and the name. */
function toNeedles(user: TestUser, athleteIds: readonly number[]): string[] {
  return [
    user.id,
    user.sessionId,
    `"${user.username}`,
    ...athleteIds.map(String),
  ];
}

/** Returns all of Bob's rows, as text. */
async function findBobsRows(test: TestApp, bob: TestUser): Promise<string[]> {
  return await findRows(test, toNeedles(bob, [OTHER_ID]));
}

function countRevocations({ strava }: TestApp): number {
  return strava.requests.filter(({ path }) => path === REVOKE).length;
}

Deno.test("POST /api/auth/delete-account: leaves one bare audit event in all tables", async () => {
  const { test, ada, bob } = await createUsers();
  await using _ = test;
  await record(
    { ...test.deps, address: "192.0.2.9" },
    "login",
    { userId: ada.id, sessionId: ada.sessionId },
  );
  const needles = toNeedles(ada, [ATHLETE_ID, SECOND_ID]);
  const before = await findRows(test, needles);
  const others = await findBobsRows(test, bob);

  const { status, body } = await postDeletion(test, ada);

  assert.deepEqual([status, body], [200, {
    status: "deleted",
    athletes: [
      { id: ATHLETE_ID, revoked_at_strava: true },
      { id: SECOND_ID, revoked_at_strava: true },
    ],
  }]);
  const tables = new Set(before.map((row) => row.split(" ")[0]));
  for (
    const table of [
      "users",
      "passwords",
      "sessions",
      "refresh_tokens",
      "api_keys",
      "audit_events",
      "athletes",
      "grants",
      "activities",
    ]
  ) {
    assert.ok(tables.has(table), table);
  }
  const [left, ...more] = await findRows(test, needles);
  assert.deepEqual(more, []);
  const { id: _id, at: _at, ...event } = JSON.parse(left!.slice(13));
  assert.deepEqual(event, {
    kind: "account_deleted",
    user_id: ada.id,
    actor_id: null,
    session_id: null,
    api_key_id: null,
    athlete_id: null,
    address: null,
    agent: null,
    detail: { by: "user" },
  });
  assert.deepEqual(await findBobsRows(test, bob), others);
  assert.equal(countRevocations(test), 2);
});

Deno.test("POST /api/auth/delete-account: ends session and API key, clears the cookies", async () => {
  const { test, ada } = await createUsers();
  await using _ = test;
  const { text } = await insertKey(test, { user: ada, scopes: ["stats:read"] });

  const response = await test.post(
    DELETE,
    json({ password: PASSWORD }, ada.headers),
  );

  const cookies = response.headers.getSetCookie();
  await response.body?.cancel();
  assert.equal(cookies.length, 2);
  for (const cookie of cookies) assert.match(cookie, /Max-Age=0/);
  for (
    const [headers, reason] of [
      [ada.headers, "session_expired"],
      [{ "x-api-key": text }, "invalid_api_key"],
    ] as const
  ) {
    const later = await test.get("/strava/stats/ytd", { headers });
    assert.deepEqual([later.status, (await later.json()).reason], [
      401,
      reason,
    ]);
  }
});

Deno.test("POST /api/auth/delete-account: needs the password and a recent session", async () => {
  const { test, ada } = await createUsers();
  await using _ = test;
  const { text } = await insertKey(test, {
    user: ada,
    scopes: ["stats:read", "export:read"],
  });
  const post = async (headers: Record<string, string>): Promise<Answer> => {
    const response = await test.post(
      DELETE,
      json({ password: PASSWORD }, headers),
    );
    return { status: response.status, body: await response.json() };
  };

  const wrong = await postDeletion(test, ada, "not the password");
  const empty = await postDeletion(test, ada, "");
  const key = await post({ "x-api-key": text });
  const instance = await post({ "x-api-key": test.config.internalApiKey });
  const anonymous = await post({});
  test.clock.now += 10 * 60_000 + 1;
  const late = await postDeletion(test, ada);

  assert.deepEqual(
    [wrong, empty, key, instance, anonymous, late].map(({ status, body }) => [
      status,
      body.reason,
    ]),
    [
      [403, "wrong_password"],
      [400, "invalid_input"],
      [403, "scope_missing"],
      [401, "missing_session"],
      [401, "missing_session"],
      [403, "recent_login_required"],
    ],
  );
  assert.equal((await test.deps.sql`select from athletes`).length, 3);
  assert.equal(countRevocations(test), 0);
});

Deno.test("POST /api/auth/delete-account: throttles password guessing", async () => {
  const { test, ada } = await createUsers();
  await using _ = test;
  const statuses: number[] = [];
  for (let count = 0; count < 6; count++) {
    statuses.push((await postDeletion(test, ada, `guess ${count}`)).status);
  }
  const right = await postDeletion(test, ada);

  assert.deepEqual(statuses, [403, 403, 403, 403, 403, 429]);
  assert.deepEqual([right.status, right.body.reason], [429, "too_many_logins"]);
  assert.equal((await test.deps.sql`select from users`).length, 2);
});

Deno.test("POST /api/auth/delete-account: deletes the data although Strava fails", async () => {
  const { test, ada } = await createUsers();
  await using _ = test;
  test.strava.faults.inject({ kind: "status", status: 503 }, {
    path: REVOKE,
    times: 1,
  });

  const { status, body } = await postDeletion(test, ada);

  assert.equal(status, 200);
  assert.deepEqual(body.athletes, [
    { id: ATHLETE_ID, revoked_at_strava: false },
    { id: SECOND_ID, revoked_at_strava: true },
  ]);
  assert.equal((await test.deps.sql`select from athletes`).length, 1);
});

Deno.test("POST /api/auth/delete-account: deletes a user without athletes", async () => {
  const { test } = await createUsers();
  await using _ = test;
  const password = await test.deps.passwords.hash(PASSWORD);
  const greta = await insertCaller(test, "greta", { password });

  const { status, body } = await postDeletion(test, greta);

  assert.deepEqual([status, body.athletes], [200, []]);
  assert.equal((await findRows(test, toNeedles(greta, []))).length, 1);
});

Deno.test("deleteAccount: can be repeated after an interruption and leaves nothing more", async () => {
  const { test, ada, bob } = await createUsers();
  await using _ = test;
  const others = await findBobsRows(test, bob);
  let revoked = 0;
  const { revokeToken } = test.deps.strava;
  test.deps.strava.revokeToken = async (token) => {
    await revokeToken.call(test.deps.strava, token);
    // Simulates a crash: the second athlete's rows have not been deleted yet.
    if (++revoked === 2) await endConnections(test);
  };

  const interrupted = await postDeletion(test, ada);
  const half = await test.deps.sql<{ id: number }[]>`
    select id from athletes where user_id = ${ada.id}
  `;
  test.deps.strava.revokeToken = revokeToken;
  const again = await postDeletion(test, ada);

  assert.ok(interrupted.status >= 500, `${interrupted.status}`);
  assert.deepEqual(half.map(({ id }) => id), [SECOND_ID]);
  assert.equal(again.status, 200);
  const left = await findRows(test, toNeedles(ada, [ATHLETE_ID, SECOND_ID]));
  assert.equal(left.length, 1, left.join("\n"));
  assert.match(left[0]!, /account_deleted/);
  assert.deepEqual(await findBobsRows(test, bob), others);
});

/** Terminates all other connections to the database, which rolls back their transactions. */
async function endConnections({ deps: { sql } }: TestApp): Promise<void> {
  await sql`
    select pg_terminate_backend(pid)
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
  `;
}

Deno.test("deleteAccount: deletes and records once for two concurrent calls", async () => {
  const { test, ada } = await createUsers();
  await using _ = test;
  const { sql } = test.deps;

  const deleted = await Promise.all(
    [1, 2].map(() => deleteAccount(test.deps, { userId: ada.id, by: "user" })),
  );

  for (const result of deleted) assert.ok("athletes" in result);
  const events = await sql`
    select from audit_events where kind = 'account_deleted'
  `;
  assert.equal(events.length, 1);
  assert.equal((await sql`select from users where id = ${ada.id}`).length, 0);
  assert.equal((await sql`select from athletes`).length, 1);
});

Deno.test("deleteAccount: also deletes an athlete connected during the deletion", async () => {
  const { test, ada } = await createUsers();
  await using _ = test;
  const { revokeToken } = test.deps.strava;
  let isLate = true;
  test.deps.strava.revokeToken = async (token) => {
    await revokeToken.call(test.deps.strava, token);
    if (isLate) await giveAthlete(test, { user: ada, athleteId: OTHER_ID });
    isLate = false;
  };

  const deleted = await deleteAccount(test.deps, {
    userId: ada.id,
    by: "user",
  });

  assert.deepEqual(
    "athletes" in deleted && deleted.athletes.map(({ id }) => id),
    [ATHLETE_ID, SECOND_ID, OTHER_ID],
  );
  assert.equal((await test.deps.sql`select from athletes`).length, 0);
});

Deno.test("deleteAccount: a page fetched by a running sync is not stored afterwards", async () => {
  const { test, ada } = await createUsers();
  await using _ = test;
  const { athletes } = test.strava;
  athletes.get(ATHLETE_ID)!.add({ start_date: "2026-11-20T06:00:00Z" });
  const fetched = Promise.withResolvers<void>();
  const deleted = Promise.withResolvers<void>();
  const { listActivities } = test.deps.strava;
  test.deps.strava.listActivities = async (options) => {
    const items = await listActivities.call(test.deps.strava, options);
    fetched.resolve();
    await deleted.promise;
    return items;
  };

  const syncing = sync(test).catch(() => undefined);
  await fetched.promise;
  const { status } = await postDeletion(test, ada);
  deleted.resolve();
  await syncing;

  assert.equal(status, 200);
  const left = await findRows(test, toNeedles(ada, [ATHLETE_ID, SECOND_ID]));
  assert.equal(left.length, 1, left.join("\n"));
});

Deno.test("POST /api/auth/delete-account: waits for a page being stored, without deadlock", async () => {
  const { test, ada } = await createUsers();
  await using _ = test;
  const { sql } = test.deps;
  const locked = Promise.withResolvers<void>();
  const waiting = Promise.withResolvers<void>();
  const storing = sql.begin(async (tx) => {
    await lockSyncState(tx, { athleteId: ATHLETE_ID });
    locked.resolve();
    await waiting.promise;
    await tx`
      insert into gear (athlete_id, id, is_known, checked_at)
      values (${ATHLETE_ID}, 'b1', true, now())
    `;
  });
  await locked.promise;

  const deleting = postDeletion(test, ada);
  await untilLockWait(test);
  waiting.resolve();
  await storing;

  assert.equal((await deleting).status, 200);
  const left = await findRows(test, toNeedles(ada, [ATHLETE_ID, SECOND_ID]));
  assert.equal(left.length, 1, left.join("\n"));
});

Deno.test("POST /api/auth/delete-account: refuses the only administrator among others", async () => {
  const { test, ada, bob } = await createUsers({ role: "admin" });
  await using _ = test;
  const { sql } = test.deps;

  const refused = await postDeletion(test, ada);
  const kept = await sql`select from athletes`;
  await sql`update users set role = 'admin', is_active = false where id = ${bob.id}`;
  const disabled = await postDeletion(test, ada);
  await sql`update users set is_active = true where id = ${bob.id}`;
  const allowed = await postDeletion(test, ada);

  for (const { status, body } of [refused, disabled]) {
    assert.deepEqual([status, body.reason], [409, "last_admin"]);
    assert.match(body.detail, /only administrator/);
  }
  assert.equal(kept.length, 3);
  assert.equal(allowed.status, 200);
});

Deno.test("POST /api/auth/delete-account: deletes the only user of the instance", async () => {
  const { test, ada, bob } = await createUsers({ role: "admin" });
  await using _ = test;
  await postDeletion(test, bob);

  assert.equal((await postDeletion(test, ada)).status, 200);
  assert.equal((await test.deps.sql`select from users`).length, 0);
});

Deno.test("deleteAccount: keeps one of two administrators who leave at the same time", async () => {
  const { test, ada, bob } = await createUsers({ role: "admin" });
  await using _ = test;
  const { sql } = test.deps;
  await sql`update users set role = 'admin' where id = ${bob.id}`;
  await insertCaller(test, "eve");

  const deleted = await Promise.all(
    [ada, bob].map(({ id }) =>
      deleteAccount(test.deps, { userId: id, by: "user" })
    ),
  );

  const refused = deleted.filter((result) => "refusal" in result);
  assert.equal(refused.length, 1);
  const admins = await sql<{ id: string }[]>`
    select id from users where role = 'admin'
  `;
  assert.equal(admins.length, 1);
  const kept = admins[0]!.id === ada.id ? [ATHLETE_ID, SECOND_ID] : [OTHER_ID];
  const athletes = await sql<
    { id: number }[]
  >`select id from athletes order by id`;
  assert.deepEqual(athletes.map(({ id }) => id), kept);
});

Deno.test("deleteAccount: keeps an administrator's actions in others' history", async () => {
  const { test, ada, bob } = await createUsers({ role: "admin" });
  await using _ = test;
  await test.deps.sql`update users set role = 'admin' where id = ${bob.id}`;
  await record(
    { ...test.deps, address: "192.0.2.9", agent: "curl" },
    "password_reset",
    { userId: bob.id, actorId: ada.id, sessionId: ada.sessionId },
  );

  await postDeletion(test, ada);

  const [event] = await test.deps.sql`
    select user_id, actor_id, session_id, address, agent
    from audit_events
    where kind = 'password_reset'
  `;
  assert.deepEqual({ ...event }, {
    user_id: bob.id,
    actor_id: ada.id,
    session_id: null,
    address: null,
    agent: null,
  });
});

async function eraseUser(
  { config }: TestApp,
  { user, yes = false, answer }: {
    user: string;
    yes?: boolean;
    answer?: string | null;
  },
): Promise<{ code: number; said: string; asked: string[] }> {
  const said: string[] = [];
  const asked: string[] = [];
  const code = await eraseFromShell(config, {
    athleteId: undefined,
    user,
    yes,
    ask: answer === undefined ? undefined : (question) => {
      asked.push(question);
      return answer;
    },
    say: (line) => void said.push(line),
  });
  return { code, said: said.join("\n"), asked };
}

for (
  const options of [
    { user: "ada", answer: "ada" },
    { user: "ADA@example.org", answer: " ada " },
    { user: "Ada", yes: true },
  ]
) {
  Deno.test(`erase --user: deletes and reports the account with ${JSON.stringify(options)}`, async () => {
    const { test, ada, bob } = await createUsers();
    await using _ = test;
    const others = await findBobsRows(test, bob);

    const { code, said, asked } = await eraseUser(test, options);

    assert.equal(code, 0, said);
    assert.deepEqual(asked, options.yes ? [] : ["To confirm, type ada:"]);
    assert.match(said, /^User ada, ada@example.org: .*700001, 700002/);
    assert.match(said, /^All data of user ada is deleted\.$/m);
    assert.match(said, /^Athlete 700002: the access at Strava is revoked\.$/m);
    const left = await findRows(
      test,
      toNeedles(ada, [ATHLETE_ID, SECOND_ID]),
    );
    assert.equal(left.length, 1);
    assert.match(left[0]!, /"by"\s*:\s*"shell"/);
    assert.deepEqual(await findBobsRows(test, bob), others);
  });
}

for (
  const [name, options] of [
    ["another name typed", { user: "ada", answer: "bob" }],
    ["the address typed", { user: "ada", answer: "ada@example.org" }],
    ["nothing typed", { user: "ada", answer: "" }],
    ["end of input", { user: "ada", answer: null }],
    ["no terminal and no --yes", { user: "ada" }],
    ["an unknown user", { user: "eve", yes: true }],
  ] as const
) {
  Deno.test(`erase --user: deletes nothing with ${name}`, async () => {
    const { test } = await createUsers();
    await using _ = test;

    const { code } = await eraseUser(test, options);

    assert.equal(code, 1);
    assert.equal((await test.deps.sql`select from users`).length, 2);
    assert.equal((await test.deps.sql`select from athletes`).length, 3);
    assert.equal(countRevocations(test), 0);
  });
}

Deno.test("erase --user: deletes the only administrator after a warning", async () => {
  const { test } = await createUsers({ role: "admin" });
  await using _ = test;

  const { code, said } = await eraseUser(test, { user: "ada", yes: true });

  assert.equal(code, 0);
  assert.match(said, /^This is the only administrator: /m);
  assert.equal((await test.deps.sql`select from users`).length, 1);
});
