import assert from "node:assert/strict";
import { createHistory, createTestApp } from "../../support/app.ts";

const KEPT = "/strava/stats/training-load";

/** The statistic, ten times: its parts stay large when they are compressed. */
const BATCH = `/trpc/${Array(10).fill("stats.trainingLoad").join()}?batch=1`;

Deno.test("answers: refuse a client that does not read, as the routes do", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(1500),
    env: { ANSWER_CACHE_MB: "32" },
  });
  const unread: Response[] = [];
  try {
    let kept = await test.get(KEPT);
    while (kept.status === 200) {
      assert.ok(unread.push(kept) < 1000);
      kept = await test.get(KEPT);
    }
    const accepts = { headers: { "accept-encoding": "gzip" } };
    const computed = await test.get(BATCH, accepts);

    for (const response of [kept, computed]) {
      const { status, headers } = response;
      assert.equal(status, 429, await response.text());
      assert.match(headers.get("content-security-policy")!, /'none'/);
      assert.equal(headers.get("cache-control"), "no-store");
      assert.equal(headers.get("retry-after"), "5");
      assert.ok(headers.has("x-request-id"));
    }
  } finally {
    for (const response of unread) await response.body?.cancel();
  }
});
