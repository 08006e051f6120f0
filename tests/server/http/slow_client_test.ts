import assert from "node:assert/strict";
import { createHistory, createTestApp } from "../../support/app.ts";

Deno.test("Deno.serve: sends a large answer whole, with its length", async () => {
  await using test = await createTestApp({
    activities: createHistory(1500),
    synced: true,
  });
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request, { remoteAddr }) =>
      test.app(request, { address: remoteAddr.hostname }),
  );
  try {
    const url = `http://localhost:${server.addr.port}`;
    for (const path of ["/strava/stats/", "/trpc/stats."]) {
      const name = path === "/trpc/stats." ? "trainingLoad" : "training-load";
      const response = await fetch(url + path + name);
      const text = await response.text();
      assert.ok(text.length > 64 * 1024, `${text.length} characters`);
      const length = new TextEncoder().encode(text).length;
      assert.equal(response.headers.get("content-length"), String(length));
      assert.doesNotThrow(() => JSON.parse(text));
    }
  } finally {
    await server.shutdown();
  }
});
