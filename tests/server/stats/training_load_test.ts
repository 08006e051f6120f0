import assert from "node:assert/strict";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../../support/app.ts";
import { highestOf, sumLoads } from "../../support/oracle_loads.ts";
import {
  createRandomHistory,
  findToday,
  type RandomHistory,
  setHistory,
} from "../../support/random_history.ts";
import { SEED } from "../../support/seed.ts";

const PATH = "/strava/stats/training-load";
const HISTORIES = 300;
const DAY_MS = 86_400_000;
/** Longest series, in days. */
const CENTURY = 36_525;

// deno-lint-ignore no-explicit-any -- a test looks into answers of every shape
async function getData(test: TestApp, query = ""): Promise<any> {
  const response = await test.get(PATH + query, { key: true });
  assert.equal(response.status, 200, query);
  const { type, data, fetched_at } = await response.json();
  assert.equal(type, "training_load");
  assert.match(fetched_at, /^2026-11-20T/);
  return data;
}

interface Expected {
  date: string;
  load: number;
  source: string | null;
  estimated: number;
  values: Record<string, number | null>;
}

/** Finds the first day that is not among at most five before a pause of more than ten years. */
function findFirst(active: readonly string[]): string | undefined {
  const days = [...new Set(active)].sort();
  const isStray = (count: number): boolean => {
    const pause = Date.parse(days[count]!) - Date.parse(days[count - 1]!);
    return pause > 3650 * DAY_MS;
  };
  for (let count = 1; count <= 5 && count < days.length; count++) {
    if (isStray(count)) return findFirst(days.slice(count));
  }
  return days[0];
}

function expectDays(
  history: RandomHistory,
  sports: (sport: string) => boolean,
): Expected[] {
  const highest = highestOf(history.activities);
  const counted = history.activities.filter((a) => sports(a.sport_type));
  const dayOf = (a: SummaryActivity): string => a.start_date_local.slice(0, 10);
  const today = findToday(history);
  const first = findFirst(counted.map(dayOf).filter((day) => day <= today));
  const days: Expected[] = [];
  if (first === undefined) return days;
  for (
    const date = new Date(
      Math.max(Date.parse(first), Date.parse(today) - (CENTURY - 1) * DAY_MS),
    );
    date.toISOString().slice(0, 10) <= today;
    date.setUTCDate(date.getUTCDate() + 1)
  ) {
    const text = date.toISOString().slice(0, 10);
    const { load, estimated, source } = sumLoads(
      counted.filter((a) => dayOf(a) === text),
      highest,
    );
    days.push({
      ...{ date: text, load, estimated, source },
      values: {},
    });
  }
  const smooth = (index: number, tau: number): number => {
    // The recursion written out: each day's load, decayed by the days since then. After forty time
    // constants nothing is left that a double could represent in the sum.
    let sum = 0;
    for (let i = Math.max(0, index - 40 * tau); i <= index; i++) {
      sum += days[i]!.load * (1 - Math.exp(-1 / tau)) *
        Math.exp(-(index - i) / tau);
    }
    return sum;
  };
  const last = (index: number, count: number): number[] =>
    days.slice(Math.max(0, index - count + 1), index + 1).map((d) => d.load);
  const mean = (list: number[]): number =>
    list.reduce((sum, each) => sum + each, 0) / list.length;
  for (const [index, { values }] of days.entries()) {
    const week = last(index, 7);
    const weeks = last(index, 28);
    const spread = Math.sqrt(
      mean(week.map((each) => each ** 2)) - mean(week) ** 2,
    );
    values["ctl"] = smooth(index, 42);
    values["atl"] = smooth(index, 7);
    values["tsb"] = smooth(index - 1, 42) - smooth(index - 1, 7);
    values["acwr"] = weeks.length === 28 && mean(weeks) > 0
      ? mean(week) / mean(weeks)
      : null;
    const isEven = new Set(week.map((each) => each.toFixed(9))).size === 1;
    values["monotony"] = week.length === 7 && !isEven
      ? mean(week) / spread
      : null;
    values["strain"] = values["monotony"] === null
      ? null
      : mean(week) * 7 * values["monotony"]!;
  }
  return days;
}

/** Reports whether two numbers differ by rounding only. */
function isNear(actual: number | null, expected: number | null): boolean {
  if (actual === null || expected === null) return actual === expected;
  return Math.abs(actual - expected) <= 2e-6 * Math.max(1, Math.abs(expected));
}

Deno.test(`GET ${PATH}: equals a plain sum of each day, SEED=${SEED}`, async () => {
  await using test = await createTestApp({ synced: true });
  const isRun = (sport: string): boolean => /Run$/.test(sport);
  for (let seed = SEED; seed < SEED + HISTORIES; seed++) {
    const history = createRandomHistory(seed);
    await setHistory(test, history);
    const ofRuns = seed % 2 === 1;

    const data = await getData(
      test,
      `?from=0001-01-01${ofRuns ? "&sport=run" : ""}`,
    );

    const at = `seed ${seed}`;
    const expected = expectDays(history, ofRuns ? isRun : (): boolean => true);
    assert.deepEqual(
      data.days.map((day: Expected) => [day.date, day.source]),
      expected.map(({ date, source }) => [date, source]),
      at,
    );
    for (const [index, { date, load, values }] of expected.entries()) {
      const day = data.days[index];
      // A new value needs a comparison below.
      assert.deepEqual(Object.keys(day), [
        ...["date", "load", "source", "ctl", "atl", "tsb"],
        ...["acwr", "acwr_reason", "monotony", "monotony_reason", "strain"],
      ]);
      assert.ok(isNear(day.load, load), `${at}: ${date}: ${day.load} ${load}`);
      for (const [name, value] of Object.entries(values)) {
        assert.ok(
          isNear(day[name], value),
          `${at}: ${date}: ${name}: ${day[name]} ${value}`,
        );
      }
      assert.equal(day.acwr === null, day.acwr_reason !== null, at);
      assert.equal(day.monotony === null, day.monotony_reason !== null, at);
    }
    const sum = (values: number[]): number =>
      values.reduce((total, value) => total + value, 0);
    const load = sum(expected.map((day) => day.load));
    const share = sum(expected.map((day) => day.estimated)) / load;
    assert.ok(isNear(data.estimated_share, load === 0 ? null : share), at);
    assert.equal(data.estimated_share_reason, load === 0 ? "no_load" : null);
  }
});

/** Creates a run of one hour at noon UTC on this day. */
function run(
  id: number,
  date: string,
  fields: Partial<SummaryActivity> = {},
): SummaryActivity {
  return {
    ...createActivity({ id, moving_time: 3600 }, ATHLETE_ID),
    start_date: `${date}T12:00:00Z`,
    start_date_local: `${date}T12:00:00Z`,
    ...fields,
  };
}

const DAYS = [
  run(1, "2026-11-01", { suffer_score: 70 }),
  run(2, "2026-11-03"),
  run(3, "2026-11-03", { sport_type: "Ride", type: "Ride" }),
  run(4, "2026-11-18", { average_heartrate: 150, max_heartrate: 190 }),
];

Deno.test(`GET ${PATH}: shows from to to, but computes all days`, async () => {
  await using test = await createTestApp({ activities: DAYS, synced: true });
  const { days } = await getData(test);
  assert.equal(days.length, 20);
  assert.equal(days.at(-1).date, "2026-11-20");

  const window = await getData(test, "?from=2026-11-03&to=2026-11-05");
  assert.deepEqual(window.days, days.slice(2, 5));
  assert.equal(window.estimated_share, 1);
  const rest = await getData(test, "?from=2026-11-04&to=2026-11-04");
  assert.equal(rest.days.length, 1);
  assert.equal(rest.estimated_share, null);
  assert.equal(rest.estimated_share_reason, "no_load");
  const from = await getData(test, "?from=2026-11-18");
  assert.deepEqual(from.days, days.slice(17));
  const to = await getData(test, "?to=2026-11-01");
  assert.deepEqual(to.days, days.slice(0, 1));
  for (const query of ["?to=2026-10-31", "?from=2026-11-21"]) {
    assert.deepEqual((await getData(test, query)).days, [], query);
  }
});

Deno.test(`GET ${PATH}: ignores deleted activities`, async () => {
  await using test = await createTestApp({ activities: DAYS, synced: true });
  const { sql } = test.deps;
  await sql`
    update activities
    set deleted_at = now()
    where athlete_id = ${ATHLETE_ID}
      and id in (1, 4)
  `;
  const { days } = await getData(test);
  assert.deepEqual([days[0].date, days[0].load, days[0].source], [
    "2026-11-03",
    105,
    "estimate",
  ]);
});

Deno.test(`GET ${PATH}: prefers the configured heart rates`, async () => {
  await using test = await createTestApp({
    activities: DAYS,
    synced: true,
    env: { ATHLETE_REST_HR: "50", ATHLETE_MAX_HR: "167" },
  });
  const { days } = await getData(test, "?from=2026-11-18&to=2026-11-18");
  const r = 100 / 117;
  const load = 100 * r / 0.85 * Math.exp(1.92 * (r - 0.85));
  assert.ok(isNear(days[0].load, load), `${days[0].load}, not ${load}`);
});

Deno.test(`GET ${PATH}: uses the maximum heart rate of all sports`, async () => {
  const activities = [
    ...DAYS,
    run(5, "2025-01-01", { sport_type: "Ride", max_heartrate: 220 }),
    run(6, "2025-01-02", { sport_type: "Ride", max_heartrate: 221 }),
  ];
  await using test = await createTestApp({ activities, synced: true });
  const { days } = await getData(test, "?sport=run&from=2026-11-18");
  const r = 90 / 160;
  const load = 100 * r / 0.85 * Math.exp(1.92 * (r - 0.85));
  assert.ok(isNear(days[0].load, load), `${days[0].load}, not ${load}`);
});

Deno.test(`GET ${PATH}: returns no days without activities`, async () => {
  await using test = await createTestApp({ synced: true });
  assert.deepEqual(await getData(test), {
    formula: "paceline-training-load/1",
    estimated_share: null,
    estimated_share_reason: "no_load",
    days: [],
  });
});

for (
  const [query, path] of [
    ["?from=2026-11-02&to=2026-11-01", "from"],
    ["?from=2026-02-30", "from"],
    ["?to=yesterday", "to"],
    ["?sport=", "sport"],
    ["?days=7", "days"],
  ] as const
) {
  Deno.test(`GET ${PATH}${query}: answers 400 and names ${path}`, async () => {
    await using test = await createTestApp({ synced: true });
    const response = await test.get(PATH + query, { key: true });
    assert.equal(response.status, 400);
    const { reason, issues } = await response.json();
    assert.equal(reason, "invalid_input");
    assert.deepEqual(issues.map((issue: { path: string }) => issue.path), [
      path,
    ]);
  });
}

Deno.test(`GET ${PATH}: answers 404 before a connection and 401 without the key`, async () => {
  await using test = await createTestApp();
  assert.equal((await test.get(PATH)).status, 404);
  await using closed = await createTestApp({
    synced: true,
    env: { PUBLIC_STATS: "false" },
  });
  assert.equal((await closed.get(PATH)).status, 401);
  assert.equal((await closed.get(PATH, { key: true })).status, 200);
});
