import assert from "node:assert/strict";
import { applyRetention } from "../../server/retention.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../support/app.ts";
import { LIST, sync } from "../support/sync.ts";

/** Every token so far, plain and sealed. */
async function readTokens({ deps: { sql, seal } }: TestApp): Promise<string[]> {
  const rows = await sql`select access_token, refresh_token from grants`;
  const tokens: string[] = [];
  for (const row of rows) {
    for (const column of ["access_token", "refresh_token"] as const) {
      const sealed = row[column];
      const context = { athleteId: ATHLETE_ID, column };
      tokens.push(sealed, await seal.open(sealed, context));
    }
  }
  return tokens;
}

Deno.test("log: contains an athlete's id and no other personal data", async () => {
  const activities = createHistory(20).map((activity) => ({
    ...activity,
    name: `Loop past number ${activity.id} Elm Street`,
  }));
  await using test = await createTestApp({
    activities,
    env: { STRAVA_RETENTION: "7" },
  });
  await test.connect();
  await test.idle();
  const tokens = await readTokens(test);
  const { athletes, faults } = test.strava;
  const { profile, activities: atStrava } = athletes.get(ATHLETE_ID)!;
  const [first] = [...atStrava.values()];

  for (const path of ["stats/ytd", "activities", "activities?limit=nine"]) {
    await test.get(`/strava/${path}`);
  }
  // Values that Strava should not send and the database should refuse.
  atStrava.set(first!.id, { ...first!, distance: "far" as never });
  await sync(test);
  faults.inject({ kind: "status", status: 500 }, { path: LIST });
  await sync(test);
  faults.clear();
  await test.deps.sql`
    alter table activities add check (name not like 'Moved%') not valid
  `;
  for (const [id, activity] of atStrava) {
    atStrava.set(id, { ...activity, name: "Moved to Elm Street" });
  }
  await sync(test);
  test.clock.now += 8 * 24 * 60 * 60 * 1000;
  await applyRetention(test.deps);
  await test.post("/strava/admin/disconnect", { key: true });

  const text = test.log.text();
  assert.match(text, /Sync succeeded/);
  assert.match(text, /cannot be stored/);
  assert.match(text, /violates check constraint/);
  assert.match(text, /dropped raw JSON/);
  assert.ok(text.includes(String(ATHLETE_ID)));
  const personal = [
    profile.firstname,
    profile.lastname,
    profile.city,
    "Elm Street",
    ...tokens,
    ...activities.flatMap(({ map }) => map.summary_polyline || []),
  ];
  assert.ok(tokens.length === 4 && personal.length > 10);
  for (const piece of personal) {
    assert.ok(typeof piece === "string" && piece.length > 2);
    assert.ok(!text.includes(piece), `The log has "${piece}"`);
  }
});
