import assert from "node:assert/strict";
import { createTestApp } from "../support/app.ts";

Deno.test("whereVisibility: works in the first queries of several connections", async () => {
  for (let attempt = 0; attempt < 20; attempt++) {
    await using test = await createTestApp();

    const responses = await Promise.all(
      [1, 2, 3].map(() => test.get("/strava/sync/status")),
    );

    for (const response of responses) {
      assert.equal(response.status, 404, await response.text());
    }
  }
});
