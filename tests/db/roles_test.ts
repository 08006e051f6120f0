import assert from "node:assert/strict";
import { insertAuditEvent } from "../../db/audit_events.ts";
import { connect, type Pool, PostgresError } from "../../db/driver/client.ts";
import { migrate, migrateWithin, MIGRATIONS } from "../../db/migrate.ts";
import { prepareDatabase } from "../../db/prepare.ts";
import { grantAccess } from "../../db/roles.ts";
import { createTestDatabase } from "../support/database.ts";
import {
  createLimitedDatabase,
  createRoleName,
  dropRoles,
  type LimitedDatabase,
  toLogin,
} from "../support/roles.ts";

/** Statements that only the owner may run. */
const FORBIDDEN: readonly string[] = [
  "drop table activities",
  "drop table audit_events cascade",
  "drop trigger audit_events_append_only on audit_events",
  "drop function refuse_audit_change() cascade",
  "drop schema public cascade",
  "alter table activities add column extra text",
  "alter table audit_events disable trigger all",
  "alter table audit_events disable trigger audit_events_append_only",
  "alter table audit_events owner to current_user",
  "alter function delete_user_audit_events(uuid) security invoker",
  "alter role current_user superuser",
  "truncate activities",
  "truncate audit_events",
  "create table mine (id int)",
  "create temporary table audit_events (id bigint)",
  "create schema mine",
  "create extension plpgsql_check",
  "create function mine() returns int language sql as 'select 1'",
  "create function pg_temp.mine() returns int language sql as 'select 1'",
  "create or replace function refuse_audit_change() returns trigger language plpgsql as 'begin return old; end'",
  "create trigger mine before insert on users for each row execute function refuse_audit_change()",
  "create index mine on users (id)",
  "create role mine",
  "create database mine",
  "set session_replication_role = replica",
  "set role postgres",
  "update audit_events set kind = 'x'",
  "update audit_events set detail = '{}' where false",
  "delete from audit_events",
  "merge into audit_events using users on false when matched then delete",
  "begin; select set_config('paceline.audit_cleanup', 'on', true); delete from audit_events; commit",
  "insert into audit_events (id, at, kind) overriding system value values (1, now(), 'x') on conflict (id) do update set kind = 'y'",
  "insert into migrations (name, checksum) values ('9999', '')",
  "update migrations set checksum = ''",
  "delete from migrations",
  "begin; lock table audit_events in access exclusive mode; commit",
  "select setval('audit_events_id_seq', 1)",
  "copy users to '/tmp/paceline-users'",
  "copy users to program 'cat'",
  "select pg_read_file('/etc/passwd')",
  "select lo_import('/etc/passwd')",
  "select rolpassword from pg_authid",
  "alter system set log_statement = 'all'",
];

const PERMISSION_CODES = ["42501", "42704", "0A000", "22023"];

async function addEvent(sql: Pool, at = new Date(0)): Promise<void> {
  await insertAuditEvent(sql, { kind: "login", at });
}

async function refusal(sql: Pool, statement: string): Promise<PostgresError> {
  const error = await sql.unsafe(statement).simple().catch((error) => error);
  await sql.unsafe("rollback").simple();
  assert.ok(error instanceof PostgresError, `Not refused: ${statement}`);
  return error;
}

Deno.test("application role: is refused statements that change the schema or the audit", async () => {
  await using database = await createLimitedDatabase();
  const single = connect(database.url, { max: 1 });
  await addEvent(single);

  for (const statement of FORBIDDEN) {
    const { code, message } = await refusal(single, statement);
    assert.ok(
      PERMISSION_CODES.includes(code),
      `${statement}: ${code} ${message}`,
    );
  }
  const rows = await single`select kind from audit_events`;
  await single.end();

  assert.equal(rows.length, 1);
});

Deno.test("application role: uses every table, sequence, function and notification", async () => {
  await using database = await createLimitedDatabase();
  const { sql, role } = database;

  const rights = await sql<{ name: string; rights: string }[]>`
    select
      relname as name,
      string_agg(kind, ' ' order by kind) as rights
    from pg_class
    cross join unnest('{select,insert,update,delete,truncate,references,trigger}'::text[]) as kind
    where relnamespace = 'public'::regnamespace
      and relkind = 'r'
      and has_table_privilege(${role}::name, oid, kind)
    group by relname
  `;
  const functions = await sql`
    select proname
    from pg_proc
    where pronamespace = 'public'::regnamespace
      and not has_function_privilege(oid, 'execute')
  `;
  await sql`select pg_notify('paceline_athletes', '')`;
  await sql`vacuum (analyze) activities`;

  for (const { name, rights: given } of rights) {
    const wanted = name === "audit_events"
      ? "insert select"
      : name === "migrations"
      ? "select"
      : "delete insert select update";
    assert.equal(given, wanted, name);
  }
  assert.ok(rights.length > 20);
  assert.deepEqual(functions.map(({ proname }) => proname), []);
});

Deno.test("application role: deletes old events and those of deleted users only", async () => {
  await using database = await createLimitedDatabase();
  const { sql } = database;
  const [user] = await sql<{ id: string }[]>`
    insert into users (username, email, display_name, created_at)
    values ('anna', 'anna@example.com', 'Anna', now())
    returning id
  `;
  const userId = user!.id;
  await insertAuditEvent(sql, { kind: "login", at: new Date(), userId });
  await addEvent(sql);

  await assert.rejects(
    sql`select delete_user_audit_events(${userId})`,
    /audit_events is append-only/,
  );
  const old = await sql`
    select delete_old_audit_events(now() + interval '1 year', 1000) as count
  `;
  const kept = await sql`select user_id from audit_events`;
  await sql`delete from users`;
  await sql`select delete_user_audit_events(${userId})`;
  const left = await sql`select id from audit_events`;

  assert.equal(old[0]!["count"], 1);
  assert.deepEqual(kept.map(({ user_id: id }) => id), [userId]);
  assert.equal(left.length, 0);
});

const LATER = {
  name: "9999_later",
  sql:
    "create table later (id bigint generated always as identity primary key, n serial); " +
    "create function later_sum() returns bigint language sql as 'select sum(id)::bigint from later'",
};

Deno.test("grantAccess: covers the tables of a later migration, twice and concurrently", async () => {
  await using database = await createLimitedDatabase();
  const { sql, owner, role } = database;
  const open = (): Pool => connect(owner.url, { max: 1 });
  const owners = [open(), open(), open()];

  await Promise.all(
    owners.map((each) =>
      each.begin(async (tx) => {
        await migrateWithin(tx, [...MIGRATIONS, LATER]);
        await grantAccess(tx, role);
      })
    ),
  );
  await sql`insert into later default values`;
  const [row] = await sql`select later_sum() as sum, n from later`;
  await Promise.all(owners.map((each) => each.end()));

  assert.deepEqual({ ...row }, { sum: 1, n: 1 });
  await assert.rejects(sql`truncate later`, { code: "42501" });
});

Deno.test("grantAccess: takes back rights that were given by hand", async () => {
  await using database = await createLimitedDatabase();
  const { owner, role } = database;
  const { sql } = owner;
  await sql.unsafe(
    `grant all on audit_events, activities to ${role}; revoke select on users from ${role}`,
  );

  await sql.begin((tx) => grantAccess(tx, role));

  const [row] = await sql`
    select
      has_table_privilege(${role}::name, 'audit_events', 'delete') as delete,
      has_table_privilege(${role}::name, 'activities', 'truncate') as truncate,
      has_table_privilege(${role}::name, 'users', 'select') as select
  `;
  assert.deepEqual({ ...row }, {
    delete: false,
    truncate: false,
    select: true,
  });
});

Deno.test("grantAccess: refuses roles that are not limited", async () => {
  await using database = await createLimitedDatabase();
  const { owner: { sql }, role } = database;
  const grant = (name = role): Promise<void> =>
    sql.begin((tx) => grantAccess(tx, name)) as Promise<void>;
  const [row] = await sql<{ name: string }[]>`select current_user as name`;
  const name = new URL(database.url).pathname.slice(1);

  await assert.rejects(
    grant(row!.name),
    /must be limited, but it is a superuser/,
  );
  await sql.unsafe(`grant create on schema public to ${role}`);
  await assert.rejects(grant(), /may create objects in the schema "public"/);
  await sql.unsafe(`revoke create on schema public from ${role}`);
  await sql`grant create on database ${sql(name)} to ${sql(role)}`;
  await assert.rejects(grant(), /may create schemas in the database/);
  await sql`revoke create on database ${sql(name)} from ${sql(role)}`;
  await sql`grant ${sql(row!.name)} to ${sql(role)}`;
  await assert.rejects(grant(), /it is a member of the owner/);
  await sql`revoke ${sql(row!.name)} from ${sql(role)}`;
  await sql`grant delete on audit_events to public`;
  await assert.rejects(grant(), /Cannot limit the role .* what PUBLIC/);
  await sql`revoke delete on audit_events from public`;
  await grant();
});

Deno.test("grantAccess: refuses roles that may become one with more rights", async () => {
  await using database = await createLimitedDatabase();
  const { owner: { sql }, role } = database;
  const other = createRoleName("other");
  const grant = (): Promise<void> =>
    sql.begin((tx) => grantAccess(tx, role)) as Promise<void>;
  const reason = new RegExp(`"${other}" (is a superuser|may create)`);
  await sql`create role ${sql(other)}`;
  try {
    await sql.unsafe(`grant ${other} to ${role} with inherit false, set true`);
    await grant();
    await sql.unsafe(`alter role ${other} superuser`);
    await assert.rejects(grant(), reason);
    await sql.unsafe(`alter role ${other} nosuperuser`);
    await sql.unsafe(`grant create on schema public to ${other}`);
    await assert.rejects(grant(), reason);
    await sql.unsafe(`grant pg_execute_server_program to ${role}`);
    await sql.unsafe(`revoke ${other} from ${role}`);
    await assert.rejects(grant(), /"pg_execute_server_program" has rights/);
    await sql.unsafe(`revoke pg_execute_server_program from ${role}`);
    await grant();
  } finally {
    await dropRoles(sql, [other]);
  }
});

/** Prepares the database as the server does with `DATABASE_OWNER_URL`. */
async function prepare(
  url: string,
  ownerUrl: string,
  createsRole = false,
): Promise<string[]> {
  const sql = connect(url, { max: 1 });
  try {
    return await prepareDatabase(sql, {
      databaseUrl: url,
      databaseOwnerUrl: ownerUrl,
      createsRole,
    });
  } finally {
    await sql.end();
  }
}

Deno.test("prepareDatabase: migrates as an owner without further rights", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  const [owner, role] = [createRoleName("owner"), createRoleName("server")];
  await sql.unsafe(`
    create role ${owner} login password 'o';
    create role ${role} login password 's';
    drop schema public cascade;
    create schema public authorization ${owner};
    grant usage on schema public to public
  `);
  const ownerUrl = toLogin(database.url, { user: owner, password: "o" });
  const url = toLogin(database.url, { user: role, password: "s" });

  await assert.rejects(prepare(url, url), { code: "42501" });
  const first = await prepare(url, ownerUrl);
  const second = await prepare(url, ownerUrl);
  // The server alone: everything is there, so it needs no more rights.
  const third = await prepare(url, url);
  const limited = connect(url, { max: 1 });
  await addEvent(limited);
  const deleted = await limited`
    select delete_old_audit_events(now(), 10) as count
  `;
  await assert.rejects(limited`delete from audit_events`, { code: "42501" });
  await limited.end();
  await dropRoles(sql, [role, owner]);

  assert.deepEqual(first, MIGRATIONS.map(({ name }) => name));
  assert.deepEqual([second, third], [[], []]);
  assert.equal(deleted[0]!["count"], 1);
});

Deno.test("prepareDatabase: gives an older database of one role a second one", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  const role = createRoleName("server");
  await sql.unsafe("drop schema public cascade; create schema public");
  await migrate(sql, MIGRATIONS.slice(0, 1));
  await addEvent(sql);
  const url = toLogin(database.url, { user: role, password: "first" });
  const other = toLogin(database.url, { user: role, password: "second" });

  const applied = await prepare(url, database.url, true);
  const again = await prepare(url, database.url, true);
  await prepare(other, database.url, true); // the password was changed
  const limited = connect(other, { max: 1 });
  const rows = await limited`select kind from audit_events`;
  await limited.end();
  await assert.rejects(prepare(url, url), { code: "28P01" });
  await dropRoles(sql, [role]);

  assert.deepEqual(applied, MIGRATIONS.slice(1).map(({ name }) => name));
  assert.deepEqual(again, []);
  assert.equal(rows.length, 1);
});

Deno.test("prepareDatabase: creates no role unless the owner manages it", async () => {
  await using database = await createTestDatabase();
  const url = toLogin(database.url, {
    user: createRoleName("typo"),
    password: "x",
  });

  await assert.rejects(prepare(url, database.url), { code: "28P01" });
});

Deno.test("prepareDatabase: tells a failure of the owner from one of the server", async () => {
  await using database: LimitedDatabase = await createLimitedDatabase();
  const wrong = toLogin(database.url, { user: "nobody", password: "x" });

  await assert.rejects(prepare(database.url, wrong), {
    name: "OwnerError",
  });
});
