import postgres from "postgres";
import {
  type Cluster,
  ensureCluster,
  hasRoomInMemory,
  initCluster,
  makeData,
  memoryData,
  persistentCluster,
} from "./cluster.ts";
import {
  type Home,
  installBinaries,
  prepareHome,
  readPlatform,
} from "./files.ts";
import { keepServer, watchOwner } from "./keeper.ts";
import {
  disownPidFile,
  endOrphan,
  readServerState,
  type ServerOptions,
} from "./server.ts";
import { delay, runTool } from "./tools.ts";

/** Options of {@link startPostgres}. */
export interface EmbeddedOptions {
  /** Absolute path of the directory for the binaries and the cluster, created if missing. */
  dir: string;
  /** Whether to use a new cluster without durability, removed when stopped. Default: false. */
  ephemeral?: boolean;
  /** Called with a line about each step that takes long. */
  log?: (line: string) => void;
}

/** A running PostgreSQL. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /**
   * URL of the database "paceline" for its superuser "app", who may create databases and roles. A
   * program that serves others should use a role that it creates with it.
   */
  url: string;
  /** Whether this process started the server. Otherwise it shares another process's server. */
  owned: boolean;
  /**
   * Resolves with the reason when the server is gone for good. An owned server that dies is
   * restarted, up to a few times a minute. A shared one ends with its owner.
   */
  lost: Promise<Error>;
  /** Ends the server if it is ours. Resolves when it has ended. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL, or joins the one that another process runs in this directory.
 *
 * The server ends with this process, however that ends, and ignores Ctrl-C. Deno is the only
 * prerequisite: the binaries come from npm.
 *
 * Needs the permissions read, write, run, net=127.0.0.1 and sys=uid.
 */
export async function startPostgres(
  options: EmbeddedOptions,
): Promise<EmbeddedPostgres> {
  const { dir, ephemeral = false, log = () => {} } = options;
  readPlatform(); // before anything is written
  if (!dir.startsWith("/")) {
    throw new Error(`The directory must be absolute, not "${dir}"`);
  }
  try {
    const home = await prepareHome(dir);
    if (home.dir !== dir && !ephemeral) {
      log(
        `PostgreSQL keeps its data in ${home.dir}: it does not run as root, and other users may not enter ${dir}`,
      );
    }
    const binaries = await installBinaries(home.dir, log);
    return ephemeral
      ? await startEphemeral(home, { binaries, log })
      : await startPersistent(home, { binaries, log });
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    throw new Error(
      `Could not use "${dir}", perhaps because another user created it: ${error.message}`,
      { cause: error },
    );
  }
}

async function startPersistent(
  home: Home,
  { binaries, log }: { binaries: string; log: (line: string) => void },
): Promise<EmbeddedPostgres> {
  const cluster = persistentCluster(home.dir);
  // Held while the server is ours. The kernel releases it when we die, so the holder knows that no
  // other process creates, starts or stops a server here.
  const lock = await openLock(home.dir);
  try {
    const shared = await lockOrShare(home.dir, lock);
    if (shared) return shared;
    await endOrphan(cluster.data, "SIGINT");
    await ensureCluster(home, binaries);
    await disownPidFile(cluster.data);
    return await runOwn(cluster, {
      binaries,
      account: home.account,
      ephemeral: false,
      log,
      close: () => lock.close(),
    });
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** Takes the lock, or returns the server of the process that holds it. */
async function lockOrShare(
  dir: string,
  lock: Deno.FsFile,
): Promise<EmbeddedPostgres | undefined> {
  const cluster = persistentCluster(dir);
  for (
    const deadline = Date.now() + 90_000;
    Date.now() < deadline;
    await delay(30)
  ) {
    if (await lock.tryLock(true)) return undefined;
    const state = await readServerState(cluster.data);
    if (state?.status !== "ready") continue;
    const url = await readUrl(cluster, state.port);
    await ensureDatabase(url);
    const { lost, stop } = watchOwner({
      dir,
      data: cluster.data,
      port: state.port,
    }, lock);
    return { url, owned: false, lost, stop, [Symbol.asyncDispose]: stop };
  }
  throw new Error(
    `Another process holds "${dir}/owner.lock", but its PostgreSQL is not ready`,
  );
}

/** Starts a separate cluster: `test-<id>` holds the lock, memory the data if there is room. */
async function startEphemeral(
  home: Home,
  { binaries, log }: { binaries: string; log: (line: string) => void },
): Promise<EmbeddedPostgres> {
  await removeLeftovers(home.dir);
  const id = crypto.randomUUID();
  const dir = `${home.dir}/test-${id}`;
  // Under this name no other process mistakes it for a leftover before it is locked.
  const unlocked = `${home.dir}/.${id}`;
  await Deno.mkdir(unlocked);
  await Deno.chmod(unlocked, 0o711);
  const lock = await openLock(unlocked);
  await lock.lock(true);
  await Deno.rename(unlocked, dir);
  async function close(): Promise<void> {
    await removeEphemeral(home.dir, id);
    lock.close();
  }
  try {
    const cluster = {
      data: `${dir}/data`,
      password: `${dir}/password`,
      log: `${dir}/log`,
    };
    if (await hasRoomInMemory()) cluster.data = memoryData(id);
    const { account } = home;
    await makeData(cluster.data, account);
    await initCluster(cluster, { binaries, account, ephemeral: true });
    const options = { binaries, account, ephemeral: true, log, close };
    return await runOwn(cluster, options);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Removes the directories of killed runs, whose lock no living process holds. */
async function removeLeftovers(parent: string): Promise<void> {
  for await (const entry of Deno.readDir(parent)) {
    const id = entry.name.match(/^test-([0-9a-f-]{36})$/)?.[1];
    if (id === undefined) continue;
    using lock = await openLock(`${parent}/${entry.name}`).catch(() =>
      undefined
    );
    if (!lock || !(await lock.tryLock(true))) continue;
    await endOrphan(memoryData(id), "SIGQUIT");
    await endOrphan(`${parent}/${entry.name}/data`, "SIGQUIT");
    await removeEphemeral(parent, id);
  }
}

/** Removes both parts of an ephemeral cluster, last the one that leads to the other. */
async function removeEphemeral(parent: string, id: string): Promise<void> {
  await runTool("rm", ["-rf", memoryData(id)]);
  await Deno.remove(`${parent}/test-${id}`, { recursive: true });
}

async function openLock(dir: string): Promise<Deno.FsFile> {
  return await Deno.open(`${dir}/owner.lock`, { create: true, write: true });
}

/** Runs the server of a cluster whose lock we hold. `close` releases the cluster. */
async function runOwn(
  cluster: Cluster,
  { close, ...options }: ServerOptions & {
    log: (line: string) => void;
    close: () => void | Promise<void>;
  },
): Promise<EmbeddedPostgres> {
  const server = await keepServer(cluster, options);
  const { port, lost } = server;
  const url = await readUrl(cluster, port);
  try {
    await ensureDatabase(url);
  } catch (error) {
    await server.stop();
    throw error;
  }
  let stopped: Promise<void> | undefined;
  async function end(): Promise<void> {
    await server.stop();
    await close();
  }
  const stop = (): Promise<void> => stopped ??= end();
  return { url, owned: true, lost, stop, [Symbol.asyncDispose]: stop };
}

async function readUrl(cluster: Cluster, port: number): Promise<string> {
  const password = (await Deno.readTextFile(cluster.password)).trim();
  return `postgres://app:${password}@127.0.0.1:${port}/paceline`;
}

/** Creates the database unless it exists. This also proves that the server answers us. */
async function ensureDatabase(url: string): Promise<void> {
  const admin = new URL(url);
  admin.pathname = "/postgres";
  const sql = postgres(admin.href, { max: 1, onnotice: () => {} });
  try {
    const rows = await sql`select from pg_database where datname = 'paceline'`;
    if (rows.length === 0) await sql`create database paceline`;
  } catch (error) {
    // Another process created it at the same moment.
    const code = error instanceof postgres.PostgresError
      ? error.code
      : undefined;
    if (code !== "23505" && code !== "42P04") throw error;
  } finally {
    await sql.end();
  }
}
