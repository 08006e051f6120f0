import assert from "node:assert/strict";
import { listAuditEvents } from "../../db/audit_events.ts";
import { record } from "../../server/audit.ts";
import { createTestDatabase } from "../support/database.ts";

const NOW = Date.UTC(2026, 10, 20, 12);

Deno.test("record: stores time, address and user agent", async () => {
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

Deno.test("record: stores nothing when its transaction fails", async () => {
  await using database = await createTestDatabase();

  const failing = database.sql.begin(async (sql) => {
    await record({ sql, now: () => NOW }, "key_created");
    throw new Error("simulated");
  });

  await assert.rejects(failing, /simulated/);
  assert.equal((await listAuditEvents(database.sql, { limit: 1 })).length, 0);
});
