import init from "./migrations/0001_init.sql" with { type: "text" };
import auditDeletions from "./migrations/0002_audit_deletions.sql" with {
  type: "text",
};
import recordings from "./migrations/0003_recordings.sql" with { type: "text" };
import imports from "./migrations/0004_imports.sql" with { type: "text" };
import activityEdits from "./migrations/0005_activity_edits.sql" with {
  type: "text",
};
import streams from "./migrations/0006_streams.sql" with { type: "text" };
import packedMonths from "./migrations/0007_packed_months.sql" with {
  type: "text",
};
import tracks from "./migrations/0008_tracks.sql" with { type: "text" };
import athleteValues from "./migrations/0009_athlete_values.sql" with {
  type: "text",
};
import fileGear from "./migrations/0010_file_gear.sql" with { type: "text" };
import gearEdits from "./migrations/0011_gear_edits.sql" with { type: "text" };
import privacyZones from "./migrations/0012_privacy_zones.sql" with {
  type: "text",
};
import type { Pool, Sql } from "./driver/client.ts";

/** A step of the schema. It is applied once, in order, and never edited after a release. */
export interface Migration {
  name: string;
  sql: string;
}

/** All migrations, oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  { name: "0001_init", sql: init },
  { name: "0002_audit_deletions", sql: auditDeletions },
  { name: "0003_recordings", sql: recordings },
  { name: "0004_imports", sql: imports },
  { name: "0005_activity_edits", sql: activityEdits },
  { name: "0006_streams", sql: streams },
  { name: "0007_packed_months", sql: packedMonths },
  { name: "0008_tracks", sql: tracks },
  { name: "0009_athlete_values", sql: athleteValues },
  { name: "0010_file_gear", sql: fileGear },
  { name: "0011_gear_edits", sql: gearEdits },
  { name: "0012_privacy_zones", sql: privacyZones },
];

/** Oldest supported major version: the first with the collation `pg_c_utf8`, which the search uses. */
const OLDEST_VERSION = 17;

/** Thrown when a database cannot be migrated. The message is for the user who starts the program. */
export class MigrationError extends Error {
  override name = "MigrationError";
}

/** An arbitrary number that other programs on the same database are unlikely to lock. */
const LOCK_KEY = 5_001_707_311;

/**
 * Migrates the database and returns the names of the applied migrations.
 *
 * All migrations run in one transaction under an advisory lock. So processes that start together wait
 * for each other, and a failed migration leaves the database unchanged. A database that has all of them
 * is only read, which needs no rights to change it.
 *
 * @throws {MigrationError} If the server is too old, if the encoding is not UTF8, if a newer program has migrated the database, or
 * if an applied migration was edited.
 */
export async function migrate(
  sql: Pool,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<string[]> {
  return await sql.begin((tx) => migrateWithin(tx, migrations));
}

/** Migrates within a transaction of the caller; otherwise like {@link migrate}. */
export async function migrateWithin(
  tx: Sql,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<string[]> {
  // The wait for another process and a long migration may exceed the usual limit.
  await tx`set local statement_timeout = 0`;
  await checkServerVersion(tx);
  await checkEncoding(tx);
  if (await isUpToDate(tx, migrations)) return [];
  await lockMigrations(tx);
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
      values (${migration.name}, ${await computeChecksum(migration)})
    `;
  }
  return pending.map((migration) => migration.name);
}

/** Waits for other processes that change the schema or its rights, until the transaction ends. */
export async function lockMigrations(tx: Sql): Promise<void> {
  await tx`select pg_advisory_xact_lock(${LOCK_KEY})`;
}

async function isUpToDate(
  sql: Sql,
  migrations: readonly Migration[],
): Promise<boolean> {
  const [row] = await sql<{ exists: boolean }[]>`
    select to_regclass('migrations') is not null as exists
  `;
  return row!.exists && (await listPending(sql, migrations)).length === 0;
}

async function checkServerVersion(sql: Sql): Promise<void> {
  const [row] = await sql<{ number: number; name: string }[]>`
    select
      current_setting('server_version_num')::integer as number,
      current_setting('server_version') as name
  `;
  assertSupported(row!);
}

/** Throws if the database cannot store every text. The encoding is fixed when a database is created. */
async function checkEncoding(sql: Sql): Promise<void> {
  const [row] = await sql<{ encoding: string; name: string }[]>`
    select current_setting('server_encoding') as encoding, current_database() as name
  `;
  const { encoding, name } = row!;
  if (encoding === "UTF8") return;
  throw new MigrationError(
    `Cannot use the database "${name}" with the encoding ${encoding}: Paceline needs UTF8. Create one with ` +
      "`create database paceline encoding 'UTF8' locale 'C' template template0`, and name it in DATABASE_URL",
  );
}

/**
 * Throws if a server is too old. `number` is its `server_version_num`, for example 180004: the major
 * version without the last four digits.
 *
 * @throws {MigrationError}
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assertSupported({ number: 170000, name: "17.0" });
 * assert.throws(
 *   () => assertSupported({ number: 160013, name: "16.13" }),
 *   /Cannot use PostgreSQL 16.13: Paceline needs 17 or newer/,
 * );
 * ```
 */
export function assertSupported(
  { number, name }: { number: number; name: string },
): void {
  if (Math.floor(number / 10_000) >= OLDEST_VERSION) return;
  throw new MigrationError(
    `Cannot use PostgreSQL ${name}: Paceline needs ${OLDEST_VERSION} or newer`,
  );
}

/** Reports whether the database has all migrations of this program. */
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
        `Cannot use this database: a newer Paceline has applied the migration "${name}", so install that version or a later one`,
      );
    }
  }
  const pending: Migration[] = [];
  for (const migration of migrations) {
    const found = applied.get(migration.name);
    if (found === undefined) pending.push(migration);
    else if (found !== await computeChecksum(migration)) {
      throw new MigrationError(
        `Cannot migrate: "${migration.name}" was edited after it was applied, so restore its original text`,
      );
    }
  }
  return pending;
}

/** Returns the SHA-256 of the migration's text in hexadecimal. */
async function computeChecksum(migration: Migration): Promise<string> {
  const bytes = new TextEncoder().encode(migration.sql);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
