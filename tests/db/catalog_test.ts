import assert from "node:assert/strict";
import { createTestDatabase } from "../support/database.ts";

/** Tables of the application or its users, without data of athletes. */
const APPLICATION_TABLES = [
  "api_keys",
  "login_attempts",
  "migrations",
  "passwords",
  "rate_limit",
  "refresh_tokens",
  "sessions",
  "used_oauth_states",
  "users",
  "webhook_counts",
  "webhook_subscriptions",
];

/** The table that mentions athletes and outlives them. */
const AUDIT_TABLE = "audit_events";

/** Nullable columns, and the meaning of null. */
const NULLABLE: Readonly<Record<string, string>> = {
  "activities.average_heartrate": "none was recorded",
  "activities.deleted_at": "the activity exists",
  "activities.dropped_raw_hash":
    "the raw activity is stored, or the activity came by file",
  "activities.gear_id": "no gear was chosen",
  "activities.max_heartrate": "none was recorded",
  "activities.raw":
    "the raw activity was dropped after STRAVA_RETENTION, or the activity came by file",
  "activities.restored_at": "the owner has not restored it",
  "activities.suffer_score": "Strava has given none",
  "activities.timezone": "Strava named none",
  "activities.track": "no file of it has a track",
  "activities.workout_type": "the sport has none",
  "api_keys.expires_at": "it is valid until it is revoked",
  "api_keys.last_used_address":
    "it was not used yet, or the address is unknown",
  "api_keys.last_used_at": "it was not used yet",
  "activities.description": "there is none",
  "activity_edits.merged_into": "it is not merged into another one",
  "activity_edits.preferred_hash": "the owner prefers no source",
  "activity_edits.preferred_place": "the owner prefers no source",
  "activity_edits.removed": "it is neither deleted nor merged",
  "activity_edits.unedited": "nothing is edited",
  "api_keys.revoked_at": "it is valid",
  "athlete_values.bounds": "the kind has a value",
  "athlete_values.value": "the kind has zones",
  "athletes.delete_at": "the data stays",
  "athletes.revoked_at": "the athlete is connected",
  "athletes.share_hash": "no share link exists",
  "athletes.share_token": "no share link exists",
  "athletes.user_id": "the athlete belongs to the instance",
  "athletes.visibility": "the owner has not chosen: PUBLIC_STATS decides",
  "audit_events.actor_id": "the user acted, or somebody without an account",
  "audit_events.address": "it is unknown",
  "audit_events.agent": "it is unknown",
  "audit_events.api_key_id": "the event concerns no key",
  "audit_events.athlete_id": "the event concerns no athlete",
  "audit_events.session_id": "the event concerns no session",
  "audit_events.user_id": "the event concerns no user",
  "grants.dead_since": "Strava accepts it",
  "imports.ended_at": "files are still to be read",
  "imports.leased_until": "no process reads its files",
  "imports.lease": "no process reads its files",
  "imports.problem": "everything was read",
  "imports.receiving_until": "the upload has ended",
  "imports.size": "the client did not announce it",
  "pending_deletions.confirmed_at": "the owner has not confirmed it",
  "gear.brand_name": "Strava did not say",
  "gear.is_known": "Strava was not asked yet",
  "gear.model_name": "Strava did not say",
  "gear.name": "Strava did not say",
  "gear.nickname": "the athlete gave none",
  "gear.same_as": "it is Strava's, or was not recognised as one of Strava's",
  "gear.retired": "Strava did not say",
  "import_entries.content":
    "a file with this content is stored, or it was refused",
  "import_entries.content_hash":
    "the file was refused, or the activity was entered by hand",
  "import_entries.export_row": "no bulk export has a row for the file",
  "import_entries.reason": "it was not refused",
  "imported_files.original": "files are not kept (KEEP_ORIGINALS=false)",
  "recordings.device_maker": "the file does not tell",
  "recordings.device_product": "the file does not tell",
  "recordings.device_serial": "the file does not tell",
  "recordings.listed": "the file has no row in a bulk export",
  "recordings.profile": "the file has no profile of the athlete",
  "recordings.profile_at": "the file has no profile of the athlete",
  "recordings.strava_id": "no bulk export names the activity",
  "recording_streams.time": "the recording has no points",
  "recording_streams.latitude": "none was recorded",
  "recording_streams.longitude": "none was recorded",
  "recording_streams.distance": "none was recorded",
  "recording_streams.altitude": "none was recorded",
  "recording_streams.velocity_smooth": "none was recorded",
  "recording_streams.heartrate": "none was recorded",
  "recording_streams.cadence": "none was recorded",
  "recording_streams.watts": "none was recorded",
  "recording_streams.temp": "none was recorded",
  "recording_streams.moving": "none was recorded",
  "recording_streams.track": "a version without tracks has stored it",
  "strava_streams.latitude": "Strava has none",
  "strava_streams.longitude": "Strava has none",
  "strava_streams.distance": "Strava has none",
  "strava_streams.altitude": "Strava has none",
  "strava_streams.velocity_smooth": "Strava has none",
  "strava_streams.heartrate": "Strava has none",
  "strava_streams.cadence": "Strava has none",
  "strava_streams.watts": "Strava has none",
  "strava_streams.temp": "Strava has none",
  "strava_streams.moving": "Strava has none",
  "strava_streams.grade_smooth": "Strava has none",
  "stream_fetches.lease": "no process asks for it",
  "stream_fetches.leased_until": "no process asks for it",
  "sync_state.last_import_at": "no file was imported",
  "rate_limit.daily_limit": "Strava did not say",
  "rate_limit.inactive_retry_at": "Strava's API is open to the application",
  "rate_limit.inactive_since": "Strava's API is open to the application",
  "rate_limit.read_daily_limit": "Strava did not say",
  "rate_limit.read_short_limit": "Strava did not say",
  "rate_limit.short_limit": "Strava did not say",
  "refresh_tokens.used_at": "it was not used yet",
  "sessions.address": "it is unknown",
  "sessions.agent": "it is unknown",
  "sessions.revoke_reason": "the session is active",
  "sessions.revoked_at": "the session is active",
  "sync_runs.ended_at": "the run is in progress",
  "sync_runs.error_detail": "the run has not failed",
  "sync_runs.error_reason": "the run has not failed",
  "sync_state.full_sync_cursor":
    "no full sync is in progress, or it has stored nothing yet",
  "sync_state.first_synced_at": "the first sync is in progress",
  "sync_state.full_sync_requested_at": "no full sync is requested",
  "sync_state.last_full_sync_at": "no full sync has finished yet",
  "sync_state.last_success_at": "no sync has succeeded yet",
  "sync_state.leased_until": "no run holds the lease",
  "sync_state.run_id": "no run holds the lease",
  "sync_state.full_sync_started_at": "no full sync is in progress",
  "sync_state.page_stored_at": "no page of a full sync was stored yet",
  "webhook_events.lease": "no process works on it",
  "webhook_events.leased_until": "no process works on it",
  "webhook_events.outcome": "it was not processed yet",
  "webhook_events.processed_at": "it was not processed yet",
  "webhook_subscriptions.checked_at": "Strava was not asked yet",
  "webhook_subscriptions.id": "no subscription exists",
  "webhook_subscriptions.leased_until": "no process maintains it",
};

Deno.test("schema: every athlete table has a primary key that starts with athlete_id", async () => {
  await using database = await createTestDatabase();

  const tables = await database.sql<{ name: string; key: string[] | null }[]>`
    select
      relname as name,
      (
        select array_agg(attname::text order by position)
        from pg_index, unnest(indkey) with ordinality as part (number, position)
        join pg_attribute on attrelid = pg_class.oid and attnum = part.number
        where indrelid = pg_class.oid and indisprimary
      ) as key
    from pg_class
    where relkind in ('r', 'p')
      and relnamespace = 'public'::regnamespace
    order by relname
  `;

  assert.ok(tables.length >= 7, "The catalog has fewer tables than it had");
  for (const { name, key } of tables) {
    if (APPLICATION_TABLES.includes(name) || name === AUDIT_TABLE) {
      assert.notEqual(key, null, `${name} has no primary key`);
    } else if (name === "athletes") assert.deepEqual(key, ["id"]);
    else assert.equal(key?.[0], "athlete_id", `${name}: ${key}`);
  }
  const names = tables.map(({ name }) => name);
  for (const name of APPLICATION_TABLES) assert.ok(names.includes(name), name);
});

Deno.test("schema: deletes an athlete's rows with the athlete", async () => {
  await using database = await createTestDatabase();

  const tables = await database.sql<{ name: string; actions: string[] }[]>`
    select
      columns.table_name as name,
      array(
        select confdeltype::text
        from pg_constraint
        where contype = 'f'
          and conrelid = columns.table_name::regclass
          and confrelid = 'athletes'::regclass
      ) as actions
    from information_schema.columns as columns
    join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public'
      and table_type = 'BASE TABLE'
      and column_name = 'athlete_id'
  `;

  assert.ok(tables.length >= 4, "The catalog has fewer tables than it had");
  for (const { name, actions } of tables) {
    if (name === AUDIT_TABLE) continue;
    // "c" means `on delete cascade`.
    assert.deepEqual(actions, ["c"], name);
    assert.ok(!APPLICATION_TABLES.includes(name), name);
  }
});

Deno.test("schema: allows null only in the listed columns", async () => {
  await using database = await createTestDatabase();

  const columns = await database.sql<{ name: string }[]>`
    select table_name || '.' || column_name as name
    from information_schema.columns
    join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public'
      and table_type = 'BASE TABLE'
      and is_nullable = 'YES'
    order by 1
  `;

  assert.deepEqual(
    columns.map(({ name }) => name),
    Object.keys(NULLABLE).sort(),
  );
});

/** Columns with the athlete's wall clock. */
const WALL_CLOCKS = ["activities.start_date_local", "recordings.profile_at"];

Deno.test("schema: stores instants as timestamptz(3), which a Date holds exactly", async () => {
  await using database = await createTestDatabase();

  const columns = await database.sql<
    { name: string; type: string; digits: number }[]
  >`
    select
      table_name || '.' || column_name as name,
      data_type as type,
      datetime_precision as digits
    from information_schema.columns
    where table_schema = 'public'
      and data_type like 'timestamp%'
  `;

  assert.ok(columns.length > 10);
  for (const { name, type, digits } of columns) {
    const isWallClock = WALL_CLOCKS.includes(name);
    assert.equal(
      type,
      isWallClock ? "timestamp without time zone" : "timestamp with time zone",
      name,
    );
    assert.equal(digits, 3, name);
  }
});
