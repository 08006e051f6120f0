import assert from "node:assert/strict";
import { createTestApp, type TestApp } from "../../support/app.ts";
import * as oracle from "../../support/oracle.ts";
import * as days from "../../support/oracle_days.ts";
import { expectLoads } from "../../support/oracle_loads.ts";
import {
  createRandomHistory,
  findToday,
  type RandomHistory,
  setHistory,
  toRaw,
} from "../../support/random_history.ts";
import type { RawActivity } from "../../support/raw_days.ts";

const SEED = Number(
  Deno.env.get("SEED") ?? Math.floor(Math.random() * 1_000_000),
);
const HISTORIES = 500;

async function getData(
  test: TestApp,
  path: string,
  { key, at }: { key: boolean; at: string },
  // deno-lint-ignore no-explicit-any -- a test looks into answers of every shape
): Promise<any> {
  const response = await test.get(`/strava/stats/${path}`, { key });
  const body = await response.json();
  assert.equal(response.status, 200, `${at}: ${path}`);
  return body.data;
}

const SPORTS: [string, (activity: RawActivity) => boolean][] = [
  ["", () => true],
  ["", () => true],
  ["sport=run", (a) => oracle.sportOf(a) === "run"],
  ["sport=ride", (a) => oracle.sportOf(a) === "ride"],
  ["sport=Quidditch", (a) => a.sport_type === "Quidditch"],
];

/** Lists requests for one history, with the data that a plain count expects. */
function listCases(
  { random, activities, now }: RandomHistory,
  isVisible: (activity: RawActivity) => boolean,
): [path: string, data: unknown][] {
  const today = findToday({ now, activities });
  const raw = toRaw(activities);
  const [sport, isInScope] = random.pick(SPORTS as [typeof SPORTS[0]]);
  const own = raw.filter(isInScope);
  const rides = raw.filter((a) => a.sport_type === "Ride");
  const day = (): string =>
    new Date(now - random.whole(0, 500) * 86_400_000).toISOString()
      .slice(0, 10);
  const [from, to] = [day(), day()].sort() as [string, string];
  const inside = own.filter((a) =>
    oracle.dayOf(a) >= from && oracle.dayOf(a) <= to
  );
  const span = `${sport}&from=${from}&to=${to}`;
  const year = Number(today.slice(0, 4)) - random.whole(0, 1);
  const loads = expectLoads(own, raw);
  const unit = random.pick<"km" | "mi">(["km", "mi"]);
  const measure = random.pick<oracle.Measure>([
    "distance",
    "moving_time",
    "elevation_gain",
  ]);
  const metric = random.pick<keyof oracle.Total>([measure, "count"]);
  const window = random.pick(["all", "year", "4w", "12w", "26w", "52w"]);
  return [
    [`eddington?unit=${unit}&${sport}`, days.expectEddington(own, unit)],
    [`eddington?unit=${unit}&${span}`, days.expectEddington(inside, unit)],
    [`streaks?${sport}`, days.expectStreaks(own, today)],
    // `Ride` is the sport type alone, not the group `ride`.
    [`streaks?sport=Ride`, days.expectStreaks(rides, today)],
    [
      `calendar?year=${year}&${sport}`,
      days.expectCalendar(own, { year, today, loads }),
    ],
    [
      `cumulative?metric=${metric}&${sport}`,
      days.expectCumulative(own, { metric, today }),
    ],
    [`distribution?${span}`, days.expectDistribution(inside)],
    [`milestones?${sport}`, days.expectMilestones(own, isVisible)],
    [
      `records?window=${window}&metric=${measure}`,
      oracle.expectRecords(raw, { today, isVisible, window, metric: measure }),
    ],
    ...expectTotals(raw, today),
  ];
}

/** Expects the sums by year and sport, and of the last 12 months. */
function expectTotals(
  raw: readonly RawActivity[],
  today: string,
): [path: string, data: unknown][] {
  const yearOf = (a: RawActivity): string => oracle.dayOf(a).slice(0, 4);
  const past = raw.filter((a) => oracle.dayOf(a) <= today);
  const bySport = (own: readonly RawActivity[]): Record<string, unknown> =>
    Object.fromEntries(
      own.map(({ sport_type }) => [
        sport_type,
        oracle.totalOf(own.filter((a) => a.sport_type === sport_type)),
      ]),
    );
  const ofYear = (year: string): RawActivity[] =>
    raw.filter((a) => yearOf(a) === year);
  const group = (name: string): unknown =>
    oracle.totalOf(
      past.filter((a) =>
        yearOf(a) === today.slice(0, 4) && oracle.sportOf(a) === name
      ),
    );
  const months = [today.slice(0, 7)];
  while (months.length < 12) {
    const [year, month] = months.at(-1)!.split("-").map(Number) as [
      number,
      number,
    ];
    const before = month === 1 ? [year - 1, 12] : [year, month - 1];
    months.push(`${before[0]}-${String(before[1]).padStart(2, "0")}`);
  }
  return [
    ["ytd", { run: group("run"), ride: group("ride") }],
    ["totals?by=sport_type", bySport(raw)],
    [
      "yearly?by=sport_type",
      Object.fromEntries(
        raw.map((a) => [yearOf(a), bySport(ofYear(yearOf(a)))]),
      ),
    ],
    [
      "monthly",
      Object.fromEntries(months.map((month) => [
        month,
        oracle.totalOf(past.filter((a) => oracle.dayOf(a).startsWith(month))),
      ])),
    ],
  ];
}

Deno.test(`GET /strava/stats/*: equals a plain count of random histories, SEED=${SEED}`, async () => {
  await using test = await createTestApp({ synced: true });
  for (let seed = SEED; seed < SEED + HISTORIES; seed++) {
    const history = createRandomHistory(seed);
    await setHistory(test, history);
    const key = history.random.chance(0.5);
    const isVisible = ({ visibility }: RawActivity): boolean =>
      key || visibility === "everyone";

    for (const [path, expected] of listCases(history, isVisible)) {
      const at = `seed ${seed}, key ${key}`;
      const data = await getData(test, path, { key, at });
      assert.deepEqual(data, expected, `${at}: ${path}`);
    }
    const gear = await getData(test, "gear", { key, at: `seed ${seed}` });
    assert.deepEqual(
      gear.map(
        // deno-lint-ignore no-explicit-any -- an answer
        ({ id, distance, moving_time, count, first_used, last_used }: any) => ({
          ...{ id, distance, moving_time, count, first_used, last_used },
        }),
      ),
      days.expectGear(toRaw(history.activities), {
        isVisible,
        today: findToday(history),
      }),
      `seed ${seed}: gear`,
    );
  }
});
