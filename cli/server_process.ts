import {
  type GuardedProcess,
  type GuardOptions,
  spawnGuarded,
} from "../embedded_postgres/guard.ts";
import {
  type Connection,
  parseConnectionUrl,
} from "../db/driver/connection_url.ts";
import { type Config, readConfig, VARIABLES } from "../server/config.ts";
import { ROOT } from "./root.ts";

/**
 * Folders of our code that the workers consist of, which parse imported files. Deno loads the code of a
 * worker with the permission of the thread that starts it; the worker itself has none.
 */
const WORKER_CODE: readonly string[] = [
  `${ROOT}/server/imports`,
  `${ROOT}/server/recordings`,
];

/** The folder of the built web app, which the server reads and serves. */
const WEB_APP = `${ROOT}/web/dist`;

/**
 * Deno's options for `server/main.ts`: its permissions, which are few, and its memory settings. The
 * launcher narrows `--allow-net` to the hosts of the settings.
 */
export const SERVER_FLAGS: readonly string[] = [
  // The command that started us has put everything into the cache.
  "--cached-only",
  "--no-prompt",
  "--allow-net",
  `--allow-env=${VARIABLES.join(",")}`,
  `--allow-read=${toPaths([...WORKER_CODE, WEB_APP])}`,
  // Libraries look for other variables, such as PGHOST. They see them as unset.
  "--ignore-env",
  // By default V8 collects garbage only after 200 MB, and a page of activities leaves a lot of it.
  // With --optimize-for-size it collects so often that a first sync takes a third longer. A space for
  // new objects of 4 MB slows requests that are not in memory, one of 16 MB costs 20 MB more.
  // --expose-gc lets an idle server give back what it does not need.
  "--v8-flags=--max-semi-space-size=8,--heap-growing-percent=75,--expose-gc",
];

export interface ServerProcessOptions {
  /** All settings, and further variables in addition to those of this process. */
  env: Record<string, string>;
  /** Restarts when a source file changes. Default: false. */
  watch?: boolean;
  /** Where the output goes: ours, a file, or a pipe. Default: "inherit". */
  output?: NonNullable<GuardOptions["output"]>;
  /** Where stderr goes: ours, or a pipe. Default: "inherit". */
  errors?: NonNullable<GuardOptions["errors"]>;
  /** Absolute paths that the process may read. Default: none. */
  reads?: readonly string[];
  /** Lets other processes listen on the same port. Default: false. */
  sharesPort?: boolean;
}

/** Files and folders that a command reads, and the folder that relative paths start from. */
export interface ReadAccess {
  /** Absolute paths. */
  paths: readonly string[];
  base: string;
}

/** Starts `server/main.ts` as a process that ends with this one, however this one ends. */
export function spawnServer(
  args: readonly string[],
  {
    env,
    watch = false,
    output = "inherit",
    errors,
    reads = [],
    sharesPort = false,
  }: ServerProcessOptions,
): GuardedProcess {
  const flags = [
    ...watch ? ["--watch", "--no-clear-screen"] : [],
    // For `reusePort`.
    ...sharesPort ? ["--unstable-net"] : [],
  ];
  return spawnGuarded(Deno.execPath(), {
    args: toArguments(args, { env, flags, reads }),
    cwd: ROOT,
    env,
    output,
    ...errors && { errors },
    // A watcher does not end when asked; the program that it watches does.
    stopSeconds: watch ? 2 : 10,
  });
}

/**
 * Starts `server/main.ts` with our stdin. A guarded process has none: it runs in a separate session.
 * This one hears Ctrl-C itself.
 */
export function spawnInteractive(
  args: readonly string[],
  { env }: Pick<ServerProcessOptions, "env">,
): Pick<GuardedProcess, "status" | "stop" | "stdout"> {
  const child = new Deno.Command(Deno.execPath(), {
    args: toArguments(args, { env }),
    cwd: ROOT,
    env,
  }).spawn();
  return toProcess(child);
}

function toProcess(
  child: Deno.ChildProcess,
): Pick<GuardedProcess, "status" | "stop" | "stdout"> {
  return {
    status: child.status,
    stdout: undefined,
    stop(signal = "TERM") {
      try {
        child.kill(`SIG${signal}`);
      } catch {
        // It has ended already.
      }
      return child.status;
    },
  };
}

/**
 * Starts `server/main.ts` with a file as its stdin. If this process ends, the file ends for the other
 * one, which then sees that it is incomplete.
 */
export function spawnReader(
  args: readonly string[],
  { env, path }: Pick<ServerProcessOptions, "env"> & { path: string },
): Pick<GuardedProcess, "status" | "stop" | "stdout"> {
  const child = new Deno.Command(Deno.execPath(), {
    args: toArguments(args, { env }),
    cwd: ROOT,
    env,
    stdin: "piped",
  }).spawn();
  // A command that has found a problem stops reading. Its exit code tells.
  void Deno.open(path).then((file) => file.readable.pipeTo(child.stdin))
    .catch(() => {});
  return toProcess(child);
}

function toArguments(
  args: readonly string[],
  { env, flags = [], reads = [] }: {
    env: Readonly<Record<string, string>>;
    flags?: readonly string[];
    reads?: readonly string[];
  },
): string[] {
  const hosts = listHosts(env);
  const narrowed = SERVER_FLAGS.map((flag) =>
    flag === "--allow-net" ? `--allow-net=${hosts.join(",")}` : flag
  );
  // Deno treats a Unix socket as a file too.
  const sockets = hosts.filter((host) => host.startsWith("unix:"))
    .map((host) => host.slice("unix:".length));
  const readable = [...sockets, ...reads];
  if (readable.length > 0) narrowed.push(`--allow-read=${toPaths(readable)}`);
  if (sockets.length > 0) narrowed.push(`--allow-write=${toPaths(sockets)}`);
  return ["run", ...flags, ...narrowed, `${ROOT}/server/main.ts`, ...args];
}

/**
 * Joins paths for an option of Deno, which splits at every comma: instead of a path with one, its
 * nearest folder without one is allowed.
 */
function toPaths(paths: readonly string[]): string {
  return paths.map((path) =>
    path.includes(",") ? path.replace(/[^/]*,.*$/, "") || "/" : path
  ).join(",");
}

/**
 * Lists the hosts that a server with these settings needs: the address that it listens on, its
 * database and Strava. So a library that sends data elsewhere cannot.
 *
 * @throws {ConfigError} if the settings are not valid.
 */
export function listHosts(env: Readonly<Record<string, string>>): string[] {
  const { host, port, strava, ...config } = readConfig((name) => env[name]);
  const listening = toBracketed(host);
  return [
    ...new Set([
      // Port 0 becomes any port.
      port === 0 ? listening : `${listening}:${port}`,
      ...listDatabases(config).flatMap(({ hosts, socket }) =>
        socket === undefined
          ? hosts.map(({ host, port }) => `${toBracketed(host)}:${port}`)
          : [`unix:${socket}`]
      ),
      toHost(strava.apiUrl),
      toHost(strava.oauthUrl),
    ]),
  ];
}

function listDatabases(
  { databaseUrl, databaseDirectUrl, databaseOwnerUrl }: Pick<
    Config,
    "databaseUrl" | "databaseDirectUrl" | "databaseOwnerUrl"
  >,
): Connection[] {
  return [databaseUrl, databaseDirectUrl, databaseOwnerUrl]
    .map(parseConnectionUrl);
}

function toBracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

/** Returns the host and port of a URL, as Deno's permissions name them. */
function toHost(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}
