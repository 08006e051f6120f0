import assert from "node:assert/strict";
import { hasOwner, toRoles, withoutOwner } from "../../cli/environment.ts";
import { connect } from "../../db/driver/client.ts";
import { migrate, MIGRATIONS } from "../../db/migrate.ts";
import { startPostgres } from "../../embedded_postgres/embedded_postgres.ts";
import { insertAuditEvent } from "../../db/audit_events.ts";
import {
  createCheckout,
  isReady,
  launch,
  OWN_DATABASE,
} from "../support/checkout.ts";
import { createTestApp } from "../support/app.ts";
import { createTestDatabase } from "../support/database.ts";
import { listening, startProgram } from "../support/program.ts";
import { createRoleName, dropRoles, toLogin } from "../support/roles.ts";
import { until } from "../support/sync.ts";

const SECRET = "0123456789abcdefghijklmnopqrstuvwxyz";
const SETTINGS = {
  STRAVA_CLIENT_ID: "1",
  STRAVA_CLIENT_SECRET: "secret",
  INTERNAL_API_KEY: `a${SECRET}`,
  STATE_SECRET: `b${SECRET}`,
  ENCRYPTION_KEY: `c${SECRET}`,
};

/** Runs a system tool and returns its output. */
async function run(name: string, args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(name, { args }).output();
  return new TextDecoder().decode(stdout);
}

/** Returns the command lines and environments of a process and all that it has started. */
async function readProcesses(pid: number): Promise<string[]> {
  const [children, ...own] = await Promise.all([
    run("ps", ["-o", "pid=", "--ppid", String(pid)]),
    run("cat", [`/proc/${pid}/cmdline`]),
    run("cat", [`/proc/${pid}/environ`]),
  ]);
  const found = await Promise.all(
    children!.trim().split(/\s+/).filter(Boolean).map((child) =>
      readProcesses(Number(child))
    ),
  );
  return [own.join("\0"), ...found.flat()];
}

/** Runs a command of a checkout, and returns its exit code and output. */
async function runIn(
  path: string,
  args: string[],
): Promise<{ code: number; said: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", `${path}/cli/launch.ts`, ...args],
    cwd: path,
    env: { ...OWN_DATABASE, INIT_CWD: path },
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, said: decode(stdout) + decode(stderr) };
}

Deno.test("launch: gives the data of one role a second one, which serves", async () => {
  await using folder = await createCheckout();
  const dir = `${folder.path}/.data/postgres`;
  const before = await startPostgres({ dir });
  const old = connect(before.url, { max: 1 });
  await migrate(old, MIGRATIONS.slice(0, 1));
  await insertAuditEvent(old, { kind: "login", at: new Date() });
  await old.end();
  await before.stop();

  await using checkout = await launch({
    ...folder,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  await until(() => isReady(checkout.url), "the server to be ready");
  await using shared = await startPostgres({ dir });
  const owner = connect(shared.url, { max: 1 });
  const roles = await owner<{ role: string; application: string }[]>`
    select distinct usename as role, application_name as application
    from pg_stat_activity
    where datname = 'paceline'
      and pid <> pg_backend_pid()
  `;
  const [row] = await owner<{ events: number; limited: boolean }[]>`
    select
      (select count(*) from audit_events) as events,
      not has_table_privilege('paceline_app', 'audit_events', 'delete') as limited
  `;
  await owner.end();
  const { password } = new URL(shared.url);
  const processes = await readProcesses(Deno.pid);
  const servers = processes.filter((text) =>
    text.includes(folder.path) && text.includes("server/main.ts") &&
    !text.startsWith("/bin/sh")
  );
  const users = await runIn(folder.path, ["user", "list"]);
  const backup = await runIn(folder.path, ["backup", "all.backup"]);

  assert.deepEqual([...new Set(roles.map(({ role }) => role))], [
    "paceline_app",
  ]);
  assert.deepEqual({ ...row }, { events: 1, limited: true });
  assert.ok(servers.length > 0);
  for (const text of servers) assert.ok(!text.includes(password));
  assert.match(checkout.text(), /Applied migration 0002_audit_deletions/);
  assert.deepEqual(users.code, 0, users.said);
  assert.equal(backup.code, 0, backup.said);

  await checkout.launcher.stop();
  await shared.stop();
  await Deno.rename(dir, `${folder.path}/.data/before`);
  await Deno.mkdir(dir);
  for await (const { name } of Deno.readDir(`${folder.path}/.data/before`)) {
    if (!name.startsWith("postgres-")) continue;
    await Deno.rename(`${folder.path}/.data/before/${name}`, `${dir}/${name}`);
  }
  const restored = await runIn(folder.path, ["restore", "all.backup"]);
  const after = await runIn(folder.path, ["user", "list"]);
  assert.equal(restored.code, 0, restored.said);
  assert.match(restored.said, /Restored and verified/);
  assert.equal(after.code, 0, after.said);
});

Deno.test("serve: needs no owner once `database migrate` has run", async () => {
  await using database = await createTestDatabase();
  await using test = await createTestApp({
    database: { ...database, async [Symbol.asyncDispose]() {} },
  });
  const role = createRoleName("server");
  await database.sql.unsafe(`
    create role ${role} login password 's';
    revoke create on schema public from public;
    delete from migrations where name = '0002_audit_deletions';
    drop function delete_old_audit_events, delete_user_audit_events
  `);
  const url = toLogin(database.url, { user: role, password: "s" });
  const alone = { DATABASE_URL: url };
  const owned = { ...alone, DATABASE_OWNER_URL: database.url };
  const run = async (
    args: string[],
    env: Record<string, string>,
  ): Promise<[number, string]> => {
    await using program = startProgram(test, { args, env });
    return [(await program.status).code, program.text()];
  };

  const [early, problem] = await run(["serve"], alone);
  const [code, said] = await run(["database", "migrate"], owned);
  const [again, pending] = await run(["database", "migrate"], owned);
  const quiet = await run(["database", "migrate", "--quiet"], owned);
  const backup = await run(["backup", "-"], {
    ...alone,
    DATABASE_OWNER_URL: toLogin(database.url, { user: role, password: "no" }),
  });
  {
    await using program = startProgram(test, { env: alone });
    await listening(program);
    program.kill("SIGTERM");
    assert.equal((await program.status).code, 0, program.text());
  }
  await dropRoles(database.sql, [role]);

  assert.equal(early, 1);
  assert.match(problem, /refuses the migration.*DATABASE_OWNER_URL/);
  assert.equal(code, 0, said);
  assert.match(said, /Applied migration 0002_audit_deletions/);
  assert.deepEqual([again, pending], [0, "No migration is pending\n"]);
  assert.deepEqual(quiet, [0, ""]);
  assert.equal(backup[0], 1);
  assert.match(backup[1], /Check user, .* in DATABASE_OWNER_URL/);
});

Deno.test("withoutOwner: leaves nothing of the owner in the server's variables", () => {
  const urls = {
    ...SETTINGS,
    DATABASE_URL: "postgres://app:a@db/paceline",
    DATABASE_DIRECT_URL: "postgres://app:a@direct/paceline",
    DATABASE_OWNER_URL: "postgres://owner:hunter2@direct/paceline",
  };
  const parts = {
    ...SETTINGS,
    ...toRoles("postgres://app:hunter2@127.0.0.1:5433/paceline"),
  };
  const single = { ...SETTINGS, DATABASE_URL: urls.DATABASE_URL };

  assert.deepEqual([urls, parts, single].map(hasOwner), [true, true, false]);
  for (const env of [urls, parts]) {
    const served = withoutOwner(env);
    assert.doesNotMatch(JSON.stringify(served), /hunter2/);
    assert.equal(hasOwner(served), false);
  }
  assert.equal(
    withoutOwner(urls)["DATABASE_DIRECT_URL"],
    urls.DATABASE_DIRECT_URL,
  );
  assert.match(
    withoutOwner(parts)["DATABASE_URL"]!,
    /^postgres:\/\/paceline_app:[\w-]{43}@127\.0\.0\.1:5433\/paceline$/,
  );
});
