import assert from "node:assert/strict";
import { createTestApp, type TestApp } from "../../support/app.ts";

const PATH = "/strava/stats/ytd";

/** Sends a GET with a Host header. Returns the status and the reason. */
async function send(
  { app }: TestApp,
  host: string,
  path = PATH,
): Promise<[number, string | undefined, string | undefined]> {
  const response = await app(
    new Request(`http://localhost:5001${path}`, { headers: { host } }),
  );
  const { reason, detail } = await response.json();
  return [response.status, reason, detail];
}

for (const environment of ["development", "production"] as const) {
  Deno.test(`Host: in ${environment} only the server's own hosts get an answer`, async () => {
    await using test = await createTestApp({
      env: {
        ENVIRONMENT: environment,
        STRAVA_REDIRECT_URI: "https://api.example.com/strava/callback",
        PUBLIC_URL: "https://push.example.com",
        ALLOWED_ATHLETES: "first",
        ALLOWED_HOSTS: "nas, 192.168.1.5",
      },
    });
    for (
      const host of [
        "localhost",
        "LOCALHOST:1234",
        "localhost.",
        "127.0.0.1:5001",
        "[::1]:5001",
        "api.example.com",
        "api.example.com:443",
        "push.example.com",
        "nas:5001",
        "192.168.1.5:5001",
      ]
    ) {
      assert.deepEqual((await send(test, host))[0], 404, host);
    }
    for (
      const host of [
        "evil.test",
        "localhost.evil.test",
        "evil.test:5001",
        "127.0.0.2",
        "192.168.1.6",
        "[::2]",
        "example.com",
      ]
    ) {
      const [status, reason, detail] = await send(test, host);
      assert.deepEqual([status, reason], [400, "unknown_host"], host);
      assert.match(detail!, /ALLOWED_HOSTS/);
    }
  });
}

Deno.test("Host: the host of an absolute URL counts too", async () => {
  await using test = await createTestApp();
  const response = await test.app(
    new Request(`http://evil.test${PATH}`, { headers: { host: "localhost" } }),
  );
  assert.equal((await response.json()).reason, "unknown_host");
});

Deno.test("Host: health routes answer for any host", async () => {
  await using test = await createTestApp();
  for (const path of ["/health/live", "/strava/health", "/health/ready"]) {
    const [status] = await send(test, "10.1.2.3:5001", path);
    assert.equal(status, 200, path);
  }
});

Deno.test("Host: a foreign host changes nothing, not even over tRPC", async () => {
  await using test = await createTestApp();
  const response = await test.app(
    new Request("http://localhost:5001/trpc/auth.logout", {
      method: "POST",
      headers: { host: "evil.test", origin: "http://evil.test" },
    }),
  );
  assert.equal(response.status, 400);
  const { error } = await response.json();
  assert.equal(error.json.data.reason, "unknown_host");
});
