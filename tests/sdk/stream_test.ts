import assert from "node:assert/strict";
import { createClient, type SyncStatus } from "@paceline/sdk";
import { API_KEY, createHistory, createTestApp } from "../support/app.ts";
import { catchApiError } from "./support.ts";

/** Serves the app over HTTP, which a stream needs. `stop` ends its connections as a crash would. */
function serve(
  app: (request: Request) => Promise<Response>,
  port = 0,
): { url: string; port: number; stop(): Promise<void> } & AsyncDisposable {
  const controller = new AbortController();
  const server = Deno.serve({
    port,
    hostname: "127.0.0.1",
    signal: controller.signal,
    onListen: () => {},
  }, app);
  async function stop(): Promise<void> {
    controller.abort();
    await server.finished;
  }
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    port: server.addr.port,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

Deno.test("subscribe: streams the first sync from its start to its end", async () => {
  await using test = await createTestApp({ activities: createHistory(450) });
  await using server = serve(test.app);
  const api = createClient({
    url: server.url,
    apiKey: test.config.internalApiKey,
  });
  await test.connect();
  const events: SyncStatus[] = [];

  for await (const { data } of api.sync.progress.subscribe()) {
    events.push(data);
    if (data.first_sync_done && data.phase === "idle") break;
  }
  await test.idle();

  const last = events.at(-1)!;
  assert.equal(last.activities, 450);
  assert.equal(last.remaining, 0);
  assert.equal(last.run?.status, "success");
  assert.ok(last.last_success_at instanceof Date);
});

Deno.test("subscribe: continues after a lost connection without repeated events", async () => {
  await using test = await createTestApp({
    activities: createHistory(20),
    synced: true,
  });
  const first = serve(test.app);
  const api = createClient({ url: first.url, apiKey: API_KEY });
  const events = api.sync.progress.subscribe()[Symbol.asyncIterator]();
  const before = await events.next();
  await first.stop();
  await using _second = serve(test.app, first.port);

  const next = events.next();
  await test.post("/strava/refresh-data", { key: true });
  const after = await next;
  await events.return?.();

  assert.notEqual(after.value?.id, before.value?.id);
  assert.equal(
    after.value?.data.run?.id,
    (before.value?.data.run?.id ?? 0) + 1,
  );
});

Deno.test("subscribe: ends as aborted by the signal, also on the server", async () => {
  await using test = await createTestApp({
    activities: createHistory(20),
    synced: true,
  });
  await using server = serve(test.app);
  const api = createClient({ url: server.url });
  const controller = new AbortController();
  const events = api.sync.progress.subscribe(undefined, {
    signal: controller.signal,
  })[Symbol.asyncIterator]();
  await events.next();

  const next = events.next();
  controller.abort();

  assert.equal((await catchApiError(next)).reason, "aborted");
});

Deno.test("subscribe: throws an ApiError if refused", async () => {
  await using test = await createTestApp({ env: { PUBLIC_STATS: "false" } });
  await using server = serve(test.app);
  const keyless = createClient({ url: server.url });
  const keyed = createClient({ url: server.url, apiKey: API_KEY });

  for (
    const [api, reason, status] of [
      [keyless, "missing_api_key", 401],
      [keyed, "not_connected", 404],
    ] as const
  ) {
    const events = api.sync.progress.subscribe()[Symbol.asyncIterator]();
    const error = await catchApiError(events.next());
    assert.equal(error.reason, reason);
    assert.equal(error.status, status);
    assert.match(error.requestId ?? "", /^[0-9a-f-]{36}$/);
  }
});

Deno.test("subscribe: reports an unreachable server", async () => {
  await using test = await createTestApp();
  const server = serve(test.app);
  await server.stop();
  const retries: boolean[] = [];
  const controller = new AbortController();
  const api = createClient({
    url: server.url,
    onError: (_, { willRetry }) => {
      retries.push(willRetry);
      if (retries.length === 2) controller.abort();
    },
  });

  const events = api.sync.progress.subscribe(undefined, {
    signal: controller.signal,
  })[Symbol.asyncIterator]();
  const error = await catchApiError(events.next());

  assert.equal(error.reason, "aborted");
  assert.deepEqual(retries, [true, true]);
});
