import assert from "node:assert/strict";
import { StravaClient } from "../../../server/strava/client.ts";
import {
  StravaError,
  type StravaErrorKind,
} from "../../../server/strava/errors.ts";
import type { RateLimitReading } from "../../../server/strava/rate_limit_headers.ts";
import type { ClientOptions } from "../../../server/strava/send_request.ts";

const APP = {
  clientId: "12345",
  clientSecret: "s3cr3t-s3cr3t",
  oauthUrl: "http://strava.test/oauth",
  apiUrl: "http://strava.test/api/v3",
};
const PAGE = { accessToken: "t0k3n", page: 1 };

/** Returns a client that gets its responses from a function. */
function createClient(
  respond: (request: Request) => Response | Promise<Response>,
  options: Partial<ClientOptions> = {},
): StravaClient {
  return new StravaClient({
    ...APP,
    fetch: (input, init) => Promise.resolve(respond(new Request(input, init))),
    ...options,
  });
}

/** Returns the error of a call. Asserts its kind, and that it contains no secret. */
async function catchError(
  action: Promise<unknown>,
  kind: StravaErrorKind,
): Promise<StravaError> {
  const error = await action.then(() => undefined, (cause) => cause);
  assert.ok(error instanceof StravaError, `${error}`);
  assert.equal(error.kind, kind);
  const text = Deno.inspect(error);
  for (const secret of ["t0k3n", APP.clientSecret]) {
    assert.ok(!text.includes(secret), "the error contains a secret");
  }
  return error;
}

Deno.test("listActivities: requests a page of 200, with the token only in the header", async () => {
  const requests: Request[] = [];
  const client = createClient((request) => {
    requests.push(request);
    return Response.json([{ id: 1 }, null]);
  });

  const items = await client.listActivities(PAGE);
  await client.listActivities({
    ...PAGE,
    page: 3,
    before: new Date(1_700_000_000_999),
  });

  assert.deepEqual(items, [{ id: 1 }, null]);
  assert.deepEqual(requests.map(({ method, url }) => [method, url]), [
    ["GET", "http://strava.test/api/v3/athlete/activities?page=1&per_page=200"],
    [
      "GET",
      "http://strava.test/api/v3/athlete/activities?page=3&per_page=200&before=1700000000",
    ],
  ]);
  assert.equal(requests[0]?.headers.get("authorization"), "Bearer t0k3n");
});

const RESPONSES: [string, () => Response, StravaErrorKind][] = [
  ["HTML with 200", () => new Response("<html>"), "unavailable"],
  ["an empty body with 200", () => new Response(null), "unavailable"],
  ["truncated JSON", () => new Response('[{"id":'), "unavailable"],
  [
    "an object instead of a list",
    () => Response.json({ errors: [] }),
    "unavailable",
  ],
  [
    "a redirect",
    () => Response.redirect("http://elsewhere.test"),
    "unavailable",
  ],
  ["500", () => new Response("", { status: 500 }), "unavailable"],
  ["503 in HTML", () => new Response("<html>", { status: 503 }), "unavailable"],
  [
    "429",
    () => Response.json({ errors: "x" }, { status: 429 }),
    "rate_limited",
  ],
  [
    "404 without a body",
    () => new Response(null, { status: 404 }),
    "not_found",
  ],
  ["403 in HTML", () => new Response("<html>", { status: 403 }), "refused"],
  [
    "401 without a body",
    () => new Response(null, { status: 401 }),
    "unauthorized",
  ],
];

for (const [name, respond, kind] of RESPONSES) {
  Deno.test(`listActivities: throws "${kind}" for ${name}`, async () => {
    const client = createClient(respond);
    const error = await catchError(client.listActivities(PAGE), kind);
    assert.match(error.message, /^Strava('s| answered)/);
  });
}

Deno.test("listActivities: throws 'unreachable' with the cause if the connection fails", async () => {
  const cause = new TypeError("connection refused");
  const client = createClient(() => Promise.reject(cause));

  const error = await catchError(client.listActivities(PAGE), "unreachable");

  assert.equal(error.cause, cause);
  assert.equal(
    error.message,
    "Strava sent no complete response to /api/v3/athlete/activities",
  );
});

Deno.test("listActivities: throws 'unreachable' if headers or body take too long", async () => {
  for (const slow of ["headers", "body"]) {
    await using server = serve(slow);
    const client = new StravaClient({
      ...APP,
      apiUrl: server.url,
      timeoutMs: 60,
    });
    const error = await catchError(client.listActivities(PAGE), "unreachable");
    assert.match(error.message, /within 0.06 s$/);
  }

  function serve(slow: string): { url: string } & AsyncDisposable {
    const server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      (request) => {
        const { promise, resolve } = Promise.withResolvers<Response>();
        request.signal.addEventListener(
          "abort",
          () => resolve(new Response()),
          { once: true },
        );
        if (slow === "headers") return promise;
        return new Response(
          new ReadableStream({
            start: (controller) =>
              controller.enqueue(new TextEncoder().encode("[1,")),
          }),
        );
      },
    );
    return {
      url: `http://127.0.0.1:${server.addr.port}`,
      [Symbol.asyncDispose]: () => server.shutdown(),
    };
  }
});

Deno.test("listActivities: throws the caller's abort reason unchanged", async () => {
  const controller = new AbortController();
  const reason = new Error("The server is shutting down");
  const client = createClient((request) =>
    new Promise((_resolve, reject) => {
      request.signal.addEventListener("abort", () =>
        reject(request.signal.reason), { once: true });
      controller.abort(reason);
    })
  );
  await assert.rejects(
    client.listActivities({ ...PAGE, signal: controller.signal }),
    reason,
  );
});

Deno.test("listActivities: refuses an endless response before it fills the memory", async () => {
  let sent = 0;
  let isCancelled = false;
  const chunk = new Uint8Array(1024 * 1024).fill(32);
  const client = createClient(() =>
    new Response(
      new ReadableStream({
        pull(controller) {
          sent += chunk.length;
          controller.enqueue(chunk);
        },
        cancel() {
          isCancelled = true;
        },
      }),
    )
  );

  const error = await catchError(client.listActivities(PAGE), "unavailable");

  assert.equal(error.message, "Strava sent a response of more than 32 MiB");
  assert.ok(sent < 40 * 1024 * 1024);
  assert.ok(isCancelled);
});

Deno.test("listActivities: decodes split characters and escaped emoji", async () => {
  const bytes = new TextEncoder().encode(
    '[{"name":"Zürich 🚲","escaped":"\\ud83d\\udeb2","number":1e400}]',
  );
  const client = createClient(() =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
          controller.close();
        },
      }),
    )
  );
  assert.deepEqual(await client.listActivities(PAGE), [
    { name: "Zürich 🚲", escaped: "🚲", number: Infinity },
  ]);
});

Deno.test("onRateLimit: receives the rate limit of each response that states it", async () => {
  const readings: RateLimitReading[] = [];
  let headers: Record<string, string> = {
    "X-Ratelimit-Limit": "200,2000",
    "X-Ratelimit-Usage": "8,151",
    "X-Readratelimit-Limit": "100,1000",
    "X-Readratelimit-Usage": ",",
  };
  let status = 200;
  const client = createClient(() => Response.json([], { status, headers }));
  const page = {
    ...PAGE,
    onRateLimit: (reading: RateLimitReading) => void readings.push(reading),
  };

  await client.listActivities(page);
  status = 429;
  const error = await catchError(client.listActivities(page), "rate_limited");
  headers = {};
  await catchError(client.listActivities(page), "rate_limited");

  const reading = {
    shortLimit: 200,
    shortUsage: 8,
    dailyLimit: 2000,
    dailyUsage: 151,
    readShortLimit: 100,
    readShortUsage: null,
    readDailyLimit: 1000,
    readDailyUsage: null,
  };
  assert.deepEqual(readings, [reading, reading]);
  assert.deepEqual(error.rateLimit, reading);
});
