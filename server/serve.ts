import { parseConnectionUrl } from "../db/driver/connection_url.ts";
import { prepareDatabase } from "../db/prepare.ts";
import { hasAdmin } from "../db/users.ts";
import { createApp } from "./app.ts";
import type { Peer } from "./http/middleware.ts";
import { type Config, toOwnUrl } from "./config.ts";
import { startCron } from "./cron.ts";
import type { Deps } from "./context.ts";
import { openDeps } from "./deps.ts";
import { maintainImports } from "./import_jobs/maintenance.ts";
import { applyRetention } from "./retention.ts";
import { syncDueAthletes } from "./sync/run_sync.ts";
import { resealLinks } from "./athletes/sharing.ts";
import { resealGrants } from "./grants/grants.ts";
import { loadWebApp } from "./web/web_app.ts";
import { maintainWebhooks } from "./webhook/maintenance.ts";

/** The folder of the built web app. */
const WEB_FOLDER = new URL("../web/dist/", import.meta.url);

/** Time that running requests have to finish at shutdown. */
const DRAIN_MS = 5000;

/**
 * Work of a server process that shares its port with others (`PROCESSES`). `start` is the first one,
 * before there are others. `schedule` takes its place after a crash. `requests` only serves.
 */
export type Duty = "start" | "schedule" | "requests";

export interface ServeOptions {
  /** Default: the process has the port for itself, and does everything. */
  duty?: Duty | undefined;
  /** Called when the server listens. */
  onListen?: (
    port: number,
    /** Whether the first administrator has to be created. */
    state: { needsSetUp: boolean },
  ) => void;
}

/** Time between two looks at the memory. */
const IDLE_MS = 10_000;
/** Requests in that time that are too few to call the server busy. Probes ask for its health. */
const MAX_IDLE_REQUESTS = 5;
/** Growth from which memory is given back. Collecting takes about 50 ms. */
const MIN_GROWTH_BYTES = 16 * 1024 * 1024;

/** Serves until a signal ends it: migrates, listens, runs the schedule, and cleans up. */
export async function serve(
  config: Config,
  { duty, onListen }: ServeOptions = {},
): Promise<void> {
  await using deps = await openDeps(config);
  const { log } = deps;
  const { unused } = parseConnectionUrl(config.databaseUrl);
  if (unused.length > 0) {
    log.warning(
      "DATABASE_URL has parameters that Paceline does not need: {unused}",
      { unused: unused.join(", ") },
    );
  }
  if (duty === undefined && config.processes > 1) {
    log.warning(
      "PROCESSES is {processes}, but only the launcher starts more than one",
      { processes: config.processes },
    );
  }
  for (const name of await prepareDatabase(deps.sql, config)) {
    log.info("Applied migration {name}", { name });
  }
  const resealed = await resealGrants(deps);
  if (resealed > 0) {
    log.info("Sealed {resealed} grants under the current key", { resealed });
  }
  const links = await resealLinks(deps);
  if (links > 0) {
    log.info("Sealed {links} share links under the current key", { links });
  }

  const needsSetUp = !await hasAdmin(deps.sql);
  const app = createApp(deps, await loadWebApp(WEB_FOLDER));
  const memory = createMemoryRelease({
    readBytes: () => Deno.memoryUsage().rss,
    collect: collectGarbage,
  });
  using _timer = startTimer(memory.check, IDLE_MS);
  // Nobody needs to read the same line of each process.
  const level = duty === "schedule" || duty === "requests" ? "debug" : "info";
  const server = Deno.serve({
    ...choosePort(config, duty),
    hostname: config.host,
    onListen({ hostname, port }) {
      // The tools that start the server look for the number.
      const url = hostname === "127.0.0.1"
        ? `http://${hostname}:${port}`
        : toOwnUrl(hostname, port);
      log[level]("Listening on {url}", { url });
      onListen?.(port, { needsSetUp });
    },
  }, (request, { remoteAddr }) => {
    memory.countRequest();
    return app(request, toPeer(remoteAddr));
  });
  if (duty !== "requests") startSchedule(deps);

  const signal = await waitForSignal();
  log[level]("Ending on {signal}", { signal });
  const drained = deps.sleep(DRAIN_MS, new AbortController().signal);
  const ended = Promise.all([server.shutdown(), deps.background.close()]);
  await Promise.race([ended, drained]);
}

/**
 * Returns the port, and whether other processes may listen on it too. With several processes the kernel
 * spreads connections over all that listen. It would include those of another instance of the same
 * user, so the first process checks that nobody listens yet.
 *
 * @throws {Deno.errors.AddrInUse} if somebody does.
 */
function choosePort(
  { port, host }: Pick<Config, "port" | "host">,
  duty: Duty | undefined,
): { port: number; reusePort?: true } {
  if (duty === undefined) return { port };
  if (duty !== "start") return { port, reusePort: true };
  using listener = Deno.listen({ hostname: host, port });
  return { port: listener.addr.port, reusePort: true };
}

/** Starts the schedule, and the work that it should not wait for. */
function startSchedule(deps: Deps): void {
  startCron(deps);
  deps.background.run(
    "resume",
    () => syncDueAthletes(deps, { unfinished: true }),
  );
  // Strava calls the callback to validate a subscription: the server must be listening.
  deps.background.run(
    "push events",
    () => maintainWebhooks(deps, { isStart: true }),
  );
  deps.background.run("imports", () => maintainImports(deps));
  // Also for a server that never runs at night, when the schedule does this.
  deps.background.run("retention", () => applyRetention(deps));
}

/** Gives memory back to the system while nobody asks. */
export interface MemoryRelease {
  countRequest(): void;
  /** Collects garbage if there were few requests since the last check, and memory has grown. */
  check(): void;
}

/**
 * Creates the release of memory. V8 keeps what it once needed for the start, a sync or a busy hour,
 * and grows its space for new objects up to a limit that makes requests fast.
 */
export function createMemoryRelease(
  { readBytes, collect }: { readBytes: () => number; collect: () => void },
): MemoryRelease {
  let requests = 0;
  let least = 0;
  return {
    countRequest: () => void requests++,
    check() {
      const isBusy = requests > MAX_IDLE_REQUESTS;
      requests = 0;
      if (isBusy || readBytes() < least + MIN_GROWTH_BYTES) return;
      collect();
      least = readBytes();
    },
  };
}

/** Collects all garbage, and gives the free memory back. V8 has this function by `--expose-gc`. */
function collectGarbage(): void {
  const { gc } = globalThis as {
    gc?: (options: { type: "major"; flavor: "last-resort" }) => void;
  };
  gc?.({ type: "major", flavor: "last-resort" });
}

/** Calls a function again and again, until it is disposed of. */
function startTimer(call: () => void, milliseconds: number): Disposable {
  const timer = setInterval(call, milliseconds);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function toPeer(address: Deno.Addr): Peer {
  return "hostname" in address ? { address: address.hostname } : {};
}

/** Resolves with the first SIGINT or SIGTERM. A second one ends the program at once. */
function waitForSignal(): Promise<Deno.Signal> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const listener = (): void => {
        Deno.removeSignalListener(signal, listener);
        resolve(signal);
      };
      Deno.addSignalListener(signal, listener);
    }
  });
}
