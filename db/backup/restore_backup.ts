import { type Pool, PostgresError, type Sql } from "../driver/client.ts";
import { packAllMonths } from "../history/pack.ts";
import { migrateWithin, MIGRATIONS } from "../migrate.ts";
import {
  type BackupEnd,
  BackupError,
  type BackupHeader,
  type BackupPart,
  type BackupTable,
} from "./parts.ts";
import { listApplied } from "./read_backup.ts";
import { BACKUP_TABLES, REPLACED_TABLES } from "./tables.ts";

/** Options of {@link restoreBackup}. */
export interface RestoreBackupOptions {
  parts: AsyncIterable<BackupPart>;
  /** Called with the name of each table whose rows follow. */
  onTable?: (table: string) => void;
}

/**
 * Restores a backup into an empty database in one transaction, so that a failure leaves it unchanged.
 * Returns the numbers of rows, which the database has confirmed. The pool must have no time limit for
 * statements.
 *
 * The database gets the schema of the backup first, and the later migrations after the data.
 *
 * @throws {BackupError} if the database has data, or the backup does not fit this version.
 */
export async function restoreBackup(
  pool: Pool,
  { parts, onTable = () => {} }: RestoreBackupOptions,
): Promise<Record<string, number>> {
  const counts = await pool.begin(async (sql) => {
    const iterator = parts[Symbol.asyncIterator]();
    const { value: header } = await iterator.next();
    if (header?.kind !== "header") throw unexpected("header");
    await prepareSchema(sql, header);
    await assertEmpty(sql);
    // The triggers would keep a second copy of all activities until the end of the COPY.
    await sql`alter table activities disable trigger user`;
    const end = await copyTables(sql, { iterator, onTable });
    await sql`alter table activities enable trigger user`;
    await restoreIdentities(sql, end);
    await verifyCounts(sql, end);
    await migrateWithin(sql);
    await packAllMonths(sql);
    return end.counts;
  });
  // The planner's statistics are not part of a backup.
  await pool`analyze`;
  return counts;
}

/** Gives the database the schema of the backup. */
async function prepareSchema(
  sql: Sql,
  { migrations }: BackupHeader,
): Promise<void> {
  const known = MIGRATIONS.slice(0, migrations.length);
  const unknown = migrations.find(({ name }, index) =>
    name !== known[index]?.name
  );
  if (migrations.length === 0) throw unexpected("list of migrations");
  if (unknown) {
    throw new BackupError(
      `This backup is from a newer Paceline, which has the migration "${unknown.name}": install that version or a later one`,
    );
  }
  if ((await listApplied(sql)).length > migrations.length) {
    throw new BackupError(
      "Cannot restore an older backup into a database that this version has migrated: restore into a new, empty database",
    );
  }
  await migrateWithin(sql, known);
  const applied = await listApplied(sql);
  const edited = migrations.find(({ checksum }, index) =>
    checksum !== applied[index]?.checksum
  );
  if (edited) {
    throw new BackupError(
      `This backup is from another build of Paceline, in which the migration "${edited.name}" differs: restore with that build`,
    );
  }
}

/** Locks the tables against a running server, and throws if they have data. */
async function assertEmpty(sql: Sql): Promise<void> {
  const tables = await listTables(sql);
  for (const table of tables) {
    await sql`lock table ${sql(table)} in access exclusive mode`;
  }
  for (const table of tables) {
    if (REPLACED_TABLES.includes(table)) {
      await sql`delete from ${sql(table)}`;
      continue;
    }
    const rows = await sql`select from ${sql(table)} limit 1`;
    if (rows.length > 0) {
      throw new BackupError(
        `The database is not empty: "${table}" has rows. Restore into a new, empty database`,
      );
    }
  }
}

async function listTables(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select table_name as name
    from information_schema.tables
    where table_schema = current_schema()
      and table_name = any(${[...BACKUP_TABLES]})
  `;
  return rows.map(({ name }) => name);
}

/** Copies the rows of all tables and returns the last part. */
async function copyTables(
  sql: Sql,
  { iterator, onTable }: {
    iterator: AsyncIterator<BackupPart>;
    onTable: (table: string) => void;
  },
): Promise<BackupEnd> {
  const tables = new Set(await listTables(sql));
  let copy: Copy | undefined;
  try {
    for (;;) {
      const { value: part } = await iterator.next();
      if (part?.kind === "rows" && copy) await copy.write(part.bytes);
      else if (part?.kind === "table" && tables.delete(part.table)) {
        await copy?.end();
        onTable(part.table);
        copy = await openCopy(sql, part);
      } else if (part?.kind === "end") {
        await copy?.end();
        return part;
      } else throw unexpected("next table");
    }
  } catch (error) {
    copy?.abort();
    throw error;
  }
}

/** A running COPY into a table. */
interface Copy {
  write(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
  abort(): void;
}

async function openCopy(
  sql: Sql,
  { table, columns }: BackupTable,
): Promise<Copy> {
  const stream = await sql`
    copy ${sql(table)} (${sql(columns)}) from stdin
  `.writable();
  const failure = new Promise<never>((_, reject) =>
    stream.once("error", reject)
  );
  failure.catch(() => {});
  return {
    async write(bytes) {
      const written = new Promise<void>((resolve, reject) =>
        stream.write(bytes, (error) => error ? reject(error) : resolve())
      );
      await Promise.race([written, failure]);
    },
    async end() {
      stream.end();
      try {
        // The driver never calls back if the last row breaks a constraint. This query fails then.
        await Promise.race([sql`select`, failure]);
      } catch (cause) {
        if (!(cause instanceof PostgresError)) throw cause;
        throw new BackupError(
          `The backup is damaged: PostgreSQL refuses rows of "${table}"`,
          { cause },
        );
      }
    },
    abort() {
      if (!stream.writableEnded) stream.destroy(new Error("restore aborted"));
    },
  };
}

async function restoreIdentities(
  sql: Sql,
  { identities }: BackupEnd,
): Promise<void> {
  for (const { table, column, last } of identities) {
    await sql`
      select setval(pg_get_serial_sequence(quote_ident(${table}), ${column}), ${last}::int8)
    `;
  }
}

/** Compares the rows in the database with those of the backup. */
async function verifyCounts(sql: Sql, { counts }: BackupEnd): Promise<void> {
  for (const table of await listTables(sql)) {
    const [row] = await sql<{ count: number }[]>`
      select count(*) as count
      from ${sql(table)}
    `;
    const expected = counts[table] ?? 0;
    if (row!.count !== expected) {
      throw new BackupError(
        `The backup is damaged: "${table}" has ${
          row!.count
        } rows instead of ${expected}`,
      );
    }
  }
}

function unexpected(part: string): BackupError {
  return new BackupError(`The backup is damaged: it lacks the ${part}`);
}
