import assert from "node:assert/strict";
import {
  createRateCounter,
  type RateCounter,
} from "../../../server/http/rate_counter.ts";

const WINDOW_MS = 60_000;

function createCounter(
  { max = 60, maxClients = 100 } = {},
): { counter: RateCounter; clock: { now: number } } {
  const clock = { now: 1_000_000 };
  const now = (): number => clock.now;
  const options = { max, windowMs: WINDOW_MS, now, maxClients };
  return { counter: createRateCounter(options), clock };
}

Deno.test("createRateCounter: allows the whole budget at once and no more", () => {
  const { counter } = createCounter();
  assert.deepEqual(counter.count("ada", 40), {
    isRefused: false,
    remaining: 20,
    resetSeconds: 40,
    retryAfterSeconds: 0,
  });
  assert.deepEqual(counter.count("ada", 25), {
    isRefused: true,
    remaining: 20,
    resetSeconds: 40,
    retryAfterSeconds: 5,
  });
  assert.equal(counter.count("ada", 20).remaining, 0);
  assert.equal(counter.count("ada", 1).retryAfterSeconds, 1);
  assert.ok(!counter.count("bob", 60).isRefused);
});

Deno.test("createRateCounter: gives units back evenly over the window", () => {
  const { counter, clock } = createCounter();
  counter.count("ada", 60);
  clock.now += WINDOW_MS / 2;
  assert.equal(counter.count("ada", 0).remaining, 30);
  clock.now += WINDOW_MS;
  assert.equal(counter.count("ada", 0).remaining, 60);
});

Deno.test("createRateCounter: counts each unit exactly, whatever the budget", () => {
  for (const max of [1, 7, 1000, 2000, 3333]) {
    const { counter } = createCounter({ max });
    for (let left = max - 1; left >= 0; left--) {
      const { isRefused, remaining } = counter.count("ada", 1);
      assert.deepEqual([isRefused, remaining], [false, left], `of ${max}`);
    }
    assert.ok(counter.count("ada", 1).isRefused, String(max));
  }
});

Deno.test("createRateCounter: takes refunded units again", () => {
  const { counter } = createCounter();
  counter.count("ada", 60);
  counter.refund("ada", 10);
  assert.equal(counter.count("ada", 10).remaining, 0);
});

Deno.test("createRateCounter: starts again if the clock is set back", () => {
  const { counter, clock } = createCounter();
  counter.count("ada", 60);
  clock.now -= 100 * WINDOW_MS;
  assert.equal(counter.count("ada", 60).remaining, 0);
  assert.equal(counter.count("ada", 1).retryAfterSeconds, 1);
});

Deno.test("createRateCounter: bounds its memory and keeps active clients", () => {
  const { counter } = createCounter();
  for (let index = 0; index < 10_000; index++) {
    counter.count(`stranger ${index}`, 1);
    const { isRefused } = counter.count("busy", 1);
    assert.equal(isRefused, index >= 60);
    assert.ok(counter.size <= 100, `${counter.size} clients`);
    if (isRefused) break;
  }
});

Deno.test("createRateCounter: forgets clients whose budget is full", () => {
  const { counter, clock } = createCounter();
  for (let index = 0; index < 50; index++) counter.count(`${index}`, 1);
  clock.now += WINDOW_MS;
  counter.count("ada", 1);
  assert.equal(counter.size, 1);
});
