import assert from "node:assert/strict";
import {
  type ActivityColumns,
  toActivityInput,
  upsertActivities,
} from "../../db/activities.ts";
import { upsertAthlete } from "../../db/athletes.ts";
import type { Pool } from "../../db/driver/client.ts";
import {
  getGroupTotals,
  listMonthTotals,
  listSportTotals,
  listYearTotals,
  type TotalRow,
} from "../../db/activity_totals.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const OWN = 1;
const OTHER = 2;
const NOW = new Date("2026-11-20T12:00:00Z");

/** Creates a database of two athletes. Totals of one must never count the other's activities. */
async function createAthletes(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  for (const id of [OWN, OTHER]) {
    await upsertAthlete(database.sql, { id, profile: {}, now: NOW });
  }
  return database;
}

let nextId = 1;

async function insertRun(
  sql: Pool,
  startDateLocal: string,
  fields: Partial<ActivityColumns> & { athleteId?: number } = {},
): Promise<void> {
  const { athleteId = OWN, ...rest } = fields;
  const columns: ActivityColumns = {
    id: nextId++,
    name: "Run",
    type: "Run",
    sport_type: "Run",
    start_date: `${startDateLocal}Z`,
    start_date_local: startDateLocal,
    utc_offset: 0,
    timezone: null,
    distance: 1000,
    moving_time: 300,
    elapsed_time: 310,
    total_elevation_gain: 10,
    average_speed: 3,
    max_speed: 4,
    average_heartrate: null,
    max_heartrate: null,
    suffer_score: null,
    heartrate_opt_out: false,
    kudos_count: 0,
    visibility: "everyone",
    gear_id: null,
    workout_type: null,
    trainer: false,
    commute: false,
    manual: false,
    content_hash: "00",
    ...rest,
  };
  const activities = [toActivityInput({ columns, raw: "{}" })];
  await upsertActivities(sql, { athleteId, activities, now: NOW });
}

const ZERO = { count: 0, distance: 0, movingTime: 0, elevationGain: 0 };

Deno.test("getGroupTotals: counts the groups of one athlete in a local year", async () => {
  await using database = await createAthletes();
  const { sql } = database;
  await insertRun(sql, "2023-12-31T23:59:59.999");
  await insertRun(sql, "2024-01-01T00:00:00", { sport_type: "TrailRun" });
  await insertRun(sql, "2024-02-29T12:00:00", { sport_type: "VirtualRun" });
  await insertRun(sql, "2024-12-31T23:59:59.999");
  await insertRun(sql, "2025-01-01T00:00:00");
  await insertRun(sql, "2024-06-01T00:00:00", { sport_type: "Ride" });
  await insertRun(sql, "2024-06-01T00:00:00", { sport_type: "Yoga" });
  await insertRun(sql, "2024-06-01T00:00:00", { athleteId: OTHER });
  const total = async (year: number): Promise<TotalRow> => {
    const totals = await getGroupTotals(sql, {
      athleteId: OWN,
      visibility: undefined,
      from: `${year}-01-01`,
      to: `${year}-12-31`,
    });
    assert.deepEqual(totals.swim, ZERO);
    assert.equal(totals.other.count, year === 2024 ? 1 : 0);
    return totals.run;
  };

  assert.deepEqual({ ...await total(2024) }, {
    count: 3,
    distance: 3000,
    movingTime: 900,
    elevationGain: 30,
  });
  assert.equal((await total(2023)).count, 1);
  assert.equal((await total(2025)).count, 1);
  assert.deepEqual({ ...await total(1900) }, ZERO);
  assert.deepEqual({ ...await total(2200) }, ZERO);
});

Deno.test("listMonthTotals: lists 12 local months, with zeros for empty ones", async () => {
  await using database = await createAthletes();
  const { sql } = database;
  await insertRun(sql, "2023-02-28T23:59:59"); // one month too early
  await insertRun(sql, "2023-03-01T00:00:00");
  await insertRun(sql, "2024-02-29T23:59:59.999");
  await insertRun(sql, "2024-03-01T00:00:00"); // after the last month
  await insertRun(sql, "2024-01-15T00:00:00", { athleteId: OTHER });

  const rows = await listMonthTotals(sql, {
    athleteId: OWN,
    visibility: undefined,
    month: "2024-02",
  });

  assert.deepEqual(
    rows.map(({ month, count }) => `${month} ${count}`),
    [
      "2024-02 1",
      "2024-01 0",
      "2023-12 0",
      "2023-11 0",
      "2023-10 0",
      "2023-09 0",
      "2023-08 0",
      "2023-07 0",
      "2023-06 0",
      "2023-05 0",
      "2023-04 0",
      "2023-03 1",
    ],
  );
  assert.deepEqual({ ...rows[1] }, { month: "2024-01", ...ZERO });
});

Deno.test("listSportTotals: lists sports by frequency, then by name", async () => {
  await using database = await createAthletes();
  const { sql } = database;
  for (const sport of ["TrailRun", "Run", "Run"]) {
    await insertRun(sql, "2024-01-01T00:00:00", { sport_type: sport });
  }
  for (const sport of ["Zumba", "Curling"]) {
    await insertRun(sql, "2024-01-01T00:00:00", {
      type: sport,
      sport_type: sport,
    });
  }
  await insertRun(sql, "2024-01-01T00:00:00", { athleteId: OTHER });
  const list = async (by: "type" | "sport_type"): Promise<string[]> =>
    (await listSportTotals(sql, { athleteId: OWN, visibility: undefined, by }))
      .map(
        ({ sport, count }) => `${sport} ${count}`,
      );

  assert.deepEqual(await list("type"), ["Run 3", "Curling 1", "Zumba 1"]);
  assert.deepEqual(
    await list("sport_type"),
    ["Run 2", "Curling 1", "TrailRun 1", "Zumba 1"],
  );
});

Deno.test("listYearTotals: lists the newest year first, then sports by frequency", async () => {
  await using database = await createAthletes();
  const { sql } = database;
  await insertRun(sql, "2023-12-31T23:59:59", { sport_type: "TrailRun" });
  await insertRun(sql, "2024-01-01T00:00:00", { type: "Ride" });
  await insertRun(sql, "2024-01-01T00:00:00");
  await insertRun(sql, "2024-01-01T00:00:00");
  await insertRun(sql, "2022-01-01T00:00:00", { athleteId: OTHER });

  const rows = await listYearTotals(sql, {
    athleteId: OWN,
    visibility: undefined,
    by: "type",
  });

  assert.deepEqual(
    rows.map(({ year, sport, count }) => `${year} ${sport} ${count}`),
    ["2024 Run 2", "2024 Ride 1", "2023 Run 1"],
  );
});

Deno.test("listSportTotals: rounds sums to one decimal, without rounding noise", async () => {
  await using database = await createAthletes();
  const { sql } = database;
  for (let count = 0; count < 10; count++) {
    await insertRun(sql, "2024-01-01T00:00:00", {
      distance: 0.1,
      total_elevation_gain: 0.7,
      moving_time: 2_000_000_000,
    });
  }

  const [row] = await listSportTotals(sql, {
    athleteId: OWN,
    visibility: undefined,
    by: "type",
  });

  assert.deepEqual({ ...row }, {
    sport: "Run",
    count: 10,
    distance: 1,
    movingTime: 20_000_000_000,
    elevationGain: 7,
  });
});

Deno.test("activity totals: leave out deleted activities", async () => {
  await using database = await createAthletes();
  const { sql } = database;
  await insertRun(sql, "2024-01-01T00:00:00");
  await sql`update activities set deleted_at = now()`;
  const athlete = { athleteId: OWN, visibility: undefined };

  const months = await listMonthTotals(sql, { ...athlete, month: "2024-01" });
  const { run } = await getGroupTotals(sql, {
    ...athlete,
  });

  assert.ok(months.every(({ count }) => count === 0));
  assert.deepEqual(run, ZERO);
  assert.deepEqual(
    [...await listSportTotals(sql, { ...athlete, by: "type" })],
    [],
  );
  assert.deepEqual(
    [...await listYearTotals(sql, { ...athlete, by: "type" })],
    [],
  );
});
