import assert from "node:assert/strict";
import { connect, type Pool } from "../../db/driver/client.ts";
import { startPostgres } from "../../embedded_postgres/embedded_postgres.ts";
import {
  installBinaries,
  readPlatform,
  toLockFile,
} from "../../embedded_postgres/files.ts";
import { readServerState } from "../../embedded_postgres/server.ts";
import { spawnGuarded } from "../../embedded_postgres/guard.ts";
import { createTestDatabase } from "../support/database.ts";
import { ROOT } from "../../cli/root.ts";

/** A user other than root. It needs an entry in the user list, or initdb refuses. */
const NOBODY = Deno.uid() === 0
  ? Number(await run("id", ["-u", "nobody"])) >>> 0
  : 0;

/** Binaries and a stopped cluster to copy: creating them takes most of a test's time. */
let model: Promise<string> | undefined;

async function makeModel(): Promise<string> {
  const path = await Deno.makeTempDir({ prefix: "paceline-embedded-" });
  await Deno.chmod(path, 0o755);
  await run("cp", [
    "-R",
    await installBinaries(`${ROOT}/.data/postgres`, () => {}),
    path,
  ]);
  await (await startPostgres({ dir: path })).stop();
  return path;
}

Deno.test.afterAll(async () => {
  if (model) await Deno.remove(await model, { recursive: true });
});

/** Creates a directory for one test that `nobody` may enter, with or without a cluster. */
async function makeDir(
  options: { cluster: boolean },
): Promise<{ path: string } & AsyncDisposable> {
  const from = await (model ??= makeModel());
  const path = await Deno.makeTempDir({ prefix: "paceline-embedded-" });
  await Deno.chmod(path, 0o755);
  const [binaries] = await names(from, "postgres-");
  await Deno.symlink(`${from}/${binaries}`, `${path}/${binaries}`);
  if (options.cluster) {
    await run("cp", ["-Rp", `${from}/cluster`, `${path}/cluster`]);
  }
  return {
    path,
    async [Symbol.asyncDispose]() {
      await Deno.remove(path, { recursive: true });
    },
  };
}

/** Runs a command to its end and returns its output. */
async function run(
  command: string,
  args: string[],
  options: Deno.CommandOptions = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    ...options,
    args,
  }).output();
  assert.equal(success, true, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

async function withPool<T>(
  url: string,
  use: (sql: Pool) => PromiseLike<T>,
): Promise<T> {
  const sql = connect(url, { max: 1 });
  try {
    return await use(sql);
  } finally {
    await sql.end();
  }
}

/** Waits until the condition holds. Fails after ten seconds. */
async function until(
  what: string,
  isSo: () => Promise<boolean>,
): Promise<void> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline;) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`It did not happen: ${what}`);
}

async function lives(pid: number): Promise<boolean> {
  const kill = new Deno.Command("/bin/sh", {
    args: ["-c", `kill -0 ${pid}`],
    stderr: "null",
  });
  return (await kill.output()).success;
}

async function names(dir: string, start: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(dir));
  return entries.map((entry) => entry.name).filter((name) =>
    name.startsWith(start)
  ).sort();
}

/** Starts a process in a separate group that starts PostgreSQL and then runs this code. */
interface Launcher extends AsyncDisposable {
  pid: number;
  /** Returns the next line that it prints. */
  line(): Promise<string | undefined>;
  kill(): Promise<void>;
}

function launch(
  options: { dir: string; ephemeral?: boolean },
  code: string,
): Launcher {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--quiet",
      `--config=${ROOT}/deno.json`,
      "--no-lock",
      "-",
    ],
    cwd: ROOT,
    detached: true,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  input.write(new TextEncoder().encode(`
    import { connect } from "${
    import.meta.resolve("../../db/driver/client.ts")
  }";
    import { startPostgres } from "${
    import.meta.resolve("../../embedded_postgres/embedded_postgres.ts")
  }";
    await using server = await startPostgres(${JSON.stringify(options)});
    const sql = connect(server.url, { max: 1 });
    ${code}
    await sql.end();
  `)).then(() => input.close()).catch(() => {});
  let rest = "";
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  async function line(): Promise<string | undefined> {
    while (!rest.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) return undefined;
      rest += value;
    }
    const [first, ...others] = rest.split("\n");
    rest = others.join("\n");
    return first;
  }
  async function kill(): Promise<void> {
    try {
      child.kill("SIGKILL");
    } catch {
      // The process had already ended.
    }
    await child.status;
    while (!(await reader.read()).done);
  }
  return { pid: child.pid, line, kill, [Symbol.asyncDispose]: kill };
}

/** Copies the package and its npm cache to a place that another user may read. */
async function makeProject(path: string): Promise<void> {
  const { npmCache } = JSON.parse(
    await run(Deno.execPath(), ["info", "--json"]),
  );
  const cached = "registry.npmjs.org/postgres";
  await Deno.mkdir(`${path}/cache/npm/registry.npmjs.org`, { recursive: true });
  await run("cp", [
    "-R",
    `${npmCache}/${cached}`,
    `${path}/cache/npm/${cached}`,
  ]);
  const folder = "embedded_postgres";
  await run("cp", ["-R", `${ROOT}/${folder}`, `${path}/${folder}`]);
  const { imports } = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`));
  const config = { imports: { postgres: imports.postgres } };
  await Deno.writeTextFile(`${path}/deno.json`, JSON.stringify(config));
}

async function mayRunDeno(uid: number): Promise<boolean> {
  return await run(Deno.execPath(), ["--version"], { uid }).then(
    () => true,
    () => false,
  );
}

const HOLD =
  "console.log(server.url); await new Promise(() => setInterval(() => {}, 1e6));";

Deno.test("startPostgres: runs the version that production runs", async () => {
  await using database = await createTestDatabase();
  const [row] = await database.sql<Record<string, string>[]>`
    select
      current_setting('server_version_num')::int / 10000 as major,
      pg_encoding_to_char(encoding) as encoding,
      datlocprovider::text as provider,
      datlocale as locale,
      current_setting('timezone') as timezone
    from pg_database
    where datname = current_database()
  `;
  assert.deepEqual({ ...row }, {
    major: 18,
    encoding: "UTF8",
    provider: "b",
    locale: "C.UTF-8",
    timezone: "UTC",
  });
});

Deno.test("startPostgres: keeps rows over a restart and the password private", async () => {
  await using dir = await makeDir({ cluster: true });
  const first = await startPostgres({ dir: dir.path });
  await withPool(
    first.url,
    (sql) => sql`create table kept as select 42 as answer`,
  );
  await first.stop();

  await using second = await startPostgres({ dir: dir.path });

  assert.equal(second.owned, true);
  const rows = await withPool(
    second.url,
    (sql) => sql`select answer from kept`,
  );
  assert.deepEqual(rows.map((row) => row.answer), [42]);
  const { mode } = await Deno.stat(`${dir.path}/cluster/password`);
  assert.equal((mode ?? 0) & 0o777, 0o600);
  const wrong = new URL(second.url);
  wrong.password = "wrong";
  await assert.rejects(withPool(wrong.href, (sql) => sql`select 1`), {
    code: "28P01",
  });
});

Deno.test("startPostgres: ends with its killed starter and loses no row", async () => {
  await using dir = await makeDir({ cluster: true });
  await using launcher = launch(
    { dir: dir.path },
    `await sql\`create table kept as select 42 as answer\`; ${HOLD}`,
  );
  assert.match(await launcher.line() ?? "", /^postgres:/);
  const state = await readServerState(`${dir.path}/cluster/data`);
  assert.equal(state?.status, "ready");

  await launcher.kill();

  await until("the server ends", async () => !(await lives(state.pid)));
  await using next = await startPostgres({ dir: dir.path });
  assert.equal(next.owned, true);
  const rows = await withPool(next.url, (sql) => sql`select answer from kept`);
  assert.deepEqual(rows.map((row) => row.answer), [42]);
});

Deno.test("startPostgres: shares one server between two starters", async () => {
  await using dir = await makeDir({ cluster: false });
  const both = await Promise.all(
    [1, 2].map(() => startPostgres({ dir: dir.path })),
  );
  const owner = both.find((server) => server.owned);
  const sharer = both.find((server) => !server.owned);
  assert.ok(owner && sharer);
  assert.equal(sharer.url, owner.url);

  await sharer.stop();
  await withPool(owner.url, (sql) => sql`select 1`);
  await owner.stop();

  await assert.rejects(withPool(owner.url, (sql) => sql`select 1`));
});

for (const next of ["no", "another"]) {
  Deno.test(`startPostgres: tells a sharing process when ${next} owner follows`, async () => {
    await using dir = await makeDir({ cluster: true });
    const owner = await startPostgres({ dir: dir.path });
    await using sharer = await startPostgres({ dir: dir.path });
    assert.equal(sharer.owned, false);

    await owner.stop();
    await using _ = next === "another"
      ? await startPostgres({ dir: dir.path })
      : undefined;

    assert.match((await sharer.lost).message, /ended with the process/);
  });
}

/** Kills the server of a cluster, as a system out of memory would. */
async function killServer(data: string): Promise<void> {
  const state = await readServerState(data);
  assert.ok(state);
  Deno.kill(state.pid, "SIGKILL");
  await until("another server runs", async () => {
    const next = await readServerState(data);
    return next?.status === "ready" && next.pid !== state.pid;
  });
}

for (const ephemeral of [false, true]) {
  const kind = ephemeral ? "ephemeral" : "persistent";
  Deno.test(`startPostgres: restarts a killed ${kind} server under a live pool`, async () => {
    await using dir = await makeDir({ cluster: true });
    const lines: string[] = [];
    await using server = await startPostgres({
      dir: dir.path,
      ephemeral,
      log: (line) => lines.push(line),
    });
    const sql = connect(server.url, { max: 2 });
    const [row] = await sql`select current_setting('data_directory') as data`;
    await sql`create table kept as select 42 as answer`;
    await sql`checkpoint`; // without it an ephemeral one may lose the last moment

    await killServer(row?.data);

    await until("the pool goes on", () =>
      sql`select answer from kept`.then(
        (rows) => rows[0]?.answer === 42,
        () => false,
      ));
    await sql.end();
    assert.match(lines.join("\n"), /^PostgreSQL ended: restarting it$/m);
  });
}

Deno.test("startPostgres: gives up on a server that keeps dying", async () => {
  await using dir = await makeDir({ cluster: true });
  const data = `${dir.path}/cluster/data`;
  await using server = await startPostgres({ dir: dir.path });
  for (let death = 1; death <= 3; death++) await killServer(data);

  Deno.kill((await readServerState(data))!.pid, "SIGKILL");

  const { message } = await server.lost;
  assert.match(message, /ended 4 times and is not restarted: its log /);
});

Deno.test("startPostgres: gives up with a reason when the cluster is gone", async () => {
  await using dir = await makeDir({ cluster: true });
  await using server = await startPostgres({ dir: dir.path });
  const state = await readServerState(`${dir.path}/cluster/data`);
  await Deno.remove(`${dir.path}/cluster/data/global`, { recursive: true });

  Deno.kill(state!.pid, "SIGKILL");

  const { message } = await server.lost;
  assert.match(
    message,
    /is not restarted: PostgreSQL did not start. Its log/,
  );
});

Deno.test("startPostgres: stops a server that is being restarted", async () => {
  await using dir = await makeDir({ cluster: true });
  const lines: string[] = [];
  const server = await startPostgres({
    dir: dir.path,
    log: (line) => lines.push(line),
  });
  const data = `${dir.path}/cluster/data`;
  Deno.kill((await readServerState(data))!.pid, "SIGKILL");
  await until("it is started again", () => Promise.resolve(lines.length === 1));

  await server.stop();

  assert.equal(await readServerState(data), undefined);
});

Deno.test("startPostgres: ignores Ctrl-C and serves until it is stopped", async () => {
  await using dir = await makeDir({ cluster: true });
  await using launcher = launch(
    { dir: dir.path },
    `
    const interrupted = new Promise((resolve) => Deno.addSignalListener("SIGINT", resolve));
    console.log("ready");
    await interrupted;
    const [row] = await sql\`select pg_sleep(0.2), 'answered' as said\`;
    console.log(row.said);
    `,
  );
  assert.equal(await launcher.line(), "ready");
  const state = await readServerState(`${dir.path}/cluster/data`);

  const kill = new Deno.Command("kill", {
    args: ["-INT", "--", `-${launcher.pid}`],
  });
  assert.equal((await kill.output()).success, true);

  assert.equal(await launcher.line(), "answered");
  assert.ok(state);
  await until("the server ends", async () => !(await lives(state.pid)));
});

Deno.test("startPostgres: repairs a pid file that names another process", async () => {
  await using dir = await makeDir({ cluster: true });
  const data = `${dir.path}/cluster/data`;
  const first = await startPostgres({ dir: dir.path });
  const state = await readServerState(data);
  assert.ok(state);
  Deno.kill(state.pid, "SIGKILL"); // so that the file stays
  await first.stop();
  const { uid } = await Deno.stat(data);
  await using other = spawnGuarded("/bin/sh", {
    args: ["-c", "echo $$; exec sleep 600"],
    output: "piped",
    ...Deno.uid() === 0 && uid !== null && { uid },
  });
  const reader = other.stdout!.pipeThrough(new TextDecoderStream()).getReader();
  const pid = (await reader.read()).value?.trim();
  const file = await Deno.readTextFile(`${data}/postmaster.pid`);
  await Deno.writeTextFile(
    `${data}/postmaster.pid`,
    file.replace(/^\d+/, `${pid}`),
  );

  await using next = await startPostgres({ dir: dir.path });

  await withPool(next.url, (sql) => sql`select 1`);
  await next.stop();
  await other.stop();
  assert.equal((await reader.read()).done, true);
});

Deno.test("startPostgres: repairs a cluster whose creator was killed", async () => {
  await using dir = await makeDir({ cluster: false });
  await using launcher = launch({ dir: dir.path }, HOLD);
  await until("initdb works", async () => {
    const [made] = await names(dir.path, "new-");
    // `data` may not exist yet.
    const found = await names(`${dir.path}/${made}/data`, "base").catch(
      () => [],
    );
    return found.length > 0;
  });
  await launcher.kill();
  assert.deepEqual(await names(dir.path, "cluster"), []);

  await using server = await startPostgres({ dir: dir.path });

  assert.equal(server.owned, true);
  assert.deepEqual(await names(dir.path, "new-"), []);
});

Deno.test("startPostgres: refuses a cluster that it cannot open, with the reason", async () => {
  await using dir = await makeDir({ cluster: true });
  await (await startPostgres({ dir: dir.path })).stop();
  const data = `${dir.path}/cluster/data`;
  const start = (): Promise<unknown> => startPostgres({ dir: dir.path });

  await Deno.writeTextFile(`${data}/postgresql.auto.conf`, "port = nonsense\n");
  await assert.rejects(
    start,
    /did not start[^]*invalid value for parameter "port": "nonsense"/,
  );
  await Deno.writeTextFile(`${data}/PG_VERSION`, "17\n");
  await assert.rejects(
    start,
    /was created by PostgreSQL 17, and this is PostgreSQL 18: move it away/,
  );
  await Deno.remove(`${data}/PG_VERSION`);
  await assert.rejects(start, /is incomplete/);
  await assert.rejects(
    startPostgres({ dir: "data" }),
    /must be absolute, not "data"/,
  );
});

Deno.test("startPostgres: removes an ephemeral cluster when stopped or at the next start", async () => {
  await using dir = await makeDir({ cluster: false });
  await using launcher = launch({ dir: dir.path, ephemeral: true }, HOLD);
  const url = await launcher.line() ?? "";
  const data = await withPool(url, async (sql) => {
    const [row] = await sql<
      { data: string }[]
    >`select current_setting('data_directory') as data`;
    return row?.data ?? "";
  });
  const state = await readServerState(data);
  assert.ok(state);
  assert.equal((await names(dir.path, "test-")).length, 1);

  await using beside = await startPostgres({ dir: dir.path, ephemeral: true });
  assert.equal((await names(dir.path, "test-")).length, 2); // the living one was left alone
  await withPool(url, (sql) => sql`select 1`);
  await beside.stop();
  await launcher.kill();
  await using next = await startPostgres({ dir: dir.path, ephemeral: true });

  assert.equal(await lives(state.pid), false);
  assert.equal(
    (await new Deno.Command("ls", { args: [data], stderr: "null" }).output())
      .success,
    false,
  );
  await next.stop();
  assert.deepEqual(await names(dir.path, "test-"), []);
});

Deno.test({
  name: "startPostgres: uses another directory when root's is closed",
  ignore: Deno.uid() !== 0,
  async fn() {
    await using dir = await makeDir({ cluster: false });
    await Deno.chmod(dir.path, 0o700);
    await using server = await startPostgres({ dir: `${dir.path}/data` });
    const data = await withPool(server.url, async (sql) => {
      const [row] = await sql<
        { data: string }[]
      >`select current_setting('data_directory') as data`;
      return row?.data ?? "";
    });
    assert.match(data, /^\/var\/tmp\/paceline-[0-9a-f]{12}\/cluster\/data$/);
    await server.stop();
    await Deno.remove(data.replace("/cluster/data", ""), { recursive: true });
  },
});

Deno.test({
  name: "startPostgres: runs as the current user unless that is root",
  ignore: Deno.uid() !== 0 || !(await mayRunDeno(NOBODY)),
  async fn() {
    await using dir = await makeDir({ cluster: false });
    await makeProject(`${dir.path}/project`);
    await run("chown", ["-R", String(NOBODY), dir.path]);
    const code = `
      import { startPostgres } from "./embedded_postgres/embedded_postgres.ts";
      await using server = await startPostgres({ dir: "${dir.path}" });
      console.log(Deno.uid(), server.owned, Deno.statSync("${dir.path}/cluster/data").uid);
    `;
    await Deno.writeTextFile(`${dir.path}/project/main.ts`, code);

    const output = await run(Deno.execPath(), [
      "run",
      "-A",
      "--no-lock",
      "--cached-only",
      "main.ts",
    ], {
      cwd: `${dir.path}/project`,
      uid: NOBODY,
      env: {
        HOME: dir.path,
        DENO_DIR: `${dir.path}/project/cache`,
        NO_COLOR: "1",
      },
    });

    assert.equal(output, `${NOBODY} true ${NOBODY}\n`);
  },
});

Deno.test("readPlatform: says what to do without binaries", () => {
  assert.equal(readPlatform("linux", "x86_64"), "linux-x64");
  assert.equal(readPlatform("darwin", "aarch64"), "darwin-arm64");
  assert.throws(
    () => readPlatform("windows", "x86_64"),
    /does not run on "windows": run Paceline in WSL, or set DATABASE_URL/,
  );
});

Deno.test("toLockFile: holds every platform's hash, outside the project's lock file", async () => {
  for (
    const platform of ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"]
  ) {
    assert.match(
      toLockFile(platform),
      /"integrity":"sha512-[A-Za-z0-9+/]{86}=="/,
    );
  }
  // In the project's lock file every first run would download all of them, in production too.
  assert.doesNotMatch(
    await Deno.readTextFile(`${ROOT}/deno.lock`),
    /@embedded-postgres/,
  );
});

Deno.test("createTestDatabase: creates a migrated database and drops it at the end", async () => {
  const one = await createTestDatabase();
  await using two = await createTestDatabase();
  await one.sql`create table mine ()`;
  const [row] = await two.sql<Record<string, unknown>[]>`
    select to_regclass('mine') as mine, to_regclass('athletes')::text as athletes
  `;
  assert.deepEqual({ ...row }, { mine: null, athletes: "athletes" });

  await one[Symbol.asyncDispose]();

  await assert.rejects(withPool(one.url, (sql) => sql`select 1`), {
    code: "3D000",
  });
});
