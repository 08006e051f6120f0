import assert from "node:assert/strict";
import { syncDueAthletes } from "../../../server/sync/run_sync.ts";
import { resolveValues } from "../../../server/athlete_values/resolve_values.ts";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../../support/app.ts";
import {
  importProfiles,
  listValues,
  postValue,
  setValue,
} from "../../support/athlete_values.ts";
import { runCommand } from "../../support/command.ts";
import { createFileAthlete } from "../../support/files.ts";
import { connectWithoutSync } from "../../support/sync.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

const FILES = [
  ["2024-05-01T08:00:00Z", { weight: 70, ftp: 250 }],
  ["2024-05-02T08:00:00Z", { weight: 70, ftp: 250 }],
  ["2024-05-03T08:00:00Z", { weight: 71.5, ftp: 250, restingHeartRate: 48 }],
  ["2024-05-04T08:00:00Z", { ftp: 260 }],
  ["2024-05-05T08:00:00Z", { weight: 70, ftp: 260 }],
] as const;

const FROM_FILES = [
  ["weight", "2024-05-01", 70, "file"],
  ["weight", "2024-05-03", 71.5, "file"],
  ["weight", "2024-05-05", 70, "file"],
  ["resting_heartrate", "2024-05-03", 48, "file"],
  ["ftp", "2024-05-01", 250, "file"],
  ["ftp", "2024-05-04", 260, "file"],
];

Deno.test("athleteValues.list: shows where the values of files change, in any order", async () => {
  await using test = await createTestApp();
  await createFileAthlete(test);

  await importProfiles(test, [2, 4, 0, 3, 1].map((i) => FILES[i]!));
  await importProfiles(test, FILES);

  assert.deepEqual(await listValues(test), FROM_FILES);
  assert.deepEqual(await listValues(test, "/valid?date=2024-05-04"), [
    FROM_FILES[1],
    FROM_FILES[3],
    FROM_FILES[5],
  ]);
});

Deno.test("athleteValues.list: ignores values in files that are out of range", async () => {
  await using test = await createTestApp();
  await createFileAthlete(test);

  await importProfiles(test, [
    ["2024-05-01T08:00:00Z", { weight: 5, restingHeartRate: 3, ftp: 5000 }],
    ["2024-05-02T08:00:00Z", { weight: 70 }],
    ["2024-05-03T08:00:00Z", { weight: 900 }],
    ["2024-05-04T08:00:00Z", { weight: 70 }],
  ]);

  assert.deepEqual(await listValues(test), [
    ["weight", "2024-05-02", 70, "file"],
  ]);
});

Deno.test("athleteValues.list: drops the values of a deleted activity's file", async () => {
  await using test = await createTestApp();
  await createFileAthlete(test);
  await importProfiles(test, FILES);
  const [activity] = await test.deps.sql<{ id: number }[]>`
    select id from activities where start_date_local::date = '2024-05-03'
  `;
  const send = (path: string) =>
    test.post(`/strava/activities/${path}`, {
      key: true,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ids: [activity!.id] }),
    });

  await send("delete");

  assert.deepEqual(await listValues(test, "?kind=weight"), [FROM_FILES[0]]);
  await send("restore");
  assert.deepEqual(await listValues(test), FROM_FILES);
});

Deno.test("athleteValues.set: outlasts files that repeat their old value", async () => {
  await using test = await createTestApp();
  await createFileAthlete(test);
  await importProfiles(test, FILES.slice(0, 1));

  await setValue(test, { kind: "ftp", date: "2024-05-02", value: 300 });
  await importProfiles(test, FILES.slice(1, 3));

  assert.deepEqual(await listValues(test, "/valid?date=2024-05-03"), [
    FROM_FILES[1],
    FROM_FILES[3],
    ["ftp", "2024-05-02", 300, "owner"],
  ]);
  await importProfiles(test, FILES.slice(3));
  assert.deepEqual(await listValues(test, "?kind=ftp"), [
    FROM_FILES[4],
    ["ftp", "2024-05-02", 300, "owner"],
    FROM_FILES[5],
  ]);
});

Deno.test("athleteValues.delete: brings the file's value of the date back", async () => {
  await using test = await createTestApp();
  await createFileAthlete(test);
  await importProfiles(test, FILES);
  const own = { kind: "weight", date: "2024-05-03", value: 69 };

  await setValue(test, own);

  const list = () => listValues(test, "?kind=weight");
  assert.deepEqual((await list())[1], ["weight", "2024-05-03", 69, "owner"]);
  await postValue(test, "delete", { kind: own.kind, date: own.date });
  assert.deepEqual(await list(), FROM_FILES.slice(0, 3));
});

Deno.test("reread: reads the values of files that an older version has imported", async () => {
  await using test = await createTestApp();
  await createFileAthlete(test);
  await importProfiles(test, FILES);
  await test.deps.sql`
    update recordings set parser_version = 2, profile = null, profile_at = null
  `;
  assert.deepEqual(await listValues(test), []);

  const { code, said } = await runCommand(test, ["reread"]);

  assert.equal(code, 0, said);
  assert.deepEqual(await listValues(test), FROM_FILES);
});

/** Creates an athlete who uses a bike, so that the schedule asks Strava for the profile. */
async function createScheduled(): Promise<TestApp> {
  const activity = createActivity({ id: 1, gear_id: "b1" }, ATHLETE_ID);
  const test = await createTestApp({ activities: [activity] });
  await connectWithoutSync(test);
  return test;
}

/** Sets the profile at Strava, and runs the sync of the next day. */
async function syncProfile(
  test: TestApp,
  profile: { weight: number | null; ftp: number | null },
): Promise<void> {
  Object.assign(test.strava.athletes.get(ATHLETE_ID)!.profile, profile);
  await syncDueAthletes(test.deps);
  test.clock.now += DAY_MS;
}

Deno.test("sync: stores the weight and the FTP of Strava's profile when they change", async () => {
  await using test = await createScheduled();

  await syncProfile(test, { weight: 70.30000305175781, ftp: 250 });
  await syncProfile(test, { weight: 70.30000305175781, ftp: 250 });
  await syncProfile(test, { weight: 71, ftp: null });
  await syncProfile(test, { weight: 5, ftp: 1e9 });

  assert.deepEqual(await listValues(test), [
    ["weight", "2026-11-20", 70.3, "strava"],
    ["weight", "2026-11-22", 71, "strava"],
    ["ftp", "2026-11-20", 250, "strava"],
  ]);
  const profiles = test.strava.requests.filter(({ path }) =>
    path === "/api/v3/athlete"
  );
  assert.equal(profiles.length, 4);
});

Deno.test("sync: forgets a value that changes back on the same day", async () => {
  await using test = await createScheduled();
  await syncProfile(test, { weight: 70, ftp: null });
  await syncProfile(test, { weight: 75, ftp: null });
  test.clock.now -= DAY_MS;
  await test.deps.sql`update gear set checked_at = 'epoch'`;
  await test.deps.sql`update sync_state set next_due_at = 'epoch'`;

  await syncProfile(test, { weight: 70, ftp: null });

  assert.deepEqual(await listValues(test), [
    ["weight", "2026-11-20", 70, "strava"],
  ]);
  const rows = await test.deps.sql`select from athlete_values`;
  assert.equal(rows.length, 1);
});

Deno.test("sync: replaces a value of a later day, after a journey to the west", async () => {
  await using test = await createScheduled();
  await syncProfile(test, { weight: 70, ftp: null });
  await syncProfile(test, { weight: 71, ftp: null });
  test.clock.now -= 2 * DAY_MS;
  await test.deps.sql`update gear set checked_at = 'epoch'`;
  await test.deps.sql`update sync_state set next_due_at = 'epoch'`;

  await syncProfile(test, { weight: 72, ftp: null });

  assert.deepEqual(await listValues(test), [
    ["weight", "2026-11-20", 70, "strava"],
    ["weight", "2026-11-21", 72, "strava"],
  ]);
});

Deno.test("athleteValues.list: prefers files to Strava, and the owner to both", async () => {
  await using test = await createScheduled();
  await syncProfile(test, { weight: 80, ftp: 200 });
  await importProfiles(test, [
    ["2026-11-20T08:00:00Z", { weight: 81, ftp: 210 }],
  ]);

  await setValue(test, { kind: "weight", date: "2026-11-20", value: 82 });

  assert.deepEqual(await listValues(test), [
    ["weight", "2026-11-20", 82, "owner"],
    ["ftp", "2026-11-20", 210, "file"],
  ]);
});

Deno.test("authorize: keeps the values of an athlete who had only files", async () => {
  await using test = await createTestApp();
  test.strava.athletes.get(ATHLETE_ID)!.profile.weight = 77;
  await createFileAthlete(test);
  await importProfiles(test, FILES);
  await setValue(test, { kind: "weight", date: "2024-06-01", value: 68 });

  await test.connect();
  await test.idle();

  assert.deepEqual(await listValues(test), [
    ...FROM_FILES.slice(0, 3),
    ["weight", "2024-06-01", 68, "owner"],
    ["weight", "2026-11-20", 77, "strava"],
    ...FROM_FILES.slice(3),
  ]);
  const [left] = await test.deps.sql<{ athletes: number[] }[]>`
    select array_agg(distinct athlete_id) as athletes from athlete_values
  `;
  assert.deepEqual(left!.athletes.map(Number), [ATHLETE_ID]);
});

Deno.test("resolveValues: leaves out what holds already, unless the owner set it", () => {
  const row = { kind: "weight", bounds: null } as const;
  const resolved = resolveValues({
    stored: [
      { ...row, date: "2026-01-02", source: "owner", value: 70 },
      { ...row, date: "2026-01-03", source: "strava", value: 70 },
      { ...row, date: "2026-01-04", source: "owner", value: 70 },
    ],
    profiles: [
      { date: "2026-01-01", profile: { weight: 71, height: 2 } },
      { date: "2026-01-01", profile: { weight: 72 } },
      { date: "2026-01-05", profile: { weight: 70 } },
    ],
  });

  assert.deepEqual(
    resolved.map(({ date, value, source }) => [date, value, source]),
    [
      ["2026-01-01", 72, "file"],
      ["2026-01-02", 70, "owner"],
      ["2026-01-04", 70, "owner"],
    ],
  );
});
