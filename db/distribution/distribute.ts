import type { Pool, Sql } from "../driver/client.ts";

/** Thrown when a database cannot be distributed. The message is for the user who runs the command. */
export class DistributionError extends Error {
  override name = "DistributionError";
}

/** Tables that every node gets a copy of, in an order in which they can refer to each other. */
const REFERENCE_TABLES = ["users", "athletes"] as const;

/** The column by which rows go to nodes. */
const COLUMN = "athlete_id";

/** A foreign key that is dropped and added again. */
interface ForeignKey {
  table: string;
  name: string;
  definition: string;
}

/** Result of {@link distribute}. */
export interface Distribution {
  /** Tables that every node has. */
  reference: readonly string[];
  /** Tables whose rows are spread over the nodes, an athlete's together. */
  distributed: string[];
}

/**
 * Spreads a migrated database over the nodes of a Citus cluster: the tables of an athlete by
 * `athlete_id`, so that an athlete's rows are on one node, and copies of `users` and `athletes` on every
 * node. All other tables stay on the coordinator. All or nothing: one transaction.
 *
 * Triggers that announce changes are dropped: on another node they would notify nobody. So no answers
 * are kept in memory any more (`IS_ANNOUNCED` in db/athlete_changes.ts). Nor can triggers pack months:
 * statistics then read the activities themselves (db/history/history.ts).
 *
 * @throws {DistributionError} If the extension is missing, the tables are distributed already, or a
 * unique constraint lacks `athlete_id`.
 */
export async function distribute(sql: Pool): Promise<Distribution> {
  await requireCitus(sql);
  return await distributeTables(sql);
}

async function requireCitus(sql: Sql): Promise<void> {
  const [citus] = await sql`
    select extversion
    from pg_extension
    where extname = 'citus'
  `;
  if (!citus) {
    throw new DistributionError(
      "Cannot distribute this database: it has no extension Citus, so run `create extension citus` on every node first (docs/scale.md)",
    );
  }
  const [known] = await sql`
    select logicalrelid
    from pg_dist_partition
    where logicalrelid = 'activities'::regclass
  `;
  if (known) {
    throw new DistributionError("This database is distributed already");
  }
}

/** Takes the steps of {@link distribute} with the functions of Citus. */
export async function distributeTables(pool: Pool): Promise<Distribution> {
  return await pool.begin(async (sql) => {
    await sql`set local statement_timeout = 0`;
    // Foreign keys between tables of both kinds need one connection per node.
    await sql`select set_config('citus.multi_shard_modify_mode', 'sequential', true)`;
    const distributed = await listAthleteTables(sql);
    await requireUnique(sql, distributed);
    const tables = [...REFERENCE_TABLES, ...distributed];
    const keys = await listForeignKeys(sql, tables);
    await sql`drop trigger if exists athletes_announce_change on athletes`;
    await sql`drop trigger if exists sync_state_announce_new_data on sync_state`;
    await dropPackedMonths(sql);
    for (const { table, name } of keys) {
      await sql`alter table ${sql(table)} drop constraint ${sql(name)}`;
    }
    for (const table of REFERENCE_TABLES) {
      await sql`select create_reference_table(${table}::text::regclass)`;
    }
    for (const table of distributed) {
      const others = table === distributed[0] ? "none" : distributed[0]!;
      await sql`
        select create_distributed_table(
          ${table}::text::regclass, ${COLUMN}, colocate_with => ${others}::text
        )
      `;
    }
    for (const { table, name, definition } of keys) {
      await addForeignKey(sql, { table, name, definition });
    }
    return { reference: REFERENCE_TABLES, distributed };
  });
}

/** Drops the triggers that pack months, and what they have packed, which would grow old. */
async function dropPackedMonths(sql: Sql): Promise<void> {
  for (const event of ["inserted", "updated", "deleted"]) {
    await sql`drop trigger if exists ${
      sql(`activities_pack_${event}`)
    } on activities`;
  }
  await sql`truncate activity_months, activity_kinds`;
}

/** Lists the tables whose primary key begins with `athlete_id`. */
async function listAthleteTables(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select relname as name
    from pg_constraint
    join pg_class on pg_class.oid = conrelid
    join pg_attribute on attrelid = conrelid and attnum = conkey[1]
    where contype = 'p'
      and connamespace = current_schema()::regnamespace
      and attname = ${COLUMN}
    order by relname
  `;
  return rows.map(({ name }) => name);
}

/** Throws if a unique constraint or index lacks the column: a node only sees its own rows. */
async function requireUnique(sql: Sql, tables: string[]): Promise<void> {
  const [wrong] = await sql<{ name: string }[]>`
    select relname as name
    from pg_index
    join pg_class on pg_class.oid = indexrelid
    where indisunique
      and indrelid = any(${tables}::text[]::regclass[])
      and not exists (
        select
        from pg_attribute
        where attrelid = indrelid
          and attname = ${COLUMN}
          and attnum = any(indkey)
      )
    limit 1
  `;
  if (!wrong) return;
  throw new DistributionError(
    `Cannot distribute this database: the unique index "${wrong.name}" lacks ${COLUMN}`,
  );
}

/** Lists the foreign keys from or to these tables, those to reference tables first. */
async function listForeignKeys(
  sql: Sql,
  tables: string[],
): Promise<ForeignKey[]> {
  return await sql<ForeignKey[]>`
    select
      relname as table,
      conname as name,
      pg_get_constraintdef(pg_constraint.oid) as definition
    from pg_constraint
    join pg_class on pg_class.oid = conrelid
    where contype = 'f'
      and conparentid = 0
      and (
        conrelid = any(${tables}::text[]::regclass[])
        or confrelid = any(${tables}::text[]::regclass[])
      )
    order by
      confrelid = any(${[...REFERENCE_TABLES]}::text[]::regclass[]) desc,
      relname,
      conname
  `;
}

/** Adds a key as PostgreSQL has described it: `FOREIGN KEY (...) REFERENCES ...` is not built here. */
async function addForeignKey(
  sql: Sql,
  { table, name, definition }: ForeignKey,
): Promise<void> {
  const [statement] = await sql<{ text: string }[]>`
    select format('alter table %I add constraint %I %s', ${table}::text, ${name}::text, ${definition}::text) as text
  `;
  await sql.unsafe(statement!.text);
}
