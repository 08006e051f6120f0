import assert from "node:assert/strict";
import { deleteAuditEvents } from "../../db/audit_events.ts";
import { migrate, MIGRATIONS } from "../../db/migrate.ts";
import type { BackupPart } from "../../db/backup/parts.ts";
import { listApplied, readBackup } from "../../db/backup/read_backup.ts";
import { restoreBackup } from "../../db/backup/restore_backup.ts";
import {
  BACKUP_TABLES,
  NOT_IN_BACKUP,
  REPLACED_TABLES,
} from "../../db/backup/tables.ts";
import type { Pool } from "../../db/driver/client.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../support/app.ts";
import {
  connectUnlimited,
  createEmptyDatabase,
  fillTables,
  iterate,
  readAllTables,
} from "../support/backup.ts";
import { createTestDatabase } from "../support/database.ts";

async function createFilled(): Promise<TestApp> {
  const test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  await fillTables(test.deps.sql);
  return test;
}

async function readParts(
  sql: Pool,
  onPart: (part: BackupPart) => Promise<unknown> = () => Promise.resolve(),
): Promise<BackupPart[]> {
  const parts: BackupPart[] = [];
  await readBackup(sql, {
    now: new Date(),
    async write(part) {
      parts.push(part);
      await onPart(part);
    },
  });
  return parts;
}

/** Restores parts into a database through a separate connection. */
async function restoreInto(
  url: string,
  parts: readonly BackupPart[],
): Promise<unknown> {
  const sql = connectUnlimited(url);
  try {
    return await restoreBackup(sql, { parts: iterate(parts) });
  } finally {
    await sql.end();
  }
}

Deno.test("BACKUP_TABLES: has every table, or a reason for its absence", async () => {
  await using database = await createTestDatabase();

  const tables = await database.sql<{ name: string }[]>`
    select relname as name
    from pg_class
    where relkind in ('r', 'p')
      and relnamespace = 'public'::regnamespace
  `;

  assert.deepEqual(
    [...BACKUP_TABLES, ...Object.keys(NOT_IN_BACKUP)].toSorted(),
    tables.map(({ name }) => name).toSorted(),
    "db/backup/tables.ts and the schema differ",
  );
  assert.ok(REPLACED_TABLES.every((table) => BACKUP_TABLES.includes(table)));
});

for (const kind of ["empty", "migrated"]) {
  Deno.test(`restoreBackup: restores each table exactly into a database that is ${kind}`, async () => {
    await using test = await createFilled();
    await using target = kind === "empty"
      ? await createEmptyDatabase()
      : await createTestDatabase();
    await target.sql`select 1`;
    if (kind === "migrated") {
      await target.sql`insert into webhook_counts values ('other', 3, now())`;
    }
    const before = await readAllTables(test.deps.sql);

    const counts = await restoreInto(
      target.url,
      await readParts(test.deps.sql),
    );
    const after = await readAllTables(target.sql);

    for (const table of BACKUP_TABLES) {
      assert.ok(before[table]!.length > 0, `fillTables leaves ${table} empty`);
    }
    assert.ok(before["sequences"]!.length >= 3);
    for (const [table, rows] of Object.entries(before)) {
      assert.deepEqual(after[table], rows, table);
    }
    assert.deepEqual(
      counts,
      Object.fromEntries(
        BACKUP_TABLES.map((table) => [table, before[table]!.length]),
      ),
    );
  });
}

Deno.test("readBackup: reads one snapshot during concurrent writes", async () => {
  await using test = await createFilled();
  await using target = await createEmptyDatabase();
  const { sql } = test.deps;
  const before = await readAllTables(sql);

  const parts = await readParts(sql, async (part) => {
    if (part.kind === "table" && part.table === "passwords") {
      await sql`update users set display_name = 'later'`;
      await sql`delete from athletes where id = ${ATHLETE_ID}`;
      await sql`insert into audit_events (at, kind) values (now(), 'later')`;
    }
  });
  await restoreInto(target.url, parts);
  const after = await readAllTables(target.sql);

  assert.equal((await sql`select from athletes`).length, 0);
  for (const table of BACKUP_TABLES) {
    assert.deepEqual(after[table], before[table], table);
  }
});

Deno.test("readBackup: refuses a database that is foreign or newer", async () => {
  await using foreign = await createEmptyDatabase();
  await using newer = await createTestDatabase();
  await newer.sql`insert into migrations values ('9999_future', 'x')`;

  await assert.rejects(readParts(foreign.sql), /has no Paceline data/);
  await assert.rejects(
    readParts(newer.sql),
    /newer Paceline has applied the migration "9999_future"/,
  );
});

Deno.test("restoreBackup: refuses a database with data and changes nothing", async () => {
  await using test = await createFilled();
  await using target = await createTestApp({ synced: true });
  const parts = await readParts(test.deps.sql);
  const before = await readAllTables(target.deps.sql);

  await assert.rejects(
    restoreInto(target.config.databaseUrl, parts),
    /The database is not empty: "\w+" has rows/,
  );

  assert.deepEqual(await readAllTables(target.deps.sql), before);
});

Deno.test("restoreBackup: leaves the database empty after a failure in the middle", async () => {
  await using test = await createFilled();
  const parts = await readParts(test.deps.sql);
  const [header, ...others] = parts;
  const end = parts.at(-1)!;
  assert.ok(header?.kind === "header" && end.kind === "end");
  const sessions = parts.findIndex((part) =>
    part.kind === "table" && part.table === "sessions"
  );
  const migration = header.migrations[0]!;
  const cases: [RegExp, BackupPart[]][] = [
    [/lacks the header/, others],
    [/lacks the next table/, parts.slice(0, -1)],
    [/"users" has 1 rows instead of 2/, [
      ...parts.slice(0, -1),
      { ...end, counts: { ...end.counts, users: 2 } },
    ]],
    // The foreign key of `sessions` fails at the end of its COPY.
    [/refuses rows of "sessions"/, [header, ...parts.slice(sessions)]],
    [/refuses rows of "users"/, [
      ...parts.slice(0, 2),
      { kind: "rows", bytes: new TextEncoder().encode("one\tcolumn\n") },
      ...parts.slice(3),
    ]],
    [/newer Paceline, which has the migration "9999_future"/, [
      {
        ...header,
        migrations: [...header.migrations, {
          ...migration,
          name: "9999_future",
        }],
      },
      ...others,
    ]],
    [/another build .*"0001_init" differs/, [
      { ...header, migrations: [{ ...migration, checksum: "0" }] },
      ...others,
    ]],
  ];

  for (const [reason, wrong] of cases) {
    await using target = await createEmptyDatabase();
    await assert.rejects(restoreInto(target.url, wrong), reason);
    const tables = await target.sql`
      select
      from pg_class
      where relnamespace = 'public'::regnamespace
    `;
    assert.equal(tables.length, 0, String(reason));
  }
});

/** Rows of a database that has only the first migration. */
const OLD_ROWS = `
  insert into users (id, username, email, display_name, created_at)
    values ('11111111-1111-4111-8111-111111111111', 'anna', 'anna@example.com', 'Anna', now());
  insert into audit_events (at, kind, detail) values ('2020-01-01', 'login', '{"by": null}');
  insert into athletes (id, profile, connected_at, user_id)
    select 1, '{"firstname": "Anna"}', now(), id from users;
  insert into sync_state (athlete_id, next_due_at, data_version) values (1, now(), 7);
  insert into activities (
    athlete_id, id, name, type, sport_type, start_date, start_date_local, utc_offset, distance,
    moving_time, elapsed_time, total_elevation_gain, average_speed, max_speed, kudos_count, visibility,
    trainer, commute, manual, raw, content_hash, first_seen_at, fetched_at
  )
    select
      1, n, 'Run ' || n, 'Run', 'Run', now(), now()::timestamp, 0, n, 1, 1, 0, 1, 1, 0, 'everyone',
      false, false, false, '{}', sha256(n::text::bytea), now(), now()
    from generate_series(1, 500) as n;
`;

Deno.test("restoreBackup: migrates a backup from before a later migration", async () => {
  await using old = await createEmptyDatabase();
  await using target = await createEmptyDatabase();
  await using current = await createTestDatabase();
  await migrate(old.sql, MIGRATIONS.slice(0, 1));
  await old.sql.unsafe(OLD_ROWS);
  const parts = await readParts(old.sql);

  await assert.rejects(
    restoreInto(current.url, parts),
    /Cannot restore an older backup into a database that this version has/,
  );
  await restoreInto(target.url, parts);

  assert.ok(MIGRATIONS.length > 1);
  assert.deepEqual(
    await listApplied(target.sql),
    await listApplied(current.sql),
  );
  const rows = await readAllTables(target.sql);
  const { activities, audit_events: events, users } = await readAllTables(
    old.sql,
  );
  assert.equal(activities?.length, 500);
  assert.deepEqual([rows["users"], rows["audit_events"]], [users, events]);
  assert.equal(rows["activities"]?.length, 500);
  // The restored data works with what the later migrations have added.
  assert.equal(
    await deleteAuditEvents(target.sql, { before: new Date(), limit: 9 }),
    1,
  );
  assert.deepEqual(await migrate(target.sql), []);
});
