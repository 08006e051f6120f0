import type { Cluster } from "./cluster.ts";
import {
  delay,
  readPort,
  readTail,
  runServer,
  type ServerOptions,
} from "./server.ts";

/** A server that ends more often than this within the time is not started again. */
const MAX_DEATHS = 3;
const DEATHS_WITHIN_MS = 60_000;
const LOOK_MS = 1000;

/** A server that is started again when it dies. */
export interface KeptServer {
  port: number;
  /** Resolves with why when it cannot be kept alive; never for one that was stopped. */
  lost: Promise<Error>;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts the server and, whenever it ends without being stopped, starts it again on the same port,
 * so that whoever was connected connects again. Without it a launcher would serve errors for ever
 * once its database was killed, as by a system that ran out of memory.
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
      // A start that failed may itself have taken longer than the time.
      deaths = [...failure ? deaths : deaths.filter(recent), now];
      if (deaths.length > MAX_DEATHS) return await giveUp(failure);
      log("PostgreSQL ended: starting it again");
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
    } times and is not started again: `;
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
 * Looks after a server that another process owns: when the owner's lock is free or the server here
 * has another port, the owner has ended, and its server with it.
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
    ) await delay(LOOK_MS, stopped.signal);
    lock.close();
    if (stopped.signal.aborted) return;
    lost.resolve(
      new Error(
        `The PostgreSQL in "${dir}" has ended with the process that had started it: start again`,
      ),
    );
  }

  async function stop(): Promise<void> {
    stopped.abort();
    await watching;
  }

  return { lost: lost.promise, stop };
}
