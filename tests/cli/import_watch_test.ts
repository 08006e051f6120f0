import assert from "node:assert/strict";
import { watchImports } from "../../cli/actions/watch_imports.ts";
import { watchSettledFiles } from "../../cli/import/settled_files.ts";
import { createTestApp, type TestApp } from "../support/app.ts";
import { runCommand } from "../support/command.ts";
import {
  createFileAthlete,
  createFolder,
  createGpx,
  readActivities,
} from "../support/files.ts";
import { takeFreePort } from "../support/port.ts";
import { startProgram } from "../support/program.ts";
import { until } from "../support/sync.ts";
import { zipEntry, zipFile } from "../server/recordings/archive_file.ts";

interface Watch extends AsyncDisposable {
  /** Stops it and returns the exit code. */
  stop(): Promise<number>;
}

/** Watches a folder in this process, without the usual pauses. */
function startWatch(test: TestApp, path: string): Watch {
  const controller = new AbortController();
  const ended = watchImports(test.config, {
    paths: [path],
    base: "/",
    athleteId: undefined,
    timeZone: "UTC",
    log: test.log.logger,
    signal: controller.signal,
    settleMs: 20,
    pollMs: 20,
    retryMs: 20,
  });
  async function stop(): Promise<number> {
    controller.abort();
    return await ended;
  }
  return { stop, [Symbol.asyncDispose]: async () => void await stop() };
}

async function untilActivities(
  test: TestApp,
  { id, count }: { id: number; count: number },
): Promise<void> {
  await until(
    async () => (await readActivities(test, id)).length === count,
    `${count} activities`,
  );
}

Deno.test("import --watch: imports files as they appear, archives too", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  const id = await createFileAthlete(test);
  await folder.write("old.gpx", createGpx("2024-05-01T08:00:00Z"));
  await using watch = startWatch(test, folder.path);
  await untilActivities(test, { id, count: 1 });

  await folder.write("new/ride.gpx", createGpx("2024-05-02T08:00:00Z"));
  await folder.write(".stversions/x.gpx", createGpx("2024-05-07T08:00:00Z"));
  await folder.write("broken.fit", "no fit");
  const data = new TextEncoder().encode(createGpx("2024-05-03T08:00:00Z"));
  await folder.write("a.zip", zipFile([zipEntry({ name: "b.gpx", data })]));
  await untilActivities(test, { id, count: 3 });
  await until(
    () =>
      test.log.lines.some(({ properties: { file } }) => file === "broken.fit"),
    "the refusal",
  );
  await folder.write("broken.fit", createGpx("2024-05-04T08:00:00Z"));
  await untilActivities(test, { id, count: 4 });

  assert.equal(await watch.stop(), 0);
});

Deno.test("import --watch: waits for a folder that is away", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  const id = await createFileAthlete(test);
  await using _watch = startWatch(test, `${folder.path}/mount`);
  await until(() => test.log.text().includes("waiting for it"), "the warning");

  await folder.write("mount/a.gpx", createGpx("2024-05-01T08:00:00Z"));

  await untilActivities(test, { id, count: 1 });
  const warnings = test.log.lines.filter(({ level }) => level === "warning");
  assert.equal(warnings.length, 1);
});

/** A way to the database that can be closed and opened again. */
function createDoor(url: string): {
  url: string;
  open(): void;
  close(): void;
} {
  const target = new URL(url);
  const port = takeFreePort();
  let listener: Deno.Listener | undefined;
  const connections = new Set<Deno.Conn>();

  async function pass(client: Deno.Conn): Promise<void> {
    const server = await Deno.connect({ port: Number(target.port) });
    connections.add(client).add(server);
    await Promise.allSettled([
      client.readable.pipeTo(server.writable),
      server.readable.pipeTo(client.writable),
    ]);
  }
  async function accept(from: Deno.Listener): Promise<void> {
    for await (const client of from) pass(client).catch(() => {});
  }
  const through = new URL(url);
  through.port = String(port);
  return {
    url: through.href,
    open() {
      listener = Deno.listen({ hostname: "127.0.0.1", port });
      accept(listener).catch(() => {});
    },
    close() {
      listener?.close();
      for (const connection of connections) {
        try {
          connection.close();
        } catch {
          // It has ended already.
        }
      }
      connections.clear();
    },
  };
}

Deno.test("import --watch: waits for a database that does not answer", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  const id = await createFileAthlete(test);
  const door = createDoor(test.config.databaseUrl);
  const said = (text: string, count: number) => () =>
    test.log.lines.filter(({ message }) => message.includes(text)).length ===
      count;
  const config = { ...test.config, databaseUrl: door.url };
  {
    await using _watch = startWatch({ ...test, config }, folder.path);
    await until(said("does not answer", 1), "the outage at the start");
    door.open();
    await folder.write("a.gpx", createGpx("2024-05-01T08:00:00Z"));
    await untilActivities(test, { id, count: 1 });
    door.close();
    await folder.write("b.gpx", createGpx("2024-05-02T08:00:00Z"));
    await until(said("does not answer", 2), "the second outage");
    door.open();

    await untilActivities(test, { id, count: 2 });

    assert.ok(said("answers again", 2)());
  }
  door.close();
});

Deno.test("import --watch: ends on SIGTERM with exit code 0", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  await createFileAthlete(test);
  await using program = startProgram(test, {
    args: ["import", "--watch", folder.path, "--base=/"],
    flags: [`--allow-read=${folder.path}`],
  });
  await until(() => program.text().includes("Watching"), "the start");

  program.kill("SIGTERM");

  const { code } = await program.status;
  assert.equal(code, 0, program.text());
  assert.match(program.text(), /The watch has ended/);
});

Deno.test("import --watch: excludes --dry-run", async () => {
  await using test = await createTestApp();
  const { code } = await runCommand(test, [
    "import",
    "--watch",
    "--dry-run",
    "/nowhere",
  ]);
  assert.equal(code, 2);
});

Deno.test("watchSettledFiles: leaves out a file that is still growing", async () => {
  await using folder = await createFolder();
  const files = watchSettledFiles(folder.path, { settleMs: 1000 });
  const path = await folder.write("a.fit", "1");

  assert.deepEqual(await files.scan(0), { settled: [], isChanging: true });
  await folder.write("a.fit", "12");
  assert.deepEqual(await files.scan(1500), { settled: [], isChanging: true });
  assert.deepEqual(await files.scan(2600), {
    settled: [path],
    isChanging: false,
  });
  files.setDone(path);
  assert.deepEqual(await files.scan(9000), { settled: [], isChanging: false });
  await folder.write("a.fit", "123");
  assert.deepEqual(await files.scan(9500), { settled: [], isChanging: true });
});
