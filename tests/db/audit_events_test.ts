import assert from "node:assert/strict";
import {
  type AuditEventInput,
  deleteAuditEvents,
  deleteUserAuditEvents,
  insertAuditEvent,
  listAuditEvents,
} from "../../db/audit_events.ts";
import { PostgresError, type Sql } from "../../db/driver/client.ts";
import { createTestDatabase } from "../support/database.ts";

const USER = "11111111-1111-4111-8111-111111111111";
const OTHER = "22222222-2222-4222-8222-222222222222";
const START = Date.UTC(2026, 10, 20, 12);

/** Inserts events one minute apart, the first at START. */
async function insertEvents(
  sql: Sql,
  events: readonly Partial<AuditEventInput>[],
): Promise<void> {
  for (const [index, event] of events.entries()) {
    const at = new Date(START + index * 60_000);
    await insertAuditEvent(sql, { kind: "login", at, ...event });
  }
}

function isAppendOnly(error: unknown): boolean {
  return error instanceof PostgresError &&
    error.message === "audit_events is append-only";
}

Deno.test("insertAuditEvent: stores every field, and null for omitted ones", async () => {
  await using database = await createTestDatabase();
  const whole = {
    at: new Date(START),
    kind: "key_created",
    userId: USER,
    actorId: OTHER,
    sessionId: crypto.randomUUID(),
    apiKeyId: crypto.randomUUID(),
    athleteId: 700_001,
    address: "2001:db8::1",
    agent: "curl/8.14",
    detail: { name: 'The "phone"\\', scopes: ["stats:read"], count: 2 },
  } as const;
  await insertAuditEvent(database.sql, {
    ...whole,
    detail: { ...whole.detail, scopes: [...whole.detail.scopes] },
  });
  await insertAuditEvent(database.sql, {
    at: new Date(START),
    kind: "login_failed",
  });

  const [bare, full] = await listAuditEvents(database.sql, { limit: 10 });

  const { id, at, username, ...rest } = full!;
  assert.equal(username, null);
  assert.equal(at.getTime(), START);
  assert.deepEqual({ ...rest, at: whole.at }, whole);
  assert.ok(bare!.id > id);
  assert.deepEqual({ ...bare, id: 0, at: 0 }, {
    id: 0,
    at: 0,
    kind: "login_failed",
    userId: null,
    username: null,
    actorId: null,
    sessionId: null,
    apiKeyId: null,
    athleteId: null,
    address: null,
    agent: null,
    detail: {},
  });
});

for (
  const [name, change] of [
    ["update", (sql: Sql) => sql`update audit_events set kind = 'logout'`],
    ["delete", (sql: Sql) => sql`delete from audit_events`],
    ["truncate", (sql: Sql) => sql`truncate audit_events`],
    [
      "update even while cleaning up",
      (sql: Sql) =>
        sql`with on_ as (select set_config('paceline.audit_cleanup', 'on', true))
          update audit_events set kind = 'logout' from on_`,
    ],
  ] as const
) {
  Deno.test(`audit_events: refuses ${name}`, async () => {
    await using database = await createTestDatabase();
    await insertEvents(database.sql, [{ userId: USER }]);

    await assert.rejects(async () => await change(database.sql), isAppendOnly);

    const events = await listAuditEvents(database.sql, { limit: 10 });
    assert.deepEqual(events.map(({ kind }) => kind), ["login"]);
  });
}

Deno.test("audit_events: refuses truncate even while cleaning up", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await insertEvents(sql, [{ userId: USER }]);

  const cleaning = sql.begin(async (sql) => {
    await sql`set local paceline.audit_cleanup = 'on'`;
    await sql`truncate audit_events`;
  });

  await assert.rejects(cleaning, isAppendOnly);
});

Deno.test("deleteAuditEvents: deletes at most `limit` older events, oldest first", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await insertEvents(sql, Array.from({ length: 5 }, () => ({})));
  const before = new Date(START + 3 * 60_000);

  const first = await deleteAuditEvents(sql, { before, limit: 2 });
  const left = await listAuditEvents(sql, { limit: 10 });
  const second = await deleteAuditEvents(sql, { before, limit: 2 });
  const third = await deleteAuditEvents(sql, { before, limit: 2 });

  assert.deepEqual([first, second, third], [2, 1, 0]);
  assert.equal(left.at(-1)!.at.getTime(), START + 2 * 60_000);
  const [last, ...others] = (await listAuditEvents(sql, { limit: 10 }))
    .toReversed();
  assert.equal(last!.at.getTime(), before.getTime());
  assert.equal(others.length, 1);
});

Deno.test("deleteAuditEvents: leaves the connection unable to delete", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await insertEvents(sql, [{}, {}]);
  await deleteAuditEvents(sql, {
    before: new Date(START + 60_000),
    limit: 9,
  });

  for (let turn = 0; turn < 6; turn++) {
    await assert.rejects(
      async () => await sql`delete from audit_events`,
      isAppendOnly,
    );
  }
});

Deno.test("deleteUserAuditEvents: deletes events of the user and athletes, keeps others", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await insertEvents(sql, [
    { userId: USER, athleteId: 7, kind: "athlete_connected" },
    { userId: USER, actorId: OTHER },
    { athleteId: 7 },
    { userId: OTHER, athleteId: 7 },
    { userId: OTHER, address: "192.0.2.7", agent: "curl" },
    { athleteId: 8 },
    { address: "192.0.2.7" },
  ]);
  const before = await listAuditEvents(sql, { limit: 10 });

  await sql.begin((sql) => deleteUserAuditEvents(sql, { userId: USER }));

  assert.deepEqual(
    [...await listAuditEvents(sql, { limit: 10 })],
    before.slice(0, 4),
  );
});

Deno.test("deleteUserAuditEvents: keeps what the user did to others, without the origin", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await insertEvents(sql, [
    {
      kind: "password_reset",
      userId: OTHER,
      actorId: USER,
      sessionId: crypto.randomUUID(),
      address: "192.0.2.7",
      agent: "curl",
      detail: { by: "admin" },
    },
    { userId: OTHER },
  ]);
  const [, before] = await listAuditEvents(sql, { limit: 10 });

  await sql.begin((sql) => deleteUserAuditEvents(sql, { userId: USER }));

  const [, after] = await listAuditEvents(sql, { limit: 10 });
  assert.deepEqual(after, {
    ...before,
    sessionId: null,
    address: null,
    agent: null,
  });
});

Deno.test("deleteUserAuditEvents: leaves the transaction unable to delete more", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await insertEvents(sql, [{ userId: USER }, { userId: OTHER }]);

  const erasing = sql.begin(async (sql) => {
    await deleteUserAuditEvents(sql, { userId: USER });
    await sql`delete from audit_events`;
  });

  await assert.rejects(erasing, isAppendOnly);
  assert.equal((await listAuditEvents(sql, { limit: 10 })).length, 2);
});

Deno.test("listAuditEvents: pages by id, newest first, and combines filters", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await insertEvents(sql, [
    { userId: USER },
    { userId: USER, kind: "logout" },
    { userId: OTHER, actorId: USER, kind: "password_reset" },
    { userId: OTHER },
    { kind: "login_failed" },
  ]);
  const all = (await listAuditEvents(sql, { limit: 10 })).map(({ id }) => id);
  const list = async (
    filter: Partial<Parameters<typeof listAuditEvents>[1]>,
  ): Promise<number[]> =>
    (await listAuditEvents(sql, { limit: 10, ...filter }))
      .map(({ id }) => all.length - 1 - all.indexOf(id));
  const minute = (count: number): Date => new Date(START + count * 60_000);

  assert.deepEqual(await list({}), [4, 3, 2, 1, 0]);
  assert.deepEqual(await list({ limit: 2 }), [4, 3]);
  assert.deepEqual(await list({ limit: 2, beforeId: all[1]! }), [2, 1]);
  assert.deepEqual(await list({ userId: USER }), [2, 1, 0]);
  assert.deepEqual(await list({ kind: "login" }), [3, 0]);
  assert.deepEqual(await list({ from: minute(3) }), [4, 3]);
  assert.deepEqual(await list({ to: minute(3) }), [2, 1, 0]);
  assert.deepEqual(
    await list({
      userId: USER,
      kind: "logout",
      from: minute(1),
      to: minute(3),
    }),
    [1],
  );
});
