/** Runs wrk, the load generator of the benches (Debian: `apt-get install wrk`). */

/** The requests of a run. */
export interface Load {
  /** Address. With `distinct`, `{n}` in its path becomes the number of the request. */
  url: string;
  headers?: readonly string[];
  seconds: number;
  /** Gives each request its own URL. Default: false. */
  distinct?: boolean;
  /** The only core that wrk may use. Default: any. */
  core?: number;
}

/** Results of a run. */
export interface Measured {
  requests: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
}

const CONNECTIONS = 32;

/**
 * Starts wrk with one thread and 32 connections.
 *
 * @throws {Error} if it is missing, or if a request fails.
 */
export function startWrk(
  { url, headers = [], seconds, distinct = false, core }: Load,
): { pid: number; result: Promise<Measured> } {
  const { origin } = new URL(url);
  const path = url.slice(origin.length);
  const wrk = [
    "wrk",
    ...["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--latency"],
    ...headers.flatMap((each) => ["-H", each]),
    ...distinct
      ? ["-s", `${import.meta.dirname}/distinct_urls.lua`, origin, "--", path]
      : [url],
  ];
  const [program, ...args] = core === undefined
    ? wrk
    : ["taskset", "-c", String(core), ...wrk];
  const child = new Deno.Command(program!, { args, stdout: "piped" }).spawn();
  return { pid: child.pid, result: read(child) };
}

async function read(child: Deno.ChildProcess): Promise<Measured> {
  const { stdout, success } = await child.output();
  const text = new TextDecoder().decode(stdout);
  if (!success) throw new Error(`wrk failed: ${text}`);
  if (/Non-2xx/.test(text)) throw new Error(`Some requests failed: ${text}`);
  const find = (pattern: RegExp): number => Number(pattern.exec(text)?.[1]);
  return {
    requests: find(/(\d+) requests in/),
    perSecond: find(/Requests\/sec:\s+([\d.]+)/),
    p50Ms: readMilliseconds(text, "50%"),
    p99Ms: readMilliseconds(text, "99%"),
  };
}

function readMilliseconds(text: string, percentile: string): number {
  const pattern = new RegExp(`${percentile}\\s+([\\d.]+)(us|ms|s)`);
  const [, value, unit] = pattern.exec(text) ?? [];
  return Number(value) * { us: 0.001, ms: 1, s: 1000 }[unit as "ms"];
}
