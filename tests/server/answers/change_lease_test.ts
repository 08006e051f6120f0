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

Deno.test("change lease: shares a question, and pauses after a failure", async () => {
  let asked = 0;
  let lost = 0;
  const lease = createChangeLease({
    catchUp() {
      asked++;
      return Promise.reject(new Error("lost"));
    },
  }, { onLost: () => lost++ });

  const answers = await Promise.all([lease.renew(), lease.renew()]);
  answers.push(await lease.renew(), await lease.catchUp());

  assert.deepEqual(answers, [false, false, false, false]);
  assert.deepEqual([asked, lost], [1, 1]);
});
