import assert from "node:assert/strict";
import { deleteAthlete } from "../../../db/athletes.ts";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import type { FaultAction } from "../../../strava_simulator/faults.ts";
import type { Gear, SummaryActivity } from "../../../strava_simulator/types.ts";
import { refreshGear } from "../../../server/sync/gear.ts";
import { syncDueAthletes } from "../../../server/sync/run_sync.ts";
import { ATHLETE_ID, createTestApp, NOW } from "../../support/app.ts";
import type { TestApp, TestAppOptions } from "../../support/app.ts";
import { connectWithoutSync, readState } from "../../support/sync.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

function createGear(id: string, gear: Partial<Gear> = {}): Gear {
  return {
    id,
    primary: false,
    name: `Brand Model ${id}`,
    nickname: id,
    resource_state: 3,
    retired: false,
    distance: 0,
    converted_distance: 0,
    brand_name: "Brand",
    model_name: "Model",
    description: null,
    ...gear,
  };
}

function use(
  id: number,
  gear_id: string | null,
  day: string,
  activity: Partial<SummaryActivity> = {},
): SummaryActivity {
  const start_date = `${day}T08:00:00Z`;
  return createActivity({ id, gear_id, start_date, ...activity }, ATHLETE_ID);
}

const ACTIVITIES = [
  use(1, "g1", "2026-01-01", { distance: 10_000.4, moving_time: 3000 }),
  use(2, "g1", "2026-03-01", { distance: 5000.2, moving_time: 1500 }),
  use(3, "g1", "2026-05-01", { distance: 1000, visibility: "only_me" }),
  use(4, "b1", "2026-02-01", { distance: 90_000, sport_type: "Ride" }),
  use(5, "g2", "2025-02-01", { distance: 700, visibility: "only_me" }),
  use(6, null, "2026-02-02", { distance: 1e6 }),
];

/** Creates an athlete whom the schedule syncs, with shoes g1, retired shoes g2 and bike b1. */
async function createScheduled(
  options: TestAppOptions = {},
): Promise<TestApp> {
  const test = await createTestApp({ activities: ACTIVITIES, ...options });
  const { profile } = test.strava.athletes.get(ATHLETE_ID)!;
  profile.shoes = [createGear("g1"), createGear("g2", { retired: true })];
  profile.bikes = [createGear("b1")];
  await connectWithoutSync(test);
  return test;
}

async function getGear(
  test: TestApp,
  query = "",
  key = true,
  // deno-lint-ignore no-explicit-any -- a test looks at other fields each time
): Promise<any[]> {
  const response = await test.get(`/strava/stats/gear${query}`, { key });
  const body = await response.json();
  assert.equal(response.status, 200, JSON.stringify(body));
  assert.equal(body.type, "gear");
  return body.data;
}

/** Returns the paths of requests about gear, oldest first. */
function listGearRequests({ strava }: TestApp): string[] {
  return strava.requests.map(({ path }) => path.slice("/api/v3".length))
    .filter((path) => path === "/athlete" || path.startsWith("/gear/"));
}

Deno.test("GET /strava/stats/gear: lists sums and names, greatest distance first", async () => {
  await using test = await createScheduled();
  await syncDueAthletes(test.deps);

  assert.deepEqual(await getGear(test), [
    {
      id: "b1",
      name: "Brand Model b1",
      name_reason: null,
      brand: "Brand",
      model: "Model",
      nickname: "b1",
      retired: false,
      distance: 90_000,
      moving_time: 3600,
      count: 1,
      first_used: "2026-02-01",
      last_used: "2026-02-01",
      used_reason: null,
    },
    {
      id: "g1",
      name: "Brand Model g1",
      name_reason: null,
      brand: "Brand",
      model: "Model",
      nickname: "g1",
      retired: false,
      distance: 16_000.6,
      moving_time: 8100,
      count: 3,
      first_used: "2026-01-01",
      last_used: "2026-05-01",
      used_reason: null,
    },
    {
      id: "g2",
      name: "Brand Model g2",
      name_reason: null,
      brand: "Brand",
      model: "Model",
      nickname: "g2",
      retired: true,
      distance: 700,
      moving_time: 3600,
      count: 1,
      first_used: "2025-02-01",
      last_used: "2025-02-01",
      used_reason: null,
    },
  ]);
});

Deno.test("GET /strava/stats/gear: filters by sport and dates", async () => {
  await using test = await createTestApp({
    activities: ACTIVITIES,
    synced: true,
  });
  const ids = async (query: string): Promise<string[]> =>
    (await getGear(test, query)).map(({ id, count }) => `${id} ${count}`);

  assert.deepEqual(await ids("?sport=ride"), ["b1 1"]);
  assert.deepEqual(await ids("?from=2026-02-01&to=2026-03-01"), [
    "b1 1",
    "g1 1",
  ]);
  assert.deepEqual(await ids("?sport=swim"), []);
  const response = await test.get(
    "/strava/stats/gear?from=2026-01-02&to=2026-01-01",
  );
  assert.equal(response.status, 400);
  assert.equal((await response.json()).issues[0].path, "from");
});

Deno.test("GET /strava/stats/gear: without a key sums all but omits hidden dates", async () => {
  await using test = await createTestApp({
    activities: ACTIVITIES,
    synced: true,
  });

  const data = await getGear(test, "", false);

  const byId = Object.fromEntries(data.map((gear) => [gear.id, gear]));
  assert.equal(byId["g1"].count, 3);
  assert.equal(byId["g1"].distance, 16_000.6);
  assert.equal(byId["g1"].last_used, "2026-03-01");
  assert.equal(byId["g2"].count, 1);
  assert.deepEqual(
    [byId["g2"].first_used, byId["g2"].last_used, byId["g2"].used_reason],
    [null, null, "needs_key"],
  );
  // Only scheduled syncs fetch names.
  assert.equal(byId["g2"].name, null);
  assert.equal(byId["g2"].name_reason, "not_fetched");
});

Deno.test("syncDueAthletes: fetches gear once a day, unchanged gear by one request", async () => {
  await using test = await createScheduled();
  const athlete = test.strava.athletes.get(ATHLETE_ID)!;

  await syncDueAthletes(test.deps);
  assert.deepEqual(listGearRequests(test), [
    "/athlete",
    "/gear/b1",
    "/gear/g1",
    "/gear/g2",
  ]);

  test.strava.requests.length = 0;
  test.clock.now += DAY_MS / 2;
  await syncDueAthletes(test.deps);
  assert.deepEqual(listGearRequests(test), []);

  test.clock.now += DAY_MS / 2;
  athlete.profile.shoes[0]!.nickname = "Speedy";
  const { data_version: before } = await readState(test.deps.sql);
  await refreshGear(test.deps, [ATHLETE_ID]);
  // b1 is unchanged. g2 is missing from the list, because it is retired.
  assert.deepEqual(listGearRequests(test), [
    "/athlete",
    "/gear/g1",
    "/gear/g2",
  ]);
  const data = await getGear(test);
  assert.equal(data.find(({ id }) => id === "g1").nickname, "Speedy");
  const { data_version: after } = await readState(test.deps.sql);
  assert.equal(after, before + 1, "one gear has changed");
});

Deno.test("refreshGear: keeps the last name of gear that Strava no longer knows", async () => {
  await using test = await createScheduled();
  const { profile } = test.strava.athletes.get(ATHLETE_ID)!;
  await syncDueAthletes(test.deps);
  test.clock.now += DAY_MS;
  profile.shoes = [];
  await refreshGear(test.deps, [ATHLETE_ID]);
  const kept = (await getGear(test)).find(({ id }) => id === "g1");
  assert.deepEqual([kept.name, kept.name_reason, kept.brand], [
    "Brand Model g1",
    null,
    "Brand",
  ]);

  await test.deps.sql`delete from gear`;
  await refreshGear(test.deps, [ATHLETE_ID]);
  const lost = (await getGear(test)).find(({ id }) => id === "g1");
  assert.deepEqual([lost.name, lost.name_reason], [null, "unknown_to_strava"]);

  profile.shoes = [createGear("g1", { name: "", nickname: null })];
  test.clock.now += DAY_MS;
  await refreshGear(test.deps, [ATHLETE_ID]);
  const again = (await getGear(test)).find(({ id }) => id === "g1");
  assert.deepEqual([again.name, again.name_reason], ["Brand Model", null]);
});

Deno.test("refreshGear: sends nothing once only the reserve is left", async () => {
  await using test = await createScheduled();
  const { clientId } = test.config.strava;
  for (
    const [column, usage, isAllowed] of [
      ["short_usage", 160, false],
      ["daily_usage", 1600, false],
      ["read_short_usage", 80, false],
      ["read_daily_usage", 800, false],
      ["read_daily_usage", 100, true],
    ] as const
  ) {
    const { sql } = test.deps;
    await sql`delete from rate_limit`;
    await sql`delete from gear`;
    await sql`
      insert into rate_limit (
        client_id, short_limit, daily_limit, read_short_limit, read_daily_limit,
        short_usage, daily_usage, read_short_usage, read_daily_usage,
        short_window, daily_window, observed_at
      )
      select
        ${clientId}, 200, 2000, 100, 1000, 0, 0, 0, 0,
        date_bin('15 minutes', at, 'epoch'), date_bin('24 hours', at, 'epoch'), at
      from (select ${new Date(NOW)}::timestamptz as at) as moment
    `;
    await sql`update rate_limit set ${sql({ [column]: usage })}`;
    await insertActivity(test);
    test.strava.requests.length = 0;

    await refreshGear(test.deps, [ATHLETE_ID]);

    assert.equal(
      listGearRequests(test).length > 0,
      isAllowed,
      `${column} ${usage}`,
    );
  }
});

/** Inserts an activity with gear, without a sync. */
async function insertActivity({ deps }: TestApp): Promise<void> {
  await deps.sql`
    insert into activities (
      athlete_id, id, name, type, sport_type, start_date, start_date_local, utc_offset, distance,
      moving_time, elapsed_time, total_elevation_gain, average_speed, max_speed, kudos_count,
      visibility, gear_id, trainer, commute, manual, raw, content_hash, first_seen_at, fetched_at
    )
    values (
      ${ATHLETE_ID}, 1, '', 'Run', 'Run', now(), now(), 0, 1, 1, 1, 0, 0, 0, 0, 'everyone', 'g1',
      false, false, false, '{}', '', now(), now()
    )
    on conflict do nothing
  `;
}

Deno.test("syncDueAthletes: succeeds although fetching gear fails", async () => {
  for (
    const fail of [
      ({ strava }: TestApp) =>
        strava.faults.inject({ kind: "status", status: 500 }, {
          path: "/api/v3/athlete",
        }),
      ({ strava }: TestApp) =>
        strava.faults.inject({ kind: "rate_limit" }, {
          path: "/api/v3/gear/g1",
        }),
      ({ strava }: TestApp) =>
        strava.faults.inject({ kind: "status", status: 403 }, {
          path: "/api/v3/gear/b1",
        }),
    ]
  ) {
    await using test = await createScheduled();
    fail(test);

    await syncDueAthletes(test.deps);

    const state = await readState(test.deps.sql);
    assert.equal(state.failures, 0);
    assert.notEqual(state.last_success_at, null);
    assert.equal((await getGear(test)).length, 3);
    assert.match(test.log.text(), /Could not (fetch|list) the gear/);
  }
});

/** Faults that Strava may have for one gear for ever. */
const GEAR_FAULTS: Record<string, FaultAction> = {
  "500": { kind: "status", status: 500 },
  "403": { kind: "status", status: 403 },
  "a list": { kind: "list" },
  "an HTML page": { kind: "status", status: 200, body: "html" },
  "a lost connection": { kind: "reset" },
};

for (const [answer, fault] of Object.entries(GEAR_FAULTS)) {
  Deno.test(`syncDueAthletes: names all gear but the one answered with ${answer}`, async () => {
    await using test = await createScheduled();
    test.strava.faults.inject(fault, { path: "/api/v3/gear/b1" });

    await syncDueAthletes(test.deps);
    test.strava.requests.length = 0;
    test.clock.now += HOUR_MS;
    await syncDueAthletes(test.deps);

    const names = (await getGear(test)).map(({ name, name_reason }) =>
      name ?? name_reason
    );
    assert.deepEqual(names, [
      "not_fetched",
      "Brand Model g1",
      "Brand Model g2",
    ]);
    assert.deepEqual(listGearRequests(test), []);
    test.strava.faults.clear();
    test.clock.now += DAY_MS;
    await refreshGear(test.deps, [ATHLETE_ID]);
    assert.equal((await getGear(test))[0].name, "Brand Model b1");
  });
}

Deno.test("refreshGear: keeps the name of gear that Strava fails for", async () => {
  await using test = await createScheduled();
  await syncDueAthletes(test.deps);
  test.clock.now += DAY_MS;
  const { profile } = test.strava.athletes.get(ATHLETE_ID)!;
  profile.bikes[0]!.name = "New name";
  test.strava.faults.inject({ kind: "status", status: 500 }, {
    path: "/api/v3/gear/b1",
  });

  await refreshGear(test.deps, [ATHLETE_ID]);

  const [bike] = await getGear(test);
  assert.deepEqual([bike.name, bike.name_reason], ["Brand Model b1", null]);
});

Deno.test("refreshGear: names gear although the profile is broken", async () => {
  for (const body of [[], { id: ATHLETE_ID, bikes: [{ id: 7 }], shoes: "x" }]) {
    await using test = await createScheduled();
    await syncDueAthletes(test.deps);
    await test.deps.sql`delete from gear`;
    test.strava.faults.inject(
      { kind: "status", status: 200, body: { json: body } },
      { path: "/api/v3/athlete" },
    );

    await refreshGear(test.deps, [ATHLETE_ID]);

    const names = (await getGear(test)).map(({ name }) => name);
    assert.deepEqual(names, [
      "Brand Model b1",
      "Brand Model g1",
      "Brand Model g2",
    ]);
  }
});

Deno.test("refreshGear: ends after three failures in a row", async () => {
  await using test = await createScheduled();
  await syncDueAthletes(test.deps);
  await test.deps.sql`delete from gear`;
  test.strava.requests.length = 0;
  test.strava.faults.inject({ kind: "status", status: 403 }, {
    path: /\/(athlete|gear\/.*)$/,
  });

  await refreshGear(test.deps, [ATHLETE_ID]);

  assert.deepEqual(listGearRequests(test), [
    "/athlete",
    "/gear/b1",
    "/gear/g1",
  ]);
});

Deno.test("refreshGear: stores nothing for an athlete deleted while it runs", async () => {
  await using test = await createScheduled();
  await syncDueAthletes(test.deps);
  test.clock.now += DAY_MS;
  const { strava, sql } = test.deps;
  const getGearOf = strava.getGear.bind(strava);
  strava.getGear = async (options) => {
    const gear = await getGearOf(options);
    await deleteAthlete(sql, { id: ATHLETE_ID });
    return gear;
  };

  await refreshGear(test.deps, [ATHLETE_ID]);

  const [row] = await sql`select count(*) as count from gear`;
  assert.equal(row!.count, 0);
  assert.doesNotMatch(test.log.text(), /violates/);
});
