import assert from "node:assert/strict";
import {
  type RateLimitReading,
  readRateLimit,
  spentWindow,
  windowEnd,
} from "../../../server/strava/rate_limit.ts";

const UNUSED: RateLimitReading = {
  shortLimit: 200,
  shortUsage: 0,
  dailyLimit: 2000,
  dailyUsage: 0,
  readShortLimit: 100,
  readShortUsage: 0,
  readDailyLimit: 1000,
  readDailyUsage: 0,
};

Deno.test("readRateLimit: the four headers, whatever their case", () => {
  const headers = new Headers({
    "X-Ratelimit-Limit": "200,2000",
    "x-ratelimit-usage": "8, 151",
    "X-READRATELIMIT-LIMIT": "100,1000",
    "X-Readratelimit-Usage": "7,150",
  });
  assert.deepEqual(readRateLimit(headers), {
    shortLimit: 200,
    shortUsage: 8,
    dailyLimit: 2000,
    dailyUsage: 151,
    readShortLimit: 100,
    readShortUsage: 7,
    readDailyLimit: 1000,
    readDailyUsage: 150,
  });
});

Deno.test("readRateLimit: what is empty or no number is unknown, and not zero", () => {
  for (const text of [",", "", "many,more", "-1,1.5", "8"]) {
    const headers = new Headers({ "X-Ratelimit-Usage": text });
    const reading = readRateLimit(headers);
    assert.equal(reading?.shortUsage, text === "8" ? 8 : null, text);
    assert.equal(reading?.dailyUsage, null, text);
    assert.equal(reading?.readShortLimit, null);
  }
  assert.equal(readRateLimit(new Headers({ "content-type": "x" })), undefined);
});

Deno.test("spentWindow: checks both halves of both pairs, and the day outlasts the quarter hour", () => {
  assert.equal(spentWindow(UNUSED), undefined);
  assert.equal(spentWindow({ ...UNUSED, shortUsage: 199 }), undefined);
  assert.equal(spentWindow({ ...UNUSED, shortUsage: 200 }), "short");
  assert.equal(spentWindow({ ...UNUSED, readShortUsage: 100 }), "short");
  assert.equal(spentWindow({ ...UNUSED, dailyUsage: 2000 }), "daily");
  assert.equal(spentWindow({ ...UNUSED, readDailyUsage: 1001 }), "daily");
  assert.equal(
    spentWindow({ ...UNUSED, readShortUsage: 100, readDailyUsage: 1000 }),
    "daily",
  );
  const unknown = { ...UNUSED, shortUsage: null, readShortLimit: null };
  assert.equal(spentWindow({ ...unknown, readShortUsage: 500 }), undefined);
});

Deno.test("windowEnd: the next quarter hour or midnight in UTC, and five seconds", () => {
  const at = (text: string): number => Date.parse(`2026-11-20T${text}Z`);
  const end = (window: "short" | "daily", text: string): string =>
    new Date(windowEnd(window, at(text))).toISOString();
  assert.equal(end("short", "12:02:00"), "2026-11-20T12:15:05.000Z");
  assert.equal(end("short", "12:14:59.999"), "2026-11-20T12:15:05.000Z");
  assert.equal(end("short", "12:15:00"), "2026-11-20T12:30:05.000Z");
  assert.equal(end("short", "23:50:00"), "2026-11-21T00:00:05.000Z");
  assert.equal(end("daily", "12:02:00"), "2026-11-21T00:00:05.000Z");
  assert.equal(end("daily", "00:00:00"), "2026-11-21T00:00:05.000Z");
});
