import assert from "node:assert/strict";
import { createOpenApiDocument } from "../../../server/openapi/document.ts";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import { createTestApp, NOW, type TestApp } from "../../support/app.ts";
import * as oracle from "../../support/oracle.ts";
import {
  hideHeartRates,
  keepCounted,
  keepVisible,
  type Reader,
} from "../../support/oracle_counted.ts";
import * as days from "../../support/oracle_days.ts";
import { expectEddington } from "../../support/oracle_eddington.ts";
import { expectLoads } from "../../support/oracle_loads.ts";
import {
  createRandomHistory,
  findToday,
  type RandomHistory,
  setHistory,
  toRaw,
} from "../../support/random_history.ts";
import type { RawActivity } from "../../support/raw_days.ts";
import { SEED } from "../../support/seed.ts";

const HISTORIES = 500;

/** Returns an answer without its time. Every other field must be expected. */
async function getAnswer(
  test: TestApp,
  path: string,
  { key, at }: { key: boolean; at: string },
  // deno-lint-ignore no-explicit-any -- a test looks into answers of every shape
): Promise<any> {
  const response = await test.get(`/strava/stats/${path}`, { key });
  const { fetched_at, ...answer } = await response.json();
  assert.equal(response.status, 200, `${at}: ${path}`);
  assert.equal(Date.parse(fetched_at), NOW, `${at}: ${path}`);
  return answer;
}

const SPORTS: [string, (activity: RawActivity) => boolean][] = [
  ["", () => true],
  ["", () => true],
  ["sport=run", (a) => oracle.sportOf(a) === "run"],
  ["sport=ride", (a) => oracle.sportOf(a) === "ride"],
  ["sport=Quidditch", (a) => a.sport_type === "Quidditch"],
];

/** The type of each answer whose name differs from its path. */
const TYPES: Record<string, string> = {
  activities: "recent_activities",
  totals: "all_time_totals",
  yearly: "yearly_stats",
};

/** A path, the data that a plain count expects, and what it counts for a stranger. */
type Case = [path: string, data: unknown, counts: "all" | "visible"];

/** Lists requests for one history of one reader. */
function listCases(
  { random, activities, now }: RandomHistory,
  reader: Reader,
): Case[] {
  const raw = toRaw(activities);
  const visible = keepVisible(raw, reader);
  const today = findToday({ now, activities: visible });
  const [sport, isInScope] = random.pick(SPORTS as [typeof SPORTS[0]]);
  const own = visible.filter(isInScope);
  const rides = visible.filter((a) => a.sport_type === "Ride");
  const day = (): string =>
    new Date(now - random.whole(0, 500) * 86_400_000).toISOString()
      .slice(0, 10);
  const [from, to] = [day(), day()].sort() as [string, string];
  const inside = own.filter((a) =>
    oracle.dayOf(a) >= from && oracle.dayOf(a) <= to
  );
  const span = `${sport}&from=${from}&to=${to}`;
  const year = Number(today.slice(0, 4)) - random.whole(0, 1);
  const loads = expectLoads(
    hideHeartRates(own, reader),
    hideHeartRates(visible, reader),
  );
  const unit = random.pick<"km" | "mi">(["km", "mi"]);
  const by = random.pick<"day" | "week">(["day", "week"]);
  const week = random.pick<oracle.WeekStart>(["monday", "sunday"]);
  const starts = `week_start=${week}`;
  const measure = random.pick<oracle.Measure>([
    "distance",
    "moving_time",
    "elevation_gain",
  ]);
  const metric = random.pick<keyof oracle.Total>([measure, "count"]);
  const window = random.pick(["all", "year", "4w", "12w", "26w", "52w"]);
  const daily: [path: string, data: unknown][] = [
    [`eddington?unit=${unit}&${sport}`, expectEddington(own, { unit })],
    [`eddington?unit=${unit}&${span}`, expectEddington(inside, { unit })],
    [
      `eddington?by=week&${starts}&${sport}`,
      expectEddington(own, { by: "week", week }),
    ],
    [
      `eddington?metric=elevation_gain&unit=ft&by=${by}&${starts}&${span}`,
      expectEddington(inside, {
        ...{ metric: "elevation_gain", unit: "ft", by, week },
      }),
    ],
    [`streaks?${starts}&${sport}`, days.expectStreaks(own, today, week)],
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
    [
      `distribution?${starts}&${span}`,
      days.expectDistribution(inside, week),
    ],
    [`milestones?${sport}`, days.expectMilestones(own)],
    [
      `records?window=${window}&metric=${measure}&${starts}`,
      oracle.expectRecords(visible, { today, window, metric: measure, week }),
    ],
    ["activities", expectNewest(visible, today)],
  ];
  const count = (bounds: { from?: string; to?: string }): RawActivity[] =>
    keepCounted(raw, { reader, today, ...bounds });
  return [
    ...daily.map(([path, data]): Case => [path, data, "visible"]),
    ...expectTotals(count({}), today).map(
      ([path, data]): Case => [path, data, "all"],
    ),
    ...(["totals", "yearly"] as const).flatMap((name): Case[] => {
      // A filter by days and sport leaves what a plain count of those activities expects.
      const bounds = { from: `${year}-01-01`, to: `${year}-12-31` };
      const all = Object.fromEntries(
        expectTotals(count(bounds).filter(isInScope), today),
      );
      const part = Object.fromEntries(
        expectTotals(count({ from, to }).filter(isInScope), today),
      );
      const path = `${name}?by=sport_type`;
      return [
        [`${path}&year=${year}&${sport}`, all[path], "all"],
        [`${path}&${span}`, part[path], "all"],
      ];
    }),
    [
      `monthly?${sport}`,
      Object.fromEntries(expectTotals(count({}).filter(isInScope), today))
        .monthly,
      "all",
    ],
    [
      `compare?${span}&base_from=${today}&base_to=${today}`,
      expectComparison(
        { from, to, of: count({ from, to }).filter(isInScope) },
        {
          from: today,
          to: today,
          of: own.filter((a) => oracle.dayOf(a) === today),
        },
      ),
      "all",
    ],
    [
      `gear?from=${from}&to=${to}`,
      days.expectGear(count({ from, to }), {
        isVisible: (a) => visible.includes(a as SummaryActivity),
        today,
      }).map(toGear),
      "all",
    ],
  ];
}

/** Adds the fields of gear that was never fetched from Strava. */
function toGear(gear: { last_used: string | null }): unknown {
  return {
    ...gear,
    ...{ name: null, brand: null, model: null, nickname: null, retired: null },
    name_reason: "not_fetched",
    used_reason: gear.last_used === null ? "needs_key" : null,
  };
}

/** Expects the newest 30 activities up to today. */
function expectNewest(
  activities: readonly RawActivity[],
  today: string,
): unknown {
  return activities.filter((a) => oracle.dayOf(a) <= today)
    .toSorted((a, b) =>
      Date.parse(b.start_date) - Date.parse(a.start_date) || b.id - a.id
    ).slice(0, 30).map(({ id, name, ...a }) => ({
      ...{ id, name, type: a.type ?? a.sport_type },
      ...{ distance: a.distance, moving_time: a.moving_time },
      elevation_gain: a.total_elevation_gain,
      start_date: a.start_date,
    }));
}

interface Period {
  from: string;
  to: string;
  of: readonly RawActivity[];
}

/** Expects two periods side by side. */
function expectComparison(current: Period, base: Period): unknown {
  const toPeriod = ({ from, to, of }: Period): {
    total: oracle.Total;
  } => ({
    ...{ from, to, days: oracle.daysBetween(from, to).length },
    total: oracle.totalOf(of),
  });
  const [one, other] = [toPeriod(current), toPeriod(base)];
  const change = (metric: keyof oracle.Total): unknown => {
    const [now, before] = [one.total[metric], other.total[metric]];
    const difference = Number((now - before).toFixed(1));
    return before === 0
      ? { difference, percent: null, reason: "base_is_zero" }
      : {
        difference,
        percent: Number((100 * (now - before) / before).toFixed(6)),
        reason: null,
      };
  };
  return {
    current: one,
    base: other,
    change: {
      count: change("count"),
      distance: change("distance"),
      moving_time: change("moving_time"),
      elevation_gain: change("elevation_gain"),
    },
  };
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
    [
      "ytd",
      {
        run: group("run"),
        ride: group("ride"),
        swim: group("swim"),
        other: oracle.totalOf(
          past.filter((a) =>
            yearOf(a) === today.slice(0, 4) &&
            !["run", "ride", "swim"].includes(oracle.sportOf(a))
          ),
        ),
      },
    ],
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

/** Statistics whose answers other tests compare with a plain count. */
const ELSEWHERE: Record<string, string> = {
  goal: "goal_test.ts",
  overview: "overview_test.ts",
  "training-load": "training_load_test.ts",
  "longest-run": "stats_test.ts",
  "longest-ride": "stats_test.ts",
};

/** Lists the names of all statistics. */
function listStatistics(): string[] {
  const { paths } = createOpenApiDocument() as { paths: object };
  return Object.keys(paths).flatMap((path) =>
    /^\/strava\/stats\/(.+)$/.exec(path)?.[1] ?? []
  );
}

Deno.test(`GET /strava/stats/*: equals a plain count of random histories, SEED=${SEED}`, async () => {
  await using all = await createTestApp({ synced: true });
  await using visible = await createTestApp({
    synced: true,
    env: { PUBLIC_TOTALS: "visible" },
  });
  const apps = { owner: visible, all, visible };
  const compared = new Set(Object.keys(ELSEWHERE));
  for (let seed = SEED; seed < SEED + HISTORIES; seed++) {
    const history = createRandomHistory(seed);
    const reader = history.random.pick<Reader>(["owner", "all", "visible"]);
    const test = apps[reader];
    await setHistory(test, history);
    const key = reader === "owner";
    const at = `seed ${seed}, ${reader}`;

    for (const [path, data, counts] of listCases(history, reader)) {
      const [name] = path.split("?") as [string];
      compared.add(name);
      const answer = await getAnswer(test, path, { key, at });
      assert.deepEqual(answer, {
        type: TYPES[name] ?? name,
        data,
        counts: key ? "all" : reader === "visible" ? "visible" : counts,
      }, `${at}: ${path}`);
    }
  }
  assert.deepEqual([...compared].sort(), listStatistics().sort());
});
