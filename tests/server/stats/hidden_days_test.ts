/**
 * Histories that differ in hidden activities only, and in a way that a stranger must not notice. Every
 * public route answers as if they were the same.
 */
import assert from "node:assert/strict";
import type { Random } from "../../../demo/history/random.ts";
import { createOpenApiDocument } from "../../../server/openapi/document.ts";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import { createAt } from "../../support/oracle_totals.ts";
import {
  createRandomHistory,
  findToday,
  type RandomHistory,
  setHistory,
} from "../../support/random_history.ts";
import { SEED } from "../../support/seed.ts";

const HISTORIES = 40;

function isHidden({ visibility }: SummaryActivity): boolean {
  return visibility !== "everyone";
}

/** Returns the history as a stranger sees it when no sum counts a hidden activity. */
function removeHidden(history: RandomHistory): RandomHistory {
  const activities = history.activities.filter((a) => !isHidden(a));
  return { ...history, activities };
}

/**
 * Moves each hidden activity to another day and time of its month, in the current month up to today.
 * Those of later days stay where they are, and those of the first month that can be stored, because
 * an earlier one cannot.
 */
function moveHidden(history: RandomHistory): RandomHistory {
  const { random, activities } = history;
  const today = findToday(removeHidden(history));
  const mayMove = ({ start_date_local: start }: SummaryActivity): boolean =>
    start > "0001-02" && start.slice(0, 10) <= today;
  return {
    ...history,
    activities: activities
      .map((a) =>
        isHidden(a) && mayMove(a) ? moveWithinMonth(a, { random, today }) : a
      ),
  };
}

function moveWithinMonth(
  activity: SummaryActivity,
  { random, today }: { random: Random; today: string },
): SummaryActivity {
  const local = Date.parse(activity.start_date_local);
  const isCurrent = activity.start_date_local.startsWith(today.slice(0, 7));
  const last = isCurrent ? Number(today.slice(8)) : 28;
  const day = String(random.whole(1, last)).padStart(2, "0");
  const hour = String(random.whole(0, 23)).padStart(2, "0");
  const start_date_local = `${
    activity.start_date_local.slice(0, 8)
  }${day}T${hour}:30:00Z`;
  const moved = Date.parse(start_date_local) - local;
  const start = new Date(Date.parse(activity.start_date) + moved);
  const start_date = start.toISOString().replace(".000", "");
  return { ...activity, start_date, start_date_local, max_heartrate: 200 };
}

/** Lists every public route of data with queries. */
function listPaths({ random, now }: RandomHistory): string[] {
  const { paths } = createOpenApiDocument() as unknown as {
    paths: Record<string, { get?: { parameters?: { name: string }[] } }>;
  };
  const day = (): string =>
    new Date(now - random.whole(0, 400) * 86_400_000).toISOString()
      .slice(0, 10);
  const sorted = (): [string, string] =>
    [day(), day()].sort() as [string, string];
  return Object.entries(paths).flatMap(([path, { get }]) => {
    if (!get || !/^\/strava\/(stats|activities|sync\/status)/.test(path)) {
      return [];
    }
    // Only owners may read the last three.
    if (/\{|\/(export|original|deleted)$/.test(path)) return [];
    const names = get.parameters?.map(({ name }) => name) ?? [];
    const [from, to] = sorted();
    const [base_from, base_to] = sorted();
    const span = names.includes("base_from")
      ? { from, to, base_from, base_to }
      : names.includes("from")
      ? { from, to }
      : {};
    const goal = names.includes("target") ? "metric=distance&target=5" : "";
    const sport = names.includes("sport")
      ? `&sport=${random.pick(["run", "Ride", "Walk"])}`
      : "";
    return [
      `${path}?${goal || ""}${goal ? "&period=week" : ""}`,
      `${path}?${goal}&${new URLSearchParams(span)}${sport}`,
      ...names.includes("preset")
        ? ["week", "month", "month_to_date"].map((p) => `${path}?preset=${p}`)
        : [],
      ...names.includes("week_start")
        ? [
          `${path}?${goal}&week_start=sunday${goal && "&period=week"}${
            names.includes("by") ? "&by=week" : ""
          }`,
        ]
        : [],
    ].filter((each) => !goal || /period=|from=/.test(each));
  });
}

/** Reads every route as a stranger. Answers are texts, because a diff of all of them takes minutes. */
async function readAll(
  test: TestApp,
  paths: readonly string[],
): Promise<string[]> {
  return await Promise.all(paths.map(async (path) => {
    const response = await test.get(path);
    // Ids of requests differ.
    const { request_id: _, ...body } = await response.json();
    assert.ok([200, 404].includes(response.status), `${path}: ${body.detail}`);
    return JSON.stringify(body);
  }));
}

for (
  const [setting, change] of [
    ["all", moveHidden],
    ["visible", removeHidden],
  ] as const
) {
  Deno.test(`PUBLIC_TOTALS=${setting}: no answer shows a hidden day, SEED=${SEED}`, async () => {
    await using test = await createTestApp({
      synced: true,
      env: {
        PUBLIC_TOTALS: setting,
        RATE_LIMIT: "off",
        MAX_CONCURRENT_REQUESTS: "200",
      },
    });
    for (let seed = SEED; seed < SEED + HISTORIES; seed++) {
      const history = createRandomHistory(seed);
      const paths = listPaths(history);
      await setHistory(test, history);
      const before = await readAll(test, paths);
      await setHistory(test, change(history));
      const after = await readAll(test, paths);

      assert.ok(paths.length > 30, `only ${paths.length} paths`);
      for (const [index, path] of paths.entries()) {
        assert.equal(after[index], before[index], `seed ${seed}: ${path}`);
      }
    }
  });
}

Deno.test("PUBLIC_TOTALS=all: totals of months and years count a hidden activity", async () => {
  await using test = await createTestApp({ synced: true });
  const now = Date.UTC(2026, 10, 20, 12);
  const hidden = createAt("2026-11-03T08:00:00", {
    id: 1,
    visibility: "only_me",
    distance: 5000,
  });
  await setHistory(test, { now, activities: [hidden] });
  const read = async (path: string): Promise<string> =>
    await (await test.get(`/strava/stats/${path}`)).text();

  for (
    const path of [
      "ytd",
      "monthly",
      "totals",
      "yearly",
      "yearly?year=2026",
      "totals?from=2026-11-01&to=2026-11-30",
    ]
  ) assert.match(await read(path), /5000.*"counts":"all"/, path);
  for (
    const path of [
      "totals?from=2026-11-01&to=2026-11-20",
      "totals?from=2026-11-02&to=2026-12-31",
      "compare?preset=month_to_date",
      "calendar?year=2026",
      "cumulative",
    ]
  ) assert.doesNotMatch(await read(path), /5000/, path);
});
