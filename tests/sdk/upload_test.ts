import assert from "node:assert/strict";
import { createClient, type UploadProgress } from "@paceline/sdk";
import { createTestApp, type TestApp } from "../support/app.ts";
import { insertUser, PASSWORD } from "../support/accounts.ts";
import { insertCaller, insertKey } from "../support/callers.ts";
import { createGpx } from "../support/files.ts";
import { until } from "../support/sync.ts";
import { zipEntry, zipFile } from "../server/recordings/archive_file.ts";
import { catchApiError } from "./support.ts";

const encode = (text: string) => new TextEncoder().encode(text);

function serve(
  { app }: TestApp,
): { url: string } & AsyncDisposable {
  const server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen: () => {},
  }, (request) => app(request));
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function createArchive(): File {
  const archive = zipFile([
    zipEntry({
      name: "a.gpx",
      data: encode(createGpx("2024-05-04T08:00:00Z")),
    }),
    zipEntry({
      name: "b.gpx",
      data: encode(createGpx("2024-05-05T08:00:00Z")),
    }),
    zipEntry({ name: "c.fit", data: encode("no fit") }),
  ]);
  return new File([archive], "rides & runs.zip");
}

Deno.test("imports.upload: sends a file, follows its import, and lists it", async () => {
  await using test = await createTestApp();
  await using server = serve(test);
  const user = await insertCaller(test, "ada");
  const { text } = await insertKey(test, { user, scopes: ["import:write"] });
  const api = createClient({ url: `${server.url}/`, apiKey: text });
  const steps: UploadProgress[] = [];
  const file = createArchive();

  const job = await api.imports.upload(file, {
    onProgress: (step) => steps.push(step),
  });

  assert.equal(job.state, "done");
  assert.equal(job.name, "rides & runs.zip");
  assert.equal(job.imported, 2);
  assert.ok(job.ended_at instanceof Date);
  assert.equal(steps.find(({ sent }) => sent > 0)?.total, file.size);
  assert.equal(steps.at(-1)?.import?.refused, 1);
  const detail = await api.imports.get.query({ id: job.id });
  assert.deepEqual(detail.refusals.map(({ name }) => name), ["c.fit"]);
  const { data } = await api.imports.list.query();
  assert.deepEqual(data.map(({ id }) => id), [job.id]);
  const again = await api.imports.upload(
    await file.bytes() as Uint8Array<ArrayBuffer>,
  );
  assert.deepEqual([again.unchanged, again.refused], [2, 1]);
});

Deno.test("imports.upload: rejects with the server's reason", async () => {
  await using test = await createTestApp();
  await using server = serve(test);
  const user = await insertCaller(test, "ada");
  const { text } = await insertKey(test, { user, scopes: ["stats:read"] });
  const api = createClient({ url: server.url, apiKey: text });

  const closed = await catchApiError(api.imports.upload(createArchive()));
  assert.equal(closed.reason, "scope_missing");
  assert.equal(closed.status, 403);

  const admin = createClient({
    url: server.url,
    apiKey: test.config.internalApiKey,
  });
  const empty = await catchApiError(
    admin.imports.upload(new Blob([]), { athlete: 1 }),
  );
  assert.equal(empty.reason, "athlete_not_found");
});

Deno.test("imports.upload: refreshes an expired session and sends the file again", async () => {
  await using test = await createTestApp();
  await using server = serve(test);
  await insertUser(test);
  const api = createClient({ url: server.url, session: true });
  await api.auth.login.mutate({
    username: "ada",
    password: PASSWORD,
    return_tokens: true,
  });
  test.clock.now += 60 * 60_000;

  const job = await api.imports.upload(createArchive());

  assert.equal(job.imported, 2);
});

Deno.test("imports.upload: ends with its signal, and what was sent is kept", async () => {
  await using test = await createTestApp();
  await using server = serve(test);
  const user = await insertCaller(test, "ada");
  const { text } = await insertKey(test, { user, scopes: ["import:write"] });
  const api = createClient({ url: server.url, apiKey: text });
  const whole = await createArchive().bytes();
  const controller = new AbortController();
  const body = new ReadableStream<Uint8Array>({
    start: (stream) => stream.enqueue(whole.subarray(0, whole.length - 10)),
  });

  const call = catchApiError(
    api.imports.upload(body, { signal: controller.signal, name: "cut.zip" }),
  );
  const { sql } = test.deps;
  await until(async () => {
    const [row] = await sql`select id from imports`;
    return row !== undefined;
  }, "the import");
  controller.abort();

  assert.equal((await call).reason, "aborted");
  await until(async () => {
    const { data: [job] } = await api.imports.list.query();
    return job!.ended_at !== null;
  }, "the end of the import");
  const { data: [job] } = await api.imports.list.query();
  assert.equal(job!.state, "incomplete");
  assert.equal(job!.imported, 2);
  assert.match(job!.problem!, /send the file again/);
});
