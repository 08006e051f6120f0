import assert from "node:assert/strict";
import { exists } from "../../embedded_postgres/files.ts";
import { ROOT } from "../../cli/root.ts";
import {
  copyClone,
  readBareEnvironment,
  startLauncher,
} from "../support/launcher.ts";
import { createTestDatabase } from "../support/database.ts";
import { takeFreePort } from "../support/port.ts";
import { until } from "../support/sync.ts";

async function readOutput(
  process: Deno.ChildProcess,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await process.output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

Deno.test("start: with half the settings says what is missing and writes nothing", async () => {
  await using clone = await copyClone();

  const half = await readOutput(
    startLauncher(clone.path, { env: { STRAVA_CLIENT_ID: "1" } }),
  );

  assert.equal(half.code, 1);
  assert.match(half.stderr, /STRAVA_CLIENT_SECRET is not set/);
  assert.ok(!await exists(`${clone.path}/.data`));
});

Deno.test("start: names what POSTGRES_HOST lacks, before it starts anything", async () => {
  await using clone = await copyClone();

  const { code, stderr } = await readOutput(startLauncher(clone.path, {
    env: {
      STRAVA_CLIENT_ID: "1",
      STRAVA_CLIENT_SECRET: "secret",
      POSTGRES_HOST: "db",
      POSTGRES_PORT: "abc",
    },
  }));

  assert.equal(code, 1);
  assert.match(stderr, /^ {2}- POSTGRES_PASSWORD is not set: POSTGRES_HOST /m);
  assert.doesNotMatch(stderr, /deno task start/);
  assert.ok(!await exists(`${clone.path}/.data`));
});

Deno.test("start: reports a .data that cannot be created", async () => {
  await using clone = await copyClone();
  await Deno.writeTextFile(`${clone.path}/.data`, "a file in its place");

  const { code, stderr } = await readOutput(startLauncher(clone.path, {
    env: { STRAVA_CLIENT_ID: "1", STRAVA_CLIENT_SECRET: "secret" },
  }));

  assert.equal(code, 1);
  assert.doesNotMatch(stderr, /^\s+at /m);
  assert.match(stderr, /^Cannot use ".*\/\.data": /);
});

Deno.test("start: reports an unreachable database without its password", async () => {
  await using clone = await copyClone();
  const port = takeFreePort();

  for (const command of ["serve", "sync"]) {
    const { code, stderr } = await readOutput(startLauncher(clone.path, {
      args: [command],
      env: {
        STRAVA_CLIENT_ID: "1",
        STRAVA_CLIENT_SECRET: "secret",
        DATABASE_URL: `postgres://me:hunter2@127.0.0.1:${port}/paceline`,
      },
    }));

    assert.equal(code, 1);
    assert.match(
      stderr,
      new RegExp(`^Cannot reach PostgreSQL at 127.0.0.1:${port} `, "m"),
    );
    assert.doesNotMatch(stderr, /hunter2|^\s+at /m);
  }
});

Deno.test("start: prints on a terminal only what to open next", async () => {
  await using clone = await copyClone();
  await using database = await createTestDatabase();
  const show = async (program: string, ...args: string[]): Promise<string> => {
    const port = takeFreePort();
    await using process = new Deno.Command(program, {
      args,
      cwd: clone.path,
      clearEnv: true,
      env: {
        ...readBareEnvironment(),
        NO_COLOR: "1",
        STRAVA_CLIENT_ID: "1",
        STRAVA_CLIENT_SECRET: "secret",
        STRAVA_REDIRECT_URI: "http://localhost:9/x/strava/callback",
        DATABASE_URL: database.url,
        PORT: String(port),
      },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await until(
      async () => {
        const url = `http://127.0.0.1:${port}/health/live`;
        const response = await fetch(url).catch(() => undefined);
        await response?.body?.cancel();
        return response?.ok ?? false;
      },
      "the server",
    );
    // `script` passes only SIGTERM on.
    process.kill(program === "script" ? "SIGTERM" : "SIGINT");
    const { stdout, stderr } = await process.output();
    return [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes))
      .join("");
  };
  const launcher = ["run", "--quiet", "--allow-all", "cli/launch.ts", "serve"];

  const piped = await show(Deno.execPath(), ...launcher);
  const command = [Deno.execPath(), ...launcher].join(" ");
  const onTerminal = await show("script", "-qefc", command, "/dev/null");

  assert.doesNotMatch(piped, /Next:/);
  assert.match(piped, /Ending on SIGINT/);
  assert.match(onTerminal, /^Paceline is ready\. Next:\r?$/m);
  assert.match(onTerminal, / http:\/\/localhost:9\/x\/strava\/authorize\r?$/m);
  assert.match(onTerminal, / http:\/\/localhost:9\/x\/docs\r?$/m);
  assert.match(onTerminal, / http:\/\/localhost:9\/x\/set-up\r?$/m);
  assert.match(onTerminal, / set-up code +([0-9A-Z]{4}-?){4}\r?$/m);
});

Deno.test("dev: ends with 0 on an interrupt, together with the server that it watches", async () => {
  await using clone = await copyClone();
  await using database = await createTestDatabase();
  const port = takeFreePort();
  await using dev = startLauncher(clone.path, {
    args: ["serve", "--watch"],
    env: {
      STRAVA_CLIENT_ID: "1",
      STRAVA_CLIENT_SECRET: "secret",
      DATABASE_URL: database.url,
      PORT: String(port),
    },
  });
  const url = `http://127.0.0.1:${port}/health/live`;
  const ask = async (): Promise<boolean> => {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    return response?.ok ?? false;
  };
  await until(ask, "the server");

  dev.kill("SIGINT");
  const { code } = await dev.output();

  assert.equal(code, 0);
  assert.ok(!await ask());
});

for (
  const [script, usage] of [
    ["cli/launch.ts", /^Usage:\n {2}deno task paceline serve/],
    ["server/main.ts", /^Usage:\n {2}paceline serve/],
    ["server/openapi/main.ts", /^Usage: deno task /m],
    ["demo/main.ts", /^Usage: deno task /m],
  ] as const
) {
  Deno.test(`${script}: answers --help with 0, an unknown option with 2`, async () => {
    const run = (arg: string) =>
      readOutput(
        new Deno.Command(Deno.execPath(), {
          args: ["run", "--quiet", "--allow-all", script, arg],
          cwd: ROOT,
          env: { NO_COLOR: "1" },
          stdout: "piped",
          stderr: "piped",
        }).spawn(),
      );

    const help = await run("--help");
    const unknown = await run("--nothing");

    assert.deepEqual([help.code, help.stderr], [0, ""]);
    assert.match(help.stdout, usage);
    assert.deepEqual([unknown.code, unknown.stdout], [2, ""]);
    assert.match(unknown.stderr, /^Usage:/m);
  });
}

Deno.test("launch: answers help and mistakes before it writes or starts anything", async () => {
  await using clone = await copyClone();

  for (
    const [code, ...args] of [
      [0, "help"],
      [0, "user", "--help"],
      [0, "completions", "bash"],
      [2, "usr"],
      [2, "export", "--output", "nowhere/me.jsonl"],
      [2, "export", "--force"],
      [2, "erase", "--athlete", "x"],
    ] as const
  ) {
    const output = await readOutput(startLauncher(clone.path, {
      args: [...args],
      env: { STRAVA_CLIENT_ID: "1", STRAVA_CLIENT_SECRET: "secret" },
    }));
    assert.equal(output.code, code, args.join(" "));
  }
  assert.ok(!await exists(`${clone.path}/.data`));
});

Deno.test("start: needs no Strava application, and says how to add one", async () => {
  await using clone = await copyClone();
  await using database = await createTestDatabase();
  const port = takeFreePort();
  const url = `http://127.0.0.1:${port}`;
  const command =
    `${Deno.execPath()} run --quiet --allow-all cli/launch.ts serve`;
  await using process = new Deno.Command("script", {
    args: ["-qefc", command, "/dev/null"],
    cwd: clone.path,
    clearEnv: true,
    env: {
      ...readBareEnvironment(),
      NO_COLOR: "1",
      DATABASE_URL: database.url,
      PORT: String(port),
    },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const get = async (path: string): Promise<Response | undefined> =>
    await fetch(url + path).catch(() => undefined);
  await until(async () => {
    const response = await get("/health/live");
    await response?.body?.cancel();
    return response?.ok ?? false;
  }, "the server");
  const refused = await get("/strava/authorize");

  process.kill("SIGTERM");
  const { stdout } = await process.output();
  const text = new TextDecoder().decode(stdout);

  assert.match(text, /deno task paceline import FILE/);
  assert.match(text, /strava\.com\/settings\/api/);
  assert.equal(refused?.status, 404);
  const { reason } = await refused!.json();
  assert.equal(reason, "no_strava_application");
});
