import type { Pool, Sql } from "../driver/client.ts";
import { readCopy } from "../driver/copy.ts";
import { MIGRATIONS } from "../migrate.ts";
import {
  type AppliedMigration,
  BackupError,
  type BackupPart,
  type IdentityValue,
} from "./parts.ts";
import { BACKUP_TABLES } from "./tables.ts";

/** Bytes of rows that are collected before they are written. */
const BATCH_BYTES = 64 * 1024;

/** Options of {@link readBackup}. */
export interface ReadBackupOptions {
  now: Date;
  /** Writes a part; the next is read only after it. */
  write: (part: BackupPart) => Promise<void>;
  /** Called with the rows of a table that were read so far. */
  onProgress?: (table: string, rows: number) => void;
}

/**
 * Reads every table from one snapshot, unaffected by concurrent writes, and returns the numbers of rows.
 * The pool must have no time limit for statements.
 *
 * @throws {BackupError} if the database is not Paceline's, or a newer version has migrated it.
 */
export async function readBackup(
  pool: Pool,
  { now, write, onProgress = () => {} }: ReadBackupOptions,
): Promise<Record<string, number>> {
  return await pool.begin(
    "isolation level repeatable read read only",
    async (sql) => {
      const migrations = await listApplied(sql);
      assertKnown(migrations);
      await write({ kind: "header", createdAt: now.toISOString(), migrations });
      const counts: Record<string, number> = {};
      for (const [table, columns] of await listColumns(sql)) {
        await write({ kind: "table", table, columns });
        counts[table] = await readTable(sql, { table, columns }, {
          write,
          onProgress: (rows) => onProgress(table, rows),
        });
      }
      const identities = await listIdentities(sql);
      await write({ kind: "end", counts, identities });
      return counts;
    },
  );
}

/** Lists the applied migrations in order; empty if the database has no tables of Paceline. */
export async function listApplied(sql: Sql): Promise<AppliedMigration[]> {
  const [row] = await sql<{ exists: boolean }[]>`
    select to_regclass('migrations') is not null as exists
  `;
  if (!row!.exists) return [];
  const rows = await sql<AppliedMigration[]>`
    select name, checksum
    from migrations
    order by name
  `;
  return rows.map(({ name, checksum }) => ({ name, checksum }));
}

function assertKnown(migrations: readonly AppliedMigration[]): void {
  if (migrations.length === 0) {
    throw new BackupError("Cannot back up: the database has no Paceline data");
  }
  const known = new Set(MIGRATIONS.map(({ name }) => name));
  const newer = migrations.find(({ name }) => !known.has(name));
  if (newer) {
    throw new BackupError(
      `Cannot back up: a newer Paceline has applied the migration "${newer.name}", so use that version or a later one`,
    );
  }
}

/** Lists the columns of each table, without those that PostgreSQL computes. */
async function listColumns(sql: Sql): Promise<Map<string, string[]>> {
  const rows = await sql<{ table: string; columns: string[] }[]>`
    select
      table_name as table,
      array_agg(column_name::text order by ordinal_position) as columns
    from information_schema.columns
    where table_schema = current_schema()
      and table_name = any(${[...BACKUP_TABLES]})
      and is_generated = 'NEVER'
    group by table_name
  `;
  const found = new Map(rows.map(({ table, columns }) => [table, columns]));
  return new Map(
    BACKUP_TABLES.flatMap((table) => {
      const columns = found.get(table);
      return columns ? [[table, columns]] : [];
    }),
  );
}

/** Reads the rows of a table and returns their number. */
async function readTable(
  sql: Sql,
  { table, columns }: { table: string; columns: string[] },
  { write, onProgress }: {
    write: ReadBackupOptions["write"];
    onProgress: (rows: number) => void;
  },
): Promise<number> {
  const chunks = readCopy(sql`
    copy ${sql(table)} (${sql(columns)}) to stdout
  `);
  let rows = 0;
  let batch: Uint8Array[] = [];
  let size = 0;
  async function flush(): Promise<void> {
    if (size === 0) return;
    await write({ kind: "rows", bytes: join(batch, size) });
    batch = [];
    size = 0;
    onProgress(rows);
  }
  for await (const chunk of chunks) {
    // The text format escapes line feeds within a value.
    rows += countLines(chunk);
    batch.push(chunk);
    size += chunk.length;
    if (size >= BATCH_BYTES) await flush();
  }
  await flush();
  return rows;
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    lines++;
  }
  return lines;
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Lists the last values of the identity columns that have given one. */
async function listIdentities(sql: Sql): Promise<IdentityValue[]> {
  const rows = await sql<IdentityValue[]>`
    select
      table_name as table,
      column_name as column,
      pg_sequence_last_value(
        pg_get_serial_sequence(quote_ident(table_name), column_name)::regclass
      ) as last
    from information_schema.columns
    where table_schema = current_schema()
      and table_name = any(${[...BACKUP_TABLES]})
      and is_identity = 'YES'
    order by table_name, column_name
  `;
  return rows.filter(({ last }) => last !== null)
    .map(({ table, column, last }) => ({ table, column, last }));
}
