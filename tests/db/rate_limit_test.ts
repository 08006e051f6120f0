import assert from "node:assert/strict";
import { Instant } from "../../db/driver/client.ts";
import { changeRateLimit, getRateLimit } from "../../db/rate_limit.ts";
import { createTestDatabase } from "../support/database.ts";

const CLIENT = { clientId: "12345" };

Deno.test("changeRateLimit: loses no concurrent change, not even while it inserts the row", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;

  const results = await Promise.all(
    Array.from({ length: 30 }, () =>
      changeRateLimit(sql, CLIENT, (limit) => {
        const requestCount = limit.requestCount + 1;
        return { limit: { ...limit, requestCount }, result: requestCount };
      })),
  );

  assert.equal((await getRateLimit(sql, CLIENT))?.requestCount, 30);
  assert.deepEqual(
    results.toSorted((a, b) => a - b),
    Array.from({ length: 30 }, (_, index) => index + 1),
  );
  assert.equal(await getRateLimit(sql, { clientId: "2" }), undefined);
});

Deno.test("changeRateLimit: stores every field, or nothing if the change throws", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  const at = (hour: number): Date => new Instant(Date.UTC(2026, 10, 20, hour));
  const limit = {
    shortLimit: 1,
    dailyLimit: 2,
    readShortLimit: null,
    readDailyLimit: 4,
    shortUsage: 5,
    dailyUsage: 6,
    readShortUsage: 7,
    readDailyUsage: 8,
    shortWindow: at(9),
    dailyWindow: at(0),
    requestCount: 2 ** 40,
    refused: true,
    inactiveSince: at(11),
    inactiveRetryAt: at(12),
    observedAt: at(13),
  };

  await changeRateLimit(sql, CLIENT, () => ({ limit, result: undefined }));
  await assert.rejects(
    changeRateLimit(sql, CLIENT, () => {
      throw new Error("no");
    }),
    { message: "no" },
  );

  assert.deepEqual({ ...await getRateLimit(sql, CLIENT) }, limit);
});
