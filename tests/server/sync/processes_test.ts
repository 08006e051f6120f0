import assert from "node:assert/strict";
import { listSyncRuns } from "../../../db/sync_runs.ts";
import {
  ATHLETE_ID,
  createTestApp,
  type TestApp,
  type TestAppOptions,
} from "../../support/app.ts";
import { listening, startProgram } from "../../support/program.ts";
import {
  connectWithoutSync,
  createSpacedRuns,
  LIST,
  listPages,
  readState,
  readStoredIds,
  readStravaIds,
  sync,
  until,
} from "../../support/sync.ts";

/** Creates a simulated Strava with the processes' time, and a connected athlete. */
async function createConnected(
  options: TestAppOptions = {},
): Promise<TestApp> {
  const test = await createTestApp({
    activities: createSpacedRuns(60, { stepDays: 30 }),
    ...options,
  });
  test.clock.now = Date.now();
  test.strava.faults.shortPages = 10;
  await connectWithoutSync(test);
  return test;
}

Deno.test("first sync: resumes after kill -9 without fetching a stored page again", async () => {
  await using test = await createConnected();
  const { strava, deps } = test;
  const hang = strava.faults.inject(
    { kind: "hang" },
    { path: LIST, when: ({ query }) => query.get("page") === "4", times: 1 },
  );
  await using first = startProgram(test);
  await until(() => hang.hits === 1, "the fourth page");

  first.kill("SIGKILL");
  await first.status;

  const dead = await readState(deps.sql);
  assert.ok(dead.leased_until! > new Date(), "the lease outlives the process");
  const stored = await readStoredIds(deps.sql);
  assert.ok(stored.length === 30 || stored.length === 20, `${stored.length}`);
  const cursor = dead.full_sync_cursor!.getTime() / 1000;
  await deps
    .sql`update sync_state set leased_until = now() - interval '1 second'`;
  strava.faults.release();
  strava.clearRequests();
  await using second = startProgram(test);
  await until(
    async () => (await readState(deps.sql)).first_synced_at !== null,
    "the second server to finish",
  );

  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(strava));
  const [newest, ...older] = listPages(strava).map(({ query }) => query);
  assert.deepEqual(newest, { page: "1", per_page: "200" });
  assert.deepEqual(
    older.map(({ before }) => before),
    older.map(() => String(cursor)),
  );
  const pages = (60 - stored.length) / 10 + 1; // plus one for the cursor's second
  assert.ok(older.length <= pages + 1, `${older.length} pages`);
  const runs = await listSyncRuns(deps.sql, {
    athleteId: ATHLETE_ID,
    limit: 9,
  });
  assert.deepEqual(runs.map(({ status }) => status), [
    "success",
    "interrupted",
  ]);
  second.kill("SIGTERM");
  assert.equal((await second.status).code, 0);
});

Deno.test("full sync: resumes in a server after kill -9 and then finds deletions", async () => {
  await using test = await createConnected();
  const { strava, deps } = test;
  await sync(test);
  await deps.sql`
    update sync_state
    set last_full_sync_at = now() - interval '2 days'
  `;
  await deps.sql`update activities set fetched_at = now() - interval '2 days'`;
  const athlete = strava.athletes.get(ATHLETE_ID)!;
  for (const id of [1_000_060, 1_000_031, 1_000_001]) athlete.remove(id);
  athlete.update(1_000_050, { gear_id: "b5" });
  athlete.update(1_000_005, { gear_id: "b5" });
  strava.clearRequests();
  const hang = strava.faults.inject(
    { kind: "hang" },
    { path: LIST, when: ({ query }) => query.get("page") === "4", times: 1 },
  );
  await using first = startProgram(test, { args: ["sync"] });
  await until(() => hang.hits === 1, "the fourth page");

  first.kill("SIGKILL");
  await first.status;

  assert.equal((await readStoredIds(deps.sql)).length, 60);
  const dead = await readState(deps.sql);
  const cursor = dead.full_sync_cursor!.getTime() / 1000;
  await deps
    .sql`update sync_state set leased_until = now() - interval '1 second'`;
  strava.faults.release();
  strava.clearRequests();
  await using _server = startProgram(test);
  await until(
    async () => (await readState(deps.sql)).full_sync_cursor === null,
    "the server to finish",
  );

  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(strava));
  const [, ...older] = listPages(strava).map(({ query }) => query);
  assert.ok(older.every(({ before }) => Number(before ?? Infinity) <= cursor));
  const rows = await deps.sql`
    select id from activities where gear_id = 'b5' order by id
  `;
  assert.deepEqual(rows.map(({ id }) => id), [1_000_005, 1_000_050]);
});

Deno.test("serve: releases the lease and exits with 0 within seconds of SIGTERM", async () => {
  await using test = await createConnected();
  const { strava, deps } = test;
  const hang = strava.faults.inject(
    { kind: "hang" },
    { path: LIST, when: ({ query }) => query.get("page") === "3" },
  );
  await using server = startProgram(test);
  await listening(server);
  await until(() => hang.hits === 1, "the third page");

  const sentAt = performance.now();
  server.kill("SIGTERM");
  const { code } = await server.status;

  assert.equal(code, 0, server.text());
  assert.ok(performance.now() - sentAt < 4000);
  const state = await readState(deps.sql);
  assert.deepEqual([state.run_id, state.leased_until, state.failures], [
    null,
    null,
    0,
  ]);
  const [run] = await listSyncRuns(deps.sql, {
    athleteId: ATHLETE_ID,
    limit: 1,
  });
  assert.deepEqual([run?.status, run?.pages], ["interrupted", 2]);
});

Deno.test("POST /strava/refresh-data: two servers share one sync and both wait for it", async () => {
  await using test = await createConnected();
  const { strava, deps, config } = test;
  const hang = strava.faults.inject({ kind: "hang" }, { path: LIST });
  await using one = startProgram(test);
  await using two = startProgram(test);
  const urls = [await listening(one), await listening(two)];
  await until(() => hang.hits > 0, "the first page");

  const responses = urls.map((url) =>
    fetch(`${url}/strava/refresh-data`, {
      method: "POST",
      headers: { "x-api-key": config.internalApiKey },
    }).then((response) => response.json())
  );
  for (const url of urls) {
    const ready = await fetch(`${url}/health/ready`);
    assert.equal(ready.status, 200);
    await ready.body?.cancel();
  }
  assert.equal(hang.hits, 1);
  hang.remove();
  strava.faults.release();
  const [first, second] = await Promise.all(responses);

  assert.deepEqual([first.status, first.run.inserted], ["success", 60]);
  assert.equal(second.run.id, first.run.id);
  assert.equal(listPages(strava).length, 7);
  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(strava));
});

Deno.test("sync: exits with 0 after success, 1 after a failure or without athletes", async () => {
  await using test = await createConnected();
  const { strava } = test;

  await using success = startProgram(test, { args: ["sync"] });
  assert.equal((await success.status).code, 0, success.text());
  assert.match(
    success.text(),
    /^Athlete 700001: 60 activities read, 60 new, 0 changed$/m,
  );
  strava.athletes.get(ATHLETE_ID)!.remove(1_000_002);
  await using full = startProgram(test, { args: ["sync", "--full"] });
  assert.equal((await full.status).code, 0, full.text());
  assert.match(full.text(), / 0 new, 0 changed, 1 deleted$/m);
  for (const args of [["sync", "--all"], ["serve", "--full"]]) {
    await using wrong = startProgram(test, { args });
    assert.equal((await wrong.status).code, 2, wrong.text());
  }
  strava.faults.inject({ kind: "status", status: 400 }, { path: LIST });
  await using failure = startProgram(test, { args: ["sync"] });
  assert.equal((await failure.status).code, 1, failure.text());
  assert.match(
    failure.text(),
    /^Athlete 700001: failed: Strava answered .* 400$/m,
  );

  await using empty = await createTestApp();
  await using nobody = startProgram(empty, { args: ["sync"] });
  assert.equal((await nobody.status).code, 1, nobody.text());
  assert.match(nobody.text(), /No athlete is connected/);
});

Deno.test("serve: reports a port in use and exits with 1", async () => {
  await using test = await createTestApp();
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });

  await using server = startProgram(test, {
    env: { PORT: String(listener.addr.port) },
  });

  assert.equal((await server.status).code, 1);
  assert.match(
    server.text(),
    /^Port \d+ is in use.* PORT=\d+$/m,
  );
  assert.doesNotMatch(server.text(), /^\s+at /m);
});

Deno.test("serve: has permissions for the network and its settings only", async () => {
  await using test = await createTestApp();
  const script = `
    const names = ["net", "env", "read", "write", "run", "sys", "ffi", "import"];
    const states = names.map((name) => [name, Deno.permissions.querySync({ name }).state]);
    const hidden = Deno.env.get("PGHOST") ?? null;
    const port = Deno.env.get("PORT");
    console.log(JSON.stringify({ ...Object.fromEntries(states), hidden, port }));
  `;

  await using program = startProgram(test, {
    script: `data:text/javascript,${encodeURIComponent(script)}`,
    args: [],
    env: { PGHOST: "elsewhere" },
  });

  assert.equal((await program.status).code, 0, program.text());
  const { port, hidden, net, env: _, ...others } = JSON.parse(program.text());
  assert.deepEqual([port, hidden, net], ["0", null, "granted"]);
  for (const [name, state] of Object.entries(others)) {
    if (name === "import") continue; // where code may come from, not what it may do
    assert.notEqual(state, "granted", name);
  }
});
