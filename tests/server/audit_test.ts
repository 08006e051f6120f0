import assert from "node:assert/strict";
import { listAuditEvents } from "../../db/audit_events.ts";
import { record } from "../../server/audit.ts";
import { createTestDatabase } from "../support/database.ts";

const NOW = Date.UTC(2026, 10, 20, 12);

Deno.test("record: takes the moment from the clock, and address and agent from where the request came", async () => {
  await using database = await createTestDatabase();
  const ctx = {
    sql: database.sql,
    now: () => NOW,
    address: "192.0.2.7",
    agent: "Mozilla/5.0",
  };

  await record(ctx, "logout", { detail: { reason: "asked" } });

  const [event] = await listAuditEvents(database.sql, { limit: 1 });
  assert.deepEqual(
    [event!.kind, event!.at.getTime(), event!.address, event!.agent],
    ["logout", NOW, "192.0.2.7", "Mozilla/5.0"],
  );
  assert.deepEqual(event!.detail, { reason: "asked" });
});

for (
  const [what, given, kept] of [
    ["none", undefined, null],
    ["an empty one", "  ", null],
    ["nothing but control characters", "\u0000\u001b\u0085", null],
    ["one that writes on a terminal", "a\u001b[2Jb\u0000c\r\n", "a[2Jbc"],
    ["a huge one", "x".repeat(100_000), "x".repeat(256)],
    [
      "one cut within a character",
      `${"x".repeat(255)}\u{1f6b4}`,
      `${"x".repeat(255)}\ufffd`,
    ],
  ] as const
) {
  Deno.test(`record: an agent is stored shortened and clean: ${what}`, async () => {
    await using database = await createTestDatabase();

    await record(
      { sql: database.sql, now: () => NOW, address: given, agent: given },
      "login_failed",
    );

    const [event] = await listAuditEvents(database.sql, { limit: 1 });
    assert.equal(event!.agent, kept);
    assert.ok((event!.address ?? "").length <= 64);
  });
}

Deno.test("record: in a transaction that fails nothing is recorded", async () => {
  await using database = await createTestDatabase();

  const failing = database.sql.begin(async (sql) => {
    await record({ sql, now: () => NOW }, "key_created");
    throw new Error("as if");
  });

  await assert.rejects(failing, /as if/);
  assert.equal((await listAuditEvents(database.sql, { limit: 1 })).length, 0);
});
