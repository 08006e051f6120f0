import type { Cluster } from "./cluster.ts";
import { readPort, runServer, type ServerOptions } from "./server.ts";
import { delay, readTail } from "./tools.ts";

/** Most restarts within `DEATHS_WITHIN_MS`. */
const MAX_DEATHS = 3;
const DEATHS_WITHIN_MS = 60_000;
/** Time between two checks for the end of the owner. */
const CHECK_EVERY_MS = 1000;

/** A server that is restarted when it dies. */
export interface KeptServer {
  port: number;
  /** Resolves with the reason when it cannot be kept alive. Never resolves for a stopped server. */
  lost: Promise<Error>;
  /** Ends it. Resolves when it has ended. */
  stop(): Promise<void>;
}

/**
 * Starts the server and restarts it on the same port whenever it ends without being stopped, so that
 * clients can reconnect. Without it a launcher would serve errors forever once its database was
 * killed, for example for lack of memory.
 */
export async function keepServer(
  cluster: Cluster,
  { log, ...options }: ServerOptions & { log: (line: string) => void },
): Promise<KeptServer> {
  let { process, port } = await runServer(cluster, options);
  let stopping = false;
  const lost = Promise.withResolvers<Error>();
  const kept = keep();

  async function keep(): Promise<void> {
    let deaths: number[] = [];
    let failure: Error | undefined;
    for (;;) {
      await process.status;
      if (stopping) return;
      const now = Date.now();
      const recent = (at: number): boolean => now - at < DEATHS_WITHIN_MS;
      // A failed start may have taken longer than the period itself.
      deaths = [...failure ? deaths : deaths.filter(recent), now];
      if (deaths.length > MAX_DEATHS) return await giveUp(failure);
      log("PostgreSQL ended: restarting it");
      try {
        ({ process } = await runServer(cluster, { ...options, port }));
        failure = undefined;
      } catch (error) {
        failure = error as Error;
      }
      if (stopping) await process.stop();
    }
  }

  async function giveUp(cause: Error | undefined): Promise<void> {
    const tail = await readTail(cluster.log).catch(() => "");
    const reason = cause?.message ??
      `its log "${cluster.log}" ends with:\n${tail}`;
    const message = `PostgreSQL ended ${
      MAX_DEATHS + 1
    } times and is not restarted: `;
    lost.resolve(new Error(message + reason, { cause }));
  }

  async function stop(): Promise<void> {
    stopping = true;
    await process.stop();
    await kept;
  }

  return { port, lost: lost.promise, stop };
}

/**
 * Watches a server that another process owns. When the owner's lock is free or the server has another
 * port, the owner has ended, and its server with it.
 */
export function watchOwner(
  { dir, data, port }: { dir: string; data: string; port: number },
  lock: Deno.FsFile,
): Pick<KeptServer, "lost" | "stop"> {
  const lost = Promise.withResolvers<Error>();
  const stopped = new AbortController();
  const watching = watch();

  async function watch(): Promise<void> {
    while (
      !stopped.signal.aborted && !(await lock.tryLock(true)) &&
      (await readPort(data) ?? port) === port
    ) await delay(CHECK_EVERY_MS, stopped.signal);
    lock.close();
    if (stopped.signal.aborted) return;
    lost.resolve(
      new Error(
        `The PostgreSQL in "${dir}" ended with the process that started it: start again`,
      ),
    );
  }

  async function stop(): Promise<void> {
    stopped.abort();
    await watching;
  }

  return { lost: lost.promise, stop };
}
