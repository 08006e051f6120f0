import assert from "node:assert/strict";
import { createOpenApiDocument } from "../../../server/openapi/document.ts";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import { sportOf } from "../../support/oracle.ts";
import {
  createRandomHistory,
  type RandomHistory,
  setHistory,
} from "../../support/random_history.ts";
import { SEED } from "../../support/seed.ts";

const HISTORIES = 10;

/** Inputs that a statistic needs. */
const REQUIRED: Record<string, string> = {
  "/strava/stats/goal": "metric=distance&target=1000&period=year",
};

const EXCLUSIONS: [
  query: string,
  keeps: (activity: SummaryActivity) => boolean,
][] = [
  ["exclude_sport=ride", (a) => sportOf(a) !== "ride"],
  ["exclude_sport=TRAILRUN", (a) => a.sport_type !== "TrailRun"],
  ["commute=false", (a) => !a.commute],
  ["commute=true", (a) => a.commute],
  [
    "exclude_sport=run&commute=false",
    (a) => sportOf(a) !== "run" && !a.commute,
  ],
];

/** Returns the history on clocks of UTC, so that activities left out do not move today. */
function toUtc({ activities, ...history }: RandomHistory): RandomHistory {
  return {
    ...history,
    activities: activities.map((activity) => ({
      ...activity,
      timezone: "(GMT+00:00) Etc/UTC",
      utc_offset: 0,
      start_date_local: activity.start_date,
    })),
  };
}

/** Lists the paths of the statistics, the list of activities, and its export. */
function listPaths(): string[] {
  const { paths } = createOpenApiDocument() as { paths: object };
  const statistics = Object.keys(paths).filter((path) =>
    path.startsWith("/strava/stats/")
  );
  return [
    ...statistics,
    "/strava/activities",
    "/strava/activities/export?format=jsonl",
  ];
}

async function readAnswers(
  test: TestApp,
  { query, key }: { query: string; key: boolean },
): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const path of listPaths()) {
    if (path.includes("export") && !key) continue;
    const inputs = [REQUIRED[path], query].filter(Boolean).join("&");
    const url = `${path}${path.includes("?") ? "&" : "?"}${inputs}`;
    const response = await test.get(url, { key });
    const text = await response.text();
    assert.ok([200, 404].includes(response.status), `${url}: ${text}`);
    answers[path] = text.replace(/"request_id":"[^"]*"/, "");
  }
  return answers;
}

Deno.test(`GET /strava/stats/*: answers as if activities left out did not exist, SEED=${SEED}`, async () => {
  // The highest heart rate counts for every requested sport, so it is fixed here.
  await using test = await createTestApp({
    synced: true,
    env: { ATHLETE_MAX_HR: "190" },
  });
  for (let seed = SEED; seed < SEED + HISTORIES; seed++) {
    const history = toUtc(createRandomHistory(seed));
    const [query, keeps] = history.random.pick(
      EXCLUSIONS as [typeof EXCLUSIONS[0]],
    );
    const key = history.random.chance(0.5);
    const kept = history.activities.filter(keeps);
    await setHistory(test, { ...history, activities: kept });
    const expected = await readAnswers(test, { query: "", key });
    await setHistory(test, history);
    const answers = await readAnswers(test, { query, key });
    assert.deepEqual(answers, expected, `seed ${seed}: ${query}`);
  }
});

Deno.test("GET /strava/stats/*: refuse an exclusion of the wrong form", async () => {
  await using test = await createTestApp({ synced: true });
  for (const path of listPaths()) {
    for (const query of ["exclude_sport=", "commute=maybe"]) {
      const inputs = [REQUIRED[path], query].filter(Boolean).join("&");
      const url = `${path}${path.includes("?") ? "&" : "?"}${inputs}`;
      const response = await test.get(url, { key: true });
      const { reason } = await response.json();
      assert.equal(reason, "invalid_input", url);
    }
  }
});
