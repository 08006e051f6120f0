import assert from "node:assert/strict";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import { dayOf, sportOf } from "../../support/oracle.ts";
import {
  createRandomHistory,
  type RandomHistory,
  setHistory,
  toRaw,
} from "../../support/random_history.ts";
import { SEED } from "../../support/seed.ts";

const HISTORIES = 500;

/** Creates every filter with random values, with the condition that it means. */
function createRandomFilters(
  { random, now, activities }: RandomHistory,
): [query: string, keeps: (activity: SummaryActivity) => boolean][] {
  const day = (): string =>
    new Date(now - random.whole(0, 300) * 86_400_000).toISOString()
      .slice(0, 10);
  const [from, to] = [day(), day()].sort() as [string, string];
  const year = day().slice(0, 4);
  // A bound is often exactly the distance of an activity.
  const distances = activities.map(({ distance }) => distance ?? 0);
  const near = random.pick([random.whole(0, 30_000), ...distances]);
  const far = random.pick([near + random.whole(0, 30_000), near]);
  const is = random.chance(0.5);
  const sport = random.pick(["run", "ride", "Walk", "TrailRun"]);
  const word = random.pick(["morning", "RUN", "cafe", "long", "race day"]);
  return [
    [`year=${year}`, (a) => dayOf(a).startsWith(year)],
    [`from=${from}`, (a) => dayOf(a) >= from],
    [`to=${to}`, (a) => dayOf(a) <= to],
    [`sport=${sport}`, (a) => [sportOf(a), a.sport_type].includes(sport)],
    ["activity_type=trailrun", (a) => a.sport_type === "TrailRun"],
    ["gear_id=g1", (a) => a.gear_id === "g1"],
    [`min_distance=${near}`, (a) => a.distance >= near],
    [`max_distance=${far}`, (a) => a.distance <= far],
    [
      `q=${word}`,
      ({ name }) => {
        const words = name.toLowerCase().replace("é", "e").split(/[ -]/);
        const asked = word.toLowerCase().split(" ");
        return asked.every((part) => words.includes(part));
      },
    ],
    [`commute=${is}`, (a) => a.commute === is],
    [`trainer=${is}`, (a) => a.trainer === is],
    [`has_map=${is}`, (a) => !!a.map?.summary_polyline === is],
  ];
}

const SORTS: [string, (activity: SummaryActivity) => number][] = [
  ["date", (a) => Date.parse(a.start_date)],
  ["distance", (a) => a.distance],
  ["moving_time", (a) => a.moving_time],
  ["elevation_gain", (a) => a.total_elevation_gain],
  ["average_speed", (a) => a.average_speed ?? 0],
];

/** Reads every page by `next_cursor`. */
async function readAllPages(
  test: TestApp,
  query: string,
  key: boolean,
): Promise<{ ids: number[]; total: number }> {
  const ids: number[] = [];
  for (let cursor = "";;) {
    const path = `/strava/activities?limit=7&${query}${cursor}`;
    const response = await test.get(path, { key });
    const text = await response.text();
    assert.equal(response.status, 200, `${path}: ${text}`);
    const { data, next_cursor, total } = JSON.parse(text);
    ids.push(...data.map(({ id }: { id: number }) => id));
    if (next_cursor === null) return { ids, total };
    cursor = `&cursor=${encodeURIComponent(next_cursor)}`;
  }
}

Deno.test(`GET /strava/activities, /{id}, /export: equal a plain filter, SEED=${SEED}`, async () => {
  await using test = await createTestApp({ synced: true });
  for (let seed = SEED; seed < SEED + HISTORIES; seed++) {
    const history = createRandomHistory(seed);
    const { random } = history;
    await setHistory(test, history);
    const key = random.chance(0.5);
    const filters = createRandomFilters(history)
      .filter(() => random.chance(0.15));
    const [sort, valueOf] = random.pick(SORTS as [typeof SORTS[0]]);
    const order = random.pick(["asc", "desc"]);
    const query = filters.map(([text]) => text).join("&");
    const at = `seed ${seed}, key ${key}: ${query}&sort=${sort}&order=${order}`;
    const all = toRaw(history.activities);
    const kept = all.filter((a) => filters.every(([, keeps]) => keeps(a)));
    const isVisible = (a: SummaryActivity): boolean =>
      key || a.visibility === "everyone";

    const { ids, total } = await readAllPages(
      test,
      `${query}&sort=${sort}&order=${order}`,
      key,
    );

    const sign = order === "asc" ? 1 : -1;
    const expected = kept.filter(isVisible)
      .sort((a, b) => sign * (valueOf(a) - valueOf(b) || a.id - b.id));
    assert.deepEqual(ids, expected.map(({ id }) => id), at);
    assert.equal(total, expected.length, at);

    const path = `/strava/activities/export?format=jsonl&${query}`;
    const exported = await (await test.get(path, { key: true })).text();
    assert.deepEqual(
      exported.split("\n").filter(Boolean).map((line) => JSON.parse(line).id),
      kept.sort((a, b) =>
        Date.parse(b.start_date) - Date.parse(a.start_date) || b.id - a.id
      ).map(({ id }) => id),
      at,
    );

    for (const activity of all.slice(0, 3)) {
      const response = await test.get(`/strava/activities/${activity.id}`, {
        key,
      });
      const body = await response.json();
      assert.equal(response.status, isVisible(activity) ? 200 : 404, at);
      if (!isVisible(activity)) continue;
      const polyline = activity.map?.summary_polyline || null;
      assert.equal(body.map?.polyline ?? null, key ? polyline : null, at);
    }
  }
});
