import assert from "node:assert/strict";
import { connect, type Pool } from "../../db/driver/client.ts";
import {
  assertSupported,
  isMigrated,
  migrate,
  type Migration,
  MigrationError,
  MIGRATIONS,
} from "../../db/migrate.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

/** Creates a database without tables. */
async function createEmpty(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await database.sql`drop schema public cascade`;
  await database.sql`create schema public`;
  return database;
}

async function listTables(sql: Pool): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select relname as name
    from pg_class
    where relnamespace = 'public'::regnamespace
      and relkind = 'r'
    order by relname
  `;
  return rows.map(({ name }) => name);
}

const STEPS: readonly Migration[] = [
  {
    name: "0001_one",
    sql: "create table one (id int); insert into one values (1);",
  },
  { name: "0002_two", sql: "alter table one add column two int default 2;" },
];

Deno.test("migrate: applies all migrations once, in order", async () => {
  await using database = await createEmpty();
  const { sql } = database;

  const first = await migrate(sql);
  const second = await migrate(sql);

  assert.deepEqual(first, MIGRATIONS.map(({ name }) => name));
  assert.deepEqual(second, []);
  assert.equal(await isMigrated(sql), true);
  assert.deepEqual(
    [...MIGRATIONS].map(({ name }) => name),
    MIGRATIONS.map(({ name }) => name).toSorted(),
  );
});

Deno.test("migrate: applies only the migrations that the database lacks", async () => {
  await using database = await createEmpty();
  const { sql } = database;
  await migrate(sql, STEPS.slice(0, 1));

  assert.deepEqual(await migrate(sql, STEPS), ["0002_two"]);

  const rows = await sql`select id, two from one`;
  assert.deepEqual(rows.map((row) => ({ ...row })), [{ id: 1, two: 2 }]);
});

Deno.test("migrate: applies each migration once if several processes start together", async () => {
  await using database = await createEmpty();
  await using pools = new AsyncDisposableStack();
  const open = (): Pool => {
    const sql = connect(database.url, { max: 1 });
    pools.defer(() => sql.end());
    return sql;
  };

  const applied = await Promise.all(
    [1, 2, 3].map(() => migrate(open(), STEPS)),
  );

  assert.deepEqual(applied.flat(), ["0001_one", "0002_two"]);
  const [row] = await database.sql`select count(*) as count from one`;
  assert.equal(row?.count, 1);
});

Deno.test("migrate: rolls back all migrations if one fails", async () => {
  await using database = await createEmpty();
  const { sql } = database;
  const broken = {
    name: "0003_broken",
    sql: "create table three (id int); insert into three values ('three');",
  };

  await assert.rejects(migrate(sql, [...STEPS, broken]), {
    message: 'invalid input syntax for type integer: "three"',
  });
  assert.deepEqual(await listTables(sql), []);

  assert.deepEqual(await migrate(sql, STEPS), STEPS.map(({ name }) => name));
  await assert.rejects(migrate(sql, [...STEPS, broken]));
  assert.deepEqual(await listTables(sql), ["migrations", "one"]);
  assert.deepEqual(await migrate(sql, STEPS), []);
});

Deno.test("migrate: refuses a migration that was edited after it was applied", async () => {
  await using database = await createEmpty();
  const { sql } = database;
  await migrate(sql, STEPS.slice(0, 1));
  const edited = { ...STEPS[0]!, sql: `${STEPS[0]!.sql} -- better` };

  await assert.rejects(migrate(sql, [edited, STEPS[1]!]), {
    message:
      'Cannot migrate: "0001_one" was edited after it was applied, so restore its original text',
  });

  assert.deepEqual(await migrate(sql, STEPS), ["0002_two"]);
});

Deno.test("migrate: refuses a database that a newer program has migrated", async () => {
  await using database = await createEmpty();
  const { sql } = database;
  await migrate(sql, STEPS);

  await assert.rejects(migrate(sql, STEPS.slice(0, 1)), {
    message:
      'Cannot use this database: a newer Paceline has applied the migration "0002_two", so install that version or a later one',
  });
});

Deno.test("isMigrated: returns false until every migration is applied", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  assert.equal(await isMigrated(sql), true);
  await sql`delete from migrations`;
  assert.equal(await isMigrated(sql), false);
});

Deno.test("assertSupported: accepts 17 and newer, and names an older version", () => {
  for (
    const [number, name] of [
      [170000, "17.0"],
      [170006, "17.6 (Debian 17.6-1.pgdg13+1)"],
      [180004, "18.4"],
      [190000, "19beta1"],
    ] as const
  ) {
    assertSupported({ number, name });
  }
  for (
    const [number, name] of [
      [160013, "16.13 (Debian 16.13-1.pgdg12+1)"],
      [150000, "15.0"],
      [90624, "9.6.24"],
    ] as const
  ) {
    assert.throws(
      () => assertSupported({ number, name }),
      new MigrationError(
        `Cannot use PostgreSQL ${name}: Paceline needs 17 or newer`,
      ),
    );
  }
});
