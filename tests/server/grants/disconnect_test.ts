import assert from "node:assert/strict";
import { StravaClient } from "../../../server/strava/client.ts";
import {
  countRequests,
  DISCONNECT,
  getStatus,
  hangList,
  post,
  REFRESH,
  REVOKE,
} from "../../support/admin.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  NOW,
} from "../../support/app.ts";
import { toStart } from "../../support/sync.ts";

Deno.test("POST /strava/admin/disconnect: ends the grant and keeps the history", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  const { status, body } = await post(test, DISCONNECT);
  assert.equal(status, 200);
  assert.deepEqual(body, {
    status: "disconnected",
    athlete_id: ATHLETE_ID,
    revoked_at_strava: true,
    data: "kept",
  });
  assert.equal(test.strava.grants.get(ATHLETE_ID), undefined);
  assert.equal((await test.deps.sql`select from grants`).length, 0);
  assert.equal((await test.get("/strava/stats/totals")).status, 200);
  const [athlete] = (await getStatus(test)).athletes;
  assert.deepEqual(
    [
      athlete.connected,
      athlete.scopes,
      athlete.activities,
      athlete.next_due_at,
    ],
    [false, [], 5, null],
  );
  const refresh = await post(test, REFRESH);
  assert.deepEqual(
    [refresh.status, refresh.body.reason],
    [404, "not_connected"],
  );
});

Deno.test("POST /strava/admin/disconnect: with delete, deletes all rows of the athlete", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  const { status, body } = await post(test, DISCONNECT, { data: "delete" });
  assert.equal(status, 200);
  assert.deepEqual([body.data, body.revoked_at_strava], ["deleted", true]);
  const { sql } = test.deps;
  for (
    const table of [
      "athletes",
      "grants",
      "activities",
      "sync_state",
      "sync_runs",
    ]
  ) {
    assert.equal((await sql`select from ${sql(table)}`).length, 0, table);
  }
  const stats = await test.get("/strava/stats/ytd");
  assert.equal(stats.status, 404);
  assert.equal((await stats.json()).reason, "not_connected");
});

for (
  const [name, action] of [
    ["is down", { kind: "status", status: 503 }],
    ["hangs", { kind: "hang" }],
  ] as const
) {
  Deno.test(`POST /strava/admin/disconnect: deletes the tokens if Strava ${name}`, async () => {
    await using test = await createTestApp({ synced: true });
    test.deps.strava = new StravaClient({
      ...test.config.strava,
      timeoutMs: 100,
    });
    test.strava.faults.inject(action, { path: REVOKE });
    const { status, body } = await post(test, DISCONNECT);
    assert.equal(status, 200);
    assert.equal(body.revoked_at_strava, false);
    assert.equal((await test.deps.sql`select from grants`).length, 0);
    assert.ok(test.log.lines.some(({ level }) => level === "warning"));
  });
}

Deno.test("POST /strava/admin/disconnect: works again, and deletes kept data", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  await post(test, DISCONNECT);
  const [before] = await test.deps.sql`select * from athletes`;
  test.clock.now += 60_000;
  const again = await post(test, DISCONNECT, { data: "keep" });
  assert.deepEqual([again.status, again.body.data], [200, "kept"]);
  assert.equal(countRequests(test, REVOKE), 1);
  const [after] = await test.deps.sql`select * from athletes`;
  assert.deepEqual({ ...after }, { ...before });
  const deleted = await post(test, DISCONNECT, { data: "delete" });
  assert.deepEqual([deleted.status, deleted.body.data], [200, "deleted"]);
  const last = await post(test, DISCONNECT, { data: "delete" });
  assert.deepEqual([last.status, last.body.reason], [404, "not_connected"]);
});

Deno.test("POST /strava/admin/disconnect: answers 404 if nobody is connected", async () => {
  await using test = await createTestApp();
  const { status, body } = await post(test, DISCONNECT);
  assert.deepEqual([status, body.reason], [404, "not_connected"]);
});

Deno.test("POST /strava/admin/disconnect: refuses invalid input", async () => {
  await using test = await createTestApp({ synced: true });
  for (
    const input of [{ data: "Delete" }, { data: null }, { date: "delete" }, {
      data: "delete",
      sure: true,
    }]
  ) {
    const { status, body } = await post(test, DISCONNECT, input);
    assert.deepEqual([status, body.reason], [400, "invalid_input"]);
  }
  assert.equal((await getStatus(test)).athletes[0].connected, true);
  assert.equal(countRequests(test, REVOKE), 0);
});

for (const data of ["keep", "delete"] as const) {
  Deno.test(`POST /strava/admin/disconnect: with ${data}, ends a running sync`, async () => {
    await using test = await createTestApp({
      synced: true,
      activities: createHistory(5),
    });
    test.strava.athletes.get(ATHLETE_ID)!.add({ start_date: toStart(NOW) });
    const requested = hangList(test);
    const refreshing = post(test, REFRESH);
    await requested;
    assert.equal((await post(test, DISCONNECT, { data })).status, 200);
    test.strava.faults.clear();
    const { status, body } = await refreshing;
    const expected = data === "delete"
      ? [404, "not_connected"]
      : [409, "reconnect_needed"];
    assert.deepEqual([status, body.reason], expected);
    await test.idle();
    const { sql } = test.deps;
    assert.equal((await sql`select from grants`).length, 0);
    const athletes = await sql`select revoked_at from athletes`;
    if (data === "delete") assert.equal(athletes.length, 0);
    else assert.ok(athletes[0]!["revoked_at"]);
    const lost = await sql`select from sync_state where run_id is not null`;
    assert.equal(lost.length, 0);
  });
}
