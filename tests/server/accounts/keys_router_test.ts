import assert from "node:assert/strict";
import { Scope } from "@paceline/sdk/schemas";
import { listAuditEvents } from "../../../db/audit_events.ts";
import { MAX_KEYS } from "../../../server/accounts/api_keys.ts";
import { SCOPES } from "../../../server/auth/scope.ts";
import { isApiKey } from "../../../server/auth/token.ts";
import {
  insertCaller,
  insertKey,
  json,
  type TestUser,
} from "../../support/callers.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import { untilLockWait } from "../../support/sync.ts";

const MINUTE_MS = 60_000;
const KEYS = "/api/keys";

interface Answer {
  status: number;
  // deno-lint-ignore no-explicit-any -- the body of any route
  body: any;
}

async function read(response: Response): Promise<Answer> {
  return { status: response.status, body: await response.json() };
}

async function create(
  test: TestApp,
  user: TestUser,
  input: object = {},
): Promise<Answer> {
  const body = { name: "Phone", scopes: ["stats:read"], ...input };
  return await read(await test.post(KEYS, json(body, user.headers)));
}

async function list(test: TestApp, user: TestUser): Promise<Answer> {
  return await read(await test.get(KEYS, { headers: user.headers }));
}

async function change(
  test: TestApp,
  user: TestUser,
  { action, ...input }: {
    action: "rename" | "revoke";
    id: string;
    name?: string;
  },
): Promise<Answer> {
  return await read(
    await test.post(`${KEYS}/${action}`, json(input, user.headers)),
  );
}

async function readKinds(test: TestApp): Promise<string[]> {
  const events = await listAuditEvents(test.deps.sql, { limit: 100 });
  return events.map(({ kind }) => kind).toReversed();
}

Deno.test("Scope: has the scopes of the server", () => {
  assert.deepEqual(Scope.options, [...SCOPES]);
});

Deno.test("POST /api/keys: returns a working key once and stores only its hash", async () => {
  await using test = await createTestApp({ synced: true });
  const ada = await insertCaller(test, "ada");

  const { status, body } = await create(test, ada, { name: "  Phone  " });
  const listed = await list(test, ada);
  const used = await test.get("/strava/stats/ytd", {
    headers: { "x-api-key": body.key },
  });

  assert.equal(status, 200);
  assert.ok(isApiKey(body.key), body.key);
  assert.ok(body.key.startsWith(`${body.prefix}_`));
  const { key, ...rest } = body;
  assert.deepEqual(rest, {
    id: body.id,
    name: "Phone",
    prefix: body.prefix,
    scopes: ["stats:read"],
    active: true,
    created_at: "2026-11-20T12:02:00Z",
    expires_at: null,
    last_used_at: null,
    last_used_address: null,
    revoked_at: null,
  });
  assert.deepEqual(listed.body.data, [rest]);
  assert.equal(used.status, 200);
  await used.body?.cancel();
  const dump = await test.deps.sql`
    select api_keys::text as row from api_keys
    union all
    select audit_events::text from audit_events
  `;
  assert.ok(!JSON.stringify(dump).includes(key.slice(12)));
  assert.ok(!test.log.text().includes(key.slice(12)));
});

Deno.test("POST /api/keys: records the prefix, the scopes and the session", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");

  const { body } = await create(test, ada);

  const [event] = await listAuditEvents(test.deps.sql, { limit: 2 });
  assert.deepEqual(
    {
      kind: event!.kind,
      userId: event!.userId,
      sessionId: event!.sessionId,
      apiKeyId: event!.apiKeyId,
      detail: event!.detail,
    },
    {
      kind: "key_created",
      userId: ada.id,
      sessionId: ada.sessionId,
      apiKeyId: body.id,
      detail: { prefix: body.prefix, scopes: ["stats:read"] },
    },
  );
});

for (
  const [name, input] of [
    ["no name", { name: "   " }],
    ["a long name", { name: "x".repeat(81) }],
    ["a name with two lines", { name: "a\nb" }],
    ["a name with a null character", { name: "a\u0000b" }],
    ["no scope", { scopes: [] }],
    ["an unknown scope", { scopes: ["stats:write"] }],
    ["a scope twice", { scopes: ["stats:read", "stats:read"] }],
    ["scopes as a string", { scopes: "stats:read" }],
    ["an expiry in the past", { expires_at: "2026-11-20T12:02:00Z" }],
    ["an invalid expiry", { expires_at: "tomorrow" }],
    ["an unknown field", { user_id: crypto.randomUUID() }],
  ] as const
) {
  Deno.test(`POST /api/keys: answers 400 and creates nothing for ${name}`, async () => {
    await using test = await createTestApp();
    const ada = await insertCaller(test, "ada");

    const { status, body } = await create(test, ada, input);

    assert.deepEqual([status, body.reason], [400, "invalid_input"]);
    assert.deepEqual((await list(test, ada)).body.data, []);
    assert.deepEqual(await readKinds(test), []);
  });
}

Deno.test("POST /api/keys: needs a password entered in the last 10 minutes", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");

  test.clock.now += 10 * MINUTE_MS;
  const early = await create(test, ada);
  test.clock.now += 1;
  const late = await create(test, ada);
  test.clock.now -= 2 * (10 * MINUTE_MS + 1);
  const setBack = await create(test, ada);

  assert.equal(early.status, 200);
  for (const { status, body } of [late, setBack]) {
    assert.deepEqual([status, body.reason], [403, "recent_login_required"]);
  }
});

Deno.test("POST /api/keys: grants the scope admin to administrators only", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");
  const root = await insertCaller(test, "root", { role: "admin" });
  const scopes = ["admin"];

  const member = await create(test, ada, { scopes });
  const admin = await create(test, root, { scopes });

  assert.deepEqual([member.status, member.body.reason], [403, "admin_only"]);
  assert.equal(admin.status, 200);
  assert.deepEqual((await list(test, ada)).body.data, []);
});

Deno.test("POST /api/keys: keeps the limit under concurrent requests", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");
  for (let count = 0; count < MAX_KEYS - 1; count++) {
    await insertKey(test, { user: ada, scopes: ["stats:read"] });
  }

  const answers = await Promise.all([1, 2, 3].map(() => create(test, ada)));
  const { body: { data } } = await list(test, ada);
  await change(test, ada, { action: "revoke", id: data[0].id });
  const again = await create(test, ada);

  assert.deepEqual(
    answers.map(({ status }) => status).toSorted(),
    [200, 409, 409],
  );
  assert.ok(answers.some(({ body }) => body.reason === "too_many_keys"));
  assert.equal(data.length, MAX_KEYS);
  assert.equal(again.status, 200);
});

Deno.test("POST /api/keys: refuses a user who is disabled during the request", async () => {
  await using test = await createTestApp();
  const { sql } = test.deps;
  const ada = await insertCaller(test, "ada");
  const locked = Promise.withResolvers<void>();
  const waiting = Promise.withResolvers<void>();

  const disabling = sql.begin(async (tx) => {
    await tx`update users set is_active = false where id = ${ada.id}`;
    locked.resolve();
    await waiting.promise;
  });
  await locked.promise;
  const creating = create(test, ada);
  await untilLockWait(test);
  waiting.resolve();
  await disabling;
  const { status, body } = await creating;

  assert.deepEqual([status, body.reason], [401, "session_expired"]);
  assert.equal((await sql`select from api_keys`).length, 0);
});

Deno.test("GET /api/keys: lists the user's own keys, newest first, inactive ones too", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");
  const bob = await insertCaller(test, "bob");
  const expires_at = "2026-11-20T13:32:00+01:00";
  const expiring = (await create(test, ada, { expires_at })).body;
  test.clock.now += MINUTE_MS;
  const revoked = (await create(test, ada)).body;
  await change(test, ada, { action: "revoke", id: revoked.id });
  test.clock.now += MINUTE_MS;
  const live = (await create(test, ada)).body;
  await create(test, bob);
  test.clock.now = Date.UTC(2026, 10, 20, 12, 32);

  const { status, body } = await list(test, ada);

  assert.equal(status, 200);
  assert.deepEqual(
    body.data.map(({ id, active }: Answer["body"]) => [id, active]),
    [[live.id, true], [revoked.id, false], [expiring.id, false]],
  );
  assert.equal(body.data[2].expires_at, "2026-11-20T12:32:00Z");
  assert.equal(body.data[1].revoked_at, "2026-11-20T12:03:00Z");
});

Deno.test("POST /api/keys/rename, /revoke: answer 404 for another user's key", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");
  const root = await insertCaller(test, "root", { role: "admin" });
  const { body: { id, key } } = await create(test, ada);

  for (const other of [id, crypto.randomUUID()]) {
    const changes = [
      await change(test, root, { action: "rename", id: other, name: "mine" }),
      await change(test, root, { action: "revoke", id: other }),
    ];
    for (const { status, body } of changes) {
      assert.deepEqual([status, body.reason], [404, "key_not_found"]);
    }
  }

  const [still] = (await list(test, ada)).body.data;
  assert.deepEqual([still.name, still.active], ["Phone", true]);
  assert.deepEqual(await readKinds(test), ["key_created"]);
  assert.ok(key);
});

Deno.test("POST /api/keys/revoke: answers 400 for an invalid id", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");
  for (const id of ["1", "", "' or true --", "x".repeat(5000)]) {
    const { status, body } = await change(test, ada, { action: "revoke", id });
    assert.deepEqual([status, body.reason], [400, "invalid_input"], id);
  }
});

Deno.test("POST /api/keys/rename: changes only the name and is recorded", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");
  const { body: { key, ...before } } = await create(test, ada);

  const { status, body } = await change(test, ada, {
    action: "rename",
    id: before.id,
    name: "Watch",
  });

  assert.equal(status, 200);
  assert.deepEqual(body, { ...before, name: "Watch" });
  assert.deepEqual(await readKinds(test), ["key_created", "key_renamed"]);
  assert.ok(key);
});

Deno.test("POST /api/keys/revoke: ends the key once, also for repeated requests", async () => {
  await using test = await createTestApp({ synced: true });
  const ada = await insertCaller(test, "ada");
  const { body: { id, key } } = await create(test, ada);

  const answers = await Promise.all(
    [1, 2, 3].map(() => change(test, ada, { action: "revoke", id })),
  );
  test.clock.now += MINUTE_MS;
  const again = await change(test, ada, { action: "revoke", id });
  const used = await read(
    await test.get("/strava/stats/ytd", { headers: { "x-api-key": key } }),
  );

  for (const { status, body } of [...answers, again]) {
    assert.equal(status, 200);
    assert.deepEqual(
      [body.active, body.revoked_at],
      [false, "2026-11-20T12:02:00Z"],
    );
  }
  assert.deepEqual([used.status, used.body.reason], [401, "invalid_api_key"]);
  assert.deepEqual(await readKinds(test), [
    "athlete_connected",
    "key_created",
    "key_revoked",
  ]);
});

Deno.test("keys.*: refuse API keys, INTERNAL_API_KEY and anonymous callers", async () => {
  await using test = await createTestApp();
  const root = await insertCaller(test, "root", { role: "admin" });
  const { id, text } = await insertKey(test, { user: root, scopes: SCOPES });
  const bodies = {
    [KEYS]: { name: "More", scopes: ["admin"] },
    [`${KEYS}/rename`]: { id, name: "Other" },
    [`${KEYS}/revoke`]: { id },
  };
  for (
    const [headers, status, reason] of [
      [{ "x-api-key": text }, 403, "scope_missing"],
      [{ "x-api-key": test.config.internalApiKey }, 401, "missing_session"],
      [{}, 401, "missing_session"],
    ] as const
  ) {
    const answers = [await read(await test.get(KEYS, { headers }))];
    for (const [path, body] of Object.entries(bodies)) {
      answers.push(await read(await test.post(path, json(body, headers))));
    }
    for (const answer of answers) {
      assert.deepEqual([answer.status, answer.body.reason], [status, reason]);
    }
  }
  assert.equal((await test.deps.sql`select from api_keys`).length, 1);
});
