import assert from "node:assert/strict";
import { disconnectAthlete } from "../../server/grants/disconnect.ts";
import { applyRetention } from "../../server/retention.ts";
import { insertUser, openBrowser, PASSWORD } from "../support/accounts.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  NOW,
  type TestApp,
} from "../support/app.ts";
import { readAllTables } from "../support/backup.ts";
import { runCommand } from "../support/command.ts";
import { createLimitedDatabase } from "../support/roles.ts";
import { sync, until } from "../support/sync.ts";

const DAY_MS = 86_400_000;

/** Creates the server on a database that its role does not own. */
async function createLimitedApp(): Promise<TestApp> {
  return await createTestApp({
    database: await createLimitedDatabase(),
    activities: createHistory(30),
    synced: true,
    env: { ANSWER_CACHE_MB: "32", ALLOWED_ATHLETES: String(ATHLETE_ID) },
  });
}

Deno.test("limited role: syncs, edits, deletes and serves activities", async () => {
  await using test = await createLimitedApp();
  const [first, second] = createHistory(30);
  const athlete = test.strava.athletes.get(ATHLETE_ID)!;
  athlete.remove(first!.id);
  athlete.update(second!.id, { name: "Renamed" });
  test.clock.now += DAY_MS;

  const run = await sync(test);
  const list = await test.get("/strava/activities?limit=100", { key: true });
  const found = await test.get("/strava/activities?q=renamed", { key: true });
  const stats = await test.get("/strava/stats/overview", { key: true });
  await stats.body?.cancel();

  assert.equal(run.status, "success");
  assert.deepEqual([run.deleted, run.updated], [1, 1]);
  assert.equal((await list.json()).total, 29);
  assert.equal((await found.json()).total, 1);
  assert.equal(stats.status, 200);
});

Deno.test("limited role: keeps answers until a notification of a change", async () => {
  await using test = await createLimitedApp();
  const read = async (): Promise<string> =>
    await (await test.get("/strava/stats/ytd")).text();
  let kept = "";
  await until(async () => {
    kept = await read();
    await test.deps.sql`update activities set distance = distance + 1000`;
    return await read() === kept;
  }, "an answer to be kept");

  await test.deps.sql`update sync_state set data_version = data_version + 1`;

  await until(async () => await read() !== kept, "the change");
});

Deno.test("limited role: logs in, keeps the audit, exports, and deletes the account", async () => {
  await using test = await createLimitedApp();
  const { sql } = test.deps;
  await insertUser(test, { role: "admin" }); // becomes the owner of the athlete
  const browser = openBrowser(test);

  const login = await browser.logIn();
  const key = await browser.post("/api/keys", {
    body: { name: "phone", scopes: ["stats:read"] },
  });
  const audit = await browser.get("/strava/admin/audit");
  const { data } = await audit.json();
  const exported = await runCommand(test, ["export", "--user", "ada"]);
  const changed = await browser.post("/api/auth/change-password", {
    body: { current_password: PASSWORD, new_password: "nine thousand miles" },
  });
  const deleted = await browser.post("/api/auth/delete-account", {
    body: { password: "nine thousand miles" },
  });
  const left = await readAllTables(sql);

  assert.equal(login.status, 200);
  assert.equal(key.status, 200, await key.text());
  assert.deepEqual(
    new Set(data.map(({ kind }: { kind: string }) => kind)),
    new Set(["login", "key_created", "athlete_connected", "user_created"]),
  );
  assert.equal(exported.code, 0, exported.said);
  assert.ok(exported.printed.includes(`{"kind":"audit_event"`));
  assert.equal(changed.status, 200, await changed.text());
  assert.equal(deleted.status, 200, await deleted.text());
  assert.deepEqual(
    Object.entries(left).filter(([, rows]) => rows.length > 0)
      .map(([name]) => name).filter((name) => name !== "login_attempts"),
    ["audit_events", "rate_limit", "used_oauth_states", "sequences"],
  );
  assert.match(
    left["audit_events"]!.join(),
    /^[^(]*\(\d+,[^,]*,account_deleted/,
  );
});

Deno.test("limited role: erases an athlete from the shell and applies the retention", async () => {
  await using test = await createLimitedApp();
  const { deps } = test;
  await insertUser(test);
  test.clock.now = NOW - 500 * DAY_MS;
  await insertUser(test, { username: "old", email: "old@example.com" });
  test.clock.now = NOW;

  await applyRetention({
    ...deps,
    config: { ...deps.config, retentionDays: 1 },
  });
  const events = await deps.sql`select kind from audit_events order by id`;
  const erased = await runCommand(test, ["erase", "--yes"]);
  const again = await disconnectAthlete(deps, {
    athleteId: ATHLETE_ID,
    deleteData: true,
  });

  assert.deepEqual(events.map(({ kind }) => kind), [
    "athlete_connected",
    "user_created",
  ]);
  assert.equal(erased.code, 0, erased.said);
  assert.deepEqual(again, { revokedAtStrava: false });
  assert.equal((await deps.sql`select id from activities`).length, 0);
});
