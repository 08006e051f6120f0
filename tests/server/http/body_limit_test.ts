import assert from "node:assert/strict";
import {
  API_KEY,
  createHandler,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";
import { sendRaw } from "../../support/raw.ts";

const ORIGIN = "http://localhost:5001";
const TYPE = { "content-type": "application/json" };
const KEY = { "x-api-key": API_KEY };

/** A route that reads its body. */
const READERS = [
  "/strava/refresh-data",
  "/strava/admin/disconnect",
  "/trpc/admin.refresh",
  "/trpc/admin.disconnect",
];

/** A body that records how it is read. */
interface Watched {
  body: ReadableStream<Uint8Array<ArrayBuffer>>;
  reads: number;
  isGivenUp: boolean;
}

/** Returns a body of 64 kB chunks that then stalls without an end. */
function watchBody({ chunks }: { chunks: number }): Watched {
  const watched: Watched = {
    body: new ReadableStream({
      async pull(controller) {
        watched.reads++;
        if (watched.reads > chunks) await new Promise(() => {});
        controller.enqueue(new Uint8Array(65_536));
      },
      cancel() {
        watched.isGivenUp = true;
      },
    }, { highWaterMark: 0 }),
    reads: 0,
    isGivenUp: false,
  };
  return watched;
}

async function post(
  app: TestApp["app"],
  path: string,
  { headers, body }: { headers: Record<string, string>; body: BodyInit },
): Promise<{ status: number; reason: string }> {
  const response = await app(
    new Request(ORIGIN + path, { method: "POST", headers, body }),
  );
  const answer = await response.json();
  const { reason, request_id } = answer.error?.json.data ?? answer;
  assert.equal(request_id, response.headers.get("x-request-id"));
  return { status: response.status, reason };
}

/** The app with a clock on which every body is too slow. */
function createHurriedApp({ deps }: TestApp, waits: number[]): TestApp["app"] {
  return createHandler({
    ...deps,
    async sleep(milliseconds, signal) {
      waits.push(milliseconds);
      if (milliseconds !== 10_000) await deps.sleep(milliseconds, signal);
    },
  });
}

Deno.test("limitBody: answers 413 over the limit without reading to the end", async () => {
  await using test = await createTestApp({ synced: true });
  for (const path of READERS) {
    for (const length of [undefined, "1", "5000000"]) {
      const watched = watchBody({ chunks: 80 });
      const headers = {
        ...KEY,
        ...TYPE,
        ...(length ? { "content-length": length } : {}),
      };
      const answer = await post(test.app, path, { headers, ...watched });
      assert.equal(answer.status, 413, path);
      assert.equal(answer.reason, "body_too_large");
      assert.equal(watched.reads, 2);
      assert.ok(watched.isGivenUp);
    }
  }
});

Deno.test("limitBody: waits for no body without a valid key", async () => {
  await using test = await createTestApp({ synced: true });
  for (const path of READERS) {
    for (
      const [headers, reason] of [
        [{}, "missing_api_key"],
        [{ "x-api-key": "wrong" }, "invalid_api_key"],
      ] as const
    ) {
      const watched = watchBody({ chunks: 1 });
      const answer = await post(test.app, path, {
        headers: { ...TYPE, ...headers },
        ...watched,
      });
      assert.deepEqual([answer.status, answer.reason], [401, reason], path);
      assert.deepEqual([watched.reads, watched.isGivenUp], [0, true]);
    }
  }
});

Deno.test("limitBody: waits for no body that a route does not read", async () => {
  await using test = await createTestApp({ synced: true });
  for (
    const [path, status] of [
      ["/strava/stats/ytd", 405],
      ["/health/live", 405],
      ["/nothing", 404],
      ["/trpc/nothing", 404],
      ["/trpc/stats.ytd", 405],
    ] as const
  ) {
    const watched = watchBody({ chunks: 1 });
    const answer = await post(test.app, path, { headers: TYPE, ...watched });
    assert.equal(answer.status, status, path);
    assert.deepEqual([watched.reads, watched.isGivenUp], [0, true], path);
  }
});

Deno.test("limitBody: answers 408 for a body slower than 10 s", async () => {
  await using test = await createTestApp({ synced: true });
  const waits: number[] = [];
  const app = createHurriedApp(test, waits);
  for (const path of READERS) {
    const watched = watchBody({ chunks: 1 });
    const headers = { ...KEY, ...TYPE };
    const answer = await post(app, path, { headers, ...watched });
    assert.deepEqual([answer.status, answer.reason], [408, "body_too_slow"]);
    assert.ok(watched.isGivenUp, path);
  }
  assert.deepEqual(waits, READERS.map(() => 10_000));
});

Deno.test("limitBody: stops its timer when the body has arrived", async () => {
  await using test = await createTestApp({ synced: true });
  const signals: AbortSignal[] = [];
  const app = createHandler({
    ...test.deps,
    async sleep(milliseconds, signal) {
      signals.push(signal);
      await test.deps.sleep(milliseconds, signal);
    },
  });
  await post(app, "/strava/refresh-data", {
    headers: { ...KEY, ...TYPE },
    body: "{",
  });
  assert.ok(signals.length > 0);
  for (const signal of signals) assert.ok(signal.aborted);
});

const HEAD =
  "POST /strava/refresh-data HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n";
const WITH_KEY =
  `${HEAD}x-api-key: ${API_KEY}\r\n${"content-type: application/json\r\n"}`;
const CHUNKED = "transfer-encoding: chunked\r\n\r\n";
const TOO_MUCH = `10000\r\n${"a".repeat(65_536)}\r\n`.repeat(4);

for (
  const [name, request, expected] of [
    [
      "a chunked body above the limit",
      `${WITH_KEY}${CHUNKED}${TOO_MUCH}0\r\n\r\n`,
      /^HTTP\/1\.1 413 [\s\S]*body_too_large/,
    ],
    [
      "an announced body above the limit",
      `${WITH_KEY}content-length: 5000000\r\n\r\n${"a".repeat(5_000_000)}`,
      /^HTTP\/1\.1 413 [\s\S]*body_too_large/,
    ],
    [
      "a large body without the key",
      `${HEAD}content-length: 5000000\r\n\r\n${"a".repeat(5_000_000)}`,
      /^HTTP\/1\.1 401 [\s\S]*missing_api_key/,
    ],
  ] as const
) {
  Deno.test(`createApp over HTTP: ${name}`, async () => {
    await using test = await createTestApp();
    const start = performance.now();

    assert.match(await sendRaw(test.app, request), expected);

    const milliseconds = performance.now() - start;
    assert.ok(milliseconds < 5000, `Open for ${milliseconds} ms`);
  });
}

for (
  const [name, rest] of [
    ["a body that stops half-way", "content-length: 300\r\n\r\n{"],
    ["a chunk that stops half-way", `${CHUNKED}ff\r\n{`],
    [
      "a trailer of 1 MB",
      `${CHUNKED}2\r\n{}\r\n0\r\nx-long: ${"a".repeat(1_000_000)}`,
    ],
  ] as const
) {
  Deno.test(`createApp over HTTP: answers ${name}`, async () => {
    await using test = await createTestApp();
    const app = createHurriedApp(test, []);

    const answer = await sendRaw(app, WITH_KEY + rest, { until: /"\}$/ });

    assert.match(answer, /^HTTP\/1\.1 408 [\s\S]*body_too_slow/);
    assert.match(answer, /content-type: application\/problem\+json/i);
  });
}
