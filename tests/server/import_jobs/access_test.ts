import assert from "node:assert/strict";
import { createTestApp } from "../../support/app.ts";
import { insertCaller } from "../../support/callers.ts";
import { createGpx, readActivities } from "../../support/files.ts";
import { counts, sendUpload, upload } from "../../support/uploads.ts";
import { zipEntry, zipFile } from "../recordings/archive_file.ts";

const encode = (text: string) => new TextEncoder().encode(text);

const TABLE = encode(
  'Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename\n5000001,"May 4, 2024, 8:00:00 AM",Named at Strava,Run,,600,1.8,,,false,,,activities/1.gpx\n',
);

Deno.test("POST /api/imports: takes the table of a bulk export before or after its files", async () => {
  const file = zipEntry({
    name: "activities/1.gpx",
    data: encode(createGpx("2024-05-04T08:00:00Z")),
  });
  const table = zipEntry({ name: "activities.csv", data: TABLE });
  for (const entries of [[table, file], [file, table]]) {
    await using test = await createTestApp();
    const { headers } = await insertCaller(test, "ada");
    const job = await upload(test, zipFile(entries), { headers });
    assert.deepEqual(counts(job), { files: 1, ignored: 1, imported: 1 });
    const [athlete] = await test.deps.sql<{ id: number }[]>`
      select id from athletes
    `;
    const [activity] = await readActivities(test, athlete!.id);
    assert.equal(activity!.name, "Named at Strava");
    const again = await upload(test, zipFile(entries), { headers });
    assert.deepEqual(counts(again), { files: 1, ignored: 1, unchanged: 1 });
  }
});

Deno.test("POST /api/imports: refuses other users' athletes and a second upload", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");
  const grace = await insertCaller(test, "grace");
  const gpx = createGpx("2024-05-04T08:00:00Z");
  await upload(test, gpx, { headers: ada.headers });
  const [athlete] = await test.deps.sql<{ id: number }[]>`
    select id from athletes
  `;
  const query = `?athlete=${athlete!.id}`;

  const stranger = await sendUpload(test, gpx, {
    headers: grace.headers,
    query,
  });
  assert.equal(stranger.status, 404);
  const anonymous = await sendUpload(test, gpx, { headers: {}, query });
  assert.equal(anonymous.status, 401);

  const slow = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      controller.enqueue(encode(createGpx("2024-05-05T08:00:00Z")));
      await slow.promise;
      controller.close();
    },
  }, { highWaterMark: 0 });
  const first = sendUpload(test, body, { headers: ada.headers });
  const { sql } = test.deps;
  for (let count = 0; count === 0;) {
    const rows = await sql`select id from imports where state = 'receiving'`;
    count = rows.length;
  }
  const second = await sendUpload(test, gpx, { headers: ada.headers });
  slow.resolve();

  assert.equal(second.status, 409);
  assert.equal((await second.json()).reason, "import_running");
  assert.equal((await first).status, 202);
  await test.idle();
});
