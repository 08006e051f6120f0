import assert from "node:assert/strict";
import { createTestApp } from "../../support/app.ts";
import { insertCaller, insertKey } from "../../support/callers.ts";
import { createGpx, readActivities } from "../../support/files.ts";
import { listening, startProgram } from "../../support/program.ts";
import { until } from "../../support/sync.ts";
import { counts, getImport } from "../../support/uploads.ts";
import { zipEntry, zipFile } from "../recordings/archive_file.ts";

const FILES = 40;
const DAY_MS = 24 * 60 * 60 * 1000;
const FIRST_DAY = Date.UTC(2024, 0, 1, 8);

/** Returns an archive with a run on each of some days. */
function createArchive(count: number): Uint8Array<ArrayBuffer> {
  return zipFile(Array.from({ length: count }, (_, day) => {
    const start = new Date(FIRST_DAY + day * DAY_MS).toISOString();
    const data = new TextEncoder().encode(createGpx(start));
    return zipEntry({ name: `${day}.gpx`, data });
  }));
}

Deno.test("POST /api/imports: is resumed after kill -9 of the server, nothing twice", async () => {
  await using test = await createTestApp();
  const { deps: { sql } } = test;
  const user = await insertCaller(test, "ada");
  const { headers } = await insertKey(test, { user, scopes: ["import:write"] });
  const first = startProgram(test);
  const url = await listening(first);

  const response = await fetch(`${url}/api/imports?name=runs.zip`, {
    method: "POST",
    headers,
    body: createArchive(FILES),
  });
  assert.equal(response.status, 202);
  const { id } = await response.json();
  await until(async () => {
    const [row] = await sql<{ imported: number }[]>`
      select imported from imports
    `;
    return row!.imported >= 3;
  }, "the first files");
  first.kill("SIGKILL");
  await first.status;
  const stopped = await getImport(test, { id, headers });
  assert.equal(stopped.state, "importing");
  await first[Symbol.asyncDispose]();
  // As if a minute had passed: the lease of the killed server has ended.
  await sql`update imports set leased_until = now() - interval '1 second'`;
  await using second = startProgram(test);
  await listening(second);
  await until(
    async () => (await getImport(test, { id, headers })).state === "done",
    "the end of the import",
  );

  const job = await getImport(test, { id, headers });
  assert.deepEqual(counts(job), { files: FILES, imported: FILES });
  const [athlete] = await sql<{ id: number }[]>`select id from athletes`;
  assert.equal((await readActivities(test, athlete!.id)).length, FILES);
});
