import type { Sql } from "./driver/client.ts";
import { lockMigrations, MigrationError } from "./migrate.ts";

/**
 * Lets a role use the tables of Paceline without owning them: it reads and changes rows, but not the
 * schema, and of audit events it only adds and reads them. Covers the tables of all applied migrations, so
 * it follows each migration. Run by the owner, in a transaction.
 *
 * @throws {MigrationError} If the role could give itself more rights, or has more that the owner cannot
 * take away.
 */
export async function grantAccess(sql: Sql, role: string): Promise<void> {
  await requireLimited(sql, role);
  if ((await listChanges(sql, role)).length === 0) return;
  // Two processes must not change the rights of one table at the same time.
  await lockMigrations(sql);
  for (const change of await listChanges(sql, role)) await sql.unsafe(change);
  const [left] = await listChanges(sql, role);
  if (left === undefined) return;
  throw new MigrationError(
    `Cannot limit the role "${role}": after \`${left}\` it has the same rights as before, so check what PUBLIC and its other roles may do`,
  );
}

/** Creates the role, or sets its password. Nobody but the owner may then create temporary tables. */
export async function setApplicationRole(
  sql: Sql,
  { role, password }: { role: string; password: string },
): Promise<void> {
  await lockMigrations(sql);
  const rows = await sql<{ statement: string }[]>`
    select format(
      case when exists (select from pg_roles where rolname = ${role}) then 'alter' else 'create' end
        || ' role %I login password %L',
      ${role}::text,
      ${password}::text
    ) as statement
    union all
    select format('revoke temporary on database %I from public', current_database())
  `;
  for (const { statement } of rows) await sql.unsafe(statement);
}

/** Throws if the role could change the schema, by itself or by one of its roles. */
async function requireLimited(sql: Sql, role: string): Promise<void> {
  const [found] = await sql<{ rolname: string; reason: string }[]>`
    select rolname, reason
    from (
      select
        rolname,
        case
          when rolsuper then 'is a superuser'
          when pg_has_role(
            oid,
            (select relowner from pg_class where oid = 'migrations'::regclass),
            'member'
          ) then 'is a member of the owner of the tables, or the owner itself'
          when has_schema_privilege(oid, current_schema(), 'create')
            then 'may create objects in the schema "' || current_schema() || '"'
          when has_database_privilege(oid, current_database(), 'create')
            then 'may create schemas in the database "' || current_database() || '"'
          when rolname in ('pg_execute_server_program', 'pg_write_server_files', 'pg_write_all_data')
            then 'has rights beyond these tables'
        end as reason
      from pg_roles
      -- A role that does not inherit rights can still take them with SET ROLE.
      where pg_has_role(${role}::name, oid, 'member')
    ) as roles
    where reason is not null
    order by rolname <> ${role}
    limit 1
  `;
  if (!found) return;
  const { rolname, reason } = found;
  const who = rolname === role ? "it" : `its role "${rolname}"`;
  throw new MigrationError(
    `The role "${role}" of the server must be limited, but ${who} ${reason}. docs/deploy.md shows how to create one`,
  );
}

/** Lists the statements that give the role exactly the rights that it should have. */
async function listChanges(sql: Sql, role: string): Promise<string[]> {
  const rows = await sql<{ change: string }[]>`
    with owner as (
      select relowner as id
      from pg_class
      where oid = 'migrations'::regclass
    ),
    table_rights as (
      select
        pg_class.oid,
        kind,
        case relname
          when 'migrations' then kind = 'select'
          when 'audit_events' then kind in ('select', 'insert')
          -- The first sync vacuums the activities.
          when 'activities' then kind in ('select', 'insert', 'update', 'delete', 'maintain')
          else kind in ('select', 'insert', 'update', 'delete')
        end as wanted,
        has_table_privilege(${role}::name, pg_class.oid, kind) as given
      from pg_class
      join owner on owner.id = relowner
      cross join unnest(
        '{select,insert,update,delete,truncate,references,trigger,maintain}'::text[]
      ) as kind
      where relnamespace = current_schema()::regnamespace
        and relkind in ('r', 'p', 'v', 'm')
    ),
    sequence_rights as (
      select
        pg_class.oid,
        kind,
        kind in ('select', 'usage') as wanted,
        has_sequence_privilege(${role}::name, pg_class.oid, kind) as given
      from pg_class
      join owner on owner.id = relowner
      cross join unnest('{select,usage,update}'::text[]) as kind
      where relnamespace = current_schema()::regnamespace
        and relkind = 'S'
    ),
    rights as (
      select kind || ' on ' || oid::regclass as what, wanted, given
      from table_rights
      union all
      select kind || ' on sequence ' || oid::regclass, wanted, given
      from sequence_rights
      union all
      select
        'execute on function ' || pg_proc.oid::regprocedure,
        true,
        has_function_privilege(${role}::name, pg_proc.oid, 'execute')
      from pg_proc
      join owner on owner.id = proowner
      where pronamespace = current_schema()::regnamespace
        and prokind = 'f'
        and prorettype <> 'trigger'::regtype
      union all
      select
        format('usage on schema %I', current_schema()),
        true,
        has_schema_privilege(${role}::name, current_schema(), 'usage')
    )
    select
      case when wanted then 'grant ' else 'revoke ' end
        || what
        || case when wanted then ' to ' else ' from ' end
        || quote_ident(${role}) as change
    from rights
    where wanted <> given
    order by what
  `;
  return rows.map(({ change }) => change);
}
