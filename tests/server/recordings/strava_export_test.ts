import assert from "node:assert/strict";
import { readArchive } from "../../../server/recordings/archive/read_archive.ts";
import {
  parseActivitiesCsv,
  TableRefused,
} from "../../../server/recordings/strava_export/activities_csv.ts";
import { parseExportDate } from "../../../server/recordings/strava_export/dates.ts";
import {
  findGear,
  indexGear,
  parseGearCsv,
  parseProfile,
} from "../../../server/recordings/strava_export/other_tables.ts";
import {
  joinExport,
  readStravaExport,
} from "../../../server/recordings/strava_export/read_strava_export.ts";
import { toStream, zipFile } from "./archive_file.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** Names of the first 40 columns, which include those that occur twice. */
const FIRST =
  "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,Athlete Weight,Bike Weight,Elapsed Time,Moving Time,Distance,Max Speed,Average Speed,Elevation Gain,Elevation Loss,Elevation Low,Elevation High,Max Grade,Average Grade,Average Positive Grade,Average Negative Grade,Max Cadence,Average Cadence,Max Heart Rate,Average Heart Rate,Max Watts,Average Watts,Calories,Max Temperature,Average Temperature,Relative Effort,Total Work,Number of Runs"
    .split(",");

/** Returns a table of `count` columns with the names that `rename` gives. */
function createTable(
  rows: readonly Readonly<Record<number, string>>[],
  { count = 103, rename = (name: string) => name } = {},
): Uint8Array {
  const names = Array.from(
    { length: count },
    (_, i) => i === count - 1 ? "Media" : FIRST[i] ?? `Column ${i}`,
  );
  const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const lines = rows.map((row) =>
    names.map((_, i) => quote(row[i] ?? "")).join(",")
  );
  return encode([names.map(rename).join(","), ...lines].join("\n") + "\n");
}

const RUN = {
  0: "7221340183",
  1: "May 29, 2022, 3:53:35 PM",
  2: 'Run, with "quotes"',
  3: "Run",
  4: "two\nlines",
  5: "1428",
  6: "3.32",
  9: "true",
  11: "Brooks Blue ones",
  12: "activities/12866632127.fit.gz",
  15: "1428.5",
  16: "1411.0",
  17: "3322.949951171875",
  20: "61.900001525878906",
};

Deno.test("parseActivitiesCsv: reads both columns of a name, quotes and lines", () => {
  const [run, ...rest] = parseActivitiesCsv(createTable([RUN]));

  assert.deepEqual(rest, []);
  assert.deepEqual(
    [run!.id, run!.name, run!.description, run!.filename],
    [7221340183, 'Run, with "quotes"', "two\nlines", RUN[12]],
  );
  assert.equal(run!.startedAt?.toISOString(), "2022-05-29T15:53:35.000Z");
  assert.equal(run!.sportType, "Run");
  // The shortest number with the same single-precision value.
  assert.equal(run!.distanceMetres, 3322.95);
  assert.equal(run!.ascentMetres, 61.9);
  assert.equal(run!.elapsedSeconds, 1428.5);
  assert.equal(run!.movingSeconds, 1411);
  assert.equal(run!.commute, true);
  assert.equal(run!.calories, null);
});

Deno.test("parseActivitiesCsv: reads a language that is not known by place", () => {
  for (const count of [86, 94, 99, 101, 103, 110]) {
    const [run] = parseActivitiesCsv(createTable([{
      ...RUN,
      1: "29 maju 2022, 15:53:35",
      3: "Kurado",
      6: "3,32",
      [count - 1]: "media/a.jpg|media/b.mp4",
    }], { count, rename: (name) => `Kolumno ${name.length}` }));

    assert.equal(run!.filename, RUN[12], String(count));
    assert.equal(run!.distanceMetres, 3322.95);
    assert.equal(run!.startedAt, null);
    assert.equal(run!.sportType, null);
    assert.equal(run!.typeInFile, "Kurado");
    assert.equal(run!.mediaCount, 2);
  }
});

Deno.test("parseActivitiesCsv: reads the forms of 2019 and 2020", () => {
  const [old] = parseActivitiesCsv(encode(
    "id,date,name,type,description,elapsed_time,distance,commute,gear,filename\n" +
      "1,2018-09-12 15:02:23,Run,Run,,1800,5012.3,false,,activities/1.gpx\n",
  ));
  assert.equal(old!.distanceMetres, 5012.3);
  assert.equal(old!.startedAt?.toISOString(), "2018-09-12T15:02:23.000Z");
  assert.equal(old!.filename, "activities/1.gpx");

  const marked = '"<span class=""translation_missing"">Activity ID</span>"';
  const [later] = parseActivitiesCsv(encode(
    `${marked},Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Relative Effort,Commute,Activity Gear,Filename,Elapsed Time,Distance\n` +
      '2,"Jan 2, 2020, 12:00:01 AM",Ride,Ride,,60,1.00,,false,,activities/2.fit.gz,60.0,1004.5\n',
  ));
  assert.equal(later!.distanceMetres, 1004.5);
  assert.equal(later!.startedAt?.toISOString(), "2020-01-02T00:00:01.000Z");

  // A short table in another language: the file is found by its form.
  const [foreign] = parseActivitiesCsv(encode(
    'a,b,c,d,e,f,g,h,i\n3,"2 jan. 2020, 10:00:00",Naam,Fietsrit,,60,1.00,,activities/3.gpx.gz\n',
  ));
  assert.equal(foreign!.filename, "activities/3.gpx.gz");
  assert.equal(foreign!.sportType, "Ride");
});

Deno.test("parseActivitiesCsv: takes the first distance only if it is kilometres", () => {
  const distance = (first: string) =>
    parseActivitiesCsv(createTable([{ ...RUN, 6: first, 17: "" }]))[0]!
      .distanceMetres;

  assert.equal(distance("9.44"), 9440);
  assert.equal(distance("9,44"), 9440);
  assert.equal(distance("1500"), null);
  assert.equal(distance(""), null);
});

Deno.test("parseActivitiesCsv: refuses other tables, reads an empty one", () => {
  assert.throws(() => parseActivitiesCsv(encode("")), TableRefused);
  assert.throws(() => parseActivitiesCsv(encode("a,b\n1,2\n")), TableRefused);
  assert.throws(() => parseActivitiesCsv(encode('a,"b\n1')), TableRefused);
  assert.deepEqual(parseActivitiesCsv(createTable([])), []);
  assert.deepEqual(parseActivitiesCsv(encode(FIRST.join(",") + "\n\n")), []);
});

Deno.test("parseExportDate: reads languages, refuses what it would have to guess", () => {
  const iso = "2022-12-09T15:24:49.000Z";
  for (
    const text of [
      "Dec 9, 2022, 3:24:49 PM",
      "Dec 9, 2022, 3:24:49\u202fPM",
      "9 Dec 2022, 15:24:49",
      "09.12.2022, 15:24:49",
      "9 déc. 2022, 15:24:49",
      "9 déc. 2022 à 15:24:49",
      "9 dic 2022, 15:24:49",
      "9 de dez. de 2022, 15:24:49",
      "9 dec. 2022, 15:24:49",
      "9. des. 2022, 15.24.49",
      "9 дек. 2022 г., 15:24:49",
      "2022年12月9日 15:24:49",
      "2022/12/09 15:24:49",
      "2022-12-09 15:24:49",
    ]
  ) assert.equal(parseExportDate(text)?.toISOString(), iso, text);
  const midnight = parseExportDate("May 1, 2022, 12:00:00 AM");
  assert.equal(midnight?.toISOString(), "2022-05-01T00:00:00.000Z");

  for (
    const text of [
      "",
      "9 blanu 2022, 15:24:49",
      "09/12/2022, 15:24:49",
      "31 Feb 2022, 15:24:49",
      "Dec 9, 2022",
      "9999999999",
    ]
  ) assert.equal(parseExportDate(text), null, text);
  assert.equal(
    parseExportDate("09/12/2022, 15:24:49", "day-month")?.toISOString(),
    iso,
  );
  assert.equal(
    parseExportDate("12/09/2022, 15:24:49", "month-day")?.toISOString(),
    iso,
  );
});

Deno.test("parseActivitiesCsv: learns the order of slashes from the whole column", () => {
  const dates = (list: readonly string[]) =>
    parseActivitiesCsv(createTable(list.map((date) => ({ ...RUN, 1: date }))))
      .map(({ startedAt }) => startedAt?.toISOString().slice(0, 10));

  assert.deepEqual(dates(["01/02/2022, 10:00:00", "13/02/2022, 10:00:00"]), [
    "2022-02-01",
    "2022-02-13",
  ]);
  assert.deepEqual(dates(["01/02/2022, 10:00:00"]), [undefined]);
});

Deno.test("findGear: matches a name with or without brand and model", () => {
  const all = [
    ...parseGearCsv(
      encode(
        'n,b,m,t\nWinter bike,Surly,Straggler,""\n"Race, fast",Canyon,,\n',
      ),
      "bike",
    ),
    ...parseGearCsv(
      encode(
        "n,b,m,t\nBlue ones,Brooks,Caldera 5,\n,New Balance,860v11,\n,,,\n",
      ),
      "shoes",
    ),
  ];

  const gear = indexGear(all);
  assert.equal(all.length, 4);
  assert.equal(findGear("Race, fast", gear)?.brand, "Canyon");
  assert.equal(findGear("brooks  blue ones", gear)?.name, "Blue ones");
  assert.equal(findGear("New Balance 860v11", gear)?.model, "860v11");
  assert.equal(findGear("Old bike", gear), undefined);
  assert.equal(findGear(null, gear), undefined);
});

Deno.test("parseProfile: reads training values and converts pounds", () => {
  const preferences = encode(
    'Date of Birth,Weight,Functional Threshold Power,Maximum Heartrate\n"Jan 1, 1990",154.3 lbs,250 W,190\n',
  );
  const profile = encode("Athlete ID,Email\n4242,a@example.org\n");

  assert.deepEqual(parseProfile({ profile, preferences }), {
    athleteId: 4242,
    weightKilograms: 154.3 * 0.45359237,
    thresholdPower: 250,
    maxHeartRate: 190,
  });
  assert.deepEqual(
    Object.values(parseProfile({ preferences: encode("a,b\n, kg\n") })),
    [null, null, null, null],
  );
});

Deno.test("readStravaExport: passes files on, counts media, joins by filename", async () => {
  const manual = { ...RUN, 0: "2", 12: "" };
  const lost = { ...RUN, 0: "3", 12: "activities/3.fit.gz" };
  const undated = { ...manual, 0: "4", 1: "29 maju 2022, 15:53:35" };
  for (const folder of ["", "export_42/"]) {
    const zip = zipFile([
      { name: `${folder}activities/12866632127.fit.gz`, data: encode("fit") },
      { name: `${folder}activities/9.gpx`, data: encode("gpx") },
      { name: `${folder}media/a.jpg`, data: encode("jpg"), stored: true },
      { name: `__MACOSX/${folder}activities/._9.gpx`, data: encode("x") },
      { name: `${folder}logins.csv`, data: encode("IP Address\n") },
      { name: `${folder}bikes.csv`, data: encode("n,b,m\nRed,,\n") },
      { name: `${folder}shoes.csv`, data: encode("n\n"), flags: 1 },
      {
        name: `${folder}activities.csv`,
        data: createTable([RUN, manual, lost, undated]),
      },
    ]);
    const seen: string[] = [];

    const result = await readStravaExport(
      readArchive(toStream(zip)),
      async ({ filename, bytes }) => {
        seen.push(`${filename}: ${new TextDecoder().decode(await bytes())}`);
      },
    );

    assert.deepEqual(seen, [
      "activities/12866632127.fit.gz: fit",
      "activities/9.gpx: gpx",
    ]);
    assert.equal(result.mediaCount, 1);
    assert.equal(result.ignoredCount, 2);
    assert.deepEqual(result.gear.map(({ name }) => name), ["Red"]);
    assert.deepEqual(
      result.problems.map(({ name, reason }) => [name, reason]),
      [[`${folder}shoes.csv`, "encrypted"]],
    );
    const joined = joinExport(result.activities!, result.filenames);
    assert.deepEqual(
      [...joined.byFilename].map(([name, { id }]) => [name, id]),
      [["activities/12866632127.fit.gz", 7221340183]],
    );
    assert.deepEqual(joined.manual.map(({ id }) => id), [2]);
    assert.deepEqual(joined.missing.map(({ id }) => id), [3]);
    assert.deepEqual(joined.undated.map(({ id }) => id), [4]);
    assert.deepEqual(joined.orphans, ["activities/9.gpx"]);
  }
});

Deno.test("readStravaExport: has no activities without a readable table", async () => {
  const read = async (data: Uint8Array | undefined) => {
    const zip = zipFile([
      { name: "readme.txt", data: encode("x") },
      ...(data ? [{ name: "activities.csv", data }] : []),
    ]);
    return await readStravaExport(readArchive(toStream(zip)), () => {});
  };

  assert.equal((await read(undefined)).activities, null);
  const broken = await read(encode("a,b\n"));
  assert.equal(broken.activities, null);
  assert.deepEqual(broken.problems.map(({ reason }) => reason), ["table"]);
});
