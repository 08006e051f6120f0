import { type Account, exists, type Home, POSTGRES_VERSION } from "./files.ts";
import { spawnGuarded } from "./guard.ts";
import { readTail, runTool, SERVER_ENV } from "./tools.ts";

const MAJOR = POSTGRES_VERSION.split(".")[0];

/** Paths of a cluster. `data` belongs to the server's account, `password` (mode 0600) to us. */
export interface Cluster {
  data: string;
  password: string;
  log: string;
}

/** Returns the paths of the persistent cluster in a directory. */
export function persistentCluster(dir: string): Cluster {
  return {
    data: `${dir}/cluster/data`,
    password: `${dir}/cluster/password`,
    log: `${dir}/cluster/postgres.log`,
  };
}

/**
 * Creates the persistent cluster unless it exists. It is created under another name and renamed when
 * complete, so that a killed run only leaves a `new-*`, which the next run removes.
 */
export async function ensureCluster(
  home: Home,
  binaries: string,
): Promise<void> {
  const { dir, account } = home;
  for await (const entry of Deno.readDir(dir)) {
    if (!entry.name.startsWith("new-")) continue;
    await Deno.remove(`${dir}/${entry.name}`, { recursive: true });
  }
  if (await exists(`${dir}/cluster`)) return await checkCluster(dir);
  const made = `${dir}/new-${crypto.randomUUID()}`;
  const cluster = {
    data: `${made}/data`,
    password: `${made}/password`,
    log: `${made}/postgres.log`,
  };
  try {
    await Deno.mkdir(made);
    await Deno.chmod(made, 0o711); // the server's account must be able to enter, whatever the umask
    await makeData(cluster.data, account);
    await initCluster(cluster, { binaries, account, ephemeral: false });
    await Deno.rename(made, `${dir}/cluster`);
  } catch (error) {
    await Deno.remove(made, { recursive: true }).catch(() => {});
    throw error;
  }
}

/** Throws if this PostgreSQL cannot open the cluster. */
async function checkCluster(dir: string): Promise<void> {
  const { data, password } = persistentCluster(dir);
  const version = (await readUnlessMissing(`${data}/PG_VERSION`)).trim();
  if (version !== MAJOR) {
    const found = version === ""
      ? "is incomplete"
      : `was created by PostgreSQL ${version}`;
    throw new Error(
      `The cluster in "${dir}/cluster" ${found}, and this is PostgreSQL ${MAJOR}: ` +
        "move it away to start with an empty one, or set DATABASE_URL to a server that can open it",
    );
  }
  if (!(await exists(password))) {
    throw new Error(
      `The password of the cluster is missing: put it back in "${password}"`,
    );
  }
}

async function readUnlessMissing(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** Fills an empty `data` directory and creates the password and log files. */
export async function initCluster(
  cluster: Cluster,
  options: { binaries: string; account: Account; ephemeral: boolean },
): Promise<void> {
  const { binaries, account, ephemeral } = options;
  const password = crypto.getRandomValues(new Uint8Array(24)).toHex();
  const passwordForServer = `${cluster.password}.init`;
  for (
    const [path, text] of [
      [cluster.password, password],
      [passwordForServer, password],
      [cluster.log, ""],
    ] as const
  ) {
    await Deno.writeTextFile(path, text, { mode: 0o600 });
  }
  await give(passwordForServer, account);
  await give(cluster.log, account);
  const { code } = await spawnGuarded(`${binaries}/bin/initdb`, {
    args: [
      `--pgdata=${cluster.data}`,
      "--username=app",
      "--auth=scram-sha-256",
      `--pwfile=${passwordForServer}`,
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-instructions",
      // Tests open many connections, and a random password needs no key stretching.
      ...ephemeral ? ["--no-sync", "--set=scram_iterations=1"] : [],
    ],
    cwd: binaries,
    env: SERVER_ENV,
    clearEnv: true,
    stopSignal: "KILL",
    output: { file: cluster.log },
    ...account,
  }).status;
  await Deno.remove(passwordForServer);
  if (code !== 0) {
    throw new Error(
      `Could not create a PostgreSQL cluster:\n${await readTail(cluster.log)}`,
    );
  }
}

async function give(path: string, { uid, gid }: Account): Promise<void> {
  if (uid !== undefined) await Deno.chown(path, uid, gid ?? null);
}

/** Creates an empty data directory that only the account may enter. */
export async function makeData(
  path: string,
  { uid, gid }: Account,
): Promise<void> {
  const owner = uid === undefined ? [] : ["-o", String(uid), "-g", String(gid)];
  await runTool("install", ["-d", "-m", "700", ...owner, path]);
}

/** Returns the data path of a cluster in memory. Only tools touch it: Deno may not access `/dev`. */
export function memoryData(id: string): string {
  return `/dev/shm/paceline-test-${id}`;
}

/** Reports whether memory has 1 GiB free for a cluster. */
export async function hasRoomInMemory(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  const [, line = ""] =
    (await runTool("df", ["-Pk", "/dev/shm"]).catch(() => "")).split("\n");
  const [filesystem = "", , , free] = line.split(/\s+/);
  return ["tmpfs", "shm"].includes(filesystem) && Number(free) > 1024 * 1024;
}
