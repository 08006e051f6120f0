import assert from "node:assert/strict";
import { connect } from "../../../db/driver/client.ts";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import { encodePolyline } from "../../../strava_simulator/polyline.ts";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";
import {
  createTestDatabase,
  type TestDatabase,
} from "../../support/database.ts";
import { RECHECK_MS } from "../../../server/http/download.ts";
import { giveAthlete, insertCaller, insertKey } from "../../support/callers.ts";
import { until } from "../../support/sync.ts";

const PATH = "/strava/activities/export";

async function getText(test: TestApp, query: string): Promise<string> {
  const response = await test.get(`${PATH}?${query}`, { key: true });
  assert.equal(response.status, 200, query);
  return await response.text();
}

/** Parses CSV (RFC 4180) with one regular expression. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (
    const [, quoted, plain = "", end] of text.matchAll(
      /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g,
    )
  ) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\r\n") rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}

function newestFirst(activities: readonly SummaryActivity[]): number[] {
  return activities.toSorted((a, b) =>
    Date.parse(b.start_date) - Date.parse(a.start_date) || b.id - a.id
  ).map(({ id }) => id);
}

const HISTORY = createHistory(700, 5);

Deno.test("GET /strava/activities/export: has all activities in every format", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const ids = newestFirst(HISTORY);
  const page = await test.get("/strava/activities?limit=200", { key: true });
  const { data } = await page.json();

  const lines = (await getText(test, "format=jsonl")).split("\n");
  assert.equal(lines.pop(), "");
  const objects = lines.map((line) => JSON.parse(line));
  assert.deepEqual(objects.map(({ id }) => id), ids);
  for (const [index, { polyline, ...activity }] of objects.entries()) {
    if (index < 200) assert.deepEqual(activity, data[index]);
    const { map } = HISTORY.find(({ id }) => id === activity.id)!;
    assert.equal(polyline, map.summary_polyline || null);
  }

  const collection = JSON.parse(await getText(test, "format=geojson"));
  assert.deepEqual(Object.keys(collection), ["type", "features"]);
  assert.equal(collection.type, "FeatureCollection");
  for (const [index, feature] of collection.features.entries()) {
    const { polyline, ...activity } = objects[index];
    assert.deepEqual(feature.properties, activity);
    assert.equal(feature.id, activity.id);
    assert.equal(feature.geometry?.type ?? null, polyline && "LineString");
  }
  assert.equal(collection.features.length, 700);

  const [head, ...rows] = parseCsv(await getText(test, "format=csv"));
  assert.equal(head!.slice(0, 4).join(), "id,name,type,sport_type");
  assert.deepEqual(rows.map(([id]) => Number(id)), ids);
  for (const [index, row] of rows.entries()) {
    assert.equal(row.length, head!.length);
    const cells = Object.fromEntries(head!.map((name, at) => [name, row[at]]));
    const { heart_rate, distance, start_date } = objects[index];
    assert.equal(Number(cells["distance"]), distance);
    assert.equal(cells["start_date"], start_date);
    assert.equal(cells["average_heartrate"], `${heart_rate.average ?? ""}`);
  }
});

Deno.test("GET /strava/activities/export: applies the filters of the list", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const from = "2025-06-01";
  const kept = HISTORY.filter(({ start_date_local, commute }) =>
    start_date_local >= from && !commute
  );

  const text = await getText(test, `format=jsonl&from=${from}&commute=false`);

  const ids = text.trimEnd().split("\n").map((line) => JSON.parse(line).id);
  assert.deepEqual(ids, newestFirst(kept));
  const none = "gear_id=none";
  assert.equal(await getText(test, `format=jsonl&${none}`), "");
  assert.match(await getText(test, `format=csv&${none}`), /^id,[^\r]+\r\n$/);
  assert.deepEqual(JSON.parse(await getText(test, `format=geojson&${none}`)), {
    type: "FeatureCollection",
    features: [],
  });
});

Deno.test("GET /strava/activities/export: escapes formulas and quotes in CSV", async () => {
  const cases: [name: string, cell: string][] = [
    ["Plain", "Plain"],
    ["=1+1", "'=1+1"],
    ["+49", "'+49"],
    ["-2 °C", "'-2 °C"],
    ["@home", "'@home"],
    ["\t=1", "'\t=1"],
    ["\r=1", "'\r=1"],
    ["  =1", "'  =1"],
    ["＝1", "'＝1"],
    ["'=1", "''=1"],
    ['=HYPERLINK("http://x","y")', `'=HYPERLINK("http://x","y")`],
    ['a "b", c', 'a "b", c'],
    ["two\nlines", "two\nlines"],
    ["1=1", "1=1"],
    ["", ""],
  ];
  const activities = cases.map(([name], index) =>
    createActivity({ id: index + 1, name, utc_offset: -3600 }, 1)
  );
  await using test = await createTestApp({ activities, synced: true });

  const text = await getText(test, "format=csv");

  const [head, ...rows] = parseCsv(text);
  const at = head!.indexOf("name");
  const offset = head!.indexOf("utc_offset");
  for (const [index, [name, cell]] of cases.entries()) {
    const row = rows.find(([id]) => id === String(index + 1))!;
    assert.equal(row[at], cell, name);
    assert.equal(row[offset], "-3600", "numbers are not escaped");
  }
});

Deno.test("GET /strava/activities/export: begins CSV with a byte order mark on request", async () => {
  await using test = await createTestApp({
    activities: HISTORY.slice(0, 3),
    synced: true,
  });
  const read = async (query: string): Promise<[number, string]> => {
    const path = `/strava/activities/export?${query}`;
    const response = await test.get(path, { key: true });
    // `text()` would drop the mark.
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    return [response.status, decoder.decode(await response.bytes())];
  };

  const [, plain] = await read("format=csv");
  for (
    const [query, expected] of [
      ["format=csv&bom=true", `\ufeff${plain}`],
      ["format=csv&bom=false", plain],
      ["format=csv&bom=true&year=1950", `\ufeff${plain.split("\r\n")[0]}\r\n`],
    ] as const
  ) {
    assert.deepEqual(await read(query), [200, expected], query);
  }
  for (const format of ["jsonl", "geojson"]) {
    const [status, problem] = await read(`format=${format}&bom=true`);
    assert.equal(status, 400);
    assert.match(problem, /goes with `format=csv` only/);
    assert.equal((await read(`format=${format}&bom=false`))[0], 200);
  }
});

Deno.test("GET /strava/activities/export: requires the owner, and names the file", async () => {
  await using test = await createTestApp({ synced: true });
  for (
    const [query, key, status, reason] of [
      ["format=csv", false, 401, "missing_api_key"],
      ["", true, 400, "invalid_input"],
      ["format=xml", true, 400, "invalid_input"],
      ["format=csv&limit=1", true, 400, "invalid_input"],
      ["format=csv&from=2025-01-02&to=2025-01-01", true, 400, "invalid_input"],
    ] as const
  ) {
    const response = await test.get(`${PATH}?${query}`, { key });
    const body = await response.json();
    assert.equal(response.status, status, query);
    assert.equal(body.reason, reason, query);
  }

  const response = await test.get(`${PATH}?format=geojson`, { key: true });
  assert.equal(
    response.headers.get("content-disposition"),
    'attachment; filename="activities-2026-11-20.geojson"',
  );
  assert.equal(response.headers.get("content-type"), "application/geo+json");
  await response.text();
  const head = await test.app(
    new Request(`http://localhost${PATH}?format=csv`, {
      method: "HEAD",
      headers: { "x-api-key": test.config.internalApiKey },
    }),
  );
  assert.equal(head.status, 200);
  assert.equal(head.body, null);
  await test.idle();
});

/** Copies the stored activity until there are `count` activities. */
async function copyActivity({ deps }: TestApp, count: number): Promise<void> {
  await deps.sql`
    insert into activities (
      athlete_id, id, name, type, sport_type, start_date, start_date_local, utc_offset, distance,
      moving_time, elapsed_time, total_elevation_gain, average_speed, max_speed, kudos_count,
      visibility, trainer, commute, manual, raw, content_hash, first_seen_at, fetched_at
    )
    select
      athlete_id, n, name, type, sport_type, start_date - n * interval '1 minute',
      start_date_local, utc_offset, distance, moving_time, elapsed_time, total_elevation_gain,
      average_speed, max_speed, kudos_count, visibility, trainer, commute, manual, raw,
      content_hash, first_seen_at, fetched_at
    from activities
    cross join generate_series(2, ${count}) as n
  `;
}

function createTracked(): SummaryActivity {
  const line = Array.from({ length: 150 }, (_, at): [number, number] => [
    52 + at / 1000,
    13 + at / 500,
  ]);
  const map = {
    id: "a1",
    summary_polyline: encodePolyline(line),
    resource_state: 2,
  };
  return createActivity({ id: 1, map }, 1);
}

/** Counts the transactions that exports hold open. */
async function countOpen({ deps }: TestApp): Promise<number> {
  const [row] = await deps.sql<{ count: number }[]>`
    select count(*) as count
    from pg_stat_activity
    where datname = current_database()
      and backend_type = 'client backend' -- not the vacuum of the copied rows
      and xact_start is not null
      and pid <> pg_backend_pid()
  `;
  return row!.count;
}

Deno.test("GET /strava/activities/export: sends 20,000 activities in batches on demand", async () => {
  await using test = await createTestApp({
    activities: [createTracked()],
    synced: true,
  });
  await copyActivity(test, 20_000);

  const response = await test.get(`${PATH}?format=geojson`, { key: true });
  const decoder = new TextDecoder();
  let [chunks, largest, total, count] = [0, 0, 0, 0];
  for await (const chunk of response.body!) {
    chunks++;
    largest = Math.max(largest, chunk.length);
    total += chunk.length;
    count += decoder.decode(chunk).split('"type":"Feature"').length - 1;
    if (chunks === 2) {
      // The server does not read ahead: it fetches a batch when the client has read the last one.
      assert.equal(await countOpen(test), 1);
    }
  }
  await test.idle();

  assert.equal(count, 20_000);
  assert.ok(chunks >= 40, `${chunks} chunks`);
  assert.ok(largest < total / 30, `${largest} of ${total} bytes at once`);
  assert.equal(await countOpen(test), 0);
});

Deno.test("GET /strava/activities/export: frees the connection when a client leaves", async () => {
  await using test = await createTestApp({
    activities: [createTracked()],
    synced: true,
  });
  await copyActivity(test, 20_000);
  const ending = new AbortController();
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      onListen() {},
      signal: ending.signal,
    },
    (request) => test.app(request),
  );
  await using _end = {
    async [Symbol.asyncDispose]() {
      ending.abort();
      await server.finished;
    },
  };
  const url = `http://127.0.0.1:${server.addr.port}${PATH}?format=geojson`;
  const headers = { "x-api-key": test.config.internalApiKey };

  // More rounds than there are connections.
  for (let round = 0; round < 5; round++) {
    const leaving = new AbortController();
    const response = await fetch(url, { headers, signal: leaving.signal });
    const reader = response.body!.getReader();
    await reader.read();
    await until(async () => await countOpen(test) === 1, "one transaction");
    leaving.abort();
    await reader.cancel().catch(() => {});
    await until(async () => await countOpen(test) === 0, "the end");
  }
  await test.idle();

  assert.doesNotMatch(test.log.text(), /Failed while sending/);
});

Deno.test("GET /strava/activities/export: drops a client that reads nothing for a minute", async () => {
  await using test = await createTestApp({
    activities: [createTracked()],
    synced: true,
  });
  await copyActivity(test, 5000);
  const late = Promise.withResolvers<void>();
  const { sleep } = test.deps;
  test.deps.sleep = (ms, signal) =>
    ms === 60_000 ? late.promise : sleep(ms, signal);

  const response = await test.get(`${PATH}?format=csv`, { key: true });
  assert.equal(await countOpen(test), 1);
  late.resolve();
  await until(async () => await countOpen(test) === 0, "the end");
  await assert.rejects(response.text());
});

Deno.test("GET /strava/activities/export: ends when its key is revoked", async () => {
  await using test = await createTestApp({
    activities: [createTracked()],
    synced: true,
  });
  await copyActivity(test, 5000);
  const user = await insertCaller(test, "ada");
  await giveAthlete(test, { user, athleteId: ATHLETE_ID });
  const key = await insertKey(test, { user, scopes: ["export:read"] });

  const response = await test.get(`${PATH}?format=csv`, {
    headers: key.headers,
  });
  assert.equal(response.status, 200);
  await test.deps.sql`
    update api_keys set revoked_at = now() where id = ${key.id}
  `;
  test.clock.now += RECHECK_MS;

  await assert.rejects(response.text());
  await test.idle();
  assert.equal(await countOpen(test), 0);
  assert.doesNotMatch(test.log.text(), /Failed while sending/);
});

for (const [end, isCut] of [["logout", true], ["new token", false]] as const) {
  Deno.test(`GET /strava/activities/export: a session's ${end} ${isCut ? "ends" : "does not end"} it`, async () => {
    await using test = await createTestApp({
      activities: [createTracked()],
      synced: true,
    });
    await copyActivity(test, 5000);
    const user = await insertCaller(test, "ada");
    await giveAthlete(test, { user, athleteId: ATHLETE_ID });

    const response = await test.get(`${PATH}?format=csv`, {
      headers: user.headers,
    });
    assert.equal(response.status, 200);
    const { sql } = test.deps;
    if (isCut) {
      await sql`
        update sessions set revoked_at = now(), revoke_reason = 'logout'
      `;
    } else {
      await sql`update sessions set access_hash = sha256('another')`;
    }
    test.clock.now += RECHECK_MS;

    if (isCut) await assert.rejects(response.text());
    else assert.match(await response.text(), /\n/);
    await test.idle();
    assert.equal(await countOpen(test), 0);
    assert.doesNotMatch(test.log.text(), /Failed while sending/);
  });
}

Deno.test("GET /strava/activities/export: answers 429 to a third concurrent export", async () => {
  const small = await createTestDatabase();
  const sql = connect(small.url, { max: 6, applicationName: "paceline-test" });
  const database: TestDatabase = {
    url: small.url,
    sql,
    async [Symbol.asyncDispose]() {
      await sql.end();
      await small[Symbol.asyncDispose]();
    },
  };
  await using test = await createTestApp({
    activities: [createTracked()],
    synced: true,
    database,
  });
  await copyActivity(test, 2000);
  const answers: Response[] = [];
  // Also if the test fails: nothing else would release the connections.
  await using _end = {
    async [Symbol.asyncDispose]() {
      for (const { body } of answers) await body?.cancel().catch(() => {});
    },
  };
  const getStatus = async (): Promise<number> => {
    const response = await test.get(`${PATH}?format=csv`, { key: true });
    answers.push(response);
    return response.status;
  };

  for (let count = 0; count < 2; count++) assert.equal(await getStatus(), 200);
  assert.equal(await getStatus(), 429);

  const refused = answers[2]!;
  assert.equal(refused.headers.get("retry-after"), "30");
  assert.equal((await refused.json()).reason, "too_many_downloads");
  const head = await test.app(
    new Request(`http://localhost:5001${PATH}?format=csv`, {
      method: "HEAD",
      headers: { "x-api-key": test.config.internalApiKey },
    }),
  );
  assert.equal(head.status, 200);
  assert.equal((await test.get("/strava/stats/ytd")).status, 200);

  // A finished export and a cancelled one both make room.
  await answers[0]!.text();
  await answers[1]!.body!.cancel();
  await until(async () => await countOpen(test) === 0, "two ends");
  assert.deepEqual([await getStatus(), await getStatus(), await getStatus()], [
    200,
    200,
    429,
  ]);
});

Deno.test("GET /strava/activities/export: makes room after a failed export", async () => {
  await using test = await createTestApp({
    activities: [createTracked()],
    synced: true,
  });
  await test.deps
    .sql`alter table activities rename column kudos_count to kudos`;
  for (let round = 0; round < 5; round++) {
    const response = await test.get(`${PATH}?format=csv`, { key: true });
    assert.equal(response.status, 500);
    await response.body?.cancel();
  }
  await test.deps
    .sql`alter table activities rename column kudos to kudos_count`;

  const response = await test.get(`${PATH}?format=csv`, { key: true });

  assert.equal(response.status, 200);
  await response.text();
});
