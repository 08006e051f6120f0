import assert from "node:assert/strict";
import { isReady, launch } from "../support/checkout.ts";
import { until } from "../support/sync.ts";

Deno.test("launch: restarts a killed PostgreSQL, and ends with 1 if it keeps dying", async () => {
  await using checkout = await launch();
  const { url, launcher } = checkout;
  await until(() => isReady(url), "the server to be ready");

  await checkout.killPostgres();
  await until(
    () => /restarting it/.test(checkout.text()),
    "the launcher to notice",
  );
  await until(() => isReady(url), "the server to be ready again");

  for (let death = 2; death <= 4; death++) await checkout.killPostgres();
  const { code } = await launcher.status;

  assert.equal(code, 1);
  assert.match(
    checkout.text(),
    /^PostgreSQL ended 4 times and is not restarted/m,
  );
  assert.equal(await isReady(url), false);
});
