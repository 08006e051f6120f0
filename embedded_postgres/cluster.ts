import { type Account, exists, type Home, POSTGRES_VERSION } from "./files.ts";
import { readTail, runTool, SERVER_ENV } from "./server.ts";
import { spawnGuarded } from "./guard.ts";

const MAJOR = POSTGRES_VERSION.split(".")[0];

/** The parts of a cluster: `data` belongs to the server's account, `password` (0600) to us. */
export interface Cluster {
  data: string;
  password: string;
  log: string;
}

/** The lasting cluster of this directory. */
export function persistentCluster(dir: string): Cluster {
  return {
    data: `${dir}/cluster/data`,
    password: `${dir}/cluster/password`,
    log: `${dir}/cluster/postgres.log`,
  };
}

/**
 * Makes the lasting cluster unless it is there. It is made under another name and renamed when
 * whole, so a run that was killed here leaves only a `new-*`, which the next run removes.
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
    await Deno.chmod(made, 0o711); // the server's account passes through, whatever the umask
    await makeData(cluster.data, account);
    await initCluster(cluster, { binaries, account, ephemeral: false });
    await Deno.rename(made, `${dir}/cluster`);
  } catch (error) {
    await Deno.remove(made, { recursive: true }).catch(() => {});
    throw error;
  }
}

/** Refuses a cluster that this PostgreSQL cannot or may not open. */
async function checkCluster(dir: string): Promise<void> {
  const { data, password } = persistentCluster(dir);
  const version = (await readUnlessMissing(`${data}/PG_VERSION`)).trim();
  if (version !== MAJOR) {
    const found = version === ""
      ? "is not whole"
      : `was made by PostgreSQL ${version}`;
    throw new Error(
      `The cluster in "${dir}/cluster" ${found}, and this is PostgreSQL ${MAJOR}: ` +
        "move it away to start with an empty one, or set DATABASE_URL to a server that runs it",
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

/** Fills an empty `data` directory, and makes the password and the log beside it. */
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
      // A test opens many connections; a random password needs no stretching.
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
      `Could not make a PostgreSQL cluster:\n${await readTail(cluster.log)}`,
    );
  }
}

async function give(path: string, { uid, gid }: Account): Promise<void> {
  if (uid !== undefined) await Deno.chown(path, uid, gid ?? null);
}

/** Makes an empty data directory that only the account may enter. */
export async function makeData(
  path: string,
  { uid, gid }: Account,
): Promise<void> {
  const owner = uid === undefined ? [] : ["-o", String(uid), "-g", String(gid)];
  await runTool("install", ["-d", "-m", "700", ...owner, path]);
}

/** Where a cluster in memory has its data. Only tools touch it: Deno's permissions exclude `/dev`. */
export function memoryData(id: string): string {
  return `/dev/shm/paceline-test-${id}`;
}

/** Whether memory has 1 GiB to spare for a cluster. */
export async function hasRoomInMemory(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  const [, line = ""] =
    (await runTool("df", ["-Pk", "/dev/shm"]).catch(() => "")).split("\n");
  const [filesystem = "", , , free] = line.split(/\s+/);
  return ["tmpfs", "shm"].includes(filesystem) && Number(free) > 1024 * 1024;
}
