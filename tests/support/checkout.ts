import assert from "node:assert/strict";
import { readServerState } from "../../embedded_postgres/server.ts";
import { installBinaries } from "../../embedded_postgres/files.ts";
import {
  type GuardedProcess,
  spawnGuarded,
} from "../../embedded_postgres/guard.ts";
import { ROOT } from "../../cli/root.ts";
import { takeFreePort } from "./port.ts";
import { until } from "./sync.ts";

/** A separate checkout with its own `.data`. */
export interface Folder extends AsyncDisposable {
  path: string;
}

/** A checkout with its running launcher. */
export interface Checkout extends Folder {
  url: string;
  launcher: GuardedProcess;
  /** Returns the output of the launcher and the server so far. */
  text(): string;
  /** Kills PostgreSQL, as a system does that runs out of memory. */
  killPostgres(): Promise<void>;
}

/** Settings of a launcher that starts its own PostgreSQL. */
export const OWN_DATABASE: Readonly<Record<string, string>> = {
  ENVIRONMENT: "development",
  DATABASE_URL: "",
  POSTGRES_HOST: "",
  HOST: "127.0.0.1",
  STRAVA_CLIENT_ID: "12345",
  STRAVA_CLIENT_SECRET: "0123456789abcdef0123456789abcdef01234567",
  NO_COLOR: "1",
};

/** Copies the files that the launcher runs from, and links the programs of PostgreSQL. */
export async function createCheckout(): Promise<Folder> {
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
  return {
    path,
    async [Symbol.asyncDispose]() {
      await Deno.remove(path, { recursive: true });
    },
  };
}

/** Starts the launcher of a checkout. It is removed with the launcher. */
export async function launch(folder?: Folder): Promise<Checkout> {
  const { path, [Symbol.asyncDispose]: remove } = folder ??
    await createCheckout();
  const port = takeFreePort();
  const log = `${path}/launcher.log`;
  await Deno.writeTextFile(log, "");
  const launcher = spawnGuarded(Deno.execPath(), {
    args: ["run", "-A", "--quiet", `${path}/cli/launch.ts`, "serve"],
    cwd: path,
    env: { ...OWN_DATABASE, PORT: String(port) },
    output: { file: log },
  });
  let killed = 0;
  const data = `${path}/.data/postgres/cluster/data`;
  return {
    path,
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
      await remove();
    },
  };
}

/** Reports whether a server answers and its database too. */
export async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/health/ready`).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok ?? false;
}
