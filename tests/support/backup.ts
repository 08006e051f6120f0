import type { Pool, Sql } from "../../db/driver/client.ts";
import type { BackupPart } from "../../db/backup/parts.ts";
import { BACKUP_TABLES } from "../../db/backup/tables.ts";
import { connect } from "../../db/driver/client.ts";
import { ATHLETE_ID } from "./app.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

/** Adds a row to each table that a synced athlete leaves empty, with characters that COPY escapes. */
export async function fillTables(sql: Pool): Promise<void> {
  await sql.unsafe(`
    insert into users (username, email, display_name, created_at)
      values ('anna', 'anna@example.com', E'Tab\\tline\\nback\\\\slash ''é🚴', now());
    insert into passwords
      select id, '$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA', now() from users;
    insert into sessions (
      user_id, access_hash, access_expires_at, expires_at, ends_at, authenticated_at, created_at,
      last_seen_at, address
    )
      select id, sha256('access'), now(), now(), now(), now(), now(), now(), '' from users;
    insert into refresh_tokens
      select sha256('refresh'), id, now() from sessions;
    insert into api_keys (user_id, name, prefix, hash, scopes, created_at)
      select id, 'phone', 'pk', sha256('key'), '{read,"a,b"}', now() from users;
    insert into login_attempts values ('key', 1, now());
    insert into audit_events (at, kind, detail) values (now(), 'old', '{}');
    insert into audit_events (at, kind, detail) values (now(), 'login', '{"by": null}');
    update athletes set user_id = (select id from users);
    update sync_state set data_version = 9007199254740991;
    update activities set raw = jsonb 'null', distance = 0.1 + 0.2
      where id = (select min(id) from activities);
    insert into gear (athlete_id, id, checked_at) values (${ATHLETE_ID}, 'g1', now());
    insert into privacy_zones (
      athlete_id, name, latitude, longitude, radius, shift_east, shift_north, created_at
    )
      values (${ATHLETE_ID}, E'Ho\\tme', 0.1 + 0.2, -179.9, 300, 0.1, -0.2, now());
    insert into athlete_values
      values (${ATHLETE_ID}, 'power_zones', '2026-01-01', 'owner', null, '{150.5,200}', now());
    insert into imported_files
      values (${ATHLETE_ID}, sha256('file'), 'fit', E'a\\tb.fit', 4, '\\x1f8b0a09', now());
    insert into recordings (
      athlete_id, content_hash, place, activity_id, parser_version, figures
    )
      select athlete_id, sha256('file'), 0, id, 1, '{}' from activities limit 1;
    insert into imports (athlete_id, name, state, time_zone, visibility, started_at, ended_at)
      values (${ATHLETE_ID}, E'a\\tb.zip', 'done', 'UTC', 'only_me', now(), now());
    insert into import_entries (athlete_id, import_id, place, state, name, reason)
      select athlete_id, id, 0, 'refused', E'a\\nb', 'damaged' from imports;
    insert into activity_edits (athlete_id, activity_id, edits, unedited, edited_at)
      values (${ATHLETE_ID}, 1, '{"name": "a\\tb"}', '{}', now());
    insert into recording_streams
      values (
        ${ATHLETE_ID}, sha256('file'), 0, 2, 1, '\\x01000000000064', null, null, null, null, null, null,
        null, null, null, null, '[]', '[]'
      );
    insert into strava_streams (athlete_id, activity_id, points, seconds, time, fetched_at)
      select athlete_id, id, 2, 1, '\\x01000000000064', now() from activities limit 1;
    insert into stream_fetches (
      athlete_id, activity_id, outcome, retry_at, start_date, elapsed_time, distance, asked_at
    )
      select athlete_id, id, 'stored', now(), start_date, elapsed_time, distance, now()
      from activities limit 1;
    insert into full_sync_pages (athlete_id, activity_ids) values (${ATHLETE_ID}, '{1,2}');
    insert into pending_deletions
      select athlete_id, id, now() from activities limit 1;
    insert into quarantined_activities
      values (${ATHLETE_ID}, E'\\\\N', E'\\\\.\\n', now(), now());
    insert into webhook_events (
      athlete_id, content_hash, object_type, object_id, aspect_type, event_time, subscription_id, raw,
      received_at, next_attempt_at
    )
      values (${ATHLETE_ID}, 'x', 'activity', 1, 'create', now(), 1, '{}', now(), now());
    insert into webhook_counts values ('dropped', 1, now());
    insert into webhook_subscriptions (client_id, next_check_at) values ('1', now());
    insert into used_oauth_states values ('nonce', now());
  `);
}

/** Returns the content of each table as text, and what its identity columns gave last. */
export async function readAllTables(
  sql: Sql,
): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {};
  const existing = await sql<{ name: string }[]>`
    select tablename as name
    from pg_tables
    where schemaname = 'public'
  `;
  for (const table of BACKUP_TABLES) {
    // A database from before a migration lacks the tables of that one.
    if (!existing.some(({ name }) => name === table)) continue;
    const rows = await sql<{ row: string }[]>`
      select each::text as row
      from ${sql(table)} as each
      order by each::text
    `;
    tables[table] = rows.map(({ row }) => row);
  }
  const sequences = await sql<{ row: string }[]>`
    select sequencename || ' ' || last_value as row
    from pg_sequences
    where last_value is not null
    order by 1
  `;
  tables["sequences"] = sequences.map(({ row }) => row);
  return tables;
}

/** Creates a database without any table. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await database.sql.unsafe("drop schema public cascade; create schema public");
  return database;
}

/** Connects as the commands do that back up and restore. */
export function connectUnlimited(url: string): Pool {
  return connect(url, { max: 1, statementTimeoutSeconds: 0 });
}

/** Turns a list of parts into what a restore reads. */
export async function* iterate(
  parts: readonly BackupPart[],
): AsyncGenerator<BackupPart> {
  yield* parts;
}
