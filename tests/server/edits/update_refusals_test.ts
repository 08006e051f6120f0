import assert from "node:assert/strict";
import {
  change,
  createEditable,
  createRide,
  postJson,
  readActivity,
  RIDE_ID,
  syncFully,
} from "../../support/edits.ts";
import { createFileAthlete } from "../../support/files.ts";

const REFUSED: [body: object, reason: string][] = [
  [{ ids: [RIDE_ID] }, "invalid_input"],
  [{ ids: [], set: { name: "x" } }, "invalid_input"],
  [{ ids: [RIDE_ID, RIDE_ID], set: { name: "x" } }, "invalid_input"],
  [{ ids: [RIDE_ID], set: { name: " " } }, "invalid_input"],
  [{ ids: [RIDE_ID], set: { name: "two\nlines" } }, "invalid_input"],
  [{ ids: [RIDE_ID], set: { name: "x".repeat(501) } }, "invalid_input"],
  [{ ids: [RIDE_ID], set: { sport_type: "run'" } }, "invalid_input"],
  [{ ids: [RIDE_ID], set: { description: "\0" } }, "invalid_input"],
  [{ ids: [RIDE_ID], set: { visibility: "friends" } }, "invalid_input"],
  [{ ids: [RIDE_ID], set: { distance: 5 } }, "invalid_input"],
  [{ ids: [RIDE_ID], set: { name: "x" }, reset: ["name"] }, "invalid_input"],
  [{ ids: [RIDE_ID], reset: ["__proto__"] }, "invalid_input"],
  [{ ids: [RIDE_ID], set: { gear_id: "g77" } }, "gear_not_found"],
  [
    { ids: [RIDE_ID], set: { preferred_source: `strava:${RIDE_ID}` } },
    "source_not_found",
  ],
  [
    { ids: [RIDE_ID], set: { preferred_source: `${"0".repeat(64)}:0` } },
    "source_not_found",
  ],
];

Deno.test("activities.update: refuses what it cannot store, with the reason", async () => {
  await using test = await createEditable();
  await syncFully(test);
  for (const [body, reason] of REFUSED) {
    const { answer } = await postJson(test, "update", body);
    assert.equal(answer.reason, reason, JSON.stringify(body));
  }
  assert.equal((await readActivity(test, RIDE_ID)).name, "Ride at Strava");
});

Deno.test("activities.update: needs the athlete's owner", async () => {
  await using test = await createEditable();
  await syncFully(test);
  const body = JSON.stringify({ ids: [RIDE_ID], set: { name: "x" } });
  const response = await test.post("/strava/activities/update", {
    headers: { "content-type": "application/json" },
    body,
  });
  assert.equal(response.status, 401);
  await response.body?.cancel();
});

Deno.test("activities.update: does not reach another athlete's activity", async () => {
  await using test = await createEditable();
  await syncFully(test);
  const athlete = await createFileAthlete(test);

  const { answer } = await postJson(test, "update", {
    athlete,
    ids: [RIDE_ID],
    set: { name: "x" },
  });

  assert.equal(answer.reason, "activity_not_found");
});

Deno.test("activities.update: edits many at once, and two requests one after the other", async () => {
  const rides = Array.from({ length: 60 }, (_, i) =>
    createRide({
      id: 100 + i,
      start_date: new Date(Date.UTC(2024, 0, i + 1, 8)).toISOString(),
    }));
  await using test = await createEditable(rides);
  await syncFully(test);
  const ids = rides.map(({ id }) => id);

  await Promise.all([
    change(test, "update", { ids, set: { name: "A" } }),
    change(test, "update", { ids, set: { commute: true } }),
  ]);

  for (const id of ids.slice(0, 3)) {
    const { name, commute } = await readActivity(test, id);
    assert.deepEqual({ name, commute }, { name: "A", commute: true });
  }
});
