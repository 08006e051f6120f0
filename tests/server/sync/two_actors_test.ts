import assert from "node:assert/strict";
import {
  syncAthlete,
  syncDueAthletes,
  syncNow,
} from "../../../server/sync/run_sync.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  NOW,
} from "../../support/app.ts";
import {
  connectWithoutSync,
  createSpacedRuns,
  listPages,
  openSecondProcess,
} from "../../support/sync.ts";

const HOUR_MS = 60 * 60 * 1000;

Deno.test("syncNow: never returns an earlier run to four callers in two processes", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(20),
  });
  await using other = openSecondProcess(test);
  const options = { athleteId: ATHLETE_ID, trigger: "refresh" } as const;
  let earlier = 1;
  for (let round = 0; round < 6; round++) {
    test.clock.now += 60_000;

    const runs = await Promise.all(
      [test.deps, other.deps, test.deps, other.deps].map((deps) =>
        syncNow(deps, { ...options, waitMs: 20_000 })
      ),
    );

    const ids = runs.map((run) => run!.id);
    assert.ok(Math.min(...ids) > earlier, `${ids} after ${earlier}`);
    assert.ok(runs.every((run) => run!.status === "success"));
    earlier = Math.max(...ids);
  }
});

Deno.test("syncNow: returns the first run to three simultaneous callers", async () => {
  await using test = await createTestApp({ activities: createHistory(20) });
  await using other = openSecondProcess(test);
  await connectWithoutSync(test);
  const options = { athleteId: ATHLETE_ID, trigger: "refresh" } as const;

  const runs = await Promise.all(
    [test.deps, other.deps, test.deps].map((deps) =>
      syncNow(deps, { ...options, waitMs: 20_000 })
    ),
  );

  assert.ok(runs.every((run) => run?.status === "success"));
});

Deno.test("syncDueAthletes: syncs once for two processes on the same tick", async () => {
  await using test = await createTestApp({ activities: createHistory(5) });
  await using other = openSecondProcess(test);
  await connectWithoutSync(test);
  await syncAthlete(test.deps, { athleteId: ATHLETE_ID, trigger: "cron" });
  let hours = 0;
  // The clock runs, because a sync takes time: it ends after the tick.
  const now = (): number => NOW + hours * HOUR_MS + performance.now();
  const processes = [test.deps, other.deps].map((deps) => ({ ...deps, now }));
  for (hours = 1; hours <= 12; hours++) {
    test.strava.clearRequests();
    await Promise.all(processes.map((deps) => syncDueAthletes(deps)));
    assert.equal(listPages(test.strava).length, 1);
  }
});

Deno.test("GET /strava/callback: reconnecting during a full sync never deadlocks", async () => {
  await using test = await createTestApp({
    activities: createSpacedRuns(200, { stepDays: 2 }),
    strava: {
      limits: { short: 1e6, daily: 1e6, readShort: 1e6, readDaily: 1e6 },
    },
  });
  test.strava.faults.shortPages = 4;
  await test.connect();
  for (let time = 0; time < 25; time++) {
    assert.equal((await test.connect()).search, "?strava=success");
  }
  await test.idle();
  const errors = test.log.lines.filter(({ level }) => level === "error");
  assert.deepEqual(errors, []);
});
