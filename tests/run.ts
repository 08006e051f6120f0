import { setTimeout as sleep } from "node:timers/promises";
import { connect, type Pool } from "../db/driver/client.ts";
import { startPostgres } from "../embedded_postgres/embedded_postgres.ts";
import {
  type GuardedProcess,
  spawnGuarded,
} from "../embedded_postgres/guard.ts";
import { onInterruption } from "../embedded_postgres/interruption.ts";
import { migrate } from "../db/migrate.ts";
import { ROOT } from "../cli/root.ts";

const HELP = `Runs the tests against a real PostgreSQL

Usage: deno task test [options of 'deno test'] [files]

Starts a PostgreSQL for this run, or uses the server of TEST_DATABASE_URL (or DATABASE_URL), whose
user must be allowed to create databases. Every test that asks for a database gets a migrated one
which is dropped after it.

  deno task test                            all tests
  deno task test tests/db/activity_totals_test.ts     one file
  deno task test --filter "GET /health"     by name
  deno task test --fail-fast --coverage     what 'deno test' knows

The last line counts: "12 passed, 0 failed", and ", 1 skipped" where tests were.
`;

/** The permissions of the tests: everything except reaching other hosts. */
const PERMISSIONS = [
  "--allow-env",
  "--allow-net=127.0.0.1,localhost,0.0.0.0",
  "--allow-read",
  "--allow-run",
  "--allow-sys",
  "--allow-write",
];

/** The file that gives every test a time limit. */
const TIME_LIMIT = `${ROOT}/tests/time_limit.ts`;
/** Time without output after which a run has stalled, in milliseconds. */
const STALL_MS = 10 * 60_000;

const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** Numbers of tests by result. */
interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

async function main(args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    await write(HELP);
    return 0;
  }
  const run: { process?: GuardedProcess; interrupted: number } = {
    interrupted: 0,
  };
  onInterruption((signal) => {
    run.interrupted ||= 128 + SIGNAL_NUMBERS[signal];
    run.process?.stop();
  });

  await using server = await openServer();
  await using template = await createTemplate(server.url);
  await using scratch = await makeScratch();
  if (run.interrupted) return run.interrupted;
  const process = run.process = spawnGuarded(Deno.execPath(), {
    args: [
      "test",
      "--parallel",
      "--preload",
      TIME_LIMIT,
      ...PERMISSIONS,
      ...args,
    ],
    cwd: ROOT,
    env: {
      TEST_DATABASE_URL: server.url,
      TEST_DATABASE_TEMPLATE: template.name,
      TMPDIR: scratch.path,
      ...Deno.stdout.isTerminal() && !Deno.noColor && { FORCE_COLOR: "1" },
    },
    output: "piped",
    stopSeconds: 5,
  });
  const counts = await copyOutput(process.stdout!, () => void process.stop());
  const { code } = await process.status;
  if (run.interrupted) return run.interrupted;
  await write(`${toCountLine(counts, code)}\n`);
  return code;
}

/** Returns the server of the environment, or starts one that ends with the run. */
export async function openServer(): Promise<{ url: string } & AsyncDisposable> {
  const url = Deno.env.get("TEST_DATABASE_URL") || Deno.env.get("DATABASE_URL");
  if (url) return { url, async [Symbol.asyncDispose]() {} };
  return await startPostgres({
    dir: `${ROOT}/.data/postgres`,
    ephemeral: true,
    log: (line) => write(`${line}\n`),
  });
}

/** Creates the migrated template of the tests' databases. Disposal drops remaining copies too. */
export async function createTemplate(
  url: string,
): Promise<{ name: string } & AsyncDisposable> {
  const name = `paceline_test_${crypto.randomUUID().slice(-8)}`;
  await withPool(url, (admin) => admin`create database ${admin(name)}`);
  const templateUrl = new URL(url);
  templateUrl.pathname = `/${name}`;
  await withPool(templateUrl.href, migrate);
  async function dropAll(): Promise<void> {
    await withPool(url, async (admin) => {
      const rows = await admin<{ datname: string }[]>`
        select datname
        from pg_database
        where starts_with(datname, ${name})
      `;
      for (const { datname } of rows) {
        await admin`drop database ${admin(datname)} with (force)`;
      }
    });
  }
  return { name, [Symbol.asyncDispose]: dropAll };
}

/** Creates the directory for temporary files, so that interrupted tests leave nothing behind. */
async function makeScratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir({ prefix: "paceline-test-" });
  await Deno.chmod(path, 0o755); // some tests run a program as another user
  async function remove(): Promise<void> {
    for (let attempt = 1;; attempt++) {
      try {
        return await Deno.remove(path, { recursive: true });
      } catch (error) {
        if (attempt === 20) throw error;
        await sleep(100); // servers of interrupted tests may still be writing
      }
    }
  }
  return { path, [Symbol.asyncDispose]: remove };
}

async function withPool<T>(
  url: string,
  use: (sql: Pool) => PromiseLike<T>,
): Promise<T> {
  const sql = connect(url, { max: 1, applicationName: "paceline-test" });
  try {
    return await use(sql);
  } finally {
    await sql.end();
  }
}

/**
 * Copies the tests' output and returns the counts of the last summary. Calls `onStall` if nothing is
 * printed for too long.
 */
async function copyOutput(
  output: ReadableStream<Uint8Array>,
  onStall: () => void,
): Promise<Counts | undefined> {
  function startTimer(): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      write(`Stopped: nothing was printed for ${STALL_MS / 60_000} minutes\n`);
      onStall();
    }, STALL_MS);
  }
  let counts: Counts | undefined;
  let line = "";
  const decoder = new TextDecoder();
  let timer = startTimer();
  for await (const chunk of output) {
    clearTimeout(timer);
    timer = startTimer();
    await write(chunk);
    const lines = (line + decoder.decode(chunk, { stream: true })).split("\n");
    line = lines.pop() ?? "";
    for (const each of lines) counts = readCounts(each) ?? counts;
  }
  clearTimeout(timer);
  return counts;
}

/** Parses a line "ok | 12 passed (3 steps) | 0 failed | 1 ignored (2s)", with or without colours. */
export function readCounts(line: string): Counts | undefined {
  // deno-lint-ignore no-control-regex -- colours start with a control character
  const plain = line.replace(/\x1b\[[0-9;]*m/g, "");
  if (!/^(ok|FAILED) \| /.test(plain)) return undefined;
  const count = (what: string): number =>
    Number(plain.match(new RegExp(`(\\d+) ${what}`))?.[1] ?? 0);
  return {
    passed: count("passed"),
    failed: count("failed"),
    skipped: count("ignored"),
  };
}

/** Returns the last line of a run. A run that broke before it could count has failed. */
export function toCountLine(counts: Counts | undefined, code: number): string {
  const { passed, failed, skipped } = counts ??
    { passed: 0, failed: 0, skipped: 0 };
  const failures = code !== 0 && failed === 0 ? 1 : failed;
  return `${passed} passed, ${failures} failed${
    skipped ? `, ${skipped} skipped` : ""
  }`;
}

async function write(text: string | Uint8Array): Promise<void> {
  let bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  while (bytes.length > 0) {
    bytes = bytes.subarray(await Deno.stdout.write(bytes));
  }
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    await write(`${toCountLine(undefined, 1)}\n`);
    throw error;
  }
}
