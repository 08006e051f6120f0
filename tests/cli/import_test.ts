import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { runCommandLine } from "../../cli/command_line.ts";
import { toProgressLine, toSummary } from "../../cli/import/progress.ts";
import { createTestApp } from "../support/app.ts";
import {
  createFileAthlete,
  createFolder,
  createGpx,
  importPaths,
  readActivities,
} from "../support/files.ts";
import { runCommand } from "../support/command.ts";
import { zipEntry, zipFile } from "../server/recordings/archive_file.ts";
import { tcx, trackpoint } from "../server/recordings/xml_file.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("import: reads a folder with its folders, and leaves out other files", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  const id = await createFileAthlete(test);
  await folder.write("a.gpx", createGpx("2024-05-04T08:00:00Z"));
  await folder.write("2025/b.GPX", createGpx("2023-05-04T08:00:00Z"));
  await folder.write(
    "2025/c.gpx.gz",
    gzipSync(createGpx("2023-06-04T08:00:00Z")),
  );
  await folder.write("notes.txt", "not an activity");
  await folder.write(".hidden.gpx", createGpx("2024-05-04T08:00:00Z"));

  const { code, printed, said } = await importPaths(test, folder.path);

  assert.deepEqual([code, said], [0, ""]);
  assert.equal(
    printed,
    `Athlete ${id}, Ada: 3 imported, 0 unchanged, 0 refused; 2 other files left out\n`,
  );
  const activities = await readActivities(test, id);
  assert.deepEqual(
    activities.map((each) => each["start_date_local"]),
    ["2023-05-04T10:00:00", "2023-06-04T10:00:00", "2024-05-04T10:00:00"],
  );
  const [first] = activities;
  assert.deepEqual(
    { ...first, id: 0, distance: Math.round(Number(first!["distance"])) },
    {
      id: 0,
      source: "file",
      name: "Run",
      sport_type: "Run",
      start_date_local: "2023-05-04T10:00:00",
      distance: 1800,
      moving_time: 600,
      elapsed_time: 600,
      average_heartrate: null,
      visibility: "only_me",
    },
  );
  for (const each of activities) {
    const activityId = Number(each["id"]);
    assert.ok(activityId >= 2 ** 52 && activityId < 2 ** 53);
  }
});

Deno.test("import: changes nothing the second time, under another name too", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  const id = await createFileAthlete(test);
  const content = createGpx("2024-05-04T08:00:00Z");
  const path = await folder.write("a.gpx", content);
  await importPaths(test, path);
  const before = await readActivities(test, id);
  const [state] = await test.deps.sql`select * from sync_state`;
  await folder.write("b.gpx.gz", gzipSync(content));

  const { code, printed } = await importPaths(test, folder.path);

  assert.equal(code, 0);
  assert.match(printed, /: 0 imported, 2 unchanged, 0 refused$/m);
  assert.deepEqual(await readActivities(test, id), before);
  const [after] = await test.deps.sql`select * from sync_state`;
  assert.deepEqual(after, state);
});

Deno.test("import: gives the same ids on another instance", async () => {
  await using folder = await createFolder();
  const path = await folder.write("a.gpx", createGpx("2024-05-04T08:00:00Z"));
  const ids: unknown[] = [];
  for (let i = 0; i < 2; i++) {
    await using test = await createTestApp();
    const athlete = await createFileAthlete(test);
    await importPaths(test, path);
    const [activity] = await readActivities(test, athlete);
    ids.push(activity!["id"]);
  }

  assert.equal(ids[0], ids[1]);
});

Deno.test("import: refuses bad files with their reasons and imports the others", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  const id = await createFileAthlete(test);
  await folder.write("1.gpx", createGpx("2024-05-04T08:00:00Z"));
  await folder.write("2.gpx", "");
  await folder.write("3.fit", "no FIT file");
  await folder.write("4.gpx", '<?xml version="1.0"?><gpx><trk>');
  await folder.write("5.gpx.gz", new Uint8Array([0x1f, 0x8b, 8, 0]));
  await folder.write("6.gpx", createGpx("2024-05-05T08:00:00Z"));

  const { code, printed } = await importPaths(test, folder.path);

  assert.equal(code, 1);
  assert.match(printed, /^Refused 2\.gpx: The file is empty$/m);
  assert.match(printed, /^Refused 3\.fit: The file is not a FIT, GPX or TCX/m);
  assert.match(printed, /^Refused 4\.gpx: The file is damaged or incomplete/m);
  assert.match(printed, /^Refused 5\.gpx\.gz: The file is damaged/m);
  assert.match(printed, /: 2 imported, 0 unchanged, 4 refused$/m);
  assert.equal((await readActivities(test, id)).length, 2);
});

Deno.test("import: stores nothing in a dry run and says what would happen", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  const id = await createFileAthlete(test);
  await importPaths(
    test,
    await folder.write("a.gpx", createGpx("2024-05-04T08:00:00Z")),
  );
  const before = await readActivities(test, id);
  await folder.write("b.gpx", createGpx("2024-05-06T08:00:00Z"));
  await folder.write("c.gpx", createGpx("2024-05-04T08:00:10Z"));

  const { code, printed } = await importPaths(test, folder.path, ["--dry-run"]);

  assert.equal(code, 0);
  assert.match(printed, /^Dry run, nothing is stored\. Athlete/m);
  assert.match(printed, /: 1 imported, 1 merged, 1 unchanged, 0 refused$/m);
  assert.deepEqual(await readActivities(test, id), before);
});

Deno.test("import: keeps the file, or not with KEEP_ORIGINALS=false", async () => {
  await using folder = await createFolder();
  const content = createGpx("2024-05-04T08:00:00Z");
  const path = await folder.write("a.gpx", content);
  for (const keeps of [true, false]) {
    await using test = await createTestApp({
      env: { KEEP_ORIGINALS: String(keeps) },
    });
    await createFileAthlete(test);
    await importPaths(test, path);

    const [file] = await test.deps.sql`select * from imported_files`;

    assert.deepEqual(
      [file!["kind"], file!["name"], file!["size"]],
      ["gpx", "a.gpx", content.length],
    );
    assert.deepEqual(
      new Uint8Array(file!["content_hash"]),
      new Uint8Array(createHash("sha256").update(content).digest()),
    );
    const original = file!["original"] &&
      new TextDecoder().decode(gunzipSync(file!["original"]));
    assert.equal(original, keeps ? content : null);
  }
});

Deno.test("import: reads an archive in a folder, and what comes before its damage", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  const id = await createFileAthlete(test);
  const archive = zipFile([1, 2, 3].map((day) =>
    zipEntry({
      name: `rides/${day}.gpx`,
      data: encode(createGpx(`2024-05-0${day}T08:00:00Z`, { type: "Ride" })),
    })
  ));
  await folder.write("whole.zip", archive);
  await folder.write("cut.zip", archive.slice(0, archive.length / 2));

  const { code, printed } = await importPaths(test, folder.path);

  assert.equal(code, 1);
  assert.match(
    printed,
    /^Refused cut\.zip: rides\/2\.gpx: The entry is damaged$/m,
  );
  assert.match(printed, /^Refused cut\.zip: The archive is damaged/m);
  assert.match(printed, /: 3 imported, 1 unchanged, 2 refused$/m);
  assert.equal((await readActivities(test, id)).length, 3);
});

Deno.test("import: merges two files of one activity by documented precedence", async () => {
  await using folder = await createFolder();
  const files = {
    "watch.gpx": createGpx("2024-05-04T08:00:00Z", {
      type: "Ride",
      name: "Over the hill",
    }),
    "head_unit.tcx": tcx([{
      seconds: 590,
      distance: 1812,
      heartRate: [140, 160],
      points: [trackpoint(0), trackpoint(590)],
    }]),
  };
  const results: unknown[] = [];
  for (const names of [Object.keys(files), Object.keys(files).toReversed()]) {
    await using test = await createTestApp();
    const id = await createFileAthlete(test);
    for (const name of names) {
      const path = await folder.write(
        name,
        files[name as keyof typeof files],
      );
      await importPaths(test, path);
    }
    const activities = await readActivities(test, id);
    results.push(activities.map(({ id: _, ...rest }) => rest));
    const recordings = await test.deps.sql`select from recordings`;
    assert.equal(recordings.length, 2);
  }

  assert.deepEqual(results[0], results[1]);
  assert.deepEqual(results[0], [{
    source: "file",
    name: "Over the hill",
    sport_type: "Ride",
    start_date_local: "2024-05-04T08:00:00",
    distance: 1812,
    moving_time: 590,
    elapsed_time: 590,
    average_heartrate: 140,
    visibility: "only_me",
  }]);
});

Deno.test("import: keeps activities apart that only touch, or differ in sport", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  const id = await createFileAthlete(test);
  await folder.write("1.gpx", createGpx("2024-05-04T08:00:00Z"));
  await folder.write("2.gpx", createGpx("2024-05-04T08:03:00Z"));
  await folder.write(
    "3.gpx",
    createGpx("2024-05-04T08:00:00Z", { type: "Ride" }),
  );

  const { printed } = await importPaths(test, folder.path);

  assert.match(printed, /: 3 imported, 0 unchanged/);
  assert.equal((await readActivities(test, id)).length, 3);
});

Deno.test("import: joins two parts with the file of the whole, in any order", async () => {
  await using folder = await createFolder();
  const files = [
    createGpx("2024-05-04T08:00:00Z", { points: 181 }),
    createGpx("2024-05-04T08:00:00Z", { points: 61 }),
    createGpx("2024-05-04T08:20:00Z", { points: 61 }),
  ];
  for (const order of [[0, 1, 2], [1, 2, 0], [2, 0, 1]]) {
    await using test = await createTestApp();
    const id = await createFileAthlete(test);
    for (const i of order) {
      await importPaths(test, await folder.write(`${i}.gpx`, files[i]!));
    }

    const activities = await readActivities(test, id);

    assert.deepEqual(
      activities.map((each) => each["elapsed_time"]),
      [1800],
      String(order),
    );
  }
});

for (
  const [reason, args, sentence] of [
    ["no path", ["import"], /expected|argument/i],
    ["an unknown zone", ["import", "a", "--time-zone=Moon"], /time zone/],
    ["an unknown visibility", ["import", "a", "--visibility=all"], /everyone/],
  ] as const
) {
  Deno.test(`import: explains a command line with ${reason}`, async () => {
    let said = "";

    const code = await runCommandLine(args, {
      execute: () => Promise.reject(new Error("not a valid command")),
      say: (line) => said += `${line}\n`,
    });

    assert.equal(code, 2);
    assert.match(said, sentence);
    assert.match(said, /^ {2}deno task paceline import .*<path>\.\.\.$/m);
  });
}

Deno.test("import: explains a missing path, a missing athlete and an empty folder", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();

  const nobody = await importPaths(test, folder.path);
  const dry = await importPaths(test, folder.path, ["--dry-run"]);
  const id = await createFileAthlete(test);
  const missing = await importPaths(test, `${folder.path}/none.fit`);
  const empty = await importPaths(test, folder.path);
  const other = await importPaths(test, folder.path, ["--athlete=7"]);

  assert.deepEqual(
    [nobody.code, dry.code, missing.code, empty.code, other.code],
    [1, 1, 1, 1, 1],
  );
  assert.match(nobody.said, /no FIT, GPX or TCX file/);
  assert.match(dry.said, /no athlete.*\n.*athlete create --name/);
  assert.match(missing.said, /Cannot read ".*none\.fit": there is no such/);
  assert.match(empty.said, /no FIT, GPX or TCX file/);
  assert.match(other.said, new RegExp(`no athlete 7\\b.*\\n.*${id}`));
});

Deno.test("athlete create: refuses a blank name and an unknown user", async () => {
  await using test = await createTestApp();

  const blank = await runCommand(test, ["athlete", "create", "--name= "]);
  const unknown = await runCommand(test, [
    "athlete",
    "create",
    "--name=Ada",
    "--user=nobody",
  ]);

  assert.deepEqual([blank.code, unknown.code], [1, 1]);
  assert.match(blank.said, /must not be blank/);
  assert.match(unknown.said, /no user "nobody"/);
  assert.equal((await test.deps.sql`select from athletes`).length, 0);
});

Deno.test("toProgressLine: says the rate and the time that is left", () => {
  const cases = [
    [500, 2000, 10, "500 of 2000 files, 50 a second, 30 s left"],
    [3, 2000, 2, "3 of 2000 files, 1.5 a second, 23 min left"],
    [0, 10, 3, "0 of 10 files"],
    [12, 10, 3, "12 of 12 files, 4.0 a second, 0 s left"],
  ] as const;
  for (const [done, total, seconds, line] of cases) {
    assert.equal(toProgressLine({ done, total, seconds }), line);
  }
});

Deno.test("toSummary: leaves out results that are rare", () => {
  const counts = {
    imported: 2,
    merged: 0,
    updated: 0,
    unchanged: 1,
    refused: 0,
  };

  assert.equal(toSummary(counts), "2 imported, 1 unchanged, 0 refused");
  assert.equal(
    toSummary({ ...counts, merged: 3 }),
    "2 imported, 3 merged, 1 unchanged, 0 refused",
  );
});

Deno.test("import: creates the athlete of an empty instance, and only one", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  await folder.write("a.gpx", createGpx("2024-05-04T08:00:00Z"));

  const first = await importPaths(test, folder.path);
  const again = await importPaths(test, folder.path);

  assert.match(first.printed, /^Athlete \d{16}, Athlete: 1 imported/m);
  assert.match(again.printed, /1 unchanged/);
  const [row] = await test.deps.sql<{ count: number }[]>`
    select count(*)::int as count from athletes
  `;
  assert.equal(row!.count, 1);
});
