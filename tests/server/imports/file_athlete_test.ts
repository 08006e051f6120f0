import assert from "node:assert/strict";
import { insertUser, openBrowser } from "../../support/accounts.ts";
import { syncDueAthletes } from "../../../server/sync/run_sync.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import { runCommand } from "../../support/command.ts";
import {
  createFileAthlete,
  createFolder,
  createGpx,
  importPaths,
  readActivities,
} from "../../support/files.ts";
import { tcx, trackpoint } from "../recordings/xml_file.ts";

/** Creates an instance whose only athlete has files and no Strava. "Now" is in the year of the files. */
async function createImported(
  args: readonly string[] = ["--visibility=everyone"],
): Promise<{ test: TestApp; id: number } & AsyncDisposable> {
  const test = await createTestApp();
  test.clock.now = Date.UTC(2024, 4, 20, 12, 2);
  await using folder = await createFolder();
  const id = await createFileAthlete(test);
  for (const day of ["04", "05", "06"]) {
    await folder.write(
      `run_${day}.gpx`,
      createGpx(`2024-05-${day}T17:00:00Z`, { name: "Up &amp; down" }),
    );
  }
  await folder.write(
    "ride.tcx",
    tcx([{
      seconds: 3600,
      distance: 30_000,
      heartRate: [140, 170],
      points: [trackpoint(0), trackpoint(3600)],
    }]),
  );
  const { code, said } = await importPaths(test, folder.path, args);
  assert.equal(code, 0, said);
  return {
    test,
    id,
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

async function readJson(
  { get }: TestApp,
  path: string,
  { key = false } = {},
  // deno-lint-ignore no-explicit-any -- tests look into answers of many shapes
): Promise<any> {
  const response = await get(path, { key });
  assert.equal(response.status, 200, path);
  return await response.json();
}

Deno.test("an athlete without Strava: has figures as round as Strava's", async () => {
  await using created = await createImported();
  const { data } = await readJson(created.test, "/strava/activities");

  const decimals = (value: number): number =>
    String(value).split(".")[1]?.length ?? 0;
  assert.equal(data.length, 4);
  for (const activity of data) {
    assert.ok(activity.distance > 1000);
    assert.ok(decimals(activity.distance) <= 1, String(activity.distance));
    assert.ok(decimals(activity.total_elevation_gain) <= 1);
    assert.ok(decimals(activity.average_speed) <= 3);
    assert.ok(decimals(activity.max_speed) <= 3);
    assert.ok(decimals(activity.heart_rate.average ?? 0) <= 1);
  }
});

Deno.test("an athlete without Strava: gets every statistic from files", async () => {
  await using created = await createImported();
  const { test, id } = created;

  const ytd = await readJson(test, "/strava/stats/ytd");
  const list = await readJson(test, "/strava/activities");
  const records = await readJson(test, "/strava/stats/records");
  const load = await readJson(test, "/strava/stats/training-load");
  const longest = await readJson(test, "/strava/stats/longest-ride");

  assert.deepEqual(
    [ytd["data"]["run"]["count"], ytd["data"]["ride"]["distance"]],
    [3, 30_000],
  );
  assert.equal(list["total"], 4);
  assert.equal(list["data"][0]["name"], "Up & down");
  assert.ok(JSON.stringify(records).includes("30000"));
  assert.ok(load["data"]["days"] !== undefined);
  assert.ok(JSON.stringify(longest).includes("30000"));
  const [ride] = (await readActivities(test, id)).filter((each) =>
    each["sport_type"] === "Ride"
  );
  const detail = await readJson(test, `/strava/activities/${ride!["id"]}`, {
    key: true,
  });
  assert.equal(detail["id"], ride!["id"]);
  assert.equal(detail["map"], null);
  const own = await readJson(test, `/strava/activities?athlete=${id}`);
  assert.equal(own["total"], 4);
});

Deno.test("an athlete without Strava: has every route of the API in order", async () => {
  await using created = await createImported();
  const { test } = created;
  const { paths } = await readJson(test, "/openapi.json");
  const plain = Object.entries<{ get?: object }>(paths).filter((
    [path, { get }],
  ) =>
    get && path.startsWith("/strava/") && !path.includes("{") &&
    !/authorize|callback|connect|webhook|goal|compare|original/.test(path)
  ).map(([path]) => path);
  assert.ok(plain.length > 20);

  for (const path of plain) {
    const query = path.endsWith("/export") ? "?format=jsonl" : "";
    const response = await test.get(path + query, { key: true });
    const text = await response.text();

    assert.ok([200, 304].includes(response.status), `${path}: ${text}`);
  }
  const home = await test.get("/");
  assert.equal(home.status, 200);
  assert.match(await home.text(), /4 public activities stored/);
});

Deno.test("an athlete without Strava: shows no single activity to others by default", async () => {
  await using created = await createImported([]);
  const { test } = created;

  const others = await readJson(test, "/strava/activities");
  const owner = await readJson(test, "/strava/activities", { key: true });

  assert.deepEqual([others["total"], owner["total"]], [0, 4]);
});

Deno.test("an athlete without Strava: is left out by the hourly sync", async () => {
  await using created = await createImported();
  const { test } = created;

  await syncDueAthletes(test.deps);

  assert.deepEqual(test.strava.requests, []);
  assert.equal((await test.deps.sql`select from sync_runs`).length, 0);
});

Deno.test("an athlete without Strava: is not there before its first file", async () => {
  await using test = await createTestApp();
  await createFileAthlete(test);

  const response = await test.get("/strava/stats/ytd");

  assert.equal(response.status, 404);
  assert.equal((await response.json()).reason, "not_synced");
});

Deno.test("an athlete without Strava: does not take the place of the first Strava athlete", async () => {
  await using test = await createTestApp();
  // Two, because the only one of its owner would be joined.
  await createFileAthlete(test);
  await createFileAthlete(test);

  await test.connect();
  await test.idle();

  const rows = await test.deps.sql`select from athletes`;
  assert.equal(rows.length, 3);
});

Deno.test("athlete create: gives the athlete to a user, private and as the default", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const id = await createFileAthlete(test, ["--user=ada"]);
  await using folder = await createFolder();
  const path = await folder.write("a.gpx", createGpx("2024-05-04T08:00:00Z"));
  await importPaths(test, path);

  const browser = openBrowser(test);
  await browser.logIn();
  const anonymous = await test.get(`/strava/stats/totals?athlete=${id}`);
  const own = await browser.get("/strava/stats/totals");

  assert.equal(anonymous.status, 404);
  assert.equal(own.status, 200);
});

Deno.test("export and erase: include files and recordings", async () => {
  await using created = await createImported();
  const { test, id } = created;

  const exported = await runCommand(test, ["export", "--output=-"]);

  assert.equal(exported.code, 0, exported.said);
  const lines = exported.printed.trim().split("\n").map((line) =>
    JSON.parse(line)
  );
  const count = (kind: string): number =>
    lines.filter((line) => line.kind === kind).length;
  assert.deepEqual(
    [count("activity"), count("imported_file"), count("recording")],
    [4, 4, 4],
  );
  const file = lines.find((line) => line.kind === "imported_file");
  assert.match(file.data.original, /^\\x1f8b/);

  const erased = await runCommand(test, ["erase", "--yes", `--athlete=${id}`]);
  assert.equal(erased.code, 0, erased.said);
  for (
    const table of ["athletes", "activities", "imported_files", "recordings"]
  ) {
    const rows = await test.deps.sql`select from ${test.deps.sql(table)}`;
    assert.equal(rows.length, 0, table);
  }
});
