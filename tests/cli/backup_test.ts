import assert from "node:assert/strict";
import { ROOT } from "../../cli/root.ts";
import { copyActivities } from "../support/activities.ts";
import { createHistory, createTestApp, type TestApp } from "../support/app.ts";
import { fillTables, readAllTables } from "../support/backup.ts";
import { runCommand } from "../support/command.ts";
import { until } from "../support/sync.ts";

const FLAGS = [
  "run",
  "--quiet",
  "--allow-env",
  "--allow-net=127.0.0.1",
  "--allow-read",
  "--allow-run",
  "--allow-sys=uid",
  "--allow-write",
];
const PASSPHRASE = "correct horse battery";

async function createFilled(): Promise<TestApp> {
  const test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  await fillTables(test.deps.sql);
  return test;
}

/** A folder for files, or a separate checkout whose secrets are below it. */
interface Folder extends AsyncDisposable {
  path: string;
  list(): Promise<string[]>;
}

async function makeFolder(): Promise<Folder> {
  const path = await Deno.makeTempDir();
  return {
    path,
    async list() {
      const names = [];
      for await (const { name } of Deno.readDir(path)) names.push(name);
      return names.sort();
    },
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

async function makeCheckout(): Promise<Folder> {
  const folder = await makeFolder();
  const names = ["cli", "db", "embedded_postgres", "sdk", "server"];
  for (const name of [...names, "deno.json", "deno.lock"]) {
    const { success } = await new Deno.Command("cp", {
      args: ["-R", `${ROOT}/${name}`, folder.path],
    }).output();
    assert.ok(success);
  }
  return folder;
}

interface ProgramOptions {
  root?: string;
  cwd: string;
  env?: Record<string, string>;
}

function createProgram(
  { config }: TestApp,
  args: string[],
  { root = ROOT, cwd, env }: ProgramOptions,
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [...FLAGS, `${root}/cli/launch.ts`, ...args],
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: {
      INIT_CWD: cwd,
      ENVIRONMENT: "development",
      DATABASE_URL: config.databaseUrl,
      STRAVA_CLIENT_ID: config.strava.clientId,
      STRAVA_CLIENT_SECRET: config.strava.clientSecret,
      ...root === ROOT && {
        INTERNAL_API_KEY: config.internalApiKey,
        STATE_SECRET: config.stateSecret,
        ENCRYPTION_KEY: config.encryptionKey,
      },
      NO_COLOR: "1",
      ...env,
    },
  });
}

async function run(
  test: TestApp,
  args: string[],
  options: ProgramOptions,
): Promise<{ code: number; said: string }> {
  const { code, stderr } = await createProgram(test, args, options).output();
  return { code, said: new TextDecoder().decode(stderr) };
}

/** Kills a process and all that it has started. */
async function killTree(pid: number): Promise<void> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "pid=", "--ppid", String(pid)],
  }).output();
  const children = new TextDecoder().decode(stdout).trim().split(/\s+/);
  Deno.kill(pid, "SIGKILL");
  for (const child of children.filter(Boolean)) {
    await killTree(Number(child)).catch(() => {});
  }
}

Deno.test("backup: restores everything through a file", async () => {
  await using test = await createFilled();
  await using target = await createTestApp();
  await using folder = await makeFolder();
  const file = `${folder.path}/all.backup`;

  const backup = await run(test, ["backup", "all.backup"], {
    cwd: folder.path,
  });
  const { mode } = await Deno.stat(file);
  const again = await run(test, ["backup", "all.backup"], { cwd: folder.path });
  const forced = await run(test, ["backup", "all.backup", "--force"], {
    cwd: folder.path,
  });
  const restored = await run(target, ["restore", "all.backup"], {
    cwd: folder.path,
  });

  assert.equal(backup.code, 0, backup.said);
  assert.match(
    backup.said,
    /Backed up 1 users, 1 athletes, 5 activities and \d+ other rows/,
  );
  assert.equal(mode! & 0o777, 0o600);
  assert.equal(again.code, 2);
  assert.match(again.said, /exists already: .*--force/);
  assert.equal(forced.code, 0, forced.said);
  assert.equal(restored.code, 0, restored.said);
  assert.match(restored.said, /Restored and verified 1 users, 1 athletes, 5 /);
  assert.deepEqual(
    await readAllTables(target.deps.sql),
    await readAllTables(test.deps.sql),
  );
  assert.deepEqual(await folder.list(), ["all.backup"]);
});

Deno.test("restore: names what is wrong with a file and restores nothing", async () => {
  await using test = await createFilled();
  await using target = await createTestApp();
  const { code, bytes } = await runCommand(test, ["backup", "-"]);
  assert.equal(code, 0);
  const empty = await readAllTables(target.deps.sql);
  const flip = (at: number): Uint8Array =>
    bytes.map((byte, index) => index === at ? byte ^ 4 : byte);
  const text = (content: string): Uint8Array =>
    new TextEncoder().encode(content);
  const cases: [RegExp, Uint8Array][] = [
    [/^This is not a backup of Paceline/, new Uint8Array()],
    [/^This is not a backup of Paceline/, text('{"kind":"archive"}\n')],
    [/^This is not a backup of Paceline/, bytes.slice(0, 10)],
    [
      /^This backup has format 2, .* install a newer/,
      text("paceline-backup 2\n"),
    ],
    [/^The backup is damaged/, text("paceline-backup 1\n{\n")],
    [/^The backup is incomplete/, bytes.slice(0, 30)],
    ...[60, 1000, bytes.length - 200, bytes.length - 1].map((length) =>
      [/^The backup is incomplete/, bytes.slice(0, length)] as [
        RegExp,
        Uint8Array,
      ]
    ),
    ...[40, 500, bytes.length >> 1, bytes.length - 150, bytes.length - 40].map((
      at,
      // A changed bit may also make the compressed data look longer than the file.
    ) =>
      [/^The backup is (damaged|incomplete)/, flip(at)] as [
        RegExp,
        Uint8Array,
      ]
    ),
  ];

  for (const [reason, input] of cases) {
    const result = await runCommand(target, ["restore", "-"], { input });
    assert.equal(result.code, 1, String(reason));
    assert.match(result.said, reason);
    assert.match(result.said, /Nothing was restored$/);
  }

  assert.deepEqual(await readAllTables(target.deps.sql), empty);
  const whole = await runCommand(target, ["restore", "-"], { input: bytes });
  assert.equal(whole.code, 0, whole.said);
});

Deno.test("backup: leaves no file after kill -9, and the next one succeeds", async () => {
  await using test = await createFilled();
  await using folder = await makeFolder();
  const options = { cwd: folder.path };

  await test.deps.sql.begin(async (sql) => {
    await sql`lock table activities`; // stops the backup here
    const process = createProgram(test, ["backup", "b"], options).spawn();
    await until(
      async () =>
        (await sql`
          select
          from pg_locks
          where not granted and relation = 'activities'::regclass
        `).length > 0,
      "the backup to read",
    );
    await killTree(process.pid);
    await process.output();
    assert.ok(!(await folder.list()).includes("b"));
  });
  const next = await run(test, ["backup", "b"], options);

  assert.equal(next.code, 0, next.said);
  assert.deepEqual(await folder.list(), ["b"]);
});

Deno.test("restore: leaves the database empty after kill -9", async () => {
  await using test = await createFilled();
  await using target = await createTestApp();
  await using folder = await makeFolder();
  const options = { cwd: folder.path };
  const { sql } = target.deps;
  const backup = await run(test, ["backup", "b"], options);
  assert.equal(backup.code, 0, backup.said);
  const empty = await readAllTables(sql);
  await sql.unsafe(`
    create function wait_here() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock(7); return new; end $$;
    create trigger wait_here before insert on used_oauth_states
      for each row execute function wait_here();
  `);

  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(7)`; // stops the restore at the last table
    const process = createProgram(target, ["restore", "b"], options).spawn();
    await until(
      async () =>
        (await tx`
          select
          from pg_locks
          where not granted
            and locktype = 'advisory'
            and database = (select oid from pg_database where datname = current_database())
        `).length > 0,
      "the restore to write",
    );
    await killTree(process.pid);
    await process.output();
  });
  await until(
    async () =>
      (await sql`
        select
        from pg_locks
        where relation = 'activities'::regclass and mode = 'AccessExclusiveLock'
      `).length === 0,
    "the restore to be rolled back",
  );

  assert.deepEqual(await readAllTables(sql), empty);
  const next = await run(target, ["restore", "b"], options);
  assert.equal(next.code, 0, next.said);
});

Deno.test("backup: seals .data/secrets.json under a passphrase", async () => {
  await using test = await createFilled();
  await using target = await createTestApp();
  await using source = await makeCheckout();
  await using folder = await makeCheckout();
  const secrets = `${source.path}/.data/secrets.json`;
  const restored = `${folder.path}/.data/secrets.json`;
  const content = JSON.stringify({
    INTERNAL_API_KEY: "i".repeat(32),
    STATE_SECRET: "s".repeat(32),
    ENCRYPTION_KEY: "e".repeat(32),
  });
  await Deno.mkdir(`${source.path}/.data`);
  await Deno.writeTextFile(secrets, content);
  await Deno.writeTextFile(`${folder.path}/phrase`, `${PASSPHRASE}\n`);
  const file = `${folder.path}/b`;
  const from = { root: source.path, cwd: folder.path };
  const into = { root: folder.path, cwd: folder.path };
  const withPassphrase = (text: string) => ({
    env: { BACKUP_PASSPHRASE: text },
  });
  const exists = () => Deno.stat(restored).then(() => true, () => false);

  const unasked = await run(test, ["backup", "b", "--with-secrets"], from);
  const short = await run(test, ["backup", "b", "--with-secrets"], {
    ...from,
    ...withPassphrase("short"),
  });
  const backup = await run(test, ["backup", "b", "--with-secrets"], {
    ...from,
    ...withPassphrase(PASSPHRASE),
  });
  const needed = await run(target, ["restore", "b"], into);
  const wrong = await run(target, ["restore", "b", "--with-secrets"], {
    ...into,
    ...withPassphrase("another passphrase"),
  });
  const afterWrong = await exists();
  const bytes = await Deno.readFile(file);
  await Deno.writeFile(`${file}.cut`, bytes.slice(0, -9));
  const cut = await run(target, [
    "restore",
    "b.cut",
    "--with-secrets",
    "--passphrase-file=phrase",
  ], into);
  const afterCut = await exists();
  const whole = await run(target, [
    "restore",
    "b",
    "--with-secrets",
    "--passphrase-file=phrase",
  ], into);

  assert.equal(unasked.code, 1);
  assert.match(unasked.said, /^Missing passphrase: set BACKUP_PASSPHRASE/);
  assert.match(short.said, /at least 12 characters/);
  assert.equal(backup.code, 0, backup.said);
  assert.ok(!new TextDecoder().decode(bytes).includes("iiiiiiii"));
  assert.equal(needed.code, 1);
  assert.match(needed.said, /has secrets, .*add --with-secrets/);
  assert.equal(wrong.code, 1);
  assert.match(wrong.said, /^The passphrase does not open these secrets/);
  assert.equal(cut.code, 1);
  assert.match(cut.said, /The backup is incomplete/);
  assert.deepEqual([afterWrong, afterCut], [false, false]);
  assert.equal(whole.code, 0, whole.said);
  assert.equal(await Deno.readTextFile(restored), content);
  assert.equal((await Deno.stat(restored)).mode! & 0o777, 0o600);
});

Deno.test("backup: restores many rows, in batches", async () => {
  await using test = await createFilled();
  const { sql } = test.deps;
  await copyActivities(sql, {
    changes: sql`jsonb_build_object('id', number)`,
    from: sql`
      activities, generate_series(1, 12000) as number
      where id = (select max(id) from activities)
    `,
  });
  await using target = await createTestApp();

  const { code, said, bytes } = await runCommand(test, ["backup", "-"]);
  const restored = await runCommand(target, ["restore", "-"], { input: bytes });

  assert.equal(code, 0, said);
  assert.match(said, /12005 activities/);
  assert.equal(restored.code, 0, restored.said);
});
