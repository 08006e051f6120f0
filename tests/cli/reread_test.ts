import assert from "node:assert/strict";
import { createTestApp, type TestApp } from "../support/app.ts";
import { runCommand } from "../support/command.ts";
import {
  createFileAthlete,
  createFolder,
  createGpx,
  importPaths,
} from "../support/files.ts";
import { createRun } from "../server/recordings/fit_file.ts";

/** Creates an athlete with files that a version without streams has imported. */
async function createOld(
  env: { KEEP_ORIGINALS?: string } = {},
): Promise<{ test: TestApp; athleteId: number } & AsyncDisposable> {
  const test = await createTestApp({ env });
  await using folder = await createFolder();
  const athleteId = await createFileAthlete(test);
  await folder.write("a.fit", createRun());
  await folder.write("b.gpx", createGpx("2024-05-05T17:00:00Z"));
  const { code, said } = await importPaths(test, folder.path);
  assert.equal(code, 0, said);
  return {
    test,
    athleteId,
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

async function forget({ deps: { sql } }: TestApp): Promise<void> {
  await sql`delete from recording_streams`;
  await sql`update recordings set parser_version = 1`;
}

// deno-lint-ignore no-explicit-any -- rows of a table are compared as they are
async function readStreams({ deps: { sql } }: TestApp): Promise<any[]> {
  const rows = await sql`
    select content_hash, points, seconds, time, latitude, heartrate, laps, lengths
    from recording_streams
    order by content_hash
  `;
  return rows.map((row) => ({ ...row }));
}

Deno.test("reread: stores what the import of this version stores, once", async () => {
  await using old = await createOld();
  const { test, athleteId } = old;
  const imported = await readStreams(test);
  const [before] = await test.deps.sql`select * from activities order by id`;
  await forget(test);

  const first = await runCommand(test, ["reread"]);
  const second = await runCommand(test, ["reread", `--athlete=${athleteId}`]);

  assert.equal(first.code, 0, first.said);
  assert.match(first.printed, /: 2 files read again\n$/);
  assert.match(second.printed, /: 0 files read again\n$/);
  assert.equal(imported.length, 2);
  assert.deepEqual(await readStreams(test), imported);
  const [after] = await test.deps.sql`select * from activities order by id`;
  assert.deepEqual({ ...after }, { ...before });
});

Deno.test("reread: goes on after a file that cannot be read any more", async () => {
  await using old = await createOld();
  const { test } = old;
  await forget(test);
  await test.deps.sql`
    update imported_files set original = 'no activity' where kind = 'fit'
  `;

  const { code, printed, said } = await runCommand(test, ["reread"]);

  assert.equal(code, 1);
  assert.match(said, /Refused a\.fit: The file is not a FIT, GPX or TCX file/);
  assert.match(printed, /: 1 files read again, 1 refused\n$/);
  assert.equal((await readStreams(test)).length, 1);
});

Deno.test("reread: says how many files are not kept, and that an athlete is missing", async () => {
  await using old = await createOld({ KEEP_ORIGINALS: "false" });
  const { test } = old;
  await forget(test);

  const lost = await runCommand(test, ["reread"]);
  const missing = await runCommand(test, ["reread", "--athlete=77"]);

  assert.equal(lost.code, 0);
  assert.match(lost.printed, /: 0 files read again; 2 are not kept\n$/);
  assert.equal(missing.code, 1);
  assert.match(missing.said, /There is no athlete 77/);
});
