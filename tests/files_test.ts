import assert from "node:assert/strict";
import { findFilesWith, listSource } from "./support/imports.ts";

/** Files that may be in a folder: about as many as a reader takes in at a glance. */
const MAX_FILES = 25;
const MAX_FILES_IN: Readonly<Record<string, number>> = {
  db: 40,
  server: 20,
};
/** Lines that a file may have; about 250 is the aim. */
const MAX_LINES = 300;

Deno.test("side effects: only these files read the environment or use the driver", async () => {
  const files = (await listSource()).filter((file) =>
    /^(cli|db|embedded_postgres|server)\//.test(file)
  );
  const find = (pattern: RegExp) => findFilesWith(pattern, files);
  assert.deepEqual(await find(/\bDeno\.env\b|\bprocess\.env\b|node:process/), [
    "cli/environment.ts",
    "cli/export_file.ts",
    "cli/healthcheck.ts",
    "embedded_postgres/interruption.ts",
    "server/main.ts",
  ]);
  assert.deepEqual(await find(/\bDeno\.cron\b/), ["server/cron.ts"]);
  assert.deepEqual(await find(/\bDeno\.serve\b/), ["server/serve.ts"]);
  assert.deepEqual(await find(/from "postgres"/), [
    "db/driver/client.ts",
    "db/driver/listener.ts",
    "db/driver/types.ts",
    "embedded_postgres/embedded_postgres.ts",
  ]);
});

Deno.test("files: have at most 300 lines, and folders at most 25 files", async () => {
  const files = await listSource();
  for (const file of files) {
    if (file.endsWith(".gen.ts")) continue;
    const lines = (await Deno.readTextFile(file)).split("\n").length - 1;
    assert.ok(lines <= MAX_LINES, `${file} has ${lines} lines: divide it`);
  }
  const folders = Map.groupBy(files, (file) => file.replace(/\/[^/]*$/, ""));
  for (const [folder, { length }] of folders) {
    const most = MAX_FILES_IN[folder] ?? MAX_FILES;
    assert.ok(length <= most, `${folder} has ${length} files: divide it`);
  }
});
