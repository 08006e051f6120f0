import assert from "node:assert/strict";
import { createTestApp, type TestApp } from "../support/app.ts";
import {
  createFileAthlete,
  createFolder,
  createGpx,
  importPaths,
  readActivities,
} from "../support/files.ts";
import { LAUNCH, startProgram, toSettings } from "../support/program.ts";
import { until } from "../support/sync.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const FILES = 60;

/** Runs the launcher in a folder, as a task does that was called there. */
async function runLauncher(
  { config }: TestApp,
  { args, folder }: { args: string[]; folder: string },
): Promise<{ code: number; text: string }> {
  const output = await new Deno.Command(Deno.execPath(), {
    args: [...LAUNCH, ...args],
    env: {
      ENVIRONMENT: "development",
      ...toSettings(config),
      INIT_CWD: folder,
      NO_COLOR: "1",
    },
  }).output();
  const decoder = new TextDecoder();
  const [text, errors] = [output.stdout, output.stderr].map((bytes) =>
    decoder.decode(bytes)
  );
  return { code: output.code, text: `${text}${errors}` };
}

Deno.test("deno task paceline import: reads paths of the caller's folder, commas too", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  const id = await createFileAthlete(test);
  await folder.write("may, all/a.gpx", createGpx("2024-05-04T08:00:00Z"));
  await folder.write("b.gpx", createGpx("2024-05-05T08:00:00Z"));

  const { code, text } = await runLauncher(test, {
    args: ["import", "may, all", "b.gpx"],
    folder: folder.path,
  });

  assert.equal(code, 0, text);
  assert.match(text, /: 2 imported, 0 unchanged, 0 refused$/m);
  assert.equal((await readActivities(test, id)).length, 2);
});

Deno.test("deno task paceline import: reads nothing but the named paths", async () => {
  await using test = await createTestApp();
  await using folder = await createFolder();
  await createFileAthlete(test);
  const inside = await folder.write("in/a.gpx", "");
  const outside = await folder.write("out/b.gpx", "");
  await using program = startProgram(test, {
    args: ["import", inside, outside, "--base=/"],
    flags: [`--allow-read=${folder.path}/in`],
  });

  const { code } = await program.status;

  assert.equal(code, 1);
  assert.match(program.text(), /Cannot read ".*b\.gpx": .* may not read it/);
});

Deno.test("import: loses nothing when it is killed, and goes on when it is run again", async () => {
  await using folder = await createFolder();
  for (let day = 0; day < FILES; day++) {
    const start = new Date(Date.UTC(2024, 0, 1, 8) + day * DAY_MS);
    await folder.write(
      `${String(day).padStart(3, "0")}.gpx`,
      createGpx(start.toISOString()),
    );
  }
  await using whole = await createTestApp();
  const wholeId = await createFileAthlete(whole);
  await importPaths(whole, folder.path);

  await using test = await createTestApp();
  const id = await createFileAthlete(test);
  const countFiles = async (): Promise<number> =>
    (await test.deps.sql`select from imported_files`).length;
  for (const files of [5, 15]) {
    await using program = startProgram(test, {
      args: ["import", folder.path, "--base=/", "--time-zone=UTC"],
      flags: [`--allow-read=${folder.path}`],
    });
    await until(async () => await countFiles() >= files, `${files} files`);
    program.kill("SIGKILL");
    await program.status;
  }
  const before = await countFiles();
  assert.ok(before < FILES, `${before} files before the last run`);
  const half = await test.deps.sql`
    select
    from imported_files
    left join recordings using (athlete_id, content_hash)
    left join activities
      on activities.athlete_id = recordings.athlete_id
      and activities.id = recordings.activity_id
    where activities.id is null
  `;
  assert.equal(half.length, 0);

  const { code, printed } = await importPaths(test, folder.path);

  assert.equal(code, 0);
  const imported = Number(/(\d+) imported/.exec(printed)?.[1]);
  const unchanged = Number(/(\d+) unchanged/.exec(printed)?.[1]);
  assert.ok(unchanged >= before);
  assert.equal(imported + unchanged, FILES);
  assert.deepEqual(
    await readActivities(test, id),
    await readActivities(whole, wholeId),
  );
});
