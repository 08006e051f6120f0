import assert from "node:assert/strict";
import { syncDueAthletes } from "../../../server/sync/run_sync.ts";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import type { Gear } from "../../../strava_simulator/types.ts";
import {
  API_KEY,
  ATHLETE_ID,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";
import { change } from "../../support/edits.ts";
import {
  createFileAthlete,
  createFolder,
  importPaths,
} from "../../support/files.ts";
import {
  createStravaExport,
  type ExportedRun,
  type GearRow,
} from "../../support/strava_export.ts";
import { upload } from "../../support/uploads.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

const SHOES: GearRow[] = [
  ["Blue ones", "Brooks", "Caldera 5"],
  ["", "New Balance", "860v11"],
  ["Spare", "Asics", "Nimbus"],
];
const BIKES: GearRow[] = [["Topstone", "Cannondale", "Carbon 4"]];
const RUNS: ExportedRun[] = [
  { id: 5_000_001, day: "2024-05-01", gear: "Brooks Blue ones" },
  { id: 5_000_002, day: "2024-05-02", gear: "blue  ones" },
  { id: 5_000_003, day: "2024-05-03", gear: "New Balance 860v11" },
  { id: 5_000_004, day: "2024-05-04", gear: "Topstone", isManual: true },
  { id: 5_000_005, day: "2024-05-05" },
];

/** Creates an instance whose only athlete has files and no Strava. */
async function createImporting(): Promise<TestApp> {
  const test = await createTestApp();
  test.clock.now = Date.UTC(2024, 4, 20, 12, 2);
  await createFileAthlete(test);
  return test;
}

/** Imports an export from the shell. Returns the summary. */
async function importExport(
  test: TestApp,
  content: Uint8Array,
  args: readonly string[] = [],
): Promise<string> {
  await using folder = await createFolder();
  const path = await folder.write("export_1.zip", content);
  const { code, said, printed } = await importPaths(test, path, args);
  assert.equal(code, 0, said);
  return printed;
}

/** Reads the gear statistic: id, name, brand, model, distance and number of activities. */
async function readGear({ get }: TestApp): Promise<unknown[][]> {
  const response = await get("/strava/stats/gear", { key: true });
  const { data } = await response.json();
  assert.equal(response.status, 200);
  return data.map((each: Record<string, unknown>) => [
    each["id"],
    each["name"],
    each["brand"],
    each["model"],
    each["distance"],
    each["count"],
  ]);
}

/** Reads the ids of all stored gear by their names. */
async function readIds(
  { deps: { sql } }: TestApp,
): Promise<Record<string, string>> {
  const rows = await sql<{ id: string; name: string | null }[]>`
    select id, coalesce(name, model_name) as name from gear order by id
  `;
  return Object.fromEntries(rows.map(({ id, name }) => [name, id]));
}

async function readActivityGear(
  { deps: { sql } }: TestApp,
): Promise<(string | null)[]> {
  const rows = await sql<{ id: string | null }[]>`
    select gear_id as id from activities order by start_date
  `;
  return rows.map(({ id }) => id);
}

Deno.test("import: stores the gear of Strava's bulk export and what it was used for", async () => {
  await using test = await createImporting();
  const content = createStravaExport(RUNS, { bikes: BIKES, shoes: SHOES });

  await importExport(test, content);

  const ids = await readIds(test);
  assert.deepEqual(Object.keys(ids).toSorted(), [
    "860v11",
    "Blue ones",
    "Spare",
    "Topstone",
  ]);
  assert.match(ids["Blue ones"]!, /^shoes_[\da-f]{16}$/);
  assert.match(ids["Topstone"]!, /^bike_[\da-f]{16}$/);
  const blue = ids["Blue ones"];
  assert.deepEqual(
    await readGear(test),
    [
      [blue, "Blue ones", "Brooks", "Caldera 5", 3600, 2],
      [
        ids["860v11"],
        "New Balance 860v11",
        "New Balance",
        "860v11",
        1800,
        1,
      ],
      [ids["Topstone"], "Topstone", "Cannondale", "Carbon 4", 1800, 1],
    ].toSorted((a, b) =>
      Number(b[4]) - Number(a[4]) || (a[0]! < b[0]! ? -1 : 1)
    ),
  );
  assert.match(await importExport(test, content), /0 imported, 5 unchanged/);
  assert.deepEqual(await readIds(test), ids);
});

Deno.test("import: gives gear the same ids over HTTP, in any language, on any instance", async () => {
  await using first = await createImporting();
  await using second = await createImporting();
  const tables = { bikes: BIKES, shoes: SHOES };
  await importExport(first, createStravaExport(RUNS, tables));
  const foreign = createStravaExport(RUNS, { ...tables, isForeign: true });

  const job = await upload(second, foreign, {
    headers: { "x-api-key": API_KEY },
  });

  assert.deepEqual(job.refusals, []);
  assert.deepEqual(await readIds(second), await readIds(first));
  assert.deepEqual(
    await readActivityGear(second),
    await readActivityGear(first),
  );
  assert.deepEqual(await readGear(second), await readGear(first));
});

Deno.test("import: a dry run stores no gear", async () => {
  await using test = await createImporting();
  const content = createStravaExport(RUNS, { bikes: BIKES, shoes: SHOES });

  await importExport(test, content, ["--dry-run"]);

  assert.deepEqual(await readIds(test), {});
});

Deno.test("import: takes gear that only activities name by its name", async () => {
  await using test = await createImporting();

  const tables = { bikes: [], shoes: [] };

  await importExport(test, createStravaExport(RUNS.slice(1, 3), tables));

  const ids = await readIds(test);
  assert.match(ids["blue  ones"]!, /^gear_/);
  assert.match(ids["New Balance 860v11"]!, /^gear_/);
  // The tables tell more, when they are there.
  const more = createStravaExport(RUNS.slice(1, 3), {
    bikes: [],
    shoes: SHOES,
  });
  assert.match(await importExport(test, more), /2 updated/);
  const known = await readIds(test);
  assert.deepEqual(await readActivityGear(test), [
    known["Blue ones"],
    known["860v11"],
  ]);
});

Deno.test("import: knows an activity without id and file when the tables of gear come", async () => {
  await using test = await createImporting();
  const entered = [{ ...RUNS[1]!, id: 0, isManual: true }];
  await importExport(test, createStravaExport(entered));

  const more = createStravaExport(entered, { shoes: SHOES });

  assert.match(await importExport(test, more), /0 imported, 1 updated/);
  const { "Blue ones": blue } = await readIds(test);
  assert.deepEqual(await readActivityGear(test), [blue]);
});

Deno.test("import: gives activities gear that were imported without it", async () => {
  await using test = await createImporting();
  const content = createStravaExport(RUNS, { bikes: BIKES, shoes: SHOES });
  await importExport(test, content);
  const expected = await readActivityGear(test);
  await test.deps.sql`update recordings set listed = listed - 'gear'`;
  await test.deps.sql`update activities set gear_id = null`;
  await test.deps.sql`delete from gear`;

  const printed = await importExport(test, content);

  assert.match(printed, /0 imported, 4 updated, 1 unchanged/);
  assert.deepEqual(await readActivityGear(test), expected);
  assert.equal((await readGear(test)).length, 3);
});

/** Cuts off an export in its shoes.csv, as a lost connection does. */
function cutOff(content: Uint8Array): Uint8Array {
  const at = new TextDecoder("latin1").decode(content).indexOf("shoes.csv");
  return content.slice(0, at + 20);
}

Deno.test("import: keeps the gear of activities if a table of gear is missing", async (t) => {
  const tables = { bikes: BIKES, shoes: SHOES };
  const whole = createStravaExport(RUNS, tables);
  const parts: Record<string, Uint8Array> = {
    "no tables": createStravaExport(RUNS),
    "no shoes": createStravaExport(RUNS, { bikes: BIKES }),
    "no bikes": createStravaExport(RUNS, { shoes: SHOES }),
    "cut off": cutOff(whole),
  };
  for (const [name, part] of Object.entries(parts)) {
    await t.step(name, async () => {
      await using test = await createImporting();
      await importExport(test, whole);
      const state = async () => [
        await readIds(test),
        await readActivityGear(test),
      ];
      const before = await state();

      const job = await upload(test, part, {
        headers: { "x-api-key": API_KEY },
      });

      assert.deepEqual([job["updated"], job["unchanged"]], [0, 5]);
      assert.deepEqual(await state(), before);
      if (name === "cut off") return;
      assert.match(await importExport(test, part), /0 imported, 5 unchanged/);
      assert.deepEqual(await state(), before);
      // Other changes are taken, and the gear stays.
      await test.deps.sql`update recordings set listed = listed - 'commute'`;
      assert.match(await importExport(test, part), /0 imported, 5 updated/);
      assert.deepEqual(await state(), before);
    });
  }
});

Deno.test("import: invents no gear until the tables come, and takes back what is gone", async () => {
  await using test = await createImporting();
  const tables = { bikes: BIKES, shoes: SHOES };
  await importExport(test, createStravaExport(RUNS));
  assert.deepEqual(await readIds(test), {});

  const whole = createStravaExport(RUNS, tables);
  assert.match(await importExport(test, whole), /4 updated, 1 unchanged/);
  const before = await readActivityGear(test);
  assert.equal(before.filter((id) => id !== null).length, 4);

  const { gear: _, ...bare } = RUNS[0]!;
  const changed = createStravaExport([bare, ...RUNS.slice(1)], tables);
  assert.match(await importExport(test, changed), /1 updated, 4 unchanged/);
  assert.deepEqual(await readActivityGear(test), [null, ...before.slice(1)]);
});

Deno.test("activities.update: accepts gear of a bulk export, also unused one", async () => {
  await using test = await createImporting();
  const content = createStravaExport(RUNS, { bikes: BIKES, shoes: SHOES });
  await importExport(test, content);
  const { Spare: spare } = await readIds(test);
  const [run] = await test.deps.sql<{ id: number }[]>`
    select id from activities order by start_date limit 1
  `;

  await change(test, "update", { ids: [run!.id], set: { gear_id: spare } });
  await importExport(test, content);

  assert.equal((await readActivityGear(test))[0], spare);
  const list = await test.get(`/strava/activities?gear_id=${spare}`, {
    key: true,
  });
  assert.equal((await list.json()).total, 1);
});

Deno.test("import: survives gear with odd names, and two imports at once", async () => {
  await using test = await createImporting();
  const odd: GearRow[] = [
    ["x".repeat(100_000), "a\0b", "\ud83d\udeb4"],
    ["'; drop table gear; --", '"', "\n"],
    ...Array.from({ length: 2000 }, (_, i): GearRow => [`Pair ${i}`, "", ""]),
  ];
  const runs = [
    { ...RUNS[0]!, gear: "'; drop table gear; -- " },
    { ...RUNS[1]!, gear: "\u202e\ud83d\udeb4" },
    { ...RUNS[2]!, gear: "y".repeat(100_000) },
  ];
  const content = createStravaExport(runs, { bikes: [], shoes: odd });

  await Promise.all([importExport(test, content), importExport(test, content)]);

  const gear = await readGear(test);
  assert.equal(gear.length, 3);
  assert.ok(gear.every(([, name]) => String(name).length <= 500));
  const rows = await test.deps.sql`select from gear`;
  assert.equal(rows.length, 1000 + 2);
});

/** Shoes or a bike at Strava. */
function createGear(id: string, gear: Partial<Gear>): Gear {
  return {
    id,
    primary: false,
    name: id,
    nickname: "",
    resource_state: 3,
    retired: false,
    distance: 0,
    converted_distance: 0,
    brand_name: "Brooks",
    model_name: "Caldera 5",
    description: null,
    ...gear,
  };
}

const BLUE = createGear("g1", {
  name: "Brooks Caldera 5 Blue ones",
  nickname: "Blue ones",
});

/** Connects the athlete to a Strava that has the first two runs, both with shoes g1. */
async function connectStrava(
  test: TestApp,
  shoes: readonly Gear[] = [BLUE],
): Promise<void> {
  const athlete = test.strava.athletes.get(ATHLETE_ID)!;
  athlete.profile.shoes = [...shoes];
  athlete.profile.bikes = [];
  for (const { id, day } of RUNS.slice(0, 2)) {
    athlete.activities.set(
      id,
      createActivity({
        id,
        start_date: `${day}T08:00:00Z`,
        distance: 1800,
        elapsed_time: 600,
        moving_time: 600,
        gear_id: shoes[0]!.id,
      }, ATHLETE_ID),
    );
  }
  await test.connect();
  await test.idle();
  await fetchNames(test);
  const others = test.strava.requests.filter(({ path }) =>
    path.includes("/gear/") && !/\/gear\/[bg]\d$/.test(path)
  );
  assert.deepEqual(others, [], "Strava is not asked for ids of files");
}

/** Runs the schedule, which fetches the names of gear. */
async function fetchNames(test: TestApp): Promise<void> {
  test.clock.now += DAY_MS;
  // Imports take the time of the machine, which is later.
  await test.deps.sql`update gear set checked_at = 'epoch'`;
  await syncDueAthletes(test.deps);
}

/** The second run is at Strava too, the third is only in the export. Both have the same shoes. */
const WITH_BLUE = [RUNS[1]!, { ...RUNS[2]!, gear: "Blue ones" }];

const JOINED = [
  ["g1", BLUE.name, "Brooks", "Caldera 5", 5400, 3],
];

Deno.test("sync: joins gear of a bulk export with the same gear of Strava", async () => {
  await using test = await createImporting();
  await importExport(test, createStravaExport(WITH_BLUE, { shoes: SHOES }));
  const ids = await readIds(test);
  const [, own] = await test.deps.sql<{ id: number }[]>`
    select id from activities order by start_date
  `;
  const blue = ids["Blue ones"];
  await change(test, "update", { ids: [own!.id], set: { gear_id: blue } });

  await connectStrava(test);

  assert.deepEqual(await readGear(test), JOINED);
  await change(test, "update", { ids: [own!.id], reset: ["gear_id"] });
  assert.deepEqual(await readGear(test), JOINED);
  await importExport(test, createStravaExport(WITH_BLUE, { shoes: SHOES }));
  const more = [{ ...RUNS[4]!, gear: "Brooks Blue ones" }];
  await importExport(test, createStravaExport(more, { shoes: SHOES }));
  assert.deepEqual(await readGear(test), [
    ["g1", BLUE.name, "Brooks", "Caldera 5", 7200, 4],
  ]);
});

Deno.test("import: joins gear with Strava's that was known before", async () => {
  await using test = await createTestApp();
  test.clock.now = Date.UTC(2024, 4, 20, 12, 2);
  await connectStrava(test);

  await importExport(test, createStravaExport(WITH_BLUE, { shoes: SHOES }));

  assert.deepEqual(await readGear(test), JOINED);
});

Deno.test("sync: keeps gear apart that has another kind, brand or name", async (t) => {
  const others: Record<string, Gear[]> = {
    "a bike": [createGear("b1", { ...BLUE, id: "b1" })],
    "another brand": [createGear("g1", { ...BLUE, brand_name: "Asics" })],
    "another model": [createGear("g1", { ...BLUE, model_name: "Caldera 6" })],
    "another name": [
      createGear("g1", { name: "Brooks Caldera 5 Red", nickname: "Red" }),
    ],
  };
  for (const [name, gear] of Object.entries(others)) {
    await t.step(name, async () => {
      await using test = await createImporting();
      await importExport(test, createStravaExport(WITH_BLUE, { shoes: SHOES }));

      await connectStrava(test, gear);

      const { "Blue ones": blue } = await readIds(test);
      assert.deepEqual(
        (await readGear(test)).map(([id, , , , distance]) => [id, distance]),
        [[gear[0]!.id, 3600], [blue, 1800]],
      );
    });
  }
});

Deno.test("sync: keeps gear apart that could be two pairs at Strava", async () => {
  await using test = await createTestApp();
  test.clock.now = Date.UTC(2024, 4, 20, 12, 2);
  const twin = createGear("g2", { ...BLUE, id: "g2" });
  test.strava.athletes.get(ATHLETE_ID)!.activities.set(
    9,
    createActivity({ id: 9, gear_id: "g2" }, ATHLETE_ID),
  );
  await connectStrava(test, [BLUE, twin]);

  await importExport(test, createStravaExport(WITH_BLUE, { shoes: SHOES }));

  const { "Blue ones": blue } = await readIds(test);
  assert.deepEqual((await readActivityGear(test)).toSorted(), [
    "g1",
    "g1",
    "g2",
    blue,
  ]);
});
