import assert from "node:assert/strict";
import {
  distribute,
  distributeTables,
  DistributionError,
} from "../../../db/distribution/distribute.ts";
import type { Sql } from "../../../db/driver/client.ts";
import { createTestApp } from "../../support/app.ts";
import { runCommand } from "../../support/command.ts";
import { createTestDatabase } from "../../support/database.ts";
import rules from "./citus_rules.sql" with { type: "text" };

async function listForeignKeys(sql: Sql): Promise<string[]> {
  const rows = await sql<{ key: string }[]>`
    select conrelid::regclass || ' ' || pg_get_constraintdef(oid) as key
    from pg_constraint
    where contype = 'f'
    order by 1
  `;
  return rows.map(({ key }) => key);
}

Deno.test("distribute: refuses a database without Citus, and changes nothing", async () => {
  await using database = await createTestDatabase();
  const before = await listForeignKeys(database.sql);

  await assert.rejects(distribute(database.sql), (error: Error) => {
    assert.ok(error instanceof DistributionError);
    assert.match(error.message, /has no extension Citus/);
    return true;
  });
  assert.deepEqual(await listForeignKeys(database.sql), before);
});

Deno.test("paceline database distribute: says what is missing, with exit code 1", async () => {
  await using test = await createTestApp();

  const { code, said } = await runCommand(test, ["database", "distribute"]);

  assert.equal(code, 1);
  assert.match(said, /run `create extension citus` on every node first/);
});

Deno.test("distributeTables: keeps to Citus's rules, and keeps every foreign key", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await sql.unsafe(rules);
  const before = await listForeignKeys(sql);

  const { reference, distributed } = await distributeTables(sql);

  assert.deepEqual(reference, ["users", "athletes"]);
  for (const table of ["activities", "grants", "sync_state", "gear"]) {
    assert.ok(distributed.includes(table), table);
  }
  const tables = await sql<{ name: string }[]>`
    select distinct table_name as name
    from information_schema.columns
    join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public'
      and table_type = 'BASE TABLE'
      and column_name = 'athlete_id'
      and table_name <> 'audit_events'
    order by 1
  `;
  assert.deepEqual(distributed, tables.map(({ name }) => name));
  assert.deepEqual(await listForeignKeys(sql), before);
  assert.deepEqual([...await sql`select list_wrong_keys() as name`], []);
  const apart = await sql`
    select name
    from placements
    where kind = 'distributed'
      and colocated is distinct from 'activities'::regclass
  `;
  assert.deepEqual(apart.map(({ name }) => name), ["activities"]);
});

Deno.test("distributeTables: refuses a unique index without athlete_id", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await sql.unsafe(rules);
  await sql`create unique index activities_unique on activities (id)`;

  await assert.rejects(distributeTables(sql), /"activities_unique" lacks/);

  assert.equal((await sql`select from placements`).length, 0);
});

Deno.test("distributeTables: leaves a database whose answers are not kept", async () => {
  await using test = await createTestApp({
    synced: true,
    env: { ANSWER_CACHE_MB: "8" },
  });
  const { sql } = test.deps;
  await sql.unsafe(rules);
  await distributeTables(sql);
  const read = async (): Promise<number> => {
    const response = await test.get("/strava/stats/ytd");
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await read(), 200);
  assert.equal(await read(), 200);

  await sql`update athletes set visibility = 'private'`;

  assert.equal(await read(), 404);
});

Deno.test("distributeTables: leaves statistics that read the activities themselves", async () => {
  await using test = await createTestApp({ synced: true });
  const { sql } = test.deps;
  const read = (): Promise<unknown[]> =>
    Promise.all(
      [
        ...["records", "eddington", "streaks", "distribution", "milestones"],
        ...["training-load", "overview", "cumulative?metric=distance"],
      ].map(async (path) => {
        const response = await test.get(`/strava/stats/${path}`, { key: true });
        assert.equal(response.status, 200, path);
        return await response.json();
      }),
    );
  const packed = await read();
  await sql.unsafe(rules);

  await distributeTables(sql);

  assert.equal((await sql`select from activity_months`).length, 0);
  assert.deepEqual(await read(), packed);
});
