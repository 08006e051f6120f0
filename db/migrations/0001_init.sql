-- The schema: users and their sessions and keys; athletes, their grants and activities; the state and
-- record of every sync; push events; Strava's rate limit.

create table users (
  id uuid primary key default gen_random_uuid(),
  -- ASCII, so that no two look alike; without @, so that none looks like an e-mail address.
  username text not null check (username ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{1,31}$'),
  email text not null
    check (email = btrim(email) and email like '_%@_%' and length(email) <= 254),
  display_name text not null check (length(display_name) between 1 and 80),
  role text not null default 'member' check (role in ('member', 'admin')),
  is_active boolean not null default true,
  created_at timestamptz(3) not null
);

-- With a collation, because lower() makes another letter of I in a database with a Turkish locale.
create unique index users_username on users (lower(username collate pg_c_utf8));
create unique index users_email on users (lower(email collate pg_c_utf8));

create table passwords (
  user_id uuid primary key references users on delete cascade,
  -- A PHC string of Argon2id: parameters, salt and hash.
  hash text not null check (hash like '$argon2id$%'),
  changed_at timestamptz(3) not null
);

-- A login and the tokens issued for it. Tokens are stored as SHA-256 only.
create table sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users on delete cascade,
  access_hash bytea not null unique check (octet_length(access_hash) = 32),
  access_expires_at timestamptz(3) not null,
  -- Moves forward with each refresh, never past ends_at.
  expires_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  -- When the password was last entered. Actions that cannot be undone ask for it again.
  authenticated_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  last_seen_at timestamptz(3) not null,
  address text,
  agent text,
  revoked_at timestamptz(3),
  revoke_reason text
    check (revoke_reason in ('logout', 'revoked', 'password_changed', 'reuse', 'disabled')),
  check (expires_at <= ends_at),
  check ((revoked_at is null) = (revoke_reason is null))
);

create index sessions_user on sessions (user_id, created_at desc);

-- Used tokens are kept as long as their session: using one again reveals a theft.
create table refresh_tokens (
  hash bytea primary key check (octet_length(hash) = 32),
  session_id uuid not null references sessions on delete cascade,
  created_at timestamptz(3) not null,
  used_at timestamptz(3)
);

create unique index refresh_tokens_unused on refresh_tokens (session_id) where used_at is null;
create index refresh_tokens_session on refresh_tokens (session_id);

create table api_keys (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users on delete cascade,
  name text not null check (length(name) between 1 and 80),
  -- The first characters, by which its owner recognises it. The whole key is stored as SHA-256 only.
  prefix text not null,
  hash bytea not null unique check (octet_length(hash) = 32),
  scopes text[] not null check (cardinality(scopes) > 0),
  created_at timestamptz(3) not null,
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  last_used_address text,
  revoked_at timestamptz(3)
);

create index api_keys_user on api_keys (user_id, created_at desc);

-- Failed logins per window. Keys are HMACs, since a name field may hold a mistyped password.
create table login_attempts (
  key text primary key,
  count integer not null check (count >= 0),
  window_ends_at timestamptz(3) not null
);

create index login_attempts_window on login_attempts (window_ends_at);

-- No foreign keys: a record outlives the rows it refers to.
create table audit_events (
  id bigint generated always as identity primary key,
  at timestamptz(3) not null,
  kind text not null,
  -- The account concerned, and the acting user where that is someone else.
  user_id uuid,
  actor_id uuid,
  session_id uuid,
  api_key_id uuid,
  athlete_id bigint,
  address text,
  agent text,
  detail jsonb not null default '{}'
);

create index audit_events_user on audit_events (user_id, id desc);
create index audit_events_at on audit_events (at);

-- Records are inserted, and deleted once they are old enough or their account is gone. They are never
-- changed.
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('paceline.audit_cleanup', true) = 'on' then
    return old;
  end if;
  raise exception 'audit_events is append-only';
end
$$;

create trigger audit_events_append_only
  before update or delete on audit_events
  for each row execute function refuse_audit_change();

create trigger audit_events_no_truncate
  before truncate on audit_events
  for each statement execute function refuse_audit_change();

-- The columns that choose an athlete: owner, visibility, share link, default. They seldom change. The
-- columns that change with each stored page are in sync_state, so that this table can be copied to
-- every node (docs/scale.md).
create table athletes (
  id bigint primary key check (id > 0),
  -- Strava's SummaryAthlete or DetailedAthlete, as last received.
  profile jsonb not null,
  connected_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  -- When the data of a revoked athlete is deleted, unless the athlete connects again before.
  delete_at timestamptz(3),
  -- Null for the instance's own athletes: the holder of INTERNAL_API_KEY owns them.
  user_id uuid references users,
  is_default boolean not null default false,
  -- Null until the owner has chosen; PUBLIC_STATS decides until then.
  visibility text check (visibility in ('private', 'link', 'public')),
  -- SHA-256 of the share token, and the token sealed the way a grant's tokens are.
  share_hash bytea unique check (octet_length(share_hash) = 32),
  share_token text,
  check ((share_hash is null) = (share_token is null)),
  check (user_id is not null or not is_default)
);

create index athletes_user on athletes (user_id);
create unique index athletes_default on athletes (user_id) where is_default;

-- Tells every process which answers are out of date (db/athlete_changes.ts): those about one athlete,
-- or, with an empty message, all of them, because another athlete may be served from now on.
create function announce_athlete_change() returns trigger language plpgsql as $$
begin
  perform pg_notify(
    'paceline_athletes',
    case
      when tg_op = 'UPDATE'
        and (new.user_id, new.is_default, new.visibility, new.share_hash, new.revoked_at, new.connected_at)
          is not distinct from
          (old.user_id, old.is_default, old.visibility, old.share_hash, old.revoked_at, old.connected_at)
      then new.id::text
      else ''
    end
  );
  return null;
end;
$$;

create trigger athletes_announce_change
  after insert or update or delete on athletes
  for each row execute function announce_athlete_change();

create table grants (
  athlete_id bigint primary key references athletes on delete cascade,
  -- Sealed with AES-256-GCM (server/crypto/encryption.ts): useless without ENCRYPTION_KEY.
  access_token text not null,
  refresh_token text not null,
  expires_at timestamptz(3) not null,
  scopes text[] not null,
  updated_at timestamptz(3) not null,
  -- When Strava first refused the refresh token. Only connecting again helps.
  dead_since timestamptz(3)
);

-- Reports whether an encoded polyline draws a line: at least two complete points, not all of them at
-- (0,0), which is encoded as question marks. False for null.
create function is_track(polyline text) returns boolean
language sql immutable parallel safe
return coalesce(
  polyline ~ '[^?]' and polyline ~ '^([_-~]{0,5}[?-^][_-~]{0,5}[?-^]){2,}$',
  false
);

-- Returns a text in lower case, without accents and vowel points, and with ASCII digits, independent of
-- the server's locale.
create function fold(value text) returns text
language sql immutable parallel safe
return replace(replace(replace(
  translate(
    normalize(
      regexp_replace(
        lower(normalize(left(value, 1000), nfkd) collate pg_c_utf8),
        '[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u0640\u064b-\u065f\u0670]',
        '',
        'g'
      ),
      nfkc
    ),
    'øłđħıς٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹',
    'oldhiσ01234567890123456789'
  ), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe') collate pg_c_utf8;

-- Matches a letter of a script whose words are not always separated by spaces: Thai, Lao, Burmese,
-- Khmer, Chinese, Japanese, Korean.
create function unspaced_letter() returns text
language sql immutable parallel safe
return '[\u0e01-\u0eff\u1000-\u109f\u1780-\u17d3\u3005-\u3007\u3041-\u3096\u309d-\u309f'
  '\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3'
  '\U00020000-\U0003ffff]';

-- Replaces everything by spaces but letters, digits and the characters in `kept`. The vowel signs of
-- Indian scripts count as letters. The collation makes it independent of the database's locale.
create function keep_words(value text, kept text) returns text
language sql immutable parallel safe
return regexp_replace(
  value collate pg_c_utf8,
  '[^[:alnum:]\u0900-\u0963\u0966-\u0eff\u1000-\u109f\u1780-\u17d3' || kept || ']+',
  ' ',
  'g'
);

-- Separates the letters of such scripts by spaces, so that a search finds them within a name.
create function split_unspaced(value text) returns text
language sql immutable parallel safe
return regexp_replace(value collate pg_c_utf8, unspaced_letter(), ' \& ', 'g');

-- Returns what the search index stores: the words of the name, plus one word for the athlete, so that
-- a search reads one athlete's entries only. The word for the athlete contains a space; no name's word does.
create function to_search(athlete_id bigint, name text) returns tsvector
language sql immutable parallel safe cost 1000
return array_to_tsvector(array['athlete ' || athlete_id])
  || to_tsvector(
    'pg_catalog.simple'::regconfig, split_unspaced(keep_words(fold(name), ''))
  );

-- Parses a search the way websearch_to_tsquery does: all words, "in this order", one or another,
-- -without. Never fails; a search without a word finds nothing.
create function to_search_query(athlete_id bigint, question text) returns tsquery
language sql immutable parallel safe
begin atomic
  with asked as materialized (
    select websearch_to_tsquery(
      'pg_catalog.simple'::regconfig,
      split_unspaced(
        -- Letters of a script without spaces have to follow each other: they become a phrase, unless
        -- they are part of one.
        regexp_replace(
          -- A hyphen within a word splits it, as it does in a name.
          regexp_replace(
            keep_words(fold(question), '"-'), '(?<=\S)-|-(?=[\s-]|$)', ' ', 'g'
          ),
          '("[^"]*(?:"|$))|(-?)(' || unspaced_letter() || '+)',
          '\1 \2"\3" ',
          'g'
        )
      )
    ) as query
  )
  select case
    when numnode(query) = 0 then query
    else quote_literal('athlete ' || athlete_id)::tsquery && query
  end
  from asked;
end;

create table activities (
  athlete_id bigint not null references athletes on delete cascade,
  id bigint not null check (id > 0),
  source text not null default 'strava',
  name text not null,
  type text not null,
  sport_type text not null,
  start_date timestamptz(3) not null,
  -- The athlete's wall clock. It decides days, months and years, and is never converted.
  start_date_local timestamp(3) not null,
  -- Seconds east of UTC at the start, daylight saving included.
  utc_offset integer not null,
  timezone text,
  distance double precision not null,
  moving_time integer not null,
  elapsed_time integer not null,
  total_elevation_gain double precision not null,
  average_speed double precision not null,
  max_speed double precision not null,
  average_heartrate double precision,
  max_heartrate double precision,
  -- Strava's Relative Effort, for the training load.
  suffer_score double precision check (suffer_score >= 0),
  -- Whether the athlete hides the heart rate, and with it the Relative Effort, from others.
  heartrate_opt_out boolean not null default false,
  kudos_count integer not null,
  visibility text not null,
  gear_id text,
  workout_type integer,
  trainer boolean not null,
  commute boolean not null,
  manual boolean not null,
  -- Strava's whole answer: a new column can be filled from it without a request.
  raw jsonb,
  -- SHA-256 of the answer's text: an unchanged activity is recognised without comparing columns.
  content_hash bytea not null,
  -- SHA-256 of the jsonb text of a dropped raw. jsonb orders its fields, so the same answer in another
  -- order still counts as unchanged.
  dropped_raw_hash bytea,
  first_seen_at timestamptz(3) not null,
  fetched_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  -- When the owner restored it, until Strava lists it again.
  restored_at timestamptz(3),
  has_map boolean not null generated always as (
    jsonb_typeof(raw #> '{map,summary_polyline}') is not distinct from 'string'
    and is_track(raw #>> '{map,summary_polyline}')
  ) stored,
  primary key (athlete_id, id),
  constraint activities_raw_or_hash check ((raw is null) = (dropped_raw_hash is not null))
);

create index activities_start_date on activities (athlete_id, start_date desc, id desc);

-- Every column that sums, counts and loads need, so that they read a few pages instead of wide rows.
create index activities_totals on activities (athlete_id, start_date_local)
  include (
    sport_type, type, distance, moving_time, total_elevation_gain, visibility, average_heartrate,
    suffer_score, heartrate_opt_out, commute
  )
  where deleted_at is null;

-- Every column that the list filters, sorts and counts by. The wide rows are read for one page only.
create index activities_list on activities (athlete_id, start_date_local, id)
  include (
    start_date, type, sport_type, distance, moving_time, total_elevation_gain, average_speed,
    visibility, gear_id, trainer, commute, has_map
  )
  where deleted_at is null;

create index activities_search on activities using gin (to_search(athlete_id, name))
  where deleted_at is null;

-- The highest plausible heart rate, found without reading every activity.
create index activities_max_heartrate on activities (athlete_id, max_heartrate)
  where deleted_at is null and max_heartrate <= 220;

-- The end of each full sync finds the restored activities without reading every activity.
create index activities_restored on activities (athlete_id, id)
  where restored_at is not null;

-- The names of shoes and bikes. Activities only know their ids.
create table gear (
  athlete_id bigint not null references athletes on delete cascade,
  id text not null,
  name text,
  brand_name text,
  model_name text,
  nickname text,
  retired boolean,
  -- False once Strava no longer knows it; the last known name stays. Null if Strava never answered.
  is_known boolean,
  checked_at timestamptz(3) not null,
  primary key (athlete_id, id)
);

create table sync_runs (
  athlete_id bigint not null references athletes on delete cascade,
  id bigint generated always as identity,
  trigger text not null check (trigger in ('connect', 'cron', 'refresh', 'shell')),
  status text not null default 'running'
    check (status in ('running', 'success', 'failed', 'interrupted')),
  started_at timestamptz(3) not null,
  ended_at timestamptz(3),
  pages integer not null default 0,
  fetched integer not null default 0,
  inserted integer not null default 0,
  updated integer not null default 0,
  deleted integer not null default 0,
  -- Items of a page that could not be stored. The log names each.
  skipped integer not null default 0,
  error_reason text,
  error_detail text,
  primary key (athlete_id, id),
  check ((status = 'running') = (ended_at is null))
);

create table sync_state (
  athlete_id bigint primary key references athletes on delete cascade,
  -- The run that holds the lease. Any process may take it over once leased_until has passed.
  run_id bigint,
  leased_until timestamptz(3),
  -- When the first sync was complete.
  first_synced_at timestamptz(3),
  last_success_at timestamptz(3),
  -- No sync before this moment. It lies in the future after a failure or a used-up rate limit.
  next_due_at timestamptz(3) not null,
  failures integer not null default 0,
  -- The full sync in progress: when it started, and how far it got. Every activity that started at or
  -- after the cursor is stored.
  full_sync_started_at timestamptz(3),
  full_sync_cursor timestamptz(3),
  -- When the last completed full sync started.
  last_full_sync_at timestamptz(3),
  -- When somebody asked for a full sync. Only one that starts later counts as done.
  full_sync_requested_at timestamptz(3),
  -- Grows with every committed change of the athlete's data, so that answers can be cached by it.
  data_version bigint not null default 0,
  -- When a page of the full sync was last stored. Among athletes that wait for the rate limit, the one
  -- that has waited longest goes first.
  page_stored_at timestamptz(3),
  check ((run_id is null) = (leased_until is null)),
  foreign key (athlete_id, run_id) references sync_runs (athlete_id, id)
);

create function announce_new_data() returns trigger language plpgsql as $$
begin
  perform pg_notify('paceline_athletes', new.athlete_id::text);
  return null;
end;
$$;

create trigger sync_state_announce_new_data
  after update of data_version on sync_state
  for each row when (new.data_version <> old.data_version)
  execute function announce_new_data();

-- The ids on each page of the full sync in progress.
create table full_sync_pages (
  athlete_id bigint not null references athletes on delete cascade,
  id bigint generated always as identity,
  activity_ids bigint[] not null,
  primary key (athlete_id, id)
);

-- Activities missing at Strava that are only deleted once the owner confirms it.
create table pending_deletions (
  athlete_id bigint not null references athletes on delete cascade,
  activity_id bigint not null,
  since timestamptz(3) not null,
  -- When the owner confirmed. Strava is still asked about each, and only a 404 deletes it.
  confirmed_at timestamptz(3),
  primary key (athlete_id, activity_id),
  foreign key (athlete_id, activity_id) references activities on delete cascade
);

-- Activities in Strava's answers that cannot be parsed.
create table quarantined_activities (
  athlete_id bigint not null references athletes on delete cascade,
  -- Text, because an id that is not a number, or too large, is a reason for quarantine.
  activity_id text not null,
  reason text not null,
  first_seen_at timestamptz(3) not null,
  last_seen_at timestamptz(3) not null,
  tries integer not null default 1,
  primary key (athlete_id, activity_id)
);

-- The application's rate limit at Strava: requests are counted before they are sent, and corrected by
-- what Strava reports.
create table rate_limit (
  client_id text primary key,
  short_limit integer,
  short_usage integer not null,
  daily_limit integer,
  daily_usage integer not null,
  read_short_limit integer,
  read_short_usage integer not null,
  read_daily_limit integer,
  read_daily_usage integer not null,
  observed_at timestamptz(3) not null,
  -- The start of the quarter hour and of the day that the usages belong to.
  short_window timestamptz(3) not null,
  daily_window timestamptz(3) not null,
  -- Requests counted so far, ever. The difference of two readings tells how many lie between them.
  request_count bigint not null default 0,
  -- Whether Strava answered 429 in this quarter hour.
  refused boolean not null default false,
  -- Since when Strava answers that the application is inactive, and when to try again.
  inactive_since timestamptz(3),
  inactive_retry_at timestamptz(3),
  check ((inactive_since is null) = (inactive_retry_at is null))
);

-- Strava's push events, kept until they are processed and for a week after.
create table webhook_events (
  athlete_id bigint not null references athletes on delete cascade,
  id bigint generated always as identity,
  -- SHA-256 of the event's content: recognises a second delivery.
  content_hash bytea not null,
  object_type text not null check (object_type in ('activity', 'athlete')),
  object_id bigint not null check (object_id > 0),
  aspect_type text not null check (aspect_type in ('create', 'update', 'delete')),
  event_time timestamptz(3) not null,
  subscription_id bigint not null,
  -- The body as received. Text, since jsonb does not accept all valid JSON.
  raw text not null,
  received_at timestamptz(3) not null,
  attempts integer not null default 0,
  -- Not to be processed before this moment.
  next_attempt_at timestamptz(3) not null,
  -- The process that works on it. Any process may take it over once leased_until has passed.
  lease uuid,
  leased_until timestamptz(3),
  processed_at timestamptz(3),
  outcome text,
  primary key (athlete_id, id),
  unique (athlete_id, content_hash),
  check ((lease is null) = (leased_until is null)),
  check ((processed_at is null) = (outcome is null)),
  check (processed_at is null or lease is null)
);

-- A change of the athlete's permission comes before activities, then the event that waited longest.
create index webhook_events_waiting
  on webhook_events (athlete_id, object_type desc, next_attempt_at, id)
  where processed_at is null;
create index webhook_events_waiting_object on webhook_events (athlete_id, object_type, object_id)
  where processed_at is null;
create index webhook_events_leased on webhook_events (athlete_id, lease)
  where lease is not null;
create index webhook_events_processed on webhook_events (processed_at)
  where processed_at is not null;

-- Numbers of events that were received or dropped, by kind, across all athletes.
create table webhook_counts (
  kind text primary key,
  count bigint not null,
  last_at timestamptz(3) not null
);

-- The application's one subscription at Strava, as far as is known.
create table webhook_subscriptions (
  client_id text primary key,
  -- Strava's id; null when there is no subscription.
  id bigint,
  -- When Strava was last asked; null before the first answer.
  checked_at timestamptz(3),
  next_check_at timestamptz(3) not null,
  -- One process maintains it at a time.
  leased_until timestamptz(3)
);

-- Sign-in states that were returned. A second return finds its row and is refused.
create table used_oauth_states (
  nonce text primary key,
  expires_at timestamptz(3) not null
);
