import assert from "node:assert/strict";
import {
  createHandler,
  createHistory,
  createTestApp,
} from "../../support/app.ts";

/** Headers that differ from response to response. */
const VARYING =
  /^(cache-control|content-|etag|last-modified|vary|x-request-id)/;
const POLICY = "content-security-policy";

/** Returns the headers that all responses share. */
async function readShared(answer: Promise<Response>): Promise<object> {
  const { headers, body } = await answer;
  await body?.cancel();
  assert.match(headers.get("x-request-id") ?? "", /^[\da-f-]{36}$/);
  return Object.fromEntries(
    [...headers].filter(([name]) => name === POLICY || !VARYING.test(name)),
  );
}

for (const environment of ["development", "production"] as const) {
  Deno.test(`answers: have the headers of all responses in ${environment}`, async () => {
    await using test = await createTestApp({
      synced: true,
      activities: createHistory(30),
      env: {
        ANSWER_CACHE_MB: "32",
        CORS_ORIGINS: "https://app.example.com",
      },
    });
    const app = createHandler({
      ...test.deps,
      config: { ...test.config, environment },
    });
    const origin = "https://app.example.com";
    for (const sent of [{}, { origin }]) {
      const get = (path: string, headers = {}, method = "GET") =>
        app(
          new Request(`http://localhost:5001${path}`, {
            method,
            headers: { ...sent, ...headers },
          }),
        );
      const expected = await readShared(get("/no/such/path"));
      assert.equal("x-content-type-options" in expected, true);
      assert.equal(
        "strict-transport-security" in expected,
        environment === "production",
      );
      assert.equal("access-control-allow-origin" in expected, "origin" in sent);

      for (const path of ["/strava/stats/ytd", "/trpc/stats.ytd"]) {
        const first = await get(path);
        const tag = first.headers.get("etag")!;
        await first.body?.cancel();
        for (
          const headers of [
            {},
            {},
            {},
            { "accept-encoding": "br" },
            { "if-none-match": tag },
          ]
        ) assert.deepEqual(await readShared(get(path, headers)), expected);
        assert.deepEqual(await readShared(get(path, {}, "HEAD")), expected);
      }
    }
  });
}
