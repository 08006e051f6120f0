import assert from "node:assert/strict";
import {
  type ActivityInput,
  listChangedActivities,
  upsertActivities,
} from "../../db/activities.ts";
import { Instant, PostgresError, type Sql } from "../../db/driver/client.ts";
import { createActivity } from "../../strava_simulator/fixtures.ts";
import { parsePage } from "../../server/sync/parse_activity.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const NOW = new Instant("2026-11-20T12:00:00Z");
const LATER = new Instant("2026-11-20T13:00:00Z");
const [ADA, BEN] = [1, 2];

/** Creates a database with two athletes. */
async function createAthletes(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await database.sql`
    insert into athletes (id, profile, connected_at)
    values (${ADA!}, '{}', ${NOW}), (${BEN!}, '{}', ${NOW})
  `;
  return database;
}

function createInputs(
  count: number,
  changes: Parameters<typeof createActivity>[0] | object = {},
): ActivityInput[] {
  const items = Array.from(
    { length: count },
    (_, index) => createActivity({ id: index + 1, ...changes }, ADA!),
  );
  return parsePage(items).activities;
}

async function upsert(
  sql: Sql,
  activities: ActivityInput[],
  { athleteId = ADA!, now = NOW } = {},
): Promise<{ inserted: number; updated: number }> {
  const changed = await listChangedActivities(sql, { athleteId, activities });
  const { ids, inserted, updated } = await upsertActivities(sql, {
    athleteId,
    activities: changed,
    now,
  });
  assert.equal(ids.length, inserted + updated);
  return { inserted, updated };
}

Deno.test("upsertActivities: counts only new and changed activities", async () => {
  await using database = await createAthletes();
  const { sql } = database;

  assert.deepEqual(await upsert(sql, []), { inserted: 0, updated: 0 });
  const inputs = createInputs(5);
  assert.deepEqual(await upsert(sql, inputs), { inserted: 5, updated: 0 });
  const [first, second, ...rest] = inputs;
  const changed = parsePage([
    { ...JSON.parse(first!.raw), name: "Edited" },
    { ...JSON.parse(second!.raw), a_field_unheard_of: 1 },
  ]).activities;
  assert.deepEqual(
    await upsert(sql, [...changed, ...rest, ...createInputs(1, { id: 9 })]),
    { inserted: 1, updated: 2 },
  );
});

Deno.test("listChangedActivities: keeps unchanged activities from being locked", async () => {
  await using database = await createAthletes();
  const { sql } = database;
  const readRows = async (): Promise<object[]> => [
    ...await sql`
      select id, ctid::text, xmin::text, xmax::text, first_seen_at, fetched_at
      from activities
      order by id
    `,
  ];
  const inputs = createInputs(4);
  await upsert(sql, inputs);
  const before = await readRows();

  const reordered = inputs.map(({ raw }) =>
    Object.fromEntries(Object.entries(JSON.parse(raw)).reverse())
  );
  for (const same of [inputs, parsePage(reordered).activities]) {
    const written = await upsert(sql, same, { now: LATER });
    assert.deepEqual(written, { inserted: 0, updated: 0 });
    assert.deepEqual(await readRows(), before);
  }

  const items = inputs.map(({ raw }) => JSON.parse(raw));
  items[0] = { ...items[0]!, kudos_count: 99 };
  await upsert(sql, parsePage(items).activities, { now: LATER });
  const after = await readRows();
  assert.deepEqual(after.slice(1), before.slice(1));
  assert.notDeepEqual(after[0], before[0]);
});

Deno.test("upsertActivities: keeps first_seen_at and updates fetched_at on a change", async () => {
  await using database = await createAthletes();
  const { sql } = database;
  await upsert(sql, createInputs(1));

  await upsert(
    sql,
    createInputs(1, {
      name: "New",
      sport_type: "GravelRide",
      start_date: "2025-06-30T23:30:00Z",
      utc_offset: 7200,
      timezone: "(GMT+01:00) Europe/Berlin",
      distance: 1234.5,
      visibility: "followers_only",
      gear_id: "b1",
      workout_type: 11,
      trainer: true,
    }),
    { now: LATER },
  );

  const [row] = await sql`
    select
      name, type, sport_type, start_date, start_date_local, utc_offset, timezone, distance,
      visibility, gear_id, workout_type, trainer, first_seen_at, fetched_at,
      raw ->> 'name' as raw_name
    from activities
  `;
  assert.deepEqual({ ...row }, {
    name: "New",
    type: "Ride",
    sport_type: "GravelRide",
    start_date: new Instant("2025-06-30T23:30:00Z"),
    start_date_local: "2025-07-01T01:30:00",
    utc_offset: 7200,
    timezone: "Europe/Berlin",
    distance: 1234.5,
    visibility: "followers_only",
    gear_id: "b1",
    workout_type: 11,
    trainer: true,
    first_seen_at: NOW,
    fetched_at: LATER,
    raw_name: "New",
  });
});

Deno.test("upsertActivities: restores a deleted activity, even if it is unchanged", async () => {
  await using database = await createAthletes();
  const { sql } = database;
  await upsert(sql, createInputs(2));
  await sql`update activities set deleted_at = ${NOW} where id = 1`;

  assert.deepEqual(await upsert(sql, createInputs(2), { now: LATER }), {
    inserted: 0,
    updated: 1,
  });

  const rows =
    await sql`select id, deleted_at, fetched_at from activities order by id`;
  assert.deepEqual(rows.map((row) => Object.values(row)), [
    [1, null, LATER],
    [2, null, NOW],
  ]);
});

Deno.test("upsertActivities: leaves other athletes' rows alone", async () => {
  await using database = await createAthletes();
  const { sql } = database;
  await upsert(sql, createInputs(3));

  const written = await upsert(sql, createInputs(3, { name: "Ben's" }), {
    athleteId: BEN!,
  });

  assert.deepEqual(written, { inserted: 3, updated: 0 });
  const rows = await sql`
    select athlete_id, name, count(*) as count
    from activities
    group by athlete_id, name
    order by athlete_id
  `;
  assert.deepEqual(rows.map((row) => Object.values(row)), [
    [ADA, "Morning Run", 3],
    [BEN, "Ben's", 3],
  ]);
});

Deno.test("upsertActivities: fails for an athlete that does not exist", async () => {
  await using database = await createAthletes();
  const { sql } = database;
  await assert.rejects(
    upsert(sql, createInputs(1), { athleteId: 3 }),
    (error) => error instanceof PostgresError && error.code === "23503",
  );
});

Deno.test("upsertActivities: avoids deadlocks of pages in opposite order", async () => {
  await using database = await createAthletes();
  const { sql } = database;
  const pages = Array.from({ length: 12 }, (_, round) => {
    const page = createInputs(200, { kudos_count: round });
    return round % 2 === 0 ? page : page.reverse();
  });

  // Three connections at the same time, each changing all rows in one statement.
  await Promise.all(pages.map((page) => upsert(sql, page)));

  const [row] = await sql`select count(*) as count from activities`;
  assert.equal(row?.count, 200);
});
