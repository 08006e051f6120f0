import assert from "node:assert/strict";
import { getStatus } from "../../support/admin.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";

async function send(
  { app }: TestApp,
  address: string,
  headers: Record<string, string> = { "x-forwarded-for": "203.0.113.7" },
): Promise<void> {
  const request = new Request("http://localhost:5001/health/live", { headers });
  await (await app(request, { address })).body?.cancel();
}

function countWarnings({ log }: TestApp): number {
  return log.lines.filter(({ level }) => level === "warning").length;
}

for (const address of ["127.0.0.1", "::1", "172.18.0.1", "fd00::2"]) {
  Deno.test(`X-Forwarded-For: a proxy at ${address} without the setting warns once`, async () => {
    await using test = await createTestApp();
    assert.equal((await getStatus(test)).untrusted_proxy_since, null);
    for (let count = 0; count < 3; count++) await send(test, address);
    assert.equal(countWarnings(test), 1);
    const { untrusted_proxy_since: since } = await getStatus(test);
    assert.equal(Date.parse(since), test.clock.now);
  });
}

Deno.test("X-Forwarded-For: no warning without the header or from the internet", async () => {
  await using test = await createTestApp();
  await send(test, "127.0.0.1", {});
  for (const address of ["203.0.113.9", "172.32.0.1", "2001:db8::1"]) {
    await send(test, address);
  }
  assert.equal(countWarnings(test), 0);
});

Deno.test("X-Forwarded-For: no warning if TRUSTED_PROXIES is set", async () => {
  await using test = await createTestApp({ env: { TRUSTED_PROXIES: "1" } });
  await send(test, "127.0.0.1");
  assert.equal(countWarnings(test), 0);
  assert.equal((await getStatus(test)).untrusted_proxy_since, null);
});
