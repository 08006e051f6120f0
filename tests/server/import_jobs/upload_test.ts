import assert from "node:assert/strict";
import { createTestApp, type TestApp } from "../../support/app.ts";
import { insertCaller, insertKey } from "../../support/callers.ts";
import { createGpx, readActivities } from "../../support/files.ts";
import {
  counts,
  getImport,
  sendUpload,
  upload,
} from "../../support/uploads.ts";
import {
  tarEntry,
  tarFile,
  zipEntry,
  zipFile,
} from "../recordings/archive_file.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** Returns a server with a user who has no athlete, and the headers of a key that may import. */
async function start(
  env: Parameters<typeof createTestApp>[0] = {},
): Promise<{ test: TestApp; headers: Record<string, string>; userId: string }> {
  const test = await createTestApp(env);
  const user = await insertCaller(test, "ada");
  const key = await insertKey(test, { user, scopes: ["import:write"] });
  return { test, headers: key.headers, userId: user.id };
}

async function findAthlete({ deps: { sql } }: TestApp): Promise<number> {
  const [athlete] = await sql<{ id: number }[]>`select id from athletes`;
  return athlete!.id;
}

Deno.test("POST /api/imports: imports a file, and creates the user's athlete", async () => {
  const { test, headers, userId } = await start();
  await using _ = test;

  const job = await upload(test, createGpx("2024-05-04T08:00:00Z"), {
    headers,
    query: "?name=run.gpx",
  });

  assert.deepEqual(counts(job), { files: 1, imported: 1 });
  assert.equal(job.state, "done");
  assert.equal(job.name, "run.gpx");
  const [athlete] = await test.deps.sql`
    select id, user_id, visibility, profile ->> 'firstname' as name from athletes
  `;
  assert.equal(athlete!.user_id, userId);
  assert.equal(athlete!.visibility, "private");
  assert.equal(athlete!.name, "ada");
  const [activity] = await readActivities(test, Number(athlete!.id));
  assert.equal(activity!.visibility, "only_me");
});

Deno.test("POST /api/imports: imports an archive, and refuses files one by one", async () => {
  const { test, headers } = await start();
  await using _ = test;
  const archive = zipFile([
    zipEntry({
      name: "rides/a.gpx",
      data: encode(createGpx("2024-05-04T08:00:00Z")),
    }),
    zipEntry({
      name: "../../etc/b.gpx",
      data: encode(createGpx("2024-05-05T08:00:00Z")),
    }),
    zipEntry({ name: "broken.fit", data: encode("no fit") }),
    zipEntry({ name: "empty.tcx", data: encode("") }),
    zipEntry({ name: "photo.jpg", data: encode("x") }),
    zipEntry({
      name: "c.gpx",
      data: encode(createGpx("2024-05-06T08:00:00Z")),
    }),
  ]);

  const job = await upload(test, archive, { headers });

  assert.deepEqual(counts(job), {
    files: 5,
    ignored: 1,
    imported: 2,
    refused: 3,
  });
  assert.deepEqual(job.refusals.map(({ name }) => name), [
    "../../etc/b.gpx",
    "broken.fit",
    "empty.tcx",
  ]);
  const page = await getImport(test, {
    id: job.id,
    headers,
    query: "?limit=2",
  });
  assert.equal(page.refusals.length, 2);
  const rest = await getImport(test, {
    id: job.id,
    headers,
    query: `?limit=2&cursor=${page.next_cursor}`,
  });
  assert.deepEqual(rest.refusals.map(({ name }) => name), ["empty.tcx"]);
  assert.equal(rest.next_cursor, null);
});

Deno.test("POST /api/imports: skips what is there when sent again", async () => {
  const { test, headers } = await start();
  await using _ = test;
  const archive = tarFile([
    tarEntry("a.gpx", encode(createGpx("2024-05-04T08:00:00Z"))),
    tarEntry("b.gpx", encode(createGpx("2024-05-05T08:00:00Z"))),
    tarEntry("copy of b.gpx", encode(createGpx("2024-05-05T08:00:00Z"))),
  ]);

  const first = await upload(test, archive, { headers });
  const second = await upload(test, archive, { headers });

  assert.deepEqual(counts(first), { files: 3, imported: 2, unchanged: 1 });
  assert.deepEqual(counts(second), { files: 3, unchanged: 3 });
  assert.equal((await readActivities(test, await findAthlete(test))).length, 2);
});

Deno.test("POST /api/imports: refuses an empty body and wrong parameters", async () => {
  const { test, headers } = await start();
  await using _ = test;
  const empty = new ReadableStream<Uint8Array>({
    start: (controller) => controller.close(),
  });

  for (
    const [body, query] of [
      ["", ""],
      [empty, ""],
      ["x", "?time_zone=Mars/Olympus"],
      ["x", "?visibility=friends"],
      ["x", "?nmae=a.gpx"],
    ] as const
  ) {
    const response = await sendUpload(test, body, { headers, query });
    assert.equal(response.status, 400, query);
    assert.equal((await response.json()).reason, "invalid_input");
  }
  const [left] = await test.deps.sql`select count(*) from imports`;
  assert.equal(left!.count, 0);
});
