import assert from "node:assert/strict";
import { dropTrailingSlash } from "../../../server/http/trailing_slash.ts";
import { createRestRoutes } from "../../../server/rest.ts";
import { createTestApp } from "../../support/app.ts";
import { createSpacedRuns } from "../../support/sync.ts";

Deno.test("dropTrailingSlash: changes only the end of a path", () => {
  for (
    const [url, expected] of [
      ["http://a.test/", "http://a.test/"],
      ["http://a.test/?q=/", "http://a.test/?q=/"],
      ["http://a.test/docs/", "http://a.test/docs"],
      ["http://a.test/a/b/?q=1/", "http://a.test/a/b?q=1/"],
      ["http://[::1]:5000/a/", "http://[::1]:5000/a"],
      ["http://a.test/a?q=b/", "http://a.test/a?q=b/"],
      ["http://a.test/a//", "http://a.test/a//"],
      ["http://a.test//", "http://a.test//"],
      ["http://a.test/trpc/stats.ytd/", "http://a.test/trpc/stats.ytd/"],
    ] as const
  ) {
    assert.equal(dropTrailingSlash(new Request(url)).url, expected);
  }
});

Deno.test("REST: answers each path with a slash at its end like without it", async () => {
  await using test = await createTestApp({
    activities: createSpacedRuns(5),
    synced: true,
  });
  const paths = createRestRoutes().filter(({ method }) => method === "GET")
    .map(({ path }) => path.replace("{id}", "1"));
  for (const path of ["/health", "/docs", "/openapi.json", ...paths]) {
    const [plain, slashed] = await Promise.all([
      test.get(path, { key: true }),
      test.get(`${path}/`, { key: true }),
    ]);
    await Promise.all([plain.body?.cancel(), slashed.body?.cancel()]);
    assert.equal(slashed.status, plain.status, path);
    assert.notEqual(plain.status, 405, path);
  }
  const listed = await test.get("/strava/activities?limit=1");
  const { data: [{ id }] } = await listed.json();
  const detail = await test.get(`/strava/activities/${id}/`);
  assert.equal((await detail.json()).id, id);
});

Deno.test("REST: keeps the query and the body with a slash at the path's end", async () => {
  await using test = await createTestApp({
    activities: createSpacedRuns(5),
    synced: true,
  });
  const listed = await test.get("/strava/activities/?limit=3&offset=1");
  assert.equal((await listed.json()).data.length, 3);
  const refused = await test.post("/strava/refresh-data/", {
    key: true,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ mode: "sideways" }),
  });
  assert.equal(refused.status, 400);
  assert.match(JSON.stringify(await refused.json()), /mode/);
  const accepted = await test.post("/strava/refresh-data/", {
    key: true,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ mode: "full" }),
  });
  assert.equal(accepted.status, 200);
  await accepted.body?.cancel();
});
