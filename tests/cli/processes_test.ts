import assert from "node:assert/strict";
import { listSyncRuns } from "../../db/sync_runs.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../support/app.ts";
import { createTestDatabase } from "../support/database.ts";
import { copyClone, startLauncher } from "../support/launcher.ts";
import { takeFreePort } from "../support/port.ts";
import {
  connectWithoutSync,
  createSpacedRuns,
  LIST,
  listPages,
  readState,
  until,
} from "../support/sync.ts";
import { toSettings } from "../support/program.ts";

/** An instance that the launcher runs. */
interface Instance extends AsyncDisposable {
  port: number;
  launcher: Deno.ChildProcess;
  /** Returns the output so far, stdout and stderr. */
  text(): string;
  /** Resolves with the launcher's exit code when all output has ended. */
  code: Promise<number>;
}

/** Starts the launcher on the database and the Strava of a test. */
function startInstance(
  { config }: Pick<TestApp, "config">,
  clone: string,
  { port = takeFreePort(), env = {} }: {
    port?: number;
    env?: Record<string, string>;
  } = {},
): Instance {
  const launcher = startLauncher(clone, {
    env: {
      PORT: String(port),
      PROCESSES: "3",
      ...toSettings(config),
      LOG_FORMAT: "json",
      // The processes other than the first report only then that they listen.
      LOG_LEVEL: "debug",
      ...env,
    },
  });
  let text = "";
  const collect = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      text += chunk;
    }
  };
  const output = Promise.all([
    collect(launcher.stdout),
    collect(launcher.stderr),
  ]);
  let hasEnded = false;
  const status = launcher.status.finally(() => hasEnded = true);
  const code = output.then(async () => (await status).code);
  return {
    port,
    launcher,
    text: () => text,
    code,
    async [Symbol.asyncDispose]() {
      if (!hasEnded) launcher.kill("SIGTERM");
      await code;
    },
  };
}

/** Lists the processes of `server/main.ts` that have a launcher among their ancestors. */
async function listServers(
  { launcher }: Pick<Instance, "launcher">,
  pattern = /server\/main\.ts/,
): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-eo", "pid=,ppid=,args="],
  }).output();
  const processes = new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)!)
    .map(([, pid, parent, args]) => ({
      pid: Number(pid),
      parent: Number(parent),
      args: args!,
    }));
  const guards = processes.filter(({ parent }) => parent === launcher.pid);
  return processes.filter(({ parent, args }) =>
    guards.some(({ pid }) => pid === parent) && !args.startsWith("/bin/sh") &&
    pattern.test(args)
  ).map(({ pid }) => pid);
}

/** Sends a request over a new connection, which may reach any of the processes. */
async function ask(port: number, path = "/health/ready"): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { connection: "close" },
  }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok ?? false;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** Waits until this many processes have listened so far, restarted ones included. */
async function untilListening(
  instance: Instance,
  { times = 3 } = {},
): Promise<number[]> {
  const listen = (): boolean =>
    count(instance.text(), "Listening on") === times;
  // Starting several processes takes its time on a busy machine.
  for (let tries = 1; !listen(); tries++) {
    await until(listen, `${times} servers`).catch((error) => {
      if (tries === 4) throw new Error(`${error}\n${instance.text()}`);
    });
  }
  return await listServers(instance);
}

function isRunning(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch {
    return false;
  }
}

Deno.test("PROCESSES: serves on one port and ends on SIGTERM with all", async () => {
  await using test = await createTestApp();
  await using clone = await copyClone();
  const instance = startInstance(test, clone.path);
  const servers = await untilListening(instance);
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => ask(instance.port)),
  );

  instance.launcher.kill("SIGTERM");
  const code = await instance.code;

  const text = instance.text();
  assert.equal(servers.length, 3);
  assert.ok(answers.every(Boolean), text);
  assert.equal(code, 0, text);
  assert.deepEqual(servers.filter(isRunning), []);
  const lines = text.split("\n").filter((line) => line.includes('"INFO"'));
  assert.equal(count(lines.join("\n"), '"Listening on'), 1, text);
  assert.equal(count(lines.join("\n"), '"Ending on SIGTERM"'), 1, text);
  assert.doesNotMatch(text, /listens on port/);
});

Deno.test("PROCESSES: serves on while killed processes are restarted", async () => {
  await using test = await createTestApp();
  await using clone = await copyClone();
  await using instance = startInstance(test, clone.path);
  const before = await untilListening(instance);

  for (const [index, pid] of before.entries()) {
    Deno.kill(pid, "SIGKILL");
    await until(() => !isRunning(pid), "the end of the process");
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ask(instance.port)),
    );
    assert.ok(answers.every(Boolean), instance.text());
    await untilListening(instance, { times: before.length + index + 1 });
  }

  const after = await listServers(instance);
  assert.equal(after.length, 3);
  assert.deepEqual(after.filter((pid) => before.includes(pid)), []);
  const line = "A server process ended with code 137: restarting it";
  assert.equal(count(instance.text(), line), 3);
});

Deno.test("PROCESSES: ends every process when the launcher is killed", async () => {
  await using test = await createTestApp();
  await using clone = await copyClone();
  const instance = startInstance(test, clone.path);
  const servers = await untilListening(instance);

  instance.launcher.kill("SIGKILL");
  await instance.code;

  // A zombie of this container's init may remain for a moment.
  await until(() => !servers.some(isRunning), "the end of the processes");
  assert.ok(!await ask(instance.port));
});

Deno.test("PROCESSES: refuses a port that another instance or program uses", async () => {
  await using test = await createTestApp();
  await using clone = await copyClone();
  await using first = startInstance(test, clone.path, {
    env: { PROCESSES: "2" },
  });
  await untilListening(first, { times: 2 });
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });

  for (const port of [first.port, listener.addr.port]) {
    for (const PROCESSES of ["1", "2"]) {
      const options = { port, env: { PROCESSES } };
      await using second = startInstance(test, clone.path, options);
      await until(
        () => /is in use|Listening on/.test(second.text()),
        "the refusal",
      );
      assert.doesNotMatch(second.text(), /Listening on/);
      assert.equal(await second.code, 1);
      assert.match(
        second.text(),
        new RegExp(`^Port ${port} is in use: set PORT to another one`, "m"),
      );
      assert.doesNotMatch(second.text(), /restarting/);
    }
  }
  assert.ok(await ask(first.port));
});

Deno.test("PROCESSES: runs the schedule once, also after its process was killed", async () => {
  await using test = await createTestApp({
    activities: createSpacedRuns(30, { stepDays: 30 }),
  });
  const { strava, deps, clock } = test;
  clock.now = Date.now();
  strava.faults.shortPages = 10;
  await connectWithoutSync(test);
  const hang = strava.faults.inject(
    { kind: "hang" },
    { path: LIST, when: ({ query }) => query.get("page") === "2", times: 1 },
  );
  await using clone = await copyClone();
  await using instance = startInstance(test, clone.path);
  await untilListening(instance);
  await until(() => hang.hits === 1, "the second page");
  const requests = listPages(strava).length;

  const [pid] = await listServers(instance, /--duty=start/);
  Deno.kill(pid!, "SIGKILL");
  await until(() => !isRunning(pid!), "the end of the process");
  await deps.sql`
    update sync_state set leased_until = now() - interval '1 second'
  `;
  strava.faults.release();
  await until(
    async () => (await readState(deps.sql)).first_synced_at !== null,
    "the restarted process to finish",
  );

  // The second request still hangs.
  assert.equal(requests, 1);
  const runs = await listSyncRuns(deps.sql, {
    athleteId: ATHLETE_ID,
    limit: 9,
  });
  const results = runs.map(({ status }) => status);
  assert.deepEqual(results, ["success", "interrupted"]);
});

Deno.test("PROCESSES: migrates once, and shares any free port", async () => {
  await using database = await createTestDatabase();
  await database.sql.unsafe("drop schema public cascade; create schema public");
  await using test = await createTestApp();
  await using clone = await copyClone();
  await using instance = startInstance(test, clone.path, {
    port: 0,
    env: { DATABASE_URL: database.url },
  });
  await untilListening(instance);

  const text = instance.text();
  const ports = [...text.matchAll(/"Listening on http:\S+:(\d+)"/g)]
    .map(([, port]) => Number(port));
  assert.equal(ports.length, 3);
  assert.equal(new Set(ports).size, 1);
  assert.ok(await ask(ports[0]!));
  assert.equal(count(text, '"Applied migration 0001_init'), 1, text);
});

for (const value of ["0", "abc", "1000", "-1", "1.5"]) {
  Deno.test(`PROCESSES: refuses ${value}`, async () => {
    await using clone = await copyClone();
    const launcher = startLauncher(clone.path, {
      env: {
        STRAVA_CLIENT_ID: "1",
        STRAVA_CLIENT_SECRET: "secret",
        PROCESSES: value,
      },
    });
    const { code, stderr } = await launcher.output();

    assert.equal(code, 1);
    assert.match(
      new TextDecoder().decode(stderr),
      /^ {2}- PROCESSES must be auto or a number from 1 to 64$/m,
    );
  });
}
