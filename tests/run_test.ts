import assert from "node:assert/strict";
import { connect } from "../db/client.ts";
import { readCounts, toCountLine } from "./run.ts";

const RUNNER = new URL("run.ts", import.meta.url).pathname;

/** Starts the runner on one test file with this text, over the server that runs for us already. */
async function startRunner(
  text: string,
): Promise<{ child: Deno.ChildProcess } & AsyncDisposable> {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/some_test.ts`, text);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-all",
      RUNNER,
      "--no-check",
      `${dir}/some_test.ts`,
    ],
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return {
    child,
    async [Symbol.asyncDispose]() {
      await Deno.remove(dir, { recursive: true });
    },
  };
}

/** How many databases there are beside those of the run that we are part of. */
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

Deno.test("deno task test: counts on the last line, exits as the tests did, drops its databases", async () => {
  const before = await countDatabases();
  await using runner = await startRunner(`
    import { createTestDatabase } from "${
    import.meta.resolve("./support/database.ts")
  }";
    Deno.test("passes", async () => {
      const database = await createTestDatabase(); // and is not disposed of
      await database.sql\`select from athletes\`;
      await database.sql.end();
    });
    Deno.test("fails", () => { throw new Error("No"); });
    Deno.test.ignore("is skipped", () => {});
  `);

  const { code, stdout } = await runner.child.output();

  assert.equal(
    new TextDecoder().decode(stdout).split("\n").at(-2),
    "1 passed, 1 failed, 1 skipped",
  );
  assert.equal(code, 1);
  assert.equal(await countDatabases(), before);
});

Deno.test("deno task test: an interrupt ends the tests and drops their databases", async () => {
  const before = await countDatabases();
  await using runner = await startRunner(`
    import { createTestDatabase } from "${
    import.meta.resolve("./support/database.ts")
  }";
    Deno.test("hangs", async () => {
      await createTestDatabase();
      await new Deno.Command("sh", { args: ["-c", "echo up >&2; exec sleep 600"] }).spawn().status;
    });
  `);
  const reader = runner.child.stderr.pipeThrough(new TextDecoderStream())
    .getReader();
  let seen = "";
  while (!seen.includes("up\n")) {
    seen += (await reader.read()).value ?? assert.fail(seen);
  }

  runner.child.kill("SIGINT");

  // Everything that ran holds the pipe: its end shows that nothing is left.
  while (!(await reader.read()).done);
  await new Response(runner.child.stdout).text();
  assert.equal((await runner.child.status).code, 130);
  assert.equal(await countDatabases(), before);
});

Deno.test("readCounts: a summary in colours or without, with or without steps; no other line", () => {
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

Deno.test("toCountLine: a run that broke before it could count has failed", () => {
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
