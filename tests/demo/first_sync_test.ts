import assert from "node:assert/strict";
import { followFirstSync } from "../../demo/first_sync.ts";
import { createHistory, createTestApp } from "../support/app.ts";

/** A progress bar that records its calls. */
function createBar(): {
  seen: (number | "end")[];
  update(done: number): void;
  end(): void;
} {
  const seen: (number | "end")[] = [];
  return {
    seen,
    update: (done) => void seen.push(done),
    end: () => void seen.push("end"),
  };
}

Deno.test("followFirstSync: shows the number of activities until the sync ends", async () => {
  await using test = await createTestApp({
    activities: createHistory(7),
    synced: true,
  });
  const bar = createBar();

  const problem = await followFirstSync(
    () => test.get("/strava/admin/status", { key: true }),
    bar,
  );

  assert.equal(problem, undefined);
  assert.deepEqual(bar.seen, [7, "end"]);
});

Deno.test("followFirstSync: reports a failed sync", async () => {
  await using test = await createTestApp();
  test.strava.faults.inject(
    { kind: "status", status: 400 },
    { path: "/api/v3/athlete/activities" },
  );
  await test.connect();
  await test.idle();

  const problem = await followFirstSync(
    () => test.get("/strava/admin/status", { key: true }),
    createBar(),
  );

  assert.equal(problem, "The first sync failed");
});

Deno.test("followFirstSync: gives up without a usable status", async () => {
  await using test = await createTestApp();
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${listener.addr.port}`;
  listener.close();

  const [refused, nobody] = await Promise.all([
    followFirstSync(() => test.get("/strava/admin/status"), createBar()),
    followFirstSync(() => fetch(url), createBar()),
  ]);

  assert.equal(
    refused,
    "The server does not say how far the first sync is: it answers 401",
  );
  assert.equal(
    nobody,
    "The server does not say how far the first sync is: no answer",
  );
});
