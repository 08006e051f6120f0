import assert from "node:assert/strict";
import { LAUNCH, toSettings } from "../support/program.ts";
import { syncAthlete } from "../../server/sync/run_sync.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../support/app.ts";
import { type Result, runCommand } from "../support/command.ts";
import { connectWithoutSync, LIST, sync } from "../support/sync.ts";

const OTHER_ID = 700_002;
const REVOKE = "/oauth/revoke";

async function erase(
  test: TestApp,
  { athleteId, yes = false, answer }: {
    athleteId?: number;
    yes?: boolean;
    /** The answer that is typed; `null` is Ctrl-D. Without it stdin is not a terminal. */
    answer?: string | null;
  } = {},
): Promise<Result> {
  const args = [
    "erase",
    ...(athleteId === undefined ? [] : [`--athlete=${athleteId}`]),
    ...(yes ? ["--yes"] : []),
  ];
  return await runCommand(
    test,
    args,
    answer === undefined ? {} : { typed: [answer] },
  );
}

async function createSynced(): Promise<TestApp> {
  const test = await createTestApp({
    activities: createHistory(5),
    env: { LOG_LEVEL: "error" },
  });
  await connectWithoutSync(test);
  await sync(test);
  return test;
}

/** Counts the rows of an athlete in every table that has an `athlete_id`. */
async function countRows(
  { deps: { sql } }: TestApp,
  athleteId: number,
): Promise<Record<string, number>> {
  const tables = await sql<{ name: string }[]>`
    select table_name as name
    from information_schema.columns
    where table_schema = 'public'
      and column_name = 'athlete_id'
    order by 1
  `;
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const rows = await sql`
      select from ${sql(name)} where athlete_id = ${athleteId}
    `;
    counts[name] = rows.length;
  }
  const own = await sql`select from athletes where id = ${athleteId}`;
  return { ...counts, athletes: own.length };
}

function countRevocations({ strava }: TestApp): number {
  return strava.requests.filter(({ path }) => path === REVOKE).length;
}

Deno.test("erase: deletes every row of the athlete and none of another", async () => {
  await using test = await createSynced();
  await connectWithoutSync(test, OTHER_ID);
  await syncAthlete(test.deps, { athleteId: OTHER_ID, trigger: "cron" });
  const before = await countRows(test, ATHLETE_ID);
  const others = await countRows(test, OTHER_ID);

  const { code, said } = await erase(test, {
    athleteId: ATHLETE_ID,
    yes: true,
  });

  assert.equal(code, 0);
  assert.equal(before["activities"], 5);
  for (
    const [table, count] of Object.entries(await countRows(test, ATHLETE_ID))
  ) {
    assert.equal(count, 0, table);
  }
  assert.deepEqual(await countRows(test, OTHER_ID), others);
  assert.equal(countRevocations(test), 1);
  assert.match(said, /^Athlete 700001, .*: 5 activities and all other data/);
  assert.match(said, /^All data of athlete 700001 is deleted\.$/m);
  assert.match(said, /^The access at Strava is revoked\.$/m);
});

Deno.test("erase: revokes the grant at Strava", async () => {
  await using test = await createSynced();
  const [grant] = await test.deps.sql`select access_token from grants`;
  const token = await test.deps.seal.open(grant!["access_token"], {
    athleteId: ATHLETE_ID,
    column: "access_token",
  });

  await erase(test, { yes: true });

  const asking = test.deps.strava.listActivities({
    accessToken: token,
    page: 1,
  });
  await assert.rejects(asking, { kind: "unauthorized" });
});

for (const typed of ["700001", " 700001 ", "Sam Rivers"]) {
  Deno.test(`erase: accepts "${typed}" as the confirmation`, async () => {
    await using test = await createSynced();
    await test.deps.sql`
      update athletes set profile = '{"firstname": "Sam", "lastname": "Rivers"}'
    `;

    const { code, asked } = await erase(test, { answer: typed });

    assert.deepEqual([code, asked], [0, [
      'To confirm, type "Sam Rivers" or 700001:',
    ]]);
    assert.equal((await countRows(test, ATHLETE_ID))["athletes"], 0);
  });
}

for (
  const [reason, options, sentence] of [
    ["another name typed", { answer: "Sam" }, /^Nothing was deleted\.$/m],
    ["nothing typed", { answer: "" }, /^Nothing was deleted\.$/m],
    ["the end of the input", { answer: null }, /^Nothing was deleted\.$/m],
    ["no terminal and no --yes", {}, /^Nothing was deleted: .* --yes/m],
    [
      "an unknown athlete",
      { athleteId: 7, yes: true },
      /no athlete 7/,
    ],
  ] as const
) {
  Deno.test(`erase: deletes and revokes nothing after ${reason}`, async () => {
    await using test = await createSynced();
    const before = await countRows(test, ATHLETE_ID);

    const { code, said } = await erase(test, options);

    assert.equal(code, 1);
    assert.match(said, sentence);
    assert.deepEqual(await countRows(test, ATHLETE_ID), before);
    assert.equal(countRevocations(test), 0);
  });
}

Deno.test("erase: needs --athlete if there are several, even with --yes", async () => {
  await using test = await createSynced();
  await connectWithoutSync(test, OTHER_ID);

  const { code, said } = await erase(test, { yes: true });

  assert.equal(code, 1);
  assert.match(said, /more than one athlete.*\n.*700001.*\n.*700002/);
  assert.equal((await countRows(test, ATHLETE_ID))["athletes"], 1);
});

Deno.test("erase: deletes the data even if Strava does not answer", async () => {
  await using test = await createSynced();
  test.strava.faults.inject({ kind: "status", status: 503 }, { path: REVOKE });

  const { code, said } = await erase(test, { yes: true });

  assert.equal(code, 0);
  assert.match(
    said,
    /^Strava did not confirm that the access is revoked: .* https:\/\/www\.strava\.com\/settings\/apps$/m,
  );
  assert.equal((await countRows(test, ATHLETE_ID))["athletes"], 0);
});

Deno.test("erase: deletes a disconnected athlete without calling Strava", async () => {
  await using test = await createSynced();
  await test.post("/strava/admin/disconnect", { key: true });

  const { code, said } = await erase(test, { yes: true });

  assert.equal(code, 0);
  assert.match(said, /^Paceline had no tokens left .*\/settings\/apps$/m);
  assert.equal(countRevocations(test), 1);
  assert.equal((await countRows(test, ATHLETE_ID))["athletes"], 0);
});

Deno.test("erase: does not let a running sync store its page afterwards", async () => {
  await using test = await createSynced();
  const { athletes, faults } = test.strava;
  athletes.get(ATHLETE_ID)!.add({ start_date: "2026-11-20T06:00:00Z" });
  const fetched = Promise.withResolvers<void>();
  const erased = Promise.withResolvers<void>();
  const { listActivities } = test.deps.strava;
  test.deps.strava.listActivities = async (options) => {
    const items = await listActivities.call(test.deps.strava, options);
    fetched.resolve();
    await erased.promise;
    return items;
  };

  const syncing = sync(test).catch(() => undefined);
  await fetched.promise;
  const { code } = await erase(test, { yes: true });
  erased.resolve();
  await syncing;

  assert.equal(code, 0);
  assert.ok(test.strava.requests.some(({ path }) => path === LIST));
  for (
    const [table, count] of Object.entries(await countRows(test, ATHLETE_ID))
  ) {
    assert.equal(count, 0, table);
  }
  faults.clear();
});

/** Runs `erase` as the task does; with `typed`, at a terminal where that is typed. */
async function shell(
  { config }: TestApp,
  { typed, args = [] }: { typed?: string; args?: string[] } = {},
): Promise<{ code: number; text: string }> {
  const task = [
    Deno.execPath(),
    ...LAUNCH,
    "erase",
    ...args,
  ];
  const [command, ...rest] = typed === undefined
    ? task
    : ["script", "-qec", task.join(" "), "/dev/null"];
  const child = new Deno.Command(command!, {
    args: rest,
    env: {
      ENVIRONMENT: "development",
      ...toSettings(config),
      NO_COLOR: "1",
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  if (typed !== undefined) {
    await writer.write(new TextEncoder().encode(`${typed}\n`));
  }
  const output = child.output();
  await output.finally(() => writer.close().catch(() => {}));
  const { code, stdout, stderr } = await output;
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test("deno task erase: refuses without a terminal, and obeys --yes", async () => {
  await using test = await createSynced();

  const refused = await shell(test);
  const kept = await countRows(test, ATHLETE_ID);
  const done = await shell(test, { args: ["--yes", "--athlete", "700001"] });

  assert.deepEqual([refused.code, kept["athletes"]], [1, 1], refused.text);
  assert.match(refused.text, /Add --yes/);
  assert.equal(done.code, 0, done.text);
  assert.equal((await countRows(test, ATHLETE_ID))["athletes"], 0);
});

Deno.test({
  name: "deno task erase: asks at a terminal and obeys the answer",
  // `script` of util-linux, which makes a terminal
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using test = await createSynced();

    const refused = await shell(test, { typed: "no" });
    const kept = await countRows(test, ATHLETE_ID);
    const done = await shell(test, { typed: "700001" });

    assert.match(refused.text, /To confirm, type .*700001/);
    assert.deepEqual([refused.code, kept["athletes"]], [1, 1], refused.text);
    assert.equal(done.code, 0, done.text);
    assert.equal((await countRows(test, ATHLETE_ID))["athletes"], 0);
  },
});
