import assert from "node:assert/strict";
import { ATHLETE_ID, createTestApp, type TestApp } from "../../support/app.ts";
import { insertCaller, json } from "../../support/callers.ts";
import {
  change,
  createRide,
  importFile,
  listIds,
  readActivity,
  RIDE_FILE,
  RIDE_ID,
} from "../../support/edits.ts";
import { createFileAthlete } from "../../support/files.ts";

/** Tables that an athlete without Strava has no rows in, or whose rows each athlete gets by itself. */
const NOT_MOVED = [
  // Follow the activities by triggers.
  "activity_kinds",
  "activity_months",
  "audit_events",
  "full_sync_pages",
  "gear",
  "grants",
  "pending_deletions",
  "quarantined_activities",
  "strava_streams",
  "stream_fetches",
  "sync_runs",
  "sync_state",
  "webhook_events",
];

async function readAthletes({ deps }: TestApp): Promise<unknown[]> {
  const rows = await deps.sql`
    select id, visibility, is_default
    from athletes
    order by id
  `;
  return rows.map((row) => Object.values(row));
}

async function connect(test: TestApp, cookie?: string): Promise<void> {
  const url = await test.connect({ cookie });
  assert.equal(url.searchParams.get("strava"), "success");
  await test.idle();
}

Deno.test("connecting: joins the files that the owner has imported before", async () => {
  await using test = await createTestApp({ activities: [createRide()] });
  const ada = await insertCaller(test, "ada");
  const files = await createFileAthlete(test, ["--user=ada"]);
  await importFile(test, RIDE_FILE, [`--athlete=${files}`]);
  const [fileId] = await listIds(test);
  await change(test, "update", { ids: [fileId], set: { name: "Mine" } });
  const shared = await test.post("/api/athletes/visibility", {
    headers: { ...ada.headers, "content-type": "application/json" },
    body: JSON.stringify({ athlete: files, visibility: "link" }),
  });
  const { share_token: token } = await shared.json();
  for (
    const [path, body] of [
      ["update", { show_maps: true, hidden_start: 100, hidden_end: 200 }],
      ["zones/create", {
        name: "Home",
        latitude: 52.5,
        longitude: 13.4,
        radius: 300,
      }],
    ] as const
  ) {
    const response = await test.post(
      `/api/privacy/${path}`,
      json({ athlete: files, ...body }, ada.headers),
    );
    assert.equal(response.status, 200, await response.text());
  }

  await connect(test, ada.cookie);

  assert.deepEqual(await readAthletes(test), [[ATHLETE_ID, "link", true]]);
  assert.deepEqual(await listIds(test), [RIDE_ID]);
  const ride = await readActivity(test, RIDE_ID);
  assert.equal(ride.name, "Mine");
  assert.deepEqual(ride.heart_rate, { average: 140, max: 160 });
  const totals = await test.get("/strava/stats/records", { key: true });
  assert.match(await totals.text(), new RegExp(`"id":${RIDE_ID}\\b`));
  const privacy = await test.get("/api/privacy", { headers: ada.headers });
  const { zones, ...settings } = await privacy.json();
  assert.deepEqual(settings, {
    show_maps: true,
    hidden_start: 100,
    hidden_end: 200,
  });
  assert.equal(zones[0].name, "Home");
  const visitor = await test.get(`/strava/stats/totals?athlete=${token}`);
  assert.equal(visitor.status, 200);
  await visitor.body?.cancel();
});

Deno.test("connecting: leaves files alone if the owner has another athlete", async () => {
  await using test = await createTestApp({ activities: [createRide()] });
  const ids = [
    await createFileAthlete(test),
    await createFileAthlete(test),
  ].toSorted((a, b) => a - b);

  await connect(test);

  const athletes = await readAthletes(test);
  assert.deepEqual(
    athletes.map((each) => (each as number[])[0]),
    [ATHLETE_ID, ...ids],
  );
});

Deno.test("connecting: never takes the files of another owner", async () => {
  await using test = await createTestApp({ activities: [createRide()] });
  await insertCaller(test, "ada");
  const bob = await insertCaller(test, "bob");
  const files = await createFileAthlete(test, ["--user=ada"]);
  await importFile(test, RIDE_FILE, [`--athlete=${files}`]);

  await connect(test, bob.cookie);

  const rows = await test.deps.sql<{ athlete_id: number }[]>`
    select athlete_id from imported_files
  `;
  assert.deepEqual(rows.map(({ athlete_id }) => athlete_id), [files]);
});

Deno.test("connecting: waits with joining while files are uploaded", async () => {
  await using test = await createTestApp({ activities: [createRide()] });
  const files = await createFileAthlete(test);
  await test.deps.sql`
    insert into imports (athlete_id, name, state, time_zone, visibility, started_at)
    values (${files}, 'a.zip', 'importing', 'UTC', 'only_me', now())
  `;

  await connect(test);

  assert.equal((await readAthletes(test)).length, 2);
});

Deno.test("moveAthlete: knows every table of an athlete", async () => {
  await using test = await createTestApp();
  const tables = await test.deps.sql<{ name: string }[]>`
    select table_name as name
    from information_schema.columns
    join information_schema.tables using (table_schema, table_name)
    where column_name = 'athlete_id'
      and table_schema = current_schema()
      and table_type = 'BASE TABLE'
    order by table_name
  `;
  const source = await Deno.readTextFile(
    new URL("../../../db/imports/move_athlete.ts", import.meta.url),
  );

  const forgotten = tables.map(({ name }) => name).filter((name) =>
    !NOT_MOVED.includes(name) &&
    !new RegExp(`update ${name}\\s+set athlete_id`).test(source)
  );

  assert.ok(tables.length > 15);
  assert.deepEqual(forgotten, []);
});
