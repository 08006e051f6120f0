import assert from "node:assert/strict";
import { readServerState } from "../../embedded_postgres/server.ts";
import { installBinaries } from "../../embedded_postgres/files.ts";
import {
  type GuardedProcess,
  spawnGuarded,
} from "../../embedded_postgres/guard.ts";
import { ROOT } from "../../cli/root.ts";
import { takeFreePort } from "../support/port.ts";
import { until } from "../support/sync.ts";

/** A separate checkout with its own `.data`, and its running launcher. */
interface Checkout extends AsyncDisposable {
  url: string;
  launcher: GuardedProcess;
  /** Returns the output of the launcher and the server so far. */
  text(): string;
  /** Kills PostgreSQL, as a system does that runs out of memory. */
  killPostgres(): Promise<void>;
}

async function launch(): Promise<Checkout> {
  const path = await Deno.makeTempDir({ prefix: "paceline-launch-" });
  await Deno.chmod(path, 0o755); // PostgreSQL may run as another user
  for (
    const name of [
      "cli",
      "db",
      "embedded_postgres",
      "sdk",
      "server",
      "deno.json",
      "deno.lock",
    ]
  ) {
    const { success } = await new Deno.Command("cp", {
      args: ["-R", `${ROOT}/${name}`, path],
    }).output();
    assert.ok(success);
  }
  const binaries = await installBinaries(`${ROOT}/.data/postgres`, () => {});
  await Deno.mkdir(`${path}/.data/postgres`, { recursive: true });
  const name = binaries.split("/").at(-1);
  await Deno.symlink(binaries, `${path}/.data/postgres/${name}`);
  const port = takeFreePort();
  const log = `${path}/launcher.log`;
  await Deno.writeTextFile(log, "");
  const launcher = spawnGuarded(Deno.execPath(), {
    args: ["run", "-A", "--quiet", `${path}/cli/launch.ts`, "serve"],
    cwd: path,
    env: {
      ENVIRONMENT: "development",
      DATABASE_URL: "",
      POSTGRES_HOST: "",
      PORT: String(port),
      HOST: "127.0.0.1",
      STRAVA_CLIENT_ID: "12345",
      STRAVA_CLIENT_SECRET: "0123456789abcdef0123456789abcdef01234567",
      NO_COLOR: "1",
    },
    output: { file: log },
  });
  let killed = 0;
  const data = `${path}/.data/postgres/cluster/data`;
  return {
    url: `http://127.0.0.1:${port}`,
    launcher,
    text: () => Deno.readTextFileSync(log),
    async killPostgres() {
      let pid = 0;
      await until(async () => {
        const state = await readServerState(data);
        pid = state?.status === "ready" && state.pid !== killed ? state.pid : 0;
        return pid > 0;
      }, "PostgreSQL to be ready");
      Deno.kill(pid, "SIGKILL");
      killed = pid;
    },
    async [Symbol.asyncDispose]() {
      await launcher.stop();
      await Deno.remove(path, { recursive: true });
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/health/ready`).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok ?? false;
}

Deno.test("launch: restarts a killed PostgreSQL, and ends with 1 if it keeps dying", async () => {
  await using checkout = await launch();
  const { url, launcher } = checkout;
  await until(() => isReady(url), "the server to be ready");

  await checkout.killPostgres();
  await until(
    () => /restarting it/.test(checkout.text()),
    "the launcher to notice",
  );
  await until(() => isReady(url), "the server to be ready again");

  for (let death = 2; death <= 4; death++) await checkout.killPostgres();
  const { code } = await launcher.status;

  assert.equal(code, 1);
  assert.match(
    checkout.text(),
    /^PostgreSQL ended 4 times and is not restarted/m,
  );
  assert.equal(await isReady(url), false);
});
