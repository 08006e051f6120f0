import assert from "node:assert/strict";
import { createActivity } from "../../strava_simulator/fixtures.ts";
import { zipEntry, zipFile } from "../server/recordings/archive_file.ts";
import { tcx, trackpoint } from "../server/recordings/xml_file.ts";
import { ATHLETE_ID, createTestApp } from "../support/app.ts";
import {
  createFileAthlete,
  createFolder,
  createGpx,
  importPaths,
  readActivities,
} from "../support/files.ts";
import { connectWithoutSync, sync } from "../support/sync.ts";

const encode = (text: string) => new TextEncoder().encode(text);

const HEADER =
  "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,Athlete Weight,Bike Weight,Elapsed Time,Moving Time,Distance,Max Speed,Average Speed,Elevation Gain";

/** Returns the first columns of a row. */
function row(
  { id, date, name, type = "Ride", file = "", seconds = 590, metres = 1790 }: {
    id: number;
    date: string;
    name: string;
    type?: string;
    file?: string;
    seconds?: number;
    metres?: number;
  },
): string {
  return [
    id,
    `"${date}"`,
    `"${name}"`,
    type,
    "",
    seconds,
    metres / 1000,
    "",
    33,
    "true",
    "",
    "",
    file,
    "",
    "",
    seconds.toFixed(1),
    seconds.toFixed(1),
    metres.toFixed(1),
    "9.5",
    "",
    "12.0",
  ].join(",");
}

const RIDE = {
  id: 5_000_001,
  date: "May 4, 2024, 8:00:00 AM",
  name: "Named at Strava",
  file: "activities/111.tcx.gz",
};
const RUN = {
  id: 5_000_002,
  date: "May 5, 2024, 8:00:00 AM",
  name: "Run at Strava",
  type: "Run",
  file: "activities/222.gpx",
};
const MANUAL = {
  id: 5_000_003,
  date: "May 6, 2024, 8:00:00 AM",
  name: "By hand",
  type: "Swim",
  seconds: 1800,
  metres: 1500,
};

/** Returns a bulk export as Strava packs it: the files come before the tables. */
function createExport(rows: readonly string[]): Uint8Array {
  const ride = tcx([{
    seconds: 590,
    distance: 1812,
    points: [trackpoint(0), trackpoint(590)],
  }]);
  return zipFile([
    { name: "activities/111.tcx.gz", data: encode(`  ${ride}`) },
    {
      name: "activities/222.gpx",
      data: encode(createGpx("2024-05-05T08:00:00Z")),
    },
    { name: "media/photo.jpg", data: encode("a photo") },
    {
      name: "activities.csv",
      data: encode([HEADER, ...rows].join("\n") + "\n"),
    },
  ].map(zipEntry));
}

const columns = (activity: Record<string, unknown>) => [
  activity["source"],
  activity["name"],
  activity["sport_type"],
  activity["distance"],
  activity["elapsed_time"],
];

Deno.test("import: reads Strava's bulk export with names and activities entered by hand", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  const id = await createFileAthlete(test);
  const path = await folder.write(
    "export_1.zip",
    createExport([row(RIDE), row(RUN), row(MANUAL)]),
  );

  const { code, printed } = await importPaths(test, path);

  assert.equal(code, 0, printed);
  assert.match(printed, /: 3 imported, 0 unchanged, 0 refused; 2 other files/);
  const activities = await readActivities(test, id);
  const [ride, run, manual] = activities.map(columns);
  // The device's own distance, since it states one.
  assert.deepEqual(ride, ["file", "Named at Strava", "Ride", 1812, 590]);
  // The GPX file states none, so Strava's counts.
  assert.deepEqual(run, ["file", "Run at Strava", "Run", 1790, 590]);
  assert.deepEqual(manual, ["file", "By hand", "Swim", 1500, 1800]);
  const [first] = await test.deps.sql`
    select commute, suffer_score, manual, total_elevation_gain
    from activities
    where name = 'By hand'
  `;
  assert.deepEqual({ ...first }, {
    commute: true,
    suffer_score: 33,
    manual: true,
    total_elevation_gain: 12,
  });
});

Deno.test("import: takes later edits from a newer bulk export, and nothing else twice", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  const id = await createFileAthlete(test);
  const path = await folder.write(
    "export_1.zip",
    createExport([row(RIDE), row(RUN), row(MANUAL)]),
  );
  await importPaths(test, path);

  const again = await importPaths(test, path);
  const newer = await importPaths(
    test,
    await folder.write(
      "export_2.zip",
      createExport([
        row({ ...RIDE, name: "Renamed" }),
        row(RUN),
        row({ ...MANUAL, metres: 2000 }),
      ]),
    ),
  );

  assert.match(again.printed, /: 0 imported, 3 unchanged, 0 refused/);
  assert.match(
    newer.printed,
    /: 0 imported, 2 updated, 1 unchanged, 0 refused/,
  );
  const activities = await readActivities(test, id);
  assert.deepEqual(
    activities.map((each) => [each["name"], each["distance"]]),
    [["Renamed", 1812], ["Run at Strava", 1790], ["By hand", 2000]],
  );
});

Deno.test("import: a bulk export and the API give each activity once, in both orders", async () => {
  await using folder = await createFolder();
  const path = await folder.write(
    "export_1.zip",
    createExport([row(RIDE), row(RUN), row(MANUAL)]),
  );
  const atStrava = [
    // Strava's id decides, although the times and the sport were edited.
    createActivity({
      id: RIDE.id,
      sport_type: "Walk",
      start_date: "2024-05-03T08:00:00Z",
    }, ATHLETE_ID),
    createActivity({
      id: RUN.id,
      start_date: "2024-05-05T08:00:00Z",
      elapsed_time: 590,
    }, ATHLETE_ID),
    createActivity({
      id: MANUAL.id,
      sport_type: "Swim",
      start_date: "2024-05-06T08:00:00Z",
    }, ATHLETE_ID),
    // The same ride by a second device, which Strava keeps apart.
    createActivity({
      id: 5_000_009,
      sport_type: "Ride",
      start_date: "2024-05-04T08:00:00Z",
      elapsed_time: 590,
    }, ATHLETE_ID),
  ];
  const results: unknown[] = [];
  for (const isFileFirst of [true, false]) {
    await using test = await createTestApp({ activities: atStrava });
    await connectWithoutSync(test);
    if (isFileFirst) await importPaths(test, path);
    await sync(test);
    if (!isFileFirst) await importPaths(test, path);

    const activities = await readActivities(test, ATHLETE_ID);

    assert.deepEqual(
      activities.map((each) => each["id"]),
      [RIDE.id, 5_000_009, RUN.id, MANUAL.id],
      `file first: ${isFileFirst}`,
    );
    const recordings = await test.deps.sql`
      select activity_id from recordings order by activity_id
    `;
    assert.deepEqual(
      recordings.map((each) => each["activity_id"]),
      [RIDE.id, RUN.id, MANUAL.id],
    );
    results.push(activities);
  }
  assert.deepEqual(results[0], results[1]);
});

Deno.test("import: keeps apart what a bulk export names as two activities", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  const id = await createFileAthlete(test);
  // Two devices of the same hour, both at Strava.
  const first = createGpx("2024-05-05T08:00:00Z");
  const second = createGpx("2024-05-05T08:00:01Z");
  await folder.write("activities/222.gpx", first);
  await folder.write("activities/223.gpx", second);
  await folder.write(
    "activities.csv",
    [
      HEADER,
      row(RUN),
      row({ ...RUN, id: 5_000_004, file: "activities/223.gpx" }),
    ].join("\n"),
  );

  const { printed } = await importPaths(test, folder.path);

  assert.match(printed, /: 2 imported, 0 unchanged/);
  assert.equal((await readActivities(test, id)).length, 2);
});

Deno.test("import: refuses rows without a readable date, and files that are not there", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  await createFileAthlete(test);
  const path = await folder.write(
    "export_1.zip",
    createExport([
      row(RIDE),
      row({ ...RUN, file: "activities/333.fit.gz" }),
      row({ ...MANUAL, date: "someday, 8:00" }),
    ]),
  );

  const { code, printed } = await importPaths(test, path);

  assert.equal(code, 1);
  assert.match(
    printed,
    /^Refused activities\/333\.fit\.gz: .*activities\.csv/m,
  );
  assert.match(printed, /^Refused activities\.csv, row 3: The date/m);
  assert.match(printed, /: 2 imported, 0 unchanged, 2 refused/);
});

Deno.test("import: reads an unpacked bulk export like the archive", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  const id = await createFileAthlete(test);
  await folder.write(
    "export_1/activities/222.gpx",
    createGpx("2024-05-05T08:00:00Z"),
  );
  await folder.write(
    "export_1/activities.csv",
    [HEADER, row(RUN)].join("\n"),
  );

  const { code } = await importPaths(test, folder.path);

  assert.equal(code, 0);
  const [run] = await readActivities(test, id);
  assert.equal(run!["name"], "Run at Strava");
});
