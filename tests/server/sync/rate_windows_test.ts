import assert from "node:assert/strict";
import { createRandom } from "../../../demo/history/random.ts";
import { createRateLimit } from "../../../strava_simulator/rate_limit.ts";
import type { RateLimit } from "../../../db/rate_limit.ts";
import {
  computeWindowPause,
  findSpentWindow,
  type Priority,
  type RequestResult,
  type Reservation,
  type ReservationResult,
  reserveRequest,
  settleRequest,
} from "../../../server/sync/rate_windows.ts";
import { readRateLimit } from "../../../server/strava/rate_limit_headers.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const QUARTER_MS = 15 * MINUTE_MS;
const PAUSE_MS = 7000;
const NOON = Date.UTC(2026, 10, 20, 12);

/** A budget that keeps what the counter makes of it. */
function createCounter(limit: Partial<RateLimit> = {}) {
  const epoch = new Date(0);
  const counter = {
    limit: {
      shortLimit: null,
      dailyLimit: null,
      readShortLimit: null,
      readDailyLimit: null,
      shortUsage: 0,
      dailyUsage: 0,
      readShortUsage: 0,
      readDailyUsage: 0,
      shortWindow: epoch,
      dailyWindow: epoch,
      requestCount: 0,
      refused: false,
      inactiveSince: null,
      inactiveRetryAt: null,
      observedAt: epoch,
      ...limit,
    } as RateLimit,
    tryReserve(now: number, priority: Priority = "fresh"): ReservationResult {
      const clock = { now, pauseMs: PAUSE_MS };
      const taken = reserveRequest(counter.limit, { priority, ...clock });
      counter.limit = taken.limit;
      return taken.result;
    },
    takeAll(now: number, priority: Priority = "fresh"): number {
      for (let count = 0;; count++) {
        if (counter.tryReserve(now, priority).kind !== "reserved") return count;
      }
    },
    reserve(now: number): Reservation {
      const verdict = counter.tryReserve(now);
      assert.equal(verdict.kind, "reserved");
      return verdict.kind === "reserved" ? verdict.reservation : assert.fail();
    },
    settle(now: number, reservation: Reservation, result: RequestResult): void {
      const clock = { now, pauseMs: PAUSE_MS };
      counter.limit = settleRequest(counter.limit, {
        reservation,
        result,
        ...clock,
      });
    },
  };
  return counter;
}

/** A result whose headers say so. */
function toResult(usage: string, readUsage = usage): RequestResult {
  const reading = readRateLimit(
    new Headers({
      "x-ratelimit-usage": usage,
      "x-readratelimit-usage": readUsage,
    }),
  );
  return { reading, outcome: "given" };
}

Deno.test("reserveRequest: assumes a new application's limits at first", () => {
  const counter = createCounter();
  assert.equal(counter.takeAll(NOON), 100);
  for (let quarter = 1; quarter < 10; quarter++) {
    assert.equal(counter.takeAll(NOON + quarter * QUARTER_MS + PAUSE_MS), 100);
  }
  const spent = counter.tryReserve(NOON + 4 * HOUR_MS);
  assert.deepEqual(spent, {
    kind: "spent",
    window: "daily",
    endsAt: Date.UTC(2026, 10, 21) + PAUSE_MS,
  });
});

Deno.test("reserveRequest: applies the tightest of the four limits", () => {
  const wide = {
    shortLimit: 50,
    dailyLimit: 50,
    readShortLimit: 50,
    readDailyLimit: 50,
  };
  for (const name of Object.keys(wide)) {
    const counter = createCounter({ ...wide, [name]: 7 });
    assert.equal(counter.takeAll(NOON), 7, name);
    const spent = counter.tryReserve(NOON);
    const window = /daily/i.test(name) ? "daily" : "short";
    assert.equal(spent.kind === "spent" && spent.window, window, name);
  }
});

Deno.test("reserveRequest: leaves a fifth of each window to fresh requests", () => {
  for (const [limit, left] of [[100, 20], [10, 2], [9, 1], [4, 0], [1, 0]]) {
    for (const name of ["readShortLimit", "readDailyLimit"]) {
      const counter = createCounter({ [name]: limit! });
      assert.equal(counter.takeAll(NOON, "history"), limit! - left!);
      const verdict = counter.tryReserve(NOON, "history");
      assert.equal(verdict.kind, left! > 0 ? "kept" : "spent");
      assert.equal(counter.takeAll(NOON), left);
    }
  }
});

Deno.test("reserveRequest: waits some seconds after a used-up window only", () => {
  const counter = createCounter({ readShortLimit: 3 });
  counter.takeAll(NOON);
  const end = NOON + QUARTER_MS;
  for (const now of [NOON, end - 1, end, end + PAUSE_MS - 1]) {
    const spent = counter.tryReserve(now);
    assert.equal(spent.kind === "spent" && spent.endsAt, end + PAUSE_MS);
  }
  assert.equal(counter.tryReserve(end + PAUSE_MS).kind, "reserved");

  counter.tryReserve(end + PAUSE_MS);
  counter.tryReserve(end + QUARTER_MS);
  assert.equal(counter.limit.shortUsage, 1);
});

Deno.test("computeWindowPause: returns 5 to 15 seconds, fixed per application", () => {
  const pauses = Array.from(
    { length: 200 },
    (_, id) => computeWindowPause(String(10_000 + id * 37)),
  );
  assert.ok(pauses.every((pause) => pause >= 5000 && pause < 15_000));
  assert.ok(new Set(pauses).size > 100);
  assert.equal(computeWindowPause("12345"), computeWindowPause("12345"));
});

Deno.test("settleRequest: counts others' usage and adds running requests", () => {
  const counter = createCounter();
  const first = counter.reserve(NOON);
  const second = counter.reserve(NOON);
  counter.settle(NOON, first, toResult("51,510"));
  // Strava had not seen the second yet, as far as the first's result tells.
  assert.equal(counter.limit.shortUsage, 52);
  assert.equal(counter.limit.readDailyUsage, 511);
  counter.settle(NOON, second, toResult("52,511"));
  assert.equal(counter.limit.shortUsage, 52);
  assert.equal(counter.limit.readDailyUsage, 511);
});

Deno.test("settleRequest: keeps requests counted without usable headers", () => {
  const counter = createCounter();
  for (
    const result of [
      { outcome: "given" } as const,
      toResult(","),
      toResult("0,0"),
    ]
  ) {
    counter.settle(NOON, counter.reserve(NOON), result);
  }
  assert.equal(counter.limit.readShortUsage, 3);
  assert.equal(counter.limit.readDailyUsage, 3);
});

Deno.test("settleRequest: takes the latest limit and ignores 0", () => {
  const counter = createCounter();
  for (
    const [told, limit] of [["400,4000", 400], ["0,0", 400], [",", 400], [
      "200,2000",
      200,
    ]] as const
  ) {
    const reading = readRateLimit(new Headers({ "x-ratelimit-limit": told }));
    counter.settle(NOON, counter.reserve(NOON), { reading, outcome: "given" });
    assert.equal(counter.limit.shortLimit, limit);
    assert.equal(counter.limit.dailyLimit, limit * 10);
  }
});

Deno.test("settleRequest: uses up the quarter hour on a 429", () => {
  const counter = createCounter();
  const [first, second] = [counter.reserve(NOON), counter.reserve(NOON)];
  counter.settle(NOON, first, { outcome: "rate_limited" });
  counter.settle(NOON, second, toResult("2,2"));
  const end = NOON + QUARTER_MS + PAUSE_MS;
  for (const now of [NOON, end - 1]) {
    const spent = counter.tryReserve(now);
    assert.equal(spent.kind === "spent" && spent.endsAt, end);
  }
  assert.equal(counter.tryReserve(end).kind, "reserved");
});

Deno.test("settleRequest: pauses after a 429 at the end of a quarter hour", () => {
  const counter = createCounter();
  const end = NOON + QUARTER_MS;
  const reservation = counter.reserve(end - 1);
  counter.settle(end + 500, reservation, { outcome: "rate_limited" });
  assert.equal(counter.tryReserve(end + PAUSE_MS - 1).kind, "spent");
  assert.equal(counter.tryReserve(end + PAUSE_MS).kind, "reserved");
});

Deno.test("settleRequest: ignores old usage after the end of a window", () => {
  const end = NOON + QUARTER_MS;
  for (const [told, counted] of [["99,99", 2], ["7,100", 7], ["1,100", 2]]) {
    const counter = createCounter();
    for (let count = 0; count < 50; count++) counter.tryReserve(NOON);
    const reservation = counter.reserve(end - 1);
    counter.tryReserve(end);
    counter.settle(end, reservation, toResult(String(told)));
    assert.equal(counter.limit.shortUsage, counted, String(told));
  }
});

Deno.test("clock: a jump by hours causes neither a flood nor a long wait", () => {
  for (const jump of [-30, -5, -0.3, 0.3, 5, 30]) {
    const counter = createCounter({ readShortLimit: 10 });
    counter.takeAll(NOON);
    const now = NOON + jump * HOUR_MS;
    const sent = counter.takeAll(now);
    // Ahead it can only be a new window; back it never is.
    assert.equal(sent, jump > 0 ? 10 : 0, `${jump}`);
    const spent = findSpentWindow(counter.limit, {
      now,
      pauseMs: PAUSE_MS,
      priority: "fresh",
    });
    assert.ok(spent!.endsAt - now <= QUARTER_MS + PAUSE_MS, `${jump}`);
    assert.equal(counter.tryReserve(spent!.endsAt).kind, "reserved", `${jump}`);
    // And once more to where it was.
    assert.ok(counter.takeAll(NOON) <= 10);
    assert.equal(counter.tryReserve(NOON + 2 * QUARTER_MS).kind, "reserved");
  }
});

Deno.test("clock: a process seconds behind does not restore the old window", () => {
  const counter = createCounter({ readShortLimit: 10 });
  const end = NOON + QUARTER_MS;
  counter.tryReserve(end);
  counter.tryReserve(end - 20_000);
  assert.equal(counter.limit.shortWindow.getTime(), end);
  assert.equal(counter.limit.shortUsage, 2);
  assert.equal(counter.takeAll(end) + counter.takeAll(end - 3000), 8);
});

Deno.test("clock: a day used up by a wrong clock is available again", () => {
  const counter = createCounter({ readDailyLimit: 10, readShortLimit: 10 });
  counter.takeAll(NOON + 40 * 24 * HOUR_MS);
  assert.equal(counter.tryReserve(NOON).kind, "spent");
  assert.equal(
    counter.tryReserve(NOON + 12 * HOUR_MS + PAUSE_MS).kind,
    "reserved",
  );
});

Deno.test("reserveRequest: allows one request an hour while shut out", () => {
  const counter = createCounter();
  const reservation = counter.reserve(NOON);
  counter.settle(NOON, reservation, { outcome: "app_inactive" });
  const shut = counter.tryReserve(NOON + HOUR_MS - 1);
  assert.deepEqual(shut, { kind: "inactive", endsAt: NOON + HOUR_MS });
  counter.reserve(NOON + HOUR_MS);
  assert.equal(counter.tryReserve(NOON + HOUR_MS).kind, "inactive");
  // Now by a clock that has gone back: at once, and then hourly again.
  const next = counter.reserve(NOON - 30 * HOUR_MS);
  assert.equal(counter.tryReserve(NOON - 30 * HOUR_MS + 1).kind, "inactive");
  counter.settle(NOON, next, toResult("3,3"));
  assert.equal(counter.limit.inactiveSince, null);
  assert.equal(counter.tryReserve(NOON).kind, "reserved");
});

Deno.test("rate windows: never exceed the limit in any order of responses", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = createRandom(seed).next;
    let now = NOON + Math.floor(random() * QUARTER_MS);
    const limits = {
      short: 30,
      daily: 200,
      readShort: 20,
      readDaily: 100,
    };
    const strava = createRateLimit({ now: () => now, limits });
    const counter = createCounter({
      readShortLimit: 20,
      readDailyLimit: 100,
    });
    const others = Math.floor(random() * 12);
    strava.spend(others);
    // The first result tells of the others; from then on requests overlap.
    let told = false;
    let sent = 0;
    type Flight = { reservation: Reservation; result?: RequestResult };
    const flights: Flight[] = [];
    for (let step = 0; step < 1500; step++) {
      now += Math.floor(random() * 2000);
      const choice = random();
      const flight = flights[Math.floor(random() * flights.length)];
      if (choice < 0.5 && flights.length < (told ? 6 : 1)) {
        const verdict = counter.tryReserve(now);
        if (verdict.kind === "reserved") {
          flights.push({ reservation: verdict.reservation });
        } else if (flights.length === 0) now = verdict.endsAt - 1000;
      } else if (flight && !flight.result) {
        const refused = strava.count();
        assert.equal(refused, null, `seed ${seed}, step ${step}`);
        sent++;
        // Streams tell nothing.
        const isSilent = told && random() < 0.4;
        const reading = isSilent
          ? undefined
          : readRateLimit(new Headers(strava.headers()));
        flight.result = { reading, outcome: "given" };
      } else if (flight?.result) {
        counter.settle(now, flight.reservation, flight.result);
        flights.splice(flights.indexOf(flight), 1);
        told = true;
      }
    }
    assert.ok(sent + others >= 85, `seed ${seed}: only ${sent} were sent`);
  }
});
