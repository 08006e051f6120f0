import assert from "node:assert/strict";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  NOW,
  type TestApp,
} from "../../support/app.ts";
import {
  giveAthlete,
  insertCaller,
  type TestUser,
} from "../../support/callers.ts";
import { until } from "../../support/sync.ts";

const YTD = "/strava/stats/ytd";
const LIST = "/strava/activities?limit=100";
const READS = [
  YTD,
  LIST,
  "/strava/stats/overview",
  "/trpc/stats.ytd",
  "/trpc/stats.ytd,stats.monthly?batch=1",
];

async function createApp(env: Record<string, string> = {}): Promise<TestApp> {
  return await createTestApp({
    synced: true,
    activities: createHistory(300),
    env: { ANSWER_CACHE_MB: "32", ...env },
  });
}

/** Inserts a user who owns the athlete. */
async function insertOwner(test: TestApp): Promise<TestUser> {
  const user = await insertCaller(test, "ada");
  await giveAthlete(test, { user, athleteId: ATHLETE_ID });
  await test.deps.sql`update athletes set visibility = 'public'`;
  return user;
}

/** Requests a path until its answer is kept. */
async function keep(test: TestApp, path: string): Promise<void> {
  for (let count = 0; count < 3; count++) {
    await (await test.get(path)).body?.cancel();
  }
}

/** Changes all distances without a new data version. Only routes see it, no kept answer does. */
async function changeSecretly({ deps: { sql } }: TestApp): Promise<void> {
  await sql`update activities set distance = distance + 1000`;
}

async function announceChange({ deps: { sql } }: TestApp): Promise<void> {
  await sql`update sync_state set data_version = data_version + 1`;
}

Deno.test("answers: are kept from the second request on, until the data changes", async () => {
  for (const path of READS) {
    await using test = await createApp();
    await keep(test, "/strava/stats/monthly");
    const get = async (): Promise<string> =>
      await (await test.get(path)).text();
    const first = await get();
    await changeSecretly(test);
    const second = await get();
    await changeSecretly(test);
    const third = await get();
    await announceChange(test);
    await until(async () => await get() !== third, `the change of ${path}`);

    assert.notEqual(second, first, path);
    assert.equal(third, second, path);
  }
});

Deno.test("answers: have a tag, and are 304 for clients that have it", async () => {
  await using test = await createApp();
  for (const path of [YTD, LIST]) {
    for (let count = 0; count < 3; count++) {
      const full = await test.get(path);
      const tag = full.headers.get("etag")!;
      const body = await full.text();
      assert.match(tag, /^"[\w-]{22}"$/);
      assert.equal(
        full.headers.get("cache-control"),
        "public, max-age=0, must-revalidate",
      );
      assert.match(
        full.headers.get("vary")!,
        /Authorization.*Origin, trpc-accept/,
      );
      assert.equal(
        full.headers.get("content-length"),
        String(new TextEncoder().encode(body).length),
      );
      for (const header of [tag, `W/${tag}`, `"x", ${tag}`, "*"]) {
        const headers = { "if-none-match": header };
        const same = await test.get(path, { headers });
        assert.deepEqual([same.status, await same.text()], [304, ""], header);
        assert.equal(same.headers.get("etag"), tag);
        assert.notEqual(
          same.headers.get("x-request-id"),
          full.headers.get("x-request-id"),
        );
      }
      const other = { headers: { "if-none-match": '"other"' } };
      assert.equal(await (await test.get(path, other)).text(), body);
      const since = full.headers.get("last-modified")!;
      const unmodified = { headers: { "if-modified-since": since } };
      assert.equal((await test.get(path, unmodified)).status, 304);
      const old = { "if-modified-since": "Mon, 01 Jan 2024 00:00:00 GMT" };
      assert.equal((await test.get(path, { headers: old })).status, 200);
    }
  }
});

Deno.test("answers: no header tells strangers of a change that they may not see", async () => {
  await using test = await createApp({ PUBLIC_TOTALS: "visible" });
  const read = async (): Promise<(string | null)[]> => {
    const response = await test.get(YTD);
    await response.body?.cancel();
    return ["etag", "last-modified"].map((name) => response.headers.get(name));
  };
  const before = await read();
  test.clock.now += 5 * 60_000;
  await test.deps.sql`
    update activities set distance = distance + 1 where id = (
      select max(id) from activities where visibility <> 'everyone'
    )
  `;
  await announceChange(test);
  const after = await read();
  await changeSecretly(test);
  await announceChange(test);
  const changed = await read();

  assert.deepEqual(after, before);
  assert.notDeepEqual(changed, before);
});

Deno.test("HEAD: has the headers of GET, without the body", async () => {
  await using test = await createApp();
  for (let count = 0; count < 3; count++) {
    const get = await test.get(YTD);
    const head = await test.get(YTD, { method: "HEAD" });
    const drop = ["x-request-id"];
    const read = ({ headers }: Response): [string, string][] =>
      [...headers].filter(([name]) => !drop.includes(name));
    assert.deepEqual(read(head), read(get));
    assert.equal(await head.text(), "");
    await get.body?.cancel();
  }
});

Deno.test("answers: are compressed as the client accepts, with another tag", async () => {
  await using test = await createApp();
  const plain = await (await test.get(LIST)).text();
  for (let count = 0; count < 3; count++) {
    for (
      const [accepted, encoding, decode] of [
        ["gzip, deflate, br", "br", brotliDecompressSync],
        ["gzip", "gzip", gunzipSync],
        ["*", "br", brotliDecompressSync],
        ["br;q=0, gzip;q=0.5", "gzip", gunzipSync],
        ["identity", null, undefined],
        ["gzip;q=0", null, undefined],
      ] as const
    ) {
      const headers = { "accept-encoding": accepted };
      const response = await test.get(LIST, { headers });
      const bytes = new Uint8Array(await response.arrayBuffer());
      assert.equal(
        response.headers.get("content-encoding"),
        encoding,
        accepted,
      );
      const text = new TextDecoder().decode(decode?.(bytes) ?? bytes);
      assert.equal(text, plain, accepted);
      const tag = response.headers.get("etag")!;
      assert.equal(/-(\w+)"$/.exec(tag)?.[1] ?? null, encoding);
      const again = { ...headers, "if-none-match": tag };
      assert.equal((await test.get(LIST, { headers: again })).status, 304);
    }
  }
  const small = await test.get(
    "/strava/stats/goal?metric=count&target=9&period=week",
    {
      headers: { "accept-encoding": "br" },
    },
  );
  assert.equal(small.headers.get("content-encoding"), null);
});

Deno.test("answers: are neither kept nor shared for callers with a credential", async () => {
  await using test = await createApp({ PUBLIC_VISIBILITY: "everyone" });
  const { headers, cookie } = await insertOwner(test);
  await test.deps.sql`update activities set visibility = 'only_me'`;
  await keep(test, LIST);
  const anonymous = await (await test.get(LIST)).json();
  assert.equal(anonymous.total, 0);

  for (
    const init of [{ key: true }, { headers }, { headers: { cookie } }, {
      headers: { "x-api-key": "wrong" },
    }]
  ) {
    const response = await test.get(LIST, init);
    assert.equal(response.headers.get("cache-control"), "private, no-store");
    assert.equal(response.headers.get("etag"), null);
    const body = await response.json();
    assert.notEqual(body.total, 0);
  }
  assert.equal((await (await test.get(LIST)).json()).total, 0);
});

Deno.test("answers: let only listed origins read them", async () => {
  await using test = await createApp();
  for (let count = 0; count < 4; count++) {
    const listed = await test.get(YTD, {
      headers: { origin: "http://frontend.test" },
    });
    const foreign = await test.get(YTD, {
      headers: { origin: "http://x.test" },
    });
    const { headers } = listed;
    assert.equal(
      headers.get("access-control-allow-origin"),
      "http://frontend.test",
    );
    assert.equal(headers.get("access-control-allow-credentials"), "true");
    assert.match(
      headers.get("access-control-expose-headers")!,
      /x-request-id/,
    );
    assert.equal(foreign.headers.get("access-control-allow-origin"), null);
    assert.equal(await listed.text(), await foreign.text());
  }
});

Deno.test("answers: end at the athlete's midnight", async () => {
  await using test = await createApp();
  await test.deps.sql`update activities set timezone = 'Asia/Tokyo'`;
  await keep(test, YTD);
  const first = await (await test.get(YTD)).text();
  await changeSecretly(test);

  test.clock.now = Date.UTC(2026, 10, 20, 14, 59, 59);
  assert.equal(await (await test.get(YTD)).text(), first);
  test.clock.now = Date.UTC(2026, 10, 20, 15);
  assert.notEqual(await (await test.get(YTD)).text(), first);
});

Deno.test("answers: end when an activity begins that is dated ahead", async () => {
  await using test = await createApp();
  const { sql } = test.deps;
  await sql`
    update activities set start_date = ${new Date(NOW + 60_000)}
    where id = (select max(id) from activities)
  `;
  await keep(test, YTD);
  const first = await (await test.get(YTD)).text();
  await changeSecretly(test);

  test.clock.now = NOW + 59_999;
  assert.equal(await (await test.get(YTD)).text(), first);
  test.clock.now = NOW + 60_000;
  assert.notEqual(await (await test.get(YTD)).text(), first);
});

Deno.test("answers: are gone at once after a change through this process", async () => {
  await using test = await createApp();
  const { headers } = await insertOwner(test);
  const athlete = { athlete: ATHLETE_ID };
  const setVisibility = async (visibility: string): Promise<string> => {
    const response = await test.post("/api/athletes/visibility", {
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ ...athlete, visibility }),
    });
    assert.equal(response.status, 200);
    return (await response.json()).share_token;
  };
  const path = `${YTD}?athlete=${ATHLETE_ID}`;
  await setVisibility("public");
  await keep(test, path);
  await setVisibility("private");
  assert.equal((await test.get(path)).status, 404);

  for (let count = 0; count < 20; count++) {
    await setVisibility("public");
    await keep(test, path);
    await setVisibility(count % 2 ? "private" : "link");
    assert.equal((await test.get(path)).status, 404);
  }
});

Deno.test("answers: hits and misses cost a unit, and report the rate limit", async () => {
  await using test = await createApp({ RATE_LIMIT: "100" });
  const statuses: number[] = [];
  const remaining: (string | null)[] = [];
  for (let count = 0; count < 102; count++) {
    const response = await test.app(
      new Request(`http://localhost:5001${YTD}`),
      { address: "192.0.2.7" },
    );
    statuses.push(response.status);
    remaining.push(response.headers.get("ratelimit-remaining"));
    await response.body?.cancel();
  }
  assert.deepEqual(statuses.slice(0, 100), Array(100).fill(200));
  assert.deepEqual(statuses.slice(100), [429, 429]);
  assert.deepEqual(remaining.slice(0, 3), ["99", "98", "97"]);
  assert.equal(remaining[99], "0");
});

Deno.test("answers: write one line each to the log", async () => {
  await using test = await createApp();
  await keep(test, YTD);
  test.log.lines.length = 0;

  const response = await test.get(YTD);

  const [line, ...others] = test.log.lines;
  assert.equal(others.length, 0);
  assert.deepEqual(
    [line!.message, line!.properties["path"], line!.properties["status"]],
    ["{method} {path} {status}", YTD, 200],
  );
  assert.equal(
    line!.properties["requestId"],
    response.headers.get("x-request-id"),
  );
  await response.body?.cancel();
});

Deno.test("answers: many equal requests at once are computed once", async () => {
  await using test = await createApp();
  await (await test.get(YTD)).text();
  const { sql } = test.deps;
  const texts = await sql.begin(async (tx) => {
    await tx`lock table activities in access exclusive mode`;
    const all = Array.from(
      { length: 50 },
      async () => await (await test.get(YTD)).text(),
    );
    await until(async () => {
      const [row] = await tx<{ waiting: number }[]>`
        select count(*) as waiting from pg_locks
        where not granted and relation = 'activities'::regclass
      `;
      return row!.waiting > 0;
    });
    const [row] = await tx<{ waiting: number }[]>`
      select count(*) as waiting from pg_locks
      where not granted and relation = 'activities'::regclass
    `;
    return { all, waiting: row!.waiting };
  });
  const answers = await Promise.all(texts.all);
  assert.equal(new Set(answers).size, 1);
  assert.equal(texts.waiting, 1);
});

Deno.test("answers: are not kept for syncs, exports and errors", async () => {
  await using test = await createApp();
  for (
    const path of [
      "/strava/sync/status",
      "/strava/health",
      "/strava/stats/ytd?athlete=1",
      "/strava/stats/ytd?x=1",
      "/strava/activities/export?format=csv",
      "/trpc/stats.ytd,sync.status?batch=1",
    ]
  ) {
    for (let count = 0; count < 3; count++) {
      const response = await test.get(path);
      assert.equal(response.headers.get("etag"), null, path);
      assert.match(response.headers.get("cache-control")!, /no-store/, path);
      await response.body?.cancel();
    }
  }
});

Deno.test("CACHE_MAX_AGE, CACHE_S_MAXAGE: reach browsers and shared caches", async () => {
  await using test = await createApp({
    CACHE_MAX_AGE: "30",
    CACHE_S_MAXAGE: "60",
    CACHE_STALE_WHILE_REVALIDATE: "600",
  });
  for (let count = 0; count < 3; count++) {
    const { headers, body } = await test.get(YTD);
    assert.equal(
      headers.get("cache-control"),
      "public, max-age=30, s-maxage=60, stale-while-revalidate=600",
    );
    await body?.cancel();
  }
});
