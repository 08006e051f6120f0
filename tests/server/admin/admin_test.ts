import assert from "node:assert/strict";
import { DISCONNECT, getStatus, REFRESH, STATUS } from "../../support/admin.ts";
import { createTestApp } from "../../support/app.ts";

for (
  const [method, path] of [
    ["POST", REFRESH],
    ["GET", STATUS],
    ["POST", DISCONNECT],
    ["POST", "/strava/admin/confirm-deletions"],
    ["POST", "/strava/admin/restore"],
    ["GET", "/strava/admin/quarantine"],
  ] as const
) {
  Deno.test(`${method} ${path}: refuses callers without the API key`, async () => {
    await using test = await createTestApp({ synced: true });
    test.strava.clearRequests();
    for (
      const [key, reason] of [
        [undefined, "missing_api_key"],
        ["wrong", "invalid_api_key"],
        ["", "invalid_api_key"],
      ] as const
    ) {
      const headers = key === undefined ? {} : { "x-api-key": key };
      const response = await test.get(path, { method, headers });
      assert.equal(response.status, 401);
      assert.match(
        response.headers.get("content-type")!,
        /^application\/problem\+json/,
      );
      assert.equal((await response.json()).reason, reason);
    }
    assert.deepEqual(test.strava.requests, []);
    assert.equal((await getStatus(test)).athletes[0].connected, true);
  });
}

Deno.test("admin procedures: need the API key over tRPC too", async () => {
  await using test = await createTestApp({ synced: true });
  const headers = { "content-type": "application/json" };
  const calls = [
    test.post("/trpc/admin.refresh", { headers }),
    test.get("/trpc/admin.status"),
    test.post("/trpc/admin.disconnect", { headers }),
    test.post("/trpc/admin.confirmDeletions", { headers }),
    test.post("/trpc/admin.restore", { headers }),
    test.get("/trpc/admin.quarantine"),
  ];
  for (const response of await Promise.all(calls)) {
    assert.equal(response.status, 401);
    const { data } = (await response.json()).error.json;
    assert.equal(data.reason, "missing_api_key");
  }
});
