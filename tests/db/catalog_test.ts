import assert from "node:assert/strict";
import { createTestDatabase } from "../support/database.ts";

/** Tables that belong to the application or to its users, and hold nothing of an athlete's. */
const OWN_TABLES = [
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

/** Speaks of athletes, and outlives them. */
const RECORD = "audit_events";

/** Columns that may be empty, and when they are. */
const NULLABLE: Readonly<Record<string, string>> = {
  "activities.average_heartrate": "none was recorded",
  "activities.deleted_at": "the activity exists",
  "activities.dropped_raw_hash": "Strava's answer is there",
  "activities.gear_id": "no gear was chosen",
  "activities.max_heartrate": "none was recorded",
  "activities.raw": "Strava's answer was dropped after STRAVA_RETENTION",
  "activities.restored_at": "the owner has not restored it",
  "activities.suffer_score": "Strava has given none",
  "activities.timezone": "Strava named none",
  "activities.workout_type": "the sport has none",
  "api_keys.expires_at": "it is good until it is revoked",
  "api_keys.last_used_address": "it was not used yet, or from an unknown place",
  "api_keys.last_used_at": "it was not used yet",
  "api_keys.revoked_at": "it is good",
  "athletes.delete_at": "the data stays",
  "athletes.revoked_at": "the athlete is connected",
  "athletes.share_hash": "there is no link",
  "athletes.share_token": "there is no link",
  "athletes.user_id": "it is the instance's own",
  "athletes.visibility": "the owner has not chosen: PUBLIC_STATS decides",
  "audit_events.actor_id": "the user did it, or nobody with an account",
  "audit_events.address": "it is not known",
  "audit_events.agent": "it is not known",
  "audit_events.api_key_id": "no key is meant",
  "audit_events.athlete_id": "no athlete is meant",
  "audit_events.session_id": "no session is meant",
  "audit_events.user_id": "no user is meant",
  "grants.dead_since": "Strava accepts it",
  "pending_deletions.confirmed_at": "the owner has not given it up",
  "gear.brand_name": "Strava did not say",
  "gear.model_name": "Strava did not say",
  "gear.name": "Strava did not say",
  "gear.nickname": "the athlete gave none",
  "gear.retired": "Strava did not say",
  "rate_limit.daily_limit": "Strava did not say",
  "rate_limit.inactive_retry_at": "Strava's API is open to the application",
  "rate_limit.inactive_since": "Strava's API is open to the application",
  "rate_limit.read_daily_limit": "Strava did not say",
  "rate_limit.read_short_limit": "Strava did not say",
  "rate_limit.short_limit": "Strava did not say",
  "refresh_tokens.used_at": "it is the one to be used",
  "sessions.address": "it is not known",
  "sessions.agent": "it is not known",
  "sessions.revoke_reason": "it goes on",
  "sessions.revoked_at": "it goes on",
  "sync_runs.ended_at": "the run goes on",
  "sync_runs.error_detail": "the run has not failed",
  "sync_runs.error_reason": "the run has not failed",
  "sync_state.full_sync_cursor":
    "no walk of the whole list is under way, or it has stored nothing yet",
  "sync_state.first_synced_at": "the first walk goes on",
  "sync_state.full_sync_requested_at": "no walk of the whole list is asked for",
  "sync_state.last_full_sync_at": "none has come to its end yet",
  "sync_state.last_success_at": "no sync has succeeded yet",
  "sync_state.leased_until": "no run holds the lease",
  "sync_state.run_id": "no run holds the lease",
  "sync_state.full_sync_started_at": "no walk of the whole list is under way",
  "sync_state.page_stored_at":
    "no page of the whole list was stored since this is kept",
  "webhook_events.lease": "nobody works on it",
  "webhook_events.leased_until": "nobody works on it",
  "webhook_events.outcome": "it was not worked off yet",
  "webhook_events.processed_at": "it was not worked off yet",
  "webhook_subscriptions.checked_at": "Strava was not asked yet",
  "webhook_subscriptions.id": "there is none",
  "webhook_subscriptions.leased_until": "nobody looks after it",
};

Deno.test("schema: every table is an athlete's, its primary key led by athlete_id, or named as the application's", async () => {
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
    if (OWN_TABLES.includes(name) || name === RECORD) {
      assert.notEqual(key, null, `${name} has no primary key`);
    } else if (name === "athletes") assert.deepEqual(key, ["id"]);
    else assert.equal(key?.[0], "athlete_id", `${name}: ${key}`);
  }
  const names = tables.map(({ name }) => name);
  for (const name of OWN_TABLES) assert.ok(names.includes(name), name);
});

Deno.test("schema: what is an athlete's goes with the athlete", async () => {
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
    from information_schema.columns
    where table_schema = 'public'
      and column_name = 'athlete_id'
  `;

  assert.ok(tables.length >= 4, "The catalog has fewer tables than it had");
  for (const { name, actions } of tables) {
    if (name === RECORD) continue;
    // c: on delete cascade
    assert.deepEqual(actions, ["c"], name);
    assert.ok(!OWN_TABLES.includes(name), name);
  }
});

Deno.test("schema: a column is not null unless the list says what its absence means", async () => {
  await using database = await createTestDatabase();

  const columns = await database.sql<{ name: string }[]>`
    select table_name || '.' || column_name as name
    from information_schema.columns
    where table_schema = 'public'
      and is_nullable = 'YES'
    order by 1
  `;

  assert.deepEqual(
    columns.map(({ name }) => name),
    Object.keys(NULLABLE).sort(),
  );
});

Deno.test("schema: instants are timestamptz(3), so that a Date holds them exactly", async () => {
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
    const isWallClock = name === "activities.start_date_local";
    assert.equal(
      type,
      isWallClock ? "timestamp without time zone" : "timestamp with time zone",
      name,
    );
    assert.equal(digits, 3, name);
  }
});
