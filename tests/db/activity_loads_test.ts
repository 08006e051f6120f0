import assert from "node:assert/strict";
import { getMaxHeartRate } from "../../db/activity_loads.ts";
import { migrate, MIGRATIONS } from "../../db/migrate.ts";
import { createTestDatabase } from "../support/database.ts";

Deno.test("0010_suffer_score: fills the column from what is stored, and trips over no oddity", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await sql`drop schema public cascade`;
  await sql`create schema public`;
  const before = MIGRATIONS.filter(({ name }) => name < "0010");
  await migrate(sql, before);
  await sql`
    insert into athletes (id, profile, connected_at)
    values (1, '{}', now())
  `;
  const raws = [
    '{"suffer_score": 87.5}',
    '{"suffer_score": 0}',
    '{"suffer_score": null}',
    "{}",
    '{"suffer_score": "87"}',
    '{"suffer_score": -1}',
    '{"suffer_score": 1e400}',
    "[]",
  ];
  await sql`
    insert into activities (
      athlete_id, id, name, type, sport_type, start_date, start_date_local, utc_offset, distance,
      moving_time, elapsed_time, total_elevation_gain, average_speed, max_speed, kudos_count,
      visibility, trainer, commute, manual, raw, content_hash, first_seen_at, fetched_at
    )
    select
      1, id, 'Run', 'Run', 'Run', now(), now(), 0, 1, 1, 1, 0, 1, 1, 0, 'everyone', false, false,
      false, raw::jsonb, '', now(), now()
    from unnest(${raws}::text[]) with ordinality as raws (raw, id)
  `;

  await migrate(sql);

  const rows = await sql<{ suffer_score: number | null }[]>`
    select suffer_score
    from activities
    where athlete_id = 1
    order by id
  `;
  assert.deepEqual(
    rows.map((row) => row.suffer_score),
    [87.5, 0, null, null, null, null, null, null],
  );
  assert.equal(await getMaxHeartRate(sql, { athleteId: 1 }), null);
});
