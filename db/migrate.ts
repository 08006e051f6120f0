import init from "./migrations/0001_init.sql" with { type: "text" };
import type { Pool, Sql } from "./driver/client.ts";

/** A step of the schema: applied once, in order, never edited after a release. */
export interface Migration {
  name: string;
  sql: string;
}

/** Every migration, oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  { name: "0001_init", sql: init },
];

/** The collation `pg_c_utf8`, by which the search folds names, came with it. */
const OLDEST_SERVER = 17;

/** Why a database cannot be brought up to date: a sentence for whoever starts the program. */
export class MigrationError extends Error {
  override name = "MigrationError";
}

/** Any number that no other program on the same database is likely to lock. */
const LOCK_KEY = 5_001_707_311;

/**
 * Brings the schema up to date and returns the names of the migrations it applied.
 *
 * All of them run in one transaction under an advisory lock: processes that start together wait
 * for each other, and a failing migration leaves the database as it was. A database that a newer
 * program has migrated, a migration that was edited, and a server that is too old are refused.
 */
export async function migrate(
  sql: Pool,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<string[]> {
  return await sql.begin(async (tx) => {
    // Neither the wait for another process nor a long migration is a statement gone wrong.
    await tx`set local statement_timeout = 0`;
    await refuseOldServer(tx);
    await tx`select pg_advisory_xact_lock(${LOCK_KEY})`;
    await tx`
      create table if not exists migrations (
        name text primary key,
        checksum text not null,
        applied_at timestamptz(3) not null default now()
      )
    `;
    const pending = await listPending(tx, migrations);
    for (const migration of pending) {
      await tx.unsafe(migration.sql);
      await tx`
        insert into migrations (name, checksum)
        values (${migration.name}, ${await checksum(migration)})
      `;
    }
    return pending.map((migration) => migration.name);
  });
}

async function refuseOldServer(sql: Sql): Promise<void> {
  const [row] = await sql<{ number: number; name: string }[]>`
    select
      current_setting('server_version_num')::integer as number,
      current_setting('server_version') as name
  `;
  checkServer(row!);
}

/**
 * Throws where a server is too old, by its `server_version_num` such as 180004: the major version
 * is all but the last four digits.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * checkServer({ number: 170000, name: "17.0" });
 * assert.throws(
 *   () => checkServer({ number: 160013, name: "16.13" }),
 *   /Cannot use PostgreSQL 16.13: Paceline needs 17 or newer/,
 * );
 * ```
 */
export function checkServer(
  { number, name }: { number: number; name: string },
): void {
  if (Math.floor(number / 10_000) >= OLDEST_SERVER) return;
  throw new MigrationError(
    `Cannot use PostgreSQL ${name}: Paceline needs ${OLDEST_SERVER} or newer`,
  );
}

/** Whether the database has every migration of this program. */
export async function isMigrated(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ applied: number }[]>`
    select count(*) as applied
    from migrations
    where name = any(${MIGRATIONS.map((migration) => migration.name)})
  `;
  return row?.applied === MIGRATIONS.length;
}

async function listPending(
  sql: Sql,
  migrations: readonly Migration[],
): Promise<Migration[]> {
  const rows = await sql<{ name: string; checksum: string }[]>`
    select name, checksum
    from migrations
  `;
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  const known = new Set(migrations.map((migration) => migration.name));
  for (const name of applied.keys()) {
    if (!known.has(name)) {
      throw new MigrationError(
        `Cannot use this database: its migration "${name}" is unknown here, so a newer Paceline has used it`,
      );
    }
  }
  const pending: Migration[] = [];
  for (const migration of migrations) {
    const found = applied.get(migration.name);
    if (found === undefined) pending.push(migration);
    else if (found !== await checksum(migration)) {
      throw new MigrationError(
        `Cannot migrate: "${migration.name}" was changed after it had been applied`,
      );
    }
  }
  return pending;
}

/** SHA-256 of the migration's text, in hexadecimal. */
async function checksum(migration: Migration): Promise<string> {
  const bytes = new TextEncoder().encode(migration.sql);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
