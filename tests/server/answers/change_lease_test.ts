import assert from "node:assert/strict";
import { createChangeLease } from "../../../server/answers/change_lease.ts";

Deno.test("change lease: holds only after the database has answered", async () => {
  let fails = false;
  let lost = 0;
  const lease = createChangeLease({
    catchUp: () =>
      fails ? Promise.reject(new Error("lost")) : Promise.resolve(),
  }, { onLost: () => lost++ });

  assert.equal(lease.isCurrent(-Infinity), false);
  const before = performance.now();
  assert.equal(await lease.renew(), true);
  assert.equal(lease.isCurrent(before), true);
  assert.equal(lease.isCurrent(performance.now()), false);
  fails = true;
  assert.equal(await lease.catchUp(), false);
  assert.deepEqual([lease.isCurrent(-Infinity), lost], [false, 1]);
});

Deno.test("change lease: gives up on a database that does not answer", async () => {
  let lost = 0;
  const lease = createChangeLease(
    { catchUp: () => new Promise(() => {}) },
    { onLost: () => lost++ },
  );
  const [first, second] = await Promise.all([lease.renew(), lease.renew()]);
  assert.deepEqual([first, second, lost], [false, false, 1]);
});
