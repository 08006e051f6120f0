import { connect, PostgresError } from "../db/driver/client.ts";
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
import {
  delay,
  disownPidFile,
  endOrphan,
  readServerState,
  runTool,
  type ServerOptions,
} from "./server.ts";
import { keepServer, watchOwner } from "./keeper.ts";

/** Where and how to run PostgreSQL. */
export interface EmbeddedOptions {
  /** An absolute path of our own, made if it is not there; it gets the binaries and the cluster. */
  dir: string;
  /** A new cluster without durability, gone when stopped: for tests. Default: false. */
  ephemeral?: boolean;
  /** Told what takes long, a line each. */
  log?: (line: string) => void;
}

/** A running PostgreSQL. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** The database "paceline" as its superuser "app", who may make others beside it. */
  url: string;
  /** Whether we started it. A server that another process had started here is only shared. */
  owned: boolean;
  /**
   * Resolves with why when it is gone for good. One of ours that dies is started again where it
   * was, some times a minute; a shared one goes with its owner.
   */
  lost: Promise<Error>;
  /** Ends the server if it is ours; resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL of our own, or joins the one that another process runs in this directory.
 *
 * It ends with this process, however that ends, and hears no Ctrl-C. Nothing but Deno need be
 * installed; why it is made this way is in docs/adr/0002-embedded-postgresql.md.
 *
 * Needs permission to read, write, run, and reach 127.0.0.1; and sys=uid.
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
        `PostgreSQL, which does not run as root, keeps its data in ${home.dir}: others may not enter ${dir}`,
      );
    }
    const binaries = await installBinaries(home.dir, log);
    return ephemeral
      ? await startEphemeral(home, { binaries, log })
      : await startPersistent(home, { binaries, log });
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    throw new Error(
      `Could not use "${dir}", perhaps because another user made it: ${error.message}`,
      { cause: error },
    );
  }
}

async function startPersistent(
  home: Home,
  { binaries, log }: { binaries: string; log: (line: string) => void },
): Promise<EmbeddedPostgres> {
  const cluster = persistentCluster(home.dir);
  // Held as long as the server is ours. The kernel lets go of it when we die, so whoever gets it
  // knows that no one else is making, starting or stopping a server here.
  const lock = await openLock(home.dir);
  try {
    const shared = await takeOrShare(home.dir, lock);
    if (shared) {
      log("Sharing the PostgreSQL that another process started");
      return shared;
    }
    await endOrphan(cluster.data, "SIGINT");
    await ensureCluster(home, binaries);
    await disownPidFile(cluster.data);
    return await own(cluster, {
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

/** Takes the lock, or answers with the server of the process that has it. */
async function takeOrShare(
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

/** A cluster of its own for each caller: `test-<id>` has the lock, memory the data where it has room. */
async function startEphemeral(
  home: Home,
  { binaries, log }: { binaries: string; log: (line: string) => void },
): Promise<EmbeddedPostgres> {
  await removeLeftovers(home.dir);
  const id = crypto.randomUUID();
  const dir = `${home.dir}/test-${id}`;
  // Under this first name no one takes it for a leftover in the moment before it is locked.
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
    return await own(cluster, options);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Removes what killed runs left: the directories whose lock no living process holds. */
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

/** Removes both halves of an ephemeral cluster, last the one that names the other. */
async function removeEphemeral(parent: string, id: string): Promise<void> {
  await runTool("rm", ["-rf", memoryData(id)]);
  await Deno.remove(`${parent}/test-${id}`, { recursive: true });
}

async function openLock(dir: string): Promise<Deno.FsFile> {
  return await Deno.open(`${dir}/owner.lock`, { create: true, write: true });
}

/** Runs the server of a cluster whose lock we hold; `close` gives the cluster back. */
async function own(
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

/** Makes the database of the URL unless it is there, which also proves that the server answers us. */
async function ensureDatabase(url: string): Promise<void> {
  const admin = new URL(url);
  admin.pathname = "/postgres";
  const sql = connect(admin.href, { max: 1 });
  try {
    const rows = await sql`select from pg_database where datname = 'paceline'`;
    if (rows.length === 0) await sql`create database paceline`;
  } catch (error) {
    // The other of two launchers made it in the same moment.
    const code = error instanceof PostgresError ? error.code : undefined;
    if (code !== "23505" && code !== "42P04") throw error;
  } finally {
    await sql.end();
  }
}
