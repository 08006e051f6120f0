import assert from "node:assert/strict";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { spawnGuarded } from "../embedded_postgres/guard.ts";
import { FILE_VARIABLES } from "../cli/secret_files.ts";
import { createTestDatabase, type TestDatabase } from "./support/database.ts";
import { createGpx } from "./support/files.ts";
import { createRoleName, dropRoles } from "./support/roles.ts";
import { takeFreePort } from "./support/port.ts";
import { until } from "./support/sync.ts";
import { ROOT } from "../cli/root.ts";

const API_KEY = "k".repeat(32);

for (const count of [1, 2]) {
  Deno.test(`Dockerfile: starts from the files in .dockerignore with PROCESSES=${count}`, async () => {
    await using database = await createTestDatabase();
    const context = await Deno.makeTempDir();
    await copyBuildContext(context);
    const { command, healthcheck } = await readDockerfile();
    const port = takeFreePort();
    const env = {
      PORT: String(port),
      PROCESSES: String(count),
      ...toPath(),
      ...toEnvironment(database.url),
    };
    assert.deepEqual(command, ["paceline", "serve"]);

    const logFile = `${context}/server.log`;
    await using server = spawnGuarded(toProgram(context), {
      args: command.slice(1),
      cwd: context,
      env,
      output: { file: logFile },
    });
    const isHealthy = await untilHealthy(healthcheck, { cwd: context, env });
    const list = () => listProcesses(`${context}/server/main.ts`);
    await until(async () => (await list()).length === count, "all processes");
    const processes = await list();
    const log = await Deno.readTextFile(logFile);
    const docs = await fetch(`http://127.0.0.1:${port}/docs`);
    await docs.body?.cancel();
    const upload = await importFile(database, { port, key: API_KEY });
    const { code } = await server.stop();
    const unhealthy = await runHealthcheck(healthcheck, { cwd: context, env });
    await Deno.remove(context, { recursive: true });

    assert.ok(isHealthy, log);
    assert.equal(docs.status, 200);
    assert.equal(upload.status, 202, upload.text);
    const hosts = [
      `127.0.0.1:${port}`,
      new URL(database.url).host,
      "www.strava.com:443",
    ];
    for (const flags of processes) {
      assert.deepEqual(flags.filter((flag) => /^--allow-(?!env=)/.test(flag)), [
        `--allow-net=${hosts.join()}`,
        // The code of the workers, which Deno loads when they start, and the web app.
        `--allow-read=${context}/server/imports,${context}/server/recordings,${context}/web/dist`,
      ]);
      assert.ok(flags.includes("--cached-only") && flags.includes("serve"));
    }
    assert.equal(code, 0);
    assert.equal(unhealthy, 1);
  });
}

/** Sends a file for a new athlete, which a worker reads. */
async function importFile(
  { sql }: TestDatabase,
  { port, key }: { port: number; key: string },
): Promise<{ status: number; text: string }> {
  await sql`
    insert into athletes (id, profile, connected_at) values (1, '{}', now())
  `;
  await sql`insert into sync_state (athlete_id, next_due_at) values (1, now())`;
  const response = await fetch(`http://127.0.0.1:${port}/api/imports`, {
    method: "POST",
    headers: { "x-api-key": key },
    body: createGpx("2024-05-04T08:00:00Z"),
  });
  return { status: response.status, text: await response.text() };
}

Deno.test("cli/paceline: describes commands in the form of the image", async () => {
  const context = await Deno.makeTempDir();
  await copyBuildContext(context);
  const help = async (...args: string[]): Promise<string> => {
    const { code, stdout } = await new Deno.Command(toProgram(context), {
      args,
      env: toPath(),
    }).output();
    assert.equal(code, 0);
    return new TextDecoder().decode(stdout);
  };

  const create = await help("user", "create", "--help");
  const all = await help("--help");
  await Deno.remove(context, { recursive: true });

  assert.match(create, /^ +paceline user create \[--username name\]/m);
  assert.match(
    create,
    /^ +paceline user create --username .* < password.txt$/m,
  );
  assert.match(all, /^ +backup +Back up the whole database/m);
  assert.doesNotMatch(create + all, /deno task|\.data/);
});

Deno.test("cli/paceline: names the folder that secrets are read from", async () => {
  const context = await Deno.makeTempDir();
  await copyBuildContext(context);
  const { INTERNAL_API_KEY: _, ...env } = toEnvironment("postgres://a@b/c");
  const file = `${context}/key.txt`;
  await Deno.writeTextFile(file, "k".repeat(32));

  const { code, stderr } = await new Deno.Command(toProgram(context), {
    args: ["sync"],
    env: { ...toPath(), ...env, INTERNAL_API_KEY_FILE: file },
  }).output();
  await Deno.remove(context, { recursive: true });

  assert.equal(code, 1);
  assert.match(
    new TextDecoder().decode(stderr),
    /INTERNAL_API_KEY_FILE names ".*", but only files in \/run\/secrets are/,
  );
});

Deno.test("docs/deploy.md: shows secrets that compose and the server agree on", async () => {
  const text = await Deno.readTextFile(`${ROOT}/docs/deploy.md`);
  const [, block] =
    /```yaml\n(services:\n[^`]*\nsecrets:\n[^`]*)```/.exec(text) ??
      [];
  const { services, secrets } = parse(block ?? "") as Compose;

  assert.deepEqual(Object.keys(services), ["server", "database"]);
  for (const { environment, secrets: used } of Object.values(services)) {
    const paths = Object.values(environment);
    assert.deepEqual(paths, used.map((name) => `/run/secrets/${name}`));
    for (const name of used) assert.ok(secrets[name]?.file, name);
  }
  const names = Object.keys(services["server"]!.environment);
  assert.deepEqual(names.filter((name) => !FILE_VARIABLES.includes(name)), []);
});

Deno.test("docs/privacy.md: lists Docker commands that work without a network", async () => {
  await using database = await createTestDatabase();
  const context = await Deno.makeTempDir();
  await copyBuildContext(context);
  const text = await Deno.readTextFile(`${ROOT}/docs/privacy.md`);
  const commands = [
    ...text.matchAll(
      /^docker compose exec (?:-T )?server paceline (\w+)/gm,
    ),
  ].map(([, args]) => args!.split(" "));

  assert.deepEqual(commands.map((args) => args.at(-1)), ["export", "erase"]);
  for (const args of commands) {
    const { code, stdout, stderr } = await new Deno.Command(
      toProgram(context),
      {
        args,
        env: { ...toPath(), ...toEnvironment(database.url) },
      },
    ).output();
    const said = new TextDecoder().decode(stderr);
    assert.deepEqual([code, stdout.length], [1, 0], said);
    assert.match(said, /There is no athlete/);
  }
  await Deno.remove(context, { recursive: true });
});

Deno.test("docker-compose.yml: serves an earlier volume with a second role", async () => {
  await using database = await createTestDatabase();
  const { services } = parse(
    await Deno.readTextFile(`${ROOT}/docker-compose.yml`),
  ) as Compose;
  const { POSTGRES_USER: owner, POSTGRES_APP_USER: composed } =
    services["server"]!.environment;
  assert.equal(owner, services["database"]!.environment["POSTGRES_USER"]);
  assert.ok(composed && composed !== owner);
  const context = await Deno.makeTempDir();
  await copyBuildContext(context);
  const role = createRoleName("app");
  const { DATABASE_URL: _, ...env } = toEnvironment("");
  const { hostname, port, username, password, pathname } = new URL(
    database.url,
  );
  const run = async (
    ...args: string[]
  ): Promise<{ code: number; said: string }> => {
    const { code, stdout, stderr } = await new Deno.Command(
      toProgram(context),
      {
        args,
        env: {
          ...toPath(),
          ...env,
          POSTGRES_HOST: hostname,
          POSTGRES_PORT: port,
          POSTGRES_USER: username,
          POSTGRES_PASSWORD: password,
          POSTGRES_DB: pathname.slice(1),
          POSTGRES_APP_USER: role,
        },
      },
    ).output();
    const decoder = new TextDecoder();
    return { code, said: decoder.decode(stdout) + decoder.decode(stderr) };
  };

  const first = await run("database", "migrate");
  const users = await run("user", "list");
  const backup = await run("backup", "-");
  const [row] = await database.sql<{ limited: boolean; login: boolean }[]>`
    select
      not has_table_privilege(rolname, 'audit_events', 'delete')
        and has_table_privilege(rolname, 'activities', 'insert') as limited,
      rolcanlogin and not rolsuper as login
    from pg_roles
    where rolname = ${role}
  `;
  await dropRoles(database.sql, [role]);
  await Deno.remove(context, { recursive: true });

  assert.equal(first.code, 0, first.said);
  assert.equal(users.code, 0, users.said);
  assert.equal(backup.code, 0);
  assert.deepEqual({ ...row }, { limited: true, login: true });
});

/** A service of docs/deploy.md's compose file, and its secrets. */
interface Compose {
  services: Record<
    string,
    { environment: Record<string, string>; secrets: string[] }
  >;
  secrets: Record<string, { file: string }>;
}

/** Lists the arguments of the running Deno processes that have this file among them. */
async function listProcesses(file: string): Promise<string[][]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "args"] })
    .output();
  return new TextDecoder().decode(stdout).split("\n")
    .map((line) => line.split(" "))
    .filter((words) => words.includes(file) && words[1] === "run");
}

/** The program that the image calls `paceline`. */
function toProgram(context: string): string {
  return `${context}/cli/paceline`;
}

/** Returns a PATH whose `deno` is the one that runs the tests. */
function toPath(): { PATH: string } {
  return { PATH: `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}` };
}

function toEnvironment(databaseUrl: string): Record<string, string> {
  return {
    HOST: "127.0.0.1",
    DATABASE_URL: databaseUrl,
    INTERNAL_API_KEY: API_KEY,
    STATE_SECRET: "s".repeat(32),
    ENCRYPTION_KEY: "e".repeat(32),
    STRAVA_CLIENT_ID: "1",
    STRAVA_CLIENT_SECRET: "secret",
  };
}

/** Copies the files that the image is built from. */
async function copyBuildContext(target: string): Promise<void> {
  const ignore = await Deno.readTextFile(`${ROOT}/.dockerignore`);
  const kept = ignore.split("\n").filter((line) => line.startsWith("!")).map((
    line,
  ) => line.slice(1));
  assert.ok(kept.length > 0 && ignore.split("\n").includes("*"));
  for (const name of kept) {
    const folder = new URL(`file://${target}/${name}/..`);
    await Deno.mkdir(folder, { recursive: true });
    const { code } = await new Deno.Command("cp", {
      args: ["-r", `${ROOT}/${name}`, `${target}/${name}`],
    }).output();
    assert.equal(code, 0, `cp ${name}`);
  }
}

async function readDockerfile(): Promise<
  { command: string[]; healthcheck: string[] }
> {
  const text = await Deno.readTextFile(`${ROOT}/Dockerfile`);
  const command = /^CMD (\[.*\])$/m.exec(text)?.[1] ?? "";
  const healthcheck = /^HEALTHCHECK .* CMD deno (.*)$/m.exec(text)?.[1] ?? "";
  return { command: JSON.parse(command), healthcheck: healthcheck.split(" ") };
}

type Process = { cwd: string; env: Record<string, string> };

async function untilHealthy(
  args: string[],
  options: Process,
): Promise<boolean> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    if (await runHealthcheck(args, options) === 0) return true;
    await sleep(100);
  }
  return false;
}

async function runHealthcheck(
  args: string[],
  options: Process,
): Promise<number> {
  return (await new Deno.Command(Deno.execPath(), { args, ...options })
    .output()).code;
}
