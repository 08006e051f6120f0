import assert from "node:assert/strict";
import superjson from "superjson";
import { z } from "zod";
import {
  connect,
  Instant,
  type Pool,
  PostgresError,
} from "../../../db/driver/client.ts";
import {
  createTestDatabase,
  type TestDatabase,
} from "../../support/database.ts";

Deno.test("int8: becomes a number, or an error if a number cannot represent it", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  const [row] = await sql`
    select
      ${13_123_456_789}::int8 as id,
      ${9_007_199_254_740_991n}::int8 as largest,
      count(*) as count,
      array[1, 13123456789]::int8[] as ids
  `;
  assert.deepEqual({ ...row }, {
    id: 13_123_456_789,
    largest: Number.MAX_SAFE_INTEGER,
    count: 1,
    ids: [1, 13_123_456_789],
  });
  const unsafe = sql`select 9007199254740992::int8 as id`;
  await assert.rejects(unsafe, {
    name: "RangeError",
    message:
      'Cannot read the bigint "9007199254740992": a number cannot represent it exactly',
  });
  assert.equal((await sql`select 1 as one`)[0]?.one, 1);
});

Deno.test("numeric: stays text, digit for digit", async () => {
  await using database = await createTestDatabase();
  const [row] = await database.sql`
    select 0.10::numeric as price, sum(n) as sum
    from unnest(array[1, 2]::int8[]) as n
  `;
  assert.deepEqual({ ...row }, { price: "0.10", sum: "3" });
});

Deno.test("timestamptz: writes and reads instants to the millisecond", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  const sent = new Date("2021-02-02T22:51:50.123Z");
  const [row] = await sql`
    select
      ${sent}::timestamptz as sent,
      ${sent}::timestamptz = '2021-02-02 22:51:50.123+00' as exact,
      '2021-02-02 17:51:50-05'::timestamptz as read,
      array['2021-02-02 22:51:50+00']::timestamptz[] as list
  `;
  assert.equal(row?.sent.getTime(), sent.getTime());
  assert.equal(row?.exact, true);
  assert.ok(row?.read instanceof Instant);
  assert.equal(row.read.toISOString(), "2021-02-02T22:51:50.000Z");
  assert.equal(JSON.stringify(row.list), '["2021-02-02T22:51:50Z"]');
});

Deno.test("Instant: omits zero milliseconds in JSON and is a Date to zod and superjson", () => {
  const instant = new Instant("2021-02-02T22:51:50Z");
  assert.equal(JSON.stringify(instant), '"2021-02-02T22:51:50Z"');
  const finer = new Instant("2021-02-02T22:51:50.120Z");
  assert.equal(JSON.stringify(finer), '"2021-02-02T22:51:50.120Z"');
  assert.equal(JSON.stringify(new Instant(NaN)), "null");
  assert.equal(z.date().parse(instant), instant);
  const copy = superjson.parse<Date>(superjson.stringify(instant));
  assert.ok(copy instanceof Date);
  assert.equal(copy.getTime(), instant.getTime());
});

Deno.test("timestamp and date: stay text, whatever the server's zone", async () => {
  await using database = await createTestDatabase();
  const [row] = await database.sql`
    select
      ${"2021-02-02T17:51:50"}::timestamp as wall,
      '2021-02-02 17:51:50.5'::timestamp as finer,
      ${"2021-02-28"}::date as day,
      array['2021-02-02 17:51:50']::timestamp[] as list
  `;
  assert.deepEqual({ ...row }, {
    wall: "2021-02-02T17:51:50",
    finer: "2021-02-02T17:51:50.5",
    day: "2021-02-28",
    list: ["2021-02-02T17:51:50"],
  });
});

Deno.test("jsonb and arrays: keep values and keys", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  const raw = {
    start_date: "2021-02-02T22:51:50Z",
    map: { summaryLine: 'a"b' },
  };
  const names = ["plain", 'q"uote', "com,ma", "null", ""];
  const [row] = await sql`
    select
      ${sql.json(raw)}::jsonb as raw,
      ${names}::text[] as names,
      ${[1, 2]}::int8[] as ids,
      3 = any(${[1, 2, 3]}::int4[]) as found
  `;
  assert.deepEqual({ ...row }, { raw, names, ids: [1, 2], found: true });
});

Deno.test("connect: opens a named session in UTC that ends long statements", async () => {
  await using database = await createTestDatabase();
  const notices: string[] = [];
  const sql = connect(database.url, {
    max: 1,
    applicationName: "client-test",
    statementTimeoutSeconds: 0.05,
    onNotice: (notice) => notices.push(notice.message ?? ""),
  });
  const [row] = await sql`
    select current_setting('application_name') as name, current_setting('TimeZone') as zone
  `;
  assert.deepEqual({ ...row }, { name: "client-test", zone: "UTC" });
  await assert.rejects(sql`select pg_sleep(20)`, { code: "57014" });
  await sql.unsafe("do $$ begin raise notice 'told'; end $$");
  assert.deepEqual(notices, ["told"]);
  await sql.end();
});

Deno.test("connect: uses 30 s per statement and the name paceline by default", async () => {
  await using database = await createTestDatabase();
  const sql = connect(database.url, { max: 1 });
  const [row] = await sql`
    select current_setting('application_name') as name, current_setting('statement_timeout') as timeout
  `;
  await sql.end();
  assert.deepEqual({ ...row }, { name: "paceline", timeout: "30s" });
});

Deno.test("connect: rejects each query with the address of an unreachable server", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const sql = connect(`postgres://app:app@127.0.0.1:${port}/app`, { max: 2 });
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () => sql`select 1`),
  );
  await assert.rejects(sql.begin((tx) => tx`select 1`), {
    code: "ECONNREFUSED",
  });
  await sql.end();
  for (const result of results) {
    assert.equal(result.status, "rejected");
    assert.equal(result.reason.code, "ECONNREFUSED");
    assert.match(
      String(result.reason.message),
      new RegExp(`127.0.0.1:${port}`),
    );
  }
});

Deno.test("connect: gives up on a server that never answers", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `postgres://app:app@127.0.0.1:${listener.addr.port}/app`;
  const sql = connect(url, { max: 1, connectTimeoutSeconds: 0.1 });
  const accepted = listener.accept();
  await assert.rejects(sql`select 1`, { code: "CONNECT_TIMEOUT" });
  (await accepted).close();
  await sql.end();
});

Deno.test("connect: requires TLS with sslmode=require", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url =
    `postgres://app:app@127.0.0.1:${listener.addr.port}/app?sslmode=require`;
  const sql = connect(url, { max: 1, connectTimeoutSeconds: 5 });
  const query = assert.rejects(sql`select 1`);
  const server = await listener.accept();
  const hello = new Uint8Array(8);
  await server.read(hello);
  assert.equal(new DataView(hello.buffer).getInt32(4), 80877103);
  await server.write(new TextEncoder().encode("N"));
  server.close();
  await query;
  await sql.end();
});

Deno.test("begin: keeps everything or nothing, with the reason as PostgresError", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await sql`create table pairs (id int8 primary key, name text)`;
  const kept = await sql.begin(async (tx) => {
    await tx`insert into pairs ${
      tx([{ id: 1, name: "a" }, { id: 2, name: "b" }])
    }`;
    await tx.savepoint((sp) => sp`insert into pairs values (3, 'c')`);
    return "kept";
  });
  const failed = sql.begin(async (tx) => {
    await tx`insert into pairs values (4, 'd')`;
    await tx`insert into pairs values (1, 'again')`;
  });
  await assert.rejects(failed, (error) => {
    assert.ok(error instanceof PostgresError);
    assert.equal(error.code, "23505");
    assert.equal(error.constraint_name, "pairs_pkey");
    return true;
  });
  assert.equal(kept, "kept");
  const rows = await sql`select id from pairs order by id`;
  assert.deepEqual(rows.map((row) => row.id), [1, 2, 3]);
});

Deno.test("PostgresError: names the constraint and quotes no row", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  const profile = { firstname: "Sam" };
  const wrong = (tx: Pool | Parameters<Parameters<Pool["begin"]>[1]>[0]) =>
    tx`
      insert into athletes (id, profile, connected_at)
      values (-1, ${tx.json(profile)}, now())
    `;
  const quoting = sql`select '{"name": "Sam", x}'::json`;

  const failures = await Promise.all([
    wrong(sql).catch((error) => error),
    sql.begin((tx) => wrong(tx)).catch((error) => error),
    quoting.catch((error) => error),
  ]);

  for (const error of failures) {
    assert.ok(error instanceof PostgresError);
    assert.doesNotMatch(Deno.inspect(error), /Sam/);
  }
  assert.equal(failures[0].constraint_name, "athletes_id_check");
});

Deno.test("begin: queues transactions beyond the connections", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await sql`create table hits (n int not null)`;
  await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      sql.begin(async (tx) => {
        await tx`insert into hits values (${n})`;
        await tx`select pg_sleep(0.001)`;
      })),
  );
  const [row] = await sql`select count(distinct n) as count from hits`;
  assert.equal(row?.count, 30);
});

Deno.test("Pool: supports the driver's fragments, helpers, cursor, unsafe and listen", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await sql`create table items (id int8, name text)`;
  const wanted = sql`where id = any(${[1, 2]})`;
  const never = sql`nowhere`;
  await sql`insert into items ${
    sql([{ id: 1, name: "a" }, { id: 3, name: "c" }], "id", "name")
  }`;
  const rows = await sql`select ${sql(["id", "name"])} from ${
    sql("items")
  } ${wanted}`;
  assert.deepEqual(rows.map((row) => ({ ...row })), [{ id: 1, name: "a" }]);
  const seen: number[] = [];
  for await (const page of sql`select generate_series(1, 25) as n`.cursor(10)) {
    await sql`select 1`; // another query while the cursor is open
    seen.push(page.length);
  }
  assert.deepEqual(seen, [10, 10, 5]);
  const described = await sql`select ${1}::int8 as id`.describe();
  assert.deepEqual(described.columns.map((column) => column.name), ["id"]);
  assert.equal((await sql.unsafe("select $1::int8 as id", [7]))[0]?.id, 7);
  assert.equal((await sql`select 5 as n`.values())[0]?.[0], 5);
  const heard = Promise.withResolvers<string>();
  await sql.listen("news", heard.resolve);
  await sql.notify("news", "told");
  assert.equal(await heard.promise, "told");
  assert.ok(never);
});

Deno.test("Pool: rejects a cancelled query, running or waiting", async () => {
  await using database = await createTestDatabase();
  const sql = connect(database.url, { max: 1 });
  await sql`select 1`;
  const running = sql`select pg_sleep(20)`.execute();
  const waiting = sql`select 2`.execute();
  await untilActive(database.sql, "pg_sleep(20)");
  waiting.cancel();
  await assert.rejects(waiting, { code: "57014" });
  running.cancel();
  await assert.rejects(running, { code: "57014" });
  assert.equal((await sql`select 3 as n`)[0]?.n, 3);
  await sql.end();
});

Deno.test("Pool: lets quick queries pass slow ones on a free connection", async () => {
  await using database = await createTestDatabase();
  const sql = connect(database.url, { max: 3 });
  await useAll(sql, 3);
  let ended = 0;
  const slow = [1, 2].map(() => sql`select pg_sleep(5)`);
  const ends = slow.map((query) => query.catch(() => {}).then(() => ended++));
  await Promise.all(
    Array.from({ length: 60 }, (_, n) => sql`select ${n}::int`),
  );
  assert.equal(ended, 0);
  for (const query of slow) query.cancel();
  await Promise.all(ends);
  await sql.end();
});

Deno.test("begin: applies nothing of a transaction that lost its connection", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await sql`create table marks (n int not null)`;
  const victim = connect(database.url, { max: 2 });
  const seen: unknown[] = [];
  const resumed = Promise.withResolvers<void>();
  const transaction = victim.begin(async (tx) => {
    await tx`insert into marks values (1)`;
    const [row] = await tx`select pg_backend_pid() as pid`;
    const waiting = tx`select pg_sleep(20)`.catch((error) => seen.push(error));
    await untilActive(sql, "pg_sleep(20)");
    await sql`select pg_terminate_backend(${row?.pid})`;
    await waiting;
    await victim`select 1`.catch(() => {});
    await tx`insert into marks values (2)`.catch((error) => seen.push(error));
    resumed.resolve();
  });
  await assert.rejects(transaction, { code: "CONNECTION_CLOSED" });
  await resumed.promise;
  assert.equal(seen.length, 2, "both queries after the loss rejected");
  assert.equal((await sql`select count(*) as n from marks`)[0]?.n, 0);
  await within(10, victim.end());
});

Deno.test("begin: reopens a connection that was lost between two queries", async () => {
  await using database = await createTestDatabase();
  const sql = connect(database.url, { max: 5, applicationName: "between" });
  for (let round = 0; round < 20; round++) {
    const begun = Array.from({ length: 5 }, () => Promise.withResolvers());
    const ends = begun.map(({ resolve }) =>
      sql.begin(async (tx) => {
        for (;;) resolve(await tx`select ${round}::int`);
      }).catch((error) => error.code)
    );
    await Promise.all(begun.map(({ promise }) => promise));
    await database.sql`
      select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'between'
    `;
    for (const code of await Promise.all(ends)) {
      assert.match(code, /^(CONNECTION_CLOSED|ECONNRESET|EPIPE|57P01)$/);
    }

    await within(4, Promise.all(ends.map(() => sql`select 1`)));
  }
  await sql.end();
});

Deno.test("Pool: recovers when the server drops every connection", async () => {
  await using database = await createTestDatabase();
  const sql = connect(database.url, { max: 5, applicationName: "dropped" });
  await sql`select 1`;
  const settled = Promise.allSettled([
    ...Array.from({ length: 40 }, () => sql`select pg_sleep(0.2)`),
    sql.begin((tx) => tx`select pg_sleep(20)`),
  ]);
  await untilActive(database.sql, "pg_sleep(0.2)");
  await database.sql`
    select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dropped'
  `;
  const results = await settled;
  assert.ok(results.some((result) => result.status === "rejected"));
  await Promise.all(Array.from({ length: 20 }, () => sql`select 1`));
  await sql.end();
});

Deno.test("Pool: has no unhandled rejection when a connection is lost while opening", async () => {
  await using database = await createTestDatabase();
  let lost = 0;
  await using proxy = serveProxy(database.url, async (sent) => {
    // The driver reads the array types before it sends the query.
    if (!sent.includes("typarray")) return;
    lost++;
    await database.sql`
      select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'opening'
    `;
  });
  const sql = connect(proxy.url, { max: 1, applicationName: "opening" });

  assert.equal((await sql`select 1 as one`)[0]?.one, 1);

  assert.equal(lost, 1);
  await sql.end();
});

/** Returns a pool whose connections are all idle and were just closed by the server. */
async function openDropped(database: TestDatabase): Promise<Pool> {
  const sql = connect(database.url, { applicationName: "gone" });
  await useAll(sql, 10);
  await database.sql`
    select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'gone'
  `;
  return sql;
}

Deno.test("Pool: repeats reads whose connections the server has closed", async () => {
  await using database = await createTestDatabase();
  for (let round = 0; round < 10; round++) {
    const sql = await openDropped(database);

    const rows = await Promise.all(
      Array.from({ length: 10 }, (_, n) => sql`select ${n}::int as n`),
    );

    assert.deepEqual(rows.map(([row]) => row?.n), [...Array(10).keys()]);
    await sql.end();
  }
});

Deno.test("begin: runs once on another connection if the first was closed", async () => {
  await using database = await createTestDatabase();
  await database.sql`create table marks (n int not null)`;
  for (let round = 0; round < 10; round++) {
    const sql = await openDropped(database);

    await Promise.all(
      Array.from(
        { length: 10 },
        (_, n) =>
          sql.begin((tx) => tx`insert into marks values (${round * 10 + n})`),
      ),
    );

    await sql.end();
  }
  const rows = await database.sql`select n from marks order by n`;
  assert.deepEqual(rows.map(({ n }) => n), [...Array(100).keys()]);
});

Deno.test("Pool: repeats a read but not a write after a lost connection", async () => {
  await using database = await createTestDatabase();
  await database.sql`create table marks (n int not null)`;
  const sql = connect(database.url, { applicationName: "writing" });
  const writing = assert.rejects(
    sql`insert into marks select 1 from pg_sleep(0.5) as nap`,
    { code: /^(57P01|CONNECTION_CLOSED)$/ },
  );
  const reading = sql`select 1 as one from generate_series(1, 3e7) as n limit 1`
    .then(([row]) => row?.one);
  await untilActive(database.sql, "pg_sleep(0.5)");
  await database.sql`
    select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'writing'
  `;

  await writing;

  assert.equal(await reading, 1);
  assert.equal((await database.sql`select from marks`).length, 0);
  await sql.end();
});

Deno.test("Pool: ends every query while the server drops idle connections", async () => {
  await using database = await createTestDatabase();
  for (let round = 0; round < 10; round++) {
    const sql = connect(database.url, { max: 5, applicationName: "idle" });
    await useAll(sql, 5);
    await database.sql`
      select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'idle'
    `;
    const queries = Array.from({ length: 20 }, () => sql`select 1 as one`);
    await within(10, Promise.allSettled(queries));
    await within(10, sql.end());
  }
});

Deno.test("Pool: lets running queries finish on end and refuses new ones", async () => {
  await using database = await createTestDatabase();
  const sql = connect(database.url, { max: 2 });
  const running = sql`select pg_sleep(0.5), 1 as n`.execute();
  await untilActive(database.sql, "pg_sleep(0.5), 1");
  await sql.end();
  assert.equal((await running)[0]?.n, 1);
  await assert.rejects(sql`select 1`, { code: "CONNECTION_ENDED" });
});

// The driver resets its arrays of connections and queries only when their last element is taken. Plain `postgres()`
// fails each of these loads, with arrays about as long as the load. bench/client.ts shows the cost.
for (
  const [load, atOnce, mixed] of [
    ["one query at a time", 1, false],
    ["4 at a time, fewer than connections", 4, false],
    ["10 at a time", 10, true],
    ["32 at a time, with slow queries and transactions", 32, true],
    ["200 at a time, with slow queries and transactions", 200, true],
  ] as const
) {
  Deno.test(`Pool: does not age, ${load}`, async () => {
    await using database = await createTestDatabase();
    const sql = connect(database.url, { max: 10 });
    await useAll(sql, 10);
    const longest = await longestArrayDuring(() =>
      drive(sql, 12_000, atOnce, mixed)
    );
    await sql.end();
    assert.ok(longest < 3000, `An array of the driver grew to ${longest}`);
  });
}

/** Forwards everything to the server. `look` sees the client's data on the first connection beforehand. */
function serveProxy(
  database: string,
  look: (sent: string) => Promise<void>,
): { url: string } & AsyncDisposable {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = new URL(database);
  const [hostname, port] = [url.hostname, Number(url.port)];
  url.port = String(listener.addr.port);
  const ends: Deno.TcpConn[] = [];
  const first = new TransformStream<Uint8Array, Uint8Array>({
    async transform(chunk, controller) {
      await look(new TextDecoder().decode(chunk));
      controller.enqueue(chunk);
    },
  });
  async function serve(): Promise<void> {
    const passing: Promise<void>[] = [];
    for await (const client of listener) {
      const server = await Deno.connect({ hostname, port });
      ends.push(client, server);
      const sent = passing.length === 0
        ? client.readable.pipeThrough(first)
        : client.readable;
      passing.push(sent.pipeTo(server.writable).catch(() => {}));
      passing.push(server.readable.pipeTo(client.writable).catch(() => {}));
    }
    await Promise.all(passing);
  }
  const serving = serve();
  return {
    url: url.href,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const end of ends) {
        try {
          end.close();
        } catch {
          // Its stream has ended and closed it.
        }
      }
      await serving;
    },
  };
}

/** Opens a number of connections. */
async function useAll(sql: Pool, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, () => sql`select pg_sleep(0.05)`),
  );
}

/** Rejects if `promise` takes longer than a number of seconds, so that a hanging test fails. */
async function within<T>(seconds: number, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`Not done after ${seconds} seconds`)),
    seconds * 1000,
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Sends `count` queries, `atOnce` in flight; with `mixed`, some are slow and some are transactions. */
async function drive(
  sql: Pool,
  count: number,
  atOnce: number,
  mixed: boolean,
): Promise<void> {
  let sent = 0;
  async function work(): Promise<void> {
    while (sent < count) {
      const n = sent++;
      if (mixed && n % 1000 === 500) await sql`select pg_sleep(0.02)`;
      else if (mixed && n % 100 === 50) {
        await sql.begin((tx) => tx`select ${n}::int as n`);
      } else await sql`select ${n}::int as n`;
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** Returns the greatest length of any array that was pushed to while `act` ran. */
async function longestArrayDuring(act: () => Promise<void>): Promise<number> {
  const { push } = Array.prototype;
  let longest = 0;
  Array.prototype.push = function (...items: unknown[]): number {
    const length = push.apply(this, items);
    if (length > longest) longest = length;
    return length;
  };
  try {
    await act();
  } finally {
    Array.prototype.push = push;
  }
  return longest;
}

/** Resolves when the server runs a statement that contains `text`, for another connection. */
async function untilActive(sql: Pool, text: string): Promise<void> {
  for (;;) {
    const [row] = await sql`
      select count(*) as count
      from pg_stat_activity
      where state = 'active' and pid <> pg_backend_pid() and position(${text} in query) > 0
        and datname = current_database()
    `;
    if (row?.count > 0) return;
  }
}
