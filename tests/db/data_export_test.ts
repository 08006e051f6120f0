import assert from "node:assert/strict";
import { copyActivities } from "../support/activities.ts";
import {
  ATHLETE_EXPORT,
  NOT_IN_ATHLETE_EXPORT,
  readAthleteExport,
} from "../../db/data_export.ts";
import { insertEvents } from "../../db/webhook_events.ts";
import { createTestDatabase } from "../support/database.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  NOW,
} from "../support/app.ts";

Deno.test("ATHLETE_EXPORT: has every table of an athlete, or a reason for its absence", async () => {
  await using database = await createTestDatabase();

  const tables = await database.sql<{ name: string }[]>`
    select table_name as name
    from information_schema.columns
    join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public'
      and table_type = 'BASE TABLE'
      and column_name = 'athlete_id'
  `;

  const known = [
    ...ATHLETE_EXPORT.map(({ table }) => table),
    ...Object.keys(NOT_IN_ATHLETE_EXPORT),
  ];
  assert.deepEqual(
    known.toSorted(),
    ["athletes", ...tables.map(({ name }) => name)].toSorted(),
  );
  for (const reason of Object.values(NOT_IN_ATHLETE_EXPORT)) {
    assert.match(reason, /\w+ \w+/);
  }
});

Deno.test("ATHLETE_EXPORT: has every column of its tables except tokens", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(2),
  });
  const { sql } = test.deps;
  await sql`
    insert into pending_deletions (athlete_id, activity_id, since)
    select athlete_id, id, now() from activities
  `;
  await sql`
    insert into quarantined_activities (
      athlete_id, activity_id, reason, first_seen_at, last_seen_at
    )
    values (${ATHLETE_ID}, 'unknown', 'id: Invalid input', now(), now())
  `;
  await sql`
    insert into gear (athlete_id, id, is_known, checked_at)
    values (${ATHLETE_ID}, 'g1', true, now())
  `;
  await sql`
    insert into privacy_zones (
      athlete_id, name, latitude, longitude, radius, shift_east, shift_north, created_at
    )
    values (${ATHLETE_ID}, 'Home', 52.5, 13.4, 300, 0.1, -0.2, now())
  `;
  await sql`
    insert into athlete_values (athlete_id, kind, date, source, value, stored_at)
    values (${ATHLETE_ID}, 'weight', '2026-01-01', 'owner', 70, now())
  `;
  await sql`
    insert into imported_files
    values (${ATHLETE_ID}, sha256('file'), 'fit', 'a.fit', 4, null, now())
  `;
  await sql`
    insert into recordings (
      athlete_id, content_hash, place, activity_id, parser_version, figures
    )
    select athlete_id, sha256('file'), 0, id, 1, '{}' from activities limit 1
  `;
  await sql`
    insert into imports (athlete_id, name, state, time_zone, visibility, started_at, ended_at)
    values (${ATHLETE_ID}, 'a.zip', 'done', 'UTC', 'only_me', now(), now())
  `;
  await sql`
    insert into import_entries (athlete_id, import_id, place, state, name, reason)
    select athlete_id, id, 0, 'refused', 'a.fit', 'damaged' from imports
  `;
  await sql`
    insert into activity_edits (athlete_id, activity_id, removed, edited_at)
    values (${ATHLETE_ID}, 1, 'deleted', now())
  `;
  await sql`
    insert into recording_streams (
      athlete_id, content_hash, place, points, seconds, time, laps, lengths
    )
    values (${ATHLETE_ID}, sha256('file'), 0, 2, 1, '\\x01000000000064', '[]', '[]')
  `;
  await sql`
    insert into strava_streams (athlete_id, activity_id, points, seconds, time, fetched_at)
    select athlete_id, id, 2, 1, '\\x01000000000064', now() from activities limit 1
  `;
  await sql`
    insert into stream_fetches (
      athlete_id, activity_id, outcome, retry_at, start_date, elapsed_time, distance, asked_at
    )
    select athlete_id, id, 'stored', now(), start_date, elapsed_time, distance, now()
    from activities limit 1
  `;
  const missing: string[] = [];
  const now = new Date(NOW);
  await insertEvents(sql, {
    events: [{
      ownerId: ATHLETE_ID,
      objectType: "activity",
      objectId: 1,
      aspectType: "create",
      eventTime: now,
      subscriptionId: 1,
      raw: "{}",
      contentHash: "00",
      receivedAt: now,
    }],
    drops: {},
    now,
  });

  const found = new Map<string, string[]>();
  await readAthleteExport(sql, {
    athleteId: ATHLETE_ID,
    writeRows(kind, [row]) {
      found.set(kind, Object.keys(JSON.parse(row!)));
      return Promise.resolve();
    },
  });

  for (const { kind, table } of ATHLETE_EXPORT) {
    const columns = await sql<{ name: string }[]>`
      select column_name as name
      from information_schema.columns
      where table_schema = 'public'
        and table_name = ${table}
    `;
    const names = columns.map(({ name }) => name);
    missing.push(
      ...names.filter((name) => !found.get(kind)?.includes(name))
        .map((name) => `${table}.${name}`),
    );
  }
  assert.deepEqual(missing.toSorted(), [
    "athletes.share_hash",
    "athletes.share_token",
    "grants.access_token",
    "grants.refresh_token",
  ]);
});

Deno.test("readAthleteExport: reads one snapshot during concurrent writes", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  const { sql } = test.deps;
  const counts: Record<string, number> = {};

  await readAthleteExport(sql, {
    athleteId: ATHLETE_ID,
    async writeRows(kind, rows) {
      counts[kind] = (counts[kind] ?? 0) + rows.length;
      if (kind === "athlete") {
        await sql`delete from athletes where id = ${ATHLETE_ID}`;
      }
    },
  });

  assert.deepEqual(counts, {
    athlete: 1,
    grant: 1,
    sync_state: 1,
    sync_run: 1,
    activity: 5,
    // Strava's profile has a weight.
    athlete_value: 1,
  });
  assert.equal((await sql`select from activities`).length, 0);
});

Deno.test("readAthleteExport: writes 500 rows at a time, one batch after the other", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(1),
  });
  const { sql } = test.deps;
  await copyActivities(sql, {
    changes: sql`jsonb_build_object('id', number)`,
    from: sql`
      activities, generate_series(1, 1200) as number
      where athlete_id = ${ATHLETE_ID}
    `,
  });
  const sizes: number[] = [];
  let writing = 0;

  await readAthleteExport(sql, {
    athleteId: ATHLETE_ID,
    async writeRows(kind, rows) {
      assert.equal(++writing, 1);
      await sql`select 1`;
      if (kind === "activity") sizes.push(rows.length);
      writing--;
    },
  });

  assert.deepEqual(sizes, [500, 500, 201]);
});
