import assert from "node:assert/strict";
import { listenForChanges } from "../../db/athlete_changes.ts";
import { bumpDataVersion, upsertAthlete } from "../../db/athletes.ts";
import { insertSyncState } from "../../db/sync_state.ts";
import { createTestDatabase } from "../support/database.ts";

const NOW = new Date(Date.UTC(2026, 10, 20));

Deno.test("listenForChanges: tells which commits concern one athlete, and which any", async () => {
  await using database = await createTestDatabase();
  const { sql, url } = database;
  const heard: (number | "any")[] = [];
  await using listener = listenForChanges(url, {
    onAthlete: (id) => heard.push(id),
    onAny: () => heard.push("any"),
  });
  async function hear(change: () => Promise<unknown>): Promise<unknown[]> {
    heard.length = 0;
    await change();
    await listener.catchUp();
    return [...heard];
  }

  assert.deepEqual(await hear(async () => {}), ["any"], "a new connection");
  const athlete = { id: 7, profile: {}, now: NOW };
  assert.deepEqual(await hear(() => upsertAthlete(sql, athlete)), ["any"]);
  await insertSyncState(sql, { athleteId: 7, now: NOW });
  assert.deepEqual(await hear(() => bumpDataVersion(sql, { id: 7 })), [7]);
  assert.deepEqual(
    await hear(async () => await sql`update sync_state set failures = 1`),
    [],
  );
  for (
    const change of [
      sql`visibility = 'public'`,
      sql`share_hash = ${new Uint8Array(32)}, share_token = 'x'`,
      sql`revoked_at = now()`,
    ]
  ) {
    assert.deepEqual(
      await hear(async () => await sql`update athletes set ${change}`),
      ["any"],
    );
  }
  const profile = sql`update athletes set profile = '{"a": 1}'`;
  assert.deepEqual(await hear(async () => await profile), [7]);
  assert.deepEqual(
    await hear(() =>
      sql.begin(async (tx) => {
        await bumpDataVersion(tx, { id: 7 });
        throw new Error("rolled back");
      }).catch(() => {})
    ),
    [],
  );
  assert.deepEqual(await hear(async () => await sql`delete from athletes`), [
    "any",
  ]);
});

Deno.test("listenForChanges: reports a gap after its connection was lost", async () => {
  await using database = await createTestDatabase();
  const { sql, url } = database;
  const heard: (number | "any")[] = [];
  await using listener = listenForChanges(url, {
    onAthlete: (id) => heard.push(id),
    onAny: () => heard.push("any"),
  });
  await upsertAthlete(sql, { id: 7, profile: {}, now: NOW });
  await insertSyncState(sql, { athleteId: 7, now: NOW });
  await listener.catchUp();
  heard.length = 0;

  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'paceline listener'
  `;
  await bumpDataVersion(sql, { id: 7 });
  await listener.catchUp().catch(() => listener.catchUp());

  assert.deepEqual(heard, ["any"]);
});

Deno.test("listenForChanges: promises nothing once the triggers are gone", async () => {
  await using database = await createTestDatabase();
  const { sql, url } = database;
  await using listener = listenForChanges(url, {
    onAthlete: () => {},
    onAny: () => {},
  });
  await listener.catchUp();

  await sql`drop trigger sync_state_announce_new_data on sync_state`;

  await assert.rejects(listener.catchUp(), /No trigger announces changes/);
});
