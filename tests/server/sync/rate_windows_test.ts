import assert from "node:assert/strict";
import { createRandom } from "../../../demo/history/random.ts";
import { createRateLimit } from "../../../strava_simulator/rate_limit.ts";
import type { RateLimit } from "../../../db/rate_limit.ts";
import {
  computeWindowPause,
  correctUsage,
  countRequest,
  findSpentWindow,
  type Priority,
  type RequestResult,
  type Reservation,
  type ReservationResult,
} from "../../../server/sync/rate_windows.ts";
import { parseRateLimit } from "../../../server/strava/rate_limit_headers.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const QUARTER_MS = 15 * MINUTE_MS;
const PAUSE_MS = 7000;
const NOON = Date.UTC(2026, 10, 20, 12);

/** Creates a rate limit that keeps every change in memory. */
function createLimiter(limit: Partial<RateLimit> = {}) {
  const epoch = new Date(0);
  const limiter = {
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
      const counted = countRequest(limiter.limit, { priority, ...clock });
      limiter.limit = counted.limit;
      return counted.result;
    },
    reserveAll(now: number, priority: Priority = "fresh"): number {
      for (let count = 0;; count++) {
        if (limiter.tryReserve(now, priority).kind !== "reserved") return count;
      }
    },
    reserve(now: number): Reservation {
      const result = limiter.tryReserve(now);
      return result.kind === "reserved" ? result.reservation : assert.fail();
    },
    settle(now: number, reservation: Reservation, result: RequestResult): void {
      const clock = { now, pauseMs: PAUSE_MS };
      limiter.limit = correctUsage(limiter.limit, {
        reservation,
        result,
        ...clock,
      });
    },
  };
  return limiter;
}

/** Returns a result whose headers contain this usage. */
function toResult(usage: string, readUsage = usage): RequestResult {
  const reading = parseRateLimit(
    new Headers({
      "x-ratelimit-usage": usage,
      "x-readratelimit-usage": readUsage,
    }),
  );
  return { reading, outcome: "given" };
}

Deno.test("countRequest: assumes Strava's limits for new applications by default", () => {
  const limiter = createLimiter();
  assert.equal(limiter.reserveAll(NOON), 100);
  for (let quarter = 1; quarter < 10; quarter++) {
    assert.equal(
      limiter.reserveAll(NOON + quarter * QUARTER_MS + PAUSE_MS),
      100,
    );
  }
  const spent = limiter.tryReserve(NOON + 4 * HOUR_MS);
  assert.deepEqual(spent, {
    kind: "spent",
    window: "daily",
    endsAt: Date.UTC(2026, 10, 21) + PAUSE_MS,
  });
});

Deno.test("countRequest: applies the tightest of the four limits", () => {
  const wide = {
    shortLimit: 50,
    dailyLimit: 50,
    readShortLimit: 50,
    readDailyLimit: 50,
  };
  for (const name of Object.keys(wide)) {
    const limiter = createLimiter({ ...wide, [name]: 7 });
    assert.equal(limiter.reserveAll(NOON), 7, name);
    const spent = limiter.tryReserve(NOON);
    const window = /daily/i.test(name) ? "daily" : "short";
    assert.equal(spent.kind === "spent" && spent.window, window, name);
  }
});

Deno.test("countRequest: history leaves a fifth of each window, rounded down, to fresh", () => {
  for (const [limit, left] of [[100, 20], [10, 2], [9, 1], [4, 0], [1, 0]]) {
    for (const name of ["readShortLimit", "readDailyLimit"]) {
      const limiter = createLimiter({ [name]: limit! });
      assert.equal(limiter.reserveAll(NOON, "history"), limit! - left!);
      const reserved = limiter.tryReserve(NOON, "history");
      assert.equal(reserved.kind, left! > 0 ? "only_reserve" : "spent");
      assert.equal(limiter.reserveAll(NOON), left);
    }
  }
});

Deno.test("countRequest: extends a used-up window, and only that, by the pause", () => {
  const limiter = createLimiter({ readShortLimit: 3 });
  limiter.reserveAll(NOON);
  const end = NOON + QUARTER_MS;
  for (const now of [NOON, end - 1, end, end + PAUSE_MS - 1]) {
    const spent = limiter.tryReserve(now);
    assert.equal(spent.kind === "spent" && spent.endsAt, end + PAUSE_MS);
  }
  assert.equal(limiter.tryReserve(end + PAUSE_MS).kind, "reserved");

  limiter.tryReserve(end + PAUSE_MS);
  limiter.tryReserve(end + QUARTER_MS);
  assert.equal(limiter.limit.shortUsage, 1);
});

Deno.test("computeWindowPause: returns 5 to 15 seconds that depend on the application", () => {
  const pauses = Array.from(
    { length: 200 },
    (_, id) => computeWindowPause(String(10_000 + id * 37)),
  );
  assert.ok(pauses.every((pause) => pause >= 5000 && pause < 15_000));
  assert.ok(new Set(pauses).size > 100);
  assert.equal(computeWindowPause("12345"), computeWindowPause("12345"));
});

Deno.test("correctUsage: counts others' usage and adds the requests in flight", () => {
  const limiter = createLimiter();
  const first = limiter.reserve(NOON);
  const second = limiter.reserve(NOON);
  limiter.settle(NOON, first, toResult("51,510"));
  // Strava may not have seen the second request when it answered the first.
  assert.equal(limiter.limit.shortUsage, 52);
  assert.equal(limiter.limit.readDailyUsage, 511);
  limiter.settle(NOON, second, toResult("52,511"));
  assert.equal(limiter.limit.shortUsage, 52);
  assert.equal(limiter.limit.readDailyUsage, 511);
});

Deno.test("correctUsage: keeps requests counted if the headers are missing or empty", () => {
  const limiter = createLimiter();
  for (
    const result of [
      { outcome: "given" } as const,
      toResult(","),
      toResult("0,0"),
    ]
  ) {
    limiter.settle(NOON, limiter.reserve(NOON), result);
  }
  assert.equal(limiter.limit.readShortUsage, 3);
  assert.equal(limiter.limit.readDailyUsage, 3);
});

Deno.test("correctUsage: stores the latest limits and ignores limits of 0", () => {
  const limiter = createLimiter();
  for (
    const [header, limit] of [["400,4000", 400], ["0,0", 400], [",", 400], [
      "200,2000",
      200,
    ]] as const
  ) {
    const reading = parseRateLimit(
      new Headers({ "x-ratelimit-limit": header }),
    );
    limiter.settle(NOON, limiter.reserve(NOON), { reading, outcome: "given" });
    assert.equal(limiter.limit.shortLimit, limit);
    assert.equal(limiter.limit.dailyLimit, limit * 10);
  }
});

Deno.test("correctUsage: a 429 uses up the quarter hour whatever any headers say", () => {
  const limiter = createLimiter();
  const [first, second] = [limiter.reserve(NOON), limiter.reserve(NOON)];
  limiter.settle(NOON, first, { outcome: "rate_limited" });
  limiter.settle(NOON, second, toResult("2,2"));
  const end = NOON + QUARTER_MS + PAUSE_MS;
  for (const now of [NOON, end - 1]) {
    const spent = limiter.tryReserve(now);
    assert.equal(spent.kind === "spent" && spent.endsAt, end);
  }
  assert.equal(limiter.tryReserve(end).kind, "reserved");
});

Deno.test("correctUsage: keeps the pause after a 429 at the very end of a quarter hour", () => {
  const limiter = createLimiter();
  const end = NOON + QUARTER_MS;
  const reservation = limiter.reserve(end - 1);
  limiter.settle(end + 500, reservation, { outcome: "rate_limited" });
  assert.equal(limiter.tryReserve(end + PAUSE_MS - 1).kind, "spent");
  assert.equal(limiter.tryReserve(end + PAUSE_MS).kind, "reserved");
});

Deno.test("correctUsage: counts a late result in the new window without its old usage", () => {
  const end = NOON + QUARTER_MS;
  for (const [usage, counted] of [["99,99", 2], ["7,100", 7], ["1,100", 2]]) {
    const limiter = createLimiter();
    for (let count = 0; count < 50; count++) limiter.tryReserve(NOON);
    const reservation = limiter.reserve(end - 1);
    limiter.tryReserve(end);
    limiter.settle(end, reservation, toResult(String(usage)));
    assert.equal(limiter.limit.shortUsage, counted, String(usage));
  }
});

Deno.test("countRequest: neither floods nor blocks after a clock jumps by hours", () => {
  for (const jump of [-30, -5, -0.3, 0.3, 5, 30]) {
    const limiter = createLimiter({ readShortLimit: 10 });
    limiter.reserveAll(NOON);
    const now = NOON + jump * HOUR_MS;
    const sent = limiter.reserveAll(now);
    // A jump ahead always reaches a new window, a jump back never does.
    assert.equal(sent, jump > 0 ? 10 : 0, `${jump}`);
    const spent = findSpentWindow(limiter.limit, {
      now,
      pauseMs: PAUSE_MS,
      priority: "fresh",
    });
    assert.ok(spent!.endsAt - now <= QUARTER_MS + PAUSE_MS, `${jump}`);
    assert.equal(limiter.tryReserve(spent!.endsAt).kind, "reserved", `${jump}`);
    // Then the clock returns.
    assert.ok(limiter.reserveAll(NOON) <= 10);
    assert.equal(limiter.tryReserve(NOON + 2 * QUARTER_MS).kind, "reserved");
  }
});

Deno.test("countRequest: keeps the new window for a process some seconds behind", () => {
  const limiter = createLimiter({ readShortLimit: 10 });
  const end = NOON + QUARTER_MS;
  limiter.tryReserve(end);
  limiter.tryReserve(end - 20_000);
  assert.equal(limiter.limit.shortWindow.getTime(), end);
  assert.equal(limiter.limit.shortUsage, 2);
  assert.equal(limiter.reserveAll(end) + limiter.reserveAll(end - 3000), 8);
});

Deno.test("countRequest: recovers from a day used up under a wrong clock", () => {
  const limiter = createLimiter({ readDailyLimit: 10, readShortLimit: 10 });
  limiter.reserveAll(NOON + 40 * 24 * HOUR_MS);
  assert.equal(limiter.tryReserve(NOON).kind, "spent");
  assert.equal(
    limiter.tryReserve(NOON + 12 * HOUR_MS + PAUSE_MS).kind,
    "reserved",
  );
});

Deno.test("countRequest: allows one request an hour while the application is shut out", () => {
  const limiter = createLimiter();
  const reservation = limiter.reserve(NOON);
  limiter.settle(NOON, reservation, { outcome: "app_inactive" });
  const shut = limiter.tryReserve(NOON + HOUR_MS - 1);
  assert.deepEqual(shut, { kind: "inactive", endsAt: NOON + HOUR_MS });
  limiter.reserve(NOON + HOUR_MS);
  assert.equal(limiter.tryReserve(NOON + HOUR_MS).kind, "inactive");
  // The clock goes back: one request is allowed at once, then one an hour again.
  const next = limiter.reserve(NOON - 30 * HOUR_MS);
  assert.equal(limiter.tryReserve(NOON - 30 * HOUR_MS + 1).kind, "inactive");
  limiter.settle(NOON, next, toResult("3,3"));
  assert.equal(limiter.limit.inactiveSince, null);
  assert.equal(limiter.tryReserve(NOON).kind, "reserved");
});

Deno.test("correctUsage: never exceeds the limit for random concurrent requests", () => {
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
    const limiter = createLimiter({
      readShortLimit: 20,
      readDailyLimit: 100,
    });
    const others = Math.floor(random() * 12);
    strava.spend(others);
    // The first result shows the others' usage. Requests overlap from then on.
    let isUsageKnown = false;
    let sent = 0;
    type Flight = { reservation: Reservation; result?: RequestResult };
    const flights: Flight[] = [];
    for (let step = 0; step < 1500; step++) {
      now += Math.floor(random() * 2000);
      const choice = random();
      const flight = flights[Math.floor(random() * flights.length)];
      if (choice < 0.5 && flights.length < (isUsageKnown ? 6 : 1)) {
        const reserved = limiter.tryReserve(now);
        if (reserved.kind === "reserved") {
          flights.push({ reservation: reserved.reservation });
        } else if (flights.length === 0) now = reserved.endsAt - 1000;
      } else if (flight && !flight.result) {
        const refused = strava.count();
        assert.equal(refused, null, `seed ${seed}, step ${step}`);
        sent++;
        // Some responses lack the headers, like those of streams.
        const isSilent = isUsageKnown && random() < 0.4;
        const reading = isSilent
          ? undefined
          : parseRateLimit(new Headers(strava.headers()));
        flight.result = { reading, outcome: "given" };
      } else if (flight?.result) {
        limiter.settle(now, flight.reservation, flight.result);
        flights.splice(flights.indexOf(flight), 1);
        isUsageKnown = true;
      }
    }
    assert.ok(sent + others >= 85, `seed ${seed}: only ${sent} sent`);
  }
});
