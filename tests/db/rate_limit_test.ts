import assert from "node:assert/strict";
import type { Sql } from "../../db/client.ts";
import {
  getRateLimit,
  type RateLimit,
  upsertRateLimit,
} from "../../db/rate_limit.ts";
import { createTestDatabase } from "../support/database.ts";

const CLIENT = { clientId: "12345" };

/** A reading at this time, with so many requests used in the quarter hour and the day. */
function createReading(
  time: string,
  short: number | null,
  daily: number | null,
): RateLimit {
  return {
    shortLimit: 200,
    shortUsage: short,
    dailyLimit: 2000,
    dailyUsage: daily,
    readShortLimit: 100,
    readShortUsage: short,
    readDailyLimit: 1000,
    readDailyUsage: daily,
    observedAt: new Date(`2026-11-20T${time}Z`),
  };
}

async function store(sql: Sql, reading: RateLimit): Promise<void> {
  await upsertRateLimit(sql, { ...CLIENT, ...reading });
}

/** All four usages, since each has a rule of its own. */
async function readUsage(sql: Sql): Promise<(number | null)[]> {
  const limit = await getRateLimit(sql, CLIENT);
  assert.ok(limit);
  return [
    limit.shortUsage,
    limit.readShortUsage,
    limit.dailyUsage,
    limit.readDailyUsage,
  ];
}

Deno.test("upsertRateLimit: two at once, in either order: the greater usage of one window stays", async () => {
  for (const late of [0, 1]) {
    await using database = await createTestDatabase();
    const { sql } = database;
    await store(sql, createReading("12:02:00", 8, 80));
    const readings = [
      createReading("12:02:01", 9, 90),
      createReading("12:02:02", 10, 100),
    ];

    const locked = Promise.withResolvers<void>();
    const waiting = Promise.withResolvers<void>();
    const first = sql.begin(async (tx) => {
      await store(tx, readings[1 - late]!);
      locked.resolve();
      await waiting.promise;
    });
    await locked.promise;
    const second = store(sql, readings[late]!);
    await untilBlocked(sql);
    waiting.resolve();
    await Promise.all([first, second]);

    assert.deepEqual(await readUsage(sql), [10, 10, 100, 100]);
  }
});

/** Resolves when another connection waits for a row. */
async function untilBlocked(sql: Sql): Promise<void> {
  for (;;) {
    const [row] = await sql`
      select count(*) as count
      from pg_stat_activity
      where wait_event_type = 'Lock' and datname = current_database()
    `;
    if (row?.count > 0) return;
  }
}

Deno.test("upsertRateLimit: a new window begins anew, and a late reading of the old one does not return", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;

  await store(sql, createReading("23:44:59", 100, 1000));
  await store(sql, createReading("23:45:00", 1, 1001));
  assert.deepEqual(await readUsage(sql), [1, 1, 1001, 1001]);

  await store(sql, createReading("23:44:59.9", 100, 1002));
  assert.deepEqual(await readUsage(sql), [1, 1, 1002, 1002]);

  const next = createReading("00:00:00", 2, 2);
  next.observedAt = new Date("2026-11-21T00:00:00Z");
  await store(sql, next);
  await store(sql, createReading("23:59:59", 3, 1003));
  assert.deepEqual(await readUsage(sql), [2, 2, 2, 2]);
  const limit = await getRateLimit(sql, CLIENT);
  assert.equal(limit?.observedAt.getTime(), next.observedAt.getTime());
});

Deno.test("upsertRateLimit: what a reading does not state stays as it was, its limits as read last", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await store(sql, createReading("12:02:00", 8, 80));

  await store(sql, {
    ...createReading("12:03:00", null, null),
    shortLimit: 400,
    dailyLimit: null,
  });
  await store(sql, createReading("12:02:30", 9, 90));

  assert.deepEqual(await readUsage(sql), [9, 9, 90, 90]);
  const limit = await getRateLimit(sql, CLIENT);
  assert.deepEqual([limit?.shortLimit, limit?.dailyLimit], [400, 2000]);
});
