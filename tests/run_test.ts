import assert from "node:assert/strict";
import { connect } from "../db/driver/client.ts";
import { readCounts, toCountLine } from "./run.ts";

const RUNNER = new URL("run.ts", import.meta.url).pathname;

/** Starts the runner on one test file with this text, on the server of this run. */
async function startRunner(
  dir: string,
  text: string,
  env: Record<string, string> = {},
): Promise<Deno.ChildProcess> {
  await Deno.writeTextFile(`${dir}/some_test.ts`, text);
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-all",
      RUNNER,
      "--no-check",
      `${dir}/some_test.ts`,
    ],
    env: { NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function makeDir(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Returns the number of databases that do not belong to this run. */
async function countDatabases(): Promise<number> {
  const sql = connect(Deno.env.get("TEST_DATABASE_URL")!, { max: 1 });
  try {
    const [row] = await sql<{ n: number }[]>`
      select count(*) as n
      from pg_database
      where not starts_with(datname, ${Deno.env.get("TEST_DATABASE_TEMPLATE")!})
    `;
    return row!.n;
  } finally {
    await sql.end();
  }
}

Deno.test("deno task test: counts on the last line and drops its databases", async () => {
  const before = await countDatabases();
  await using dir = await makeDir();
  const runner = await startRunner(
    dir.path,
    `
    import { createTestDatabase } from "${
      import.meta.resolve("./support/database.ts")
    }";
    Deno.test("passes", async () => {
      const database = await createTestDatabase(); // and is not disposed of
      await database.sql\`select from athletes\`;
    });
    Deno.test("fails", () => { throw new Error("No"); });
    Deno.test.ignore("is skipped", () => {});
    `,
  );

  const { code, stdout } = await runner.output();

  const lines = new TextDecoder().decode(stdout).split("\n");
  assert.equal(lines.at(-2), "1 passed, 1 failed, 1 skipped");
  assert.equal(code, 1);
  assert.equal(await countDatabases(), before);
});

Deno.test("deno task test: ends everything and drops databases on an interrupt", async () => {
  const before = await countDatabases();
  await using dir = await makeDir();
  const held = `${dir.path}/held`;
  assert.equal(
    (await new Deno.Command("mkfifo", { args: [held] }).output()).success,
    true,
  );
  const runner = await startRunner(
    dir.path,
    `
    import { createTestDatabase } from "${
      import.meta.resolve("./support/database.ts")
    }";
    Deno.test("hangs", async () => {
      await createTestDatabase();
      await new Deno.Command("sh", { args: ["-c", "exec sleep 600 > ${held}"] }).output();
    });
    `,
  );
  const ended = runner.output();
  // Opens with the other side and ends when the last process there has ended.
  const pipe = await Promise.race([
    Deno.open(held),
    ended.then(() => assert.fail("It ended")),
  ]);

  runner.kill("SIGINT");

  assert.equal(await new Response(pipe.readable).text(), "");
  assert.equal((await ended).code, 130);
  assert.equal(await countDatabases(), before);
});

Deno.test("deno task test: ends a test that hangs, and names it", async () => {
  await using dir = await makeDir();
  const runner = await startRunner(
    dir.path,
    `
    Deno.test("passes", () => {});
    Deno.test("hangs", () => new Promise(() => { setInterval(() => {}, 1000); }));
    `,
    { TEST_LIMIT_SECONDS: "1" },
  );

  const { code, stdout } = await runner.output();

  const text = new TextDecoder().decode(stdout);
  assert.match(text, /hangs \.\.\. cancelled/);
  assert.match(text, /Test not finished after 1 seconds/);
  assert.match(text, /\n1 passed, \d failed\n$/);
  assert.equal(code, 1);
});

Deno.test("readCounts: parses a summary with or without colours and steps", () => {
  const counts = { passed: 12, failed: 0, skipped: 3 };
  assert.deepEqual(
    readCounts("ok | 12 passed (3 steps) | 0 failed | 3 ignored (2s)"),
    counts,
  );
  assert.deepEqual(
    readCounts(
      "\x1b[32mok\x1b[0m | 12 passed | 0 failed | 3 ignored \x1b[2m(2s)",
    ),
    counts,
  );
  assert.deepEqual(
    readCounts("FAILED | 0 passed | 2 failed | 40 filtered out (9ms)"),
    {
      passed: 0,
      failed: 2,
      skipped: 0,
    },
  );
  assert.equal(readCounts("reads: 12 passed | 0 failed"), undefined);
});

Deno.test("toCountLine: reports a broken run as failed", () => {
  assert.equal(
    toCountLine({ passed: 3, failed: 0, skipped: 0 }, 0),
    "3 passed, 0 failed",
  );
  assert.equal(
    toCountLine({ passed: 3, failed: 0, skipped: 2 }, 0),
    "3 passed, 0 failed, 2 skipped",
  );
  assert.equal(toCountLine(undefined, 1), "0 passed, 1 failed");
});
