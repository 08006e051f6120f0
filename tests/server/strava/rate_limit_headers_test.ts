import assert from "node:assert/strict";
import { parseRateLimit } from "../../../server/strava/rate_limit_headers.ts";

Deno.test("parseRateLimit: parses the four headers in any letter case", () => {
  const headers = new Headers({
    "X-Ratelimit-Limit": "200,2000",
    "x-ratelimit-usage": "8, 151",
    "X-READRATELIMIT-LIMIT": "100,1000",
    "X-Readratelimit-Usage": "7,150",
  });
  assert.deepEqual(parseRateLimit(headers), {
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

Deno.test("parseRateLimit: treats empty and invalid values as unknown, not as zero", () => {
  for (const text of [",", "", "many,more", "-1,1.5", "8"]) {
    const headers = new Headers({ "X-Ratelimit-Usage": text });
    const reading = parseRateLimit(headers);
    assert.equal(reading?.shortUsage, text === "8" ? 8 : null, text);
    assert.equal(reading?.dailyUsage, null, text);
    assert.equal(reading?.readShortLimit, null);
  }
  assert.equal(parseRateLimit(new Headers({ "content-type": "x" })), undefined);
});
