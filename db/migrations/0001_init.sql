-- The athlete, the grant, the history, and the state and record of every sync.

create table athletes (
  id bigint primary key check (id > 0),
  -- Strava's SummaryAthlete or DetailedAthlete, as last received.
  profile jsonb not null,
  connected_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  -- Grows with every committed change of the athlete's data: answers may be cached by it.
  data_version bigint not null default 0
);

create table grants (
  athlete_id bigint primary key references athletes on delete cascade,
  -- Sealed with AES-256-GCM (server/crypto/seal.ts); nothing here opens a door by itself.
  access_token text not null,
  refresh_token text not null,
  expires_at timestamptz(3) not null,
  scopes text[] not null,
  updated_at timestamptz(3) not null
);

create table activities (
  athlete_id bigint not null references athletes on delete cascade,
  id bigint not null check (id > 0),
  source text not null default 'strava',
  name text not null,
  type text not null,
  sport_type text not null,
  start_date timestamptz(3) not null,
  -- The athlete's wall clock: days, months and years are decided by it and never converted.
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
  kudos_count integer not null,
  visibility text not null,
  gear_id text,
  workout_type integer,
  trainer boolean not null,
  commute boolean not null,
  manual boolean not null,
  -- Strava's answer, whole: a later column is filled from here without a request.
  raw jsonb not null,
  -- SHA-256 of the answer's text: an unchanged activity is recognised without comparing columns.
  content_hash bytea not null,
  first_seen_at timestamptz(3) not null,
  fetched_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (athlete_id, id)
);

create index activities_start_date on activities (athlete_id, start_date desc, id desc);
-- Holds all that sums and counts need: they read some pages of it instead of every wide row.
create index activities_totals on activities (athlete_id, start_date_local)
  include (sport_type, type, distance, moving_time, total_elevation_gain, visibility)
  where deleted_at is null;

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
  -- Items of a page that could not be stored; the log names each.
  skipped integer not null default 0,
  error_reason text,
  error_detail text,
  primary key (athlete_id, id),
  check ((status = 'running') = (ended_at is null))
);

create table sync_state (
  athlete_id bigint primary key references athletes on delete cascade,
  -- The run that holds the lease; any process may take it over once the lease has passed.
  run_id bigint,
  leased_until timestamptz(3),
  -- The first walk has stored everything that started at or after this moment.
  backfill_cursor timestamptz(3),
  backfilled_at timestamptz(3),
  last_success_at timestamptz(3),
  -- No sync before this moment; it lies ahead after a failure or a spent rate limit.
  next_due_at timestamptz(3) not null,
  failures integer not null default 0,
  check ((run_id is null) = (leased_until is null)),
  foreign key (athlete_id, run_id) references sync_runs (athlete_id, id)
);

-- What Strava last said of the application's budget; null where it said nothing.
create table rate_limit (
  client_id text primary key,
  short_limit integer,
  short_usage integer,
  daily_limit integer,
  daily_usage integer,
  read_short_limit integer,
  read_short_usage integer,
  read_daily_limit integer,
  read_daily_usage integer,
  observed_at timestamptz(3) not null
);

-- Sign-in states that came back: a second return finds its row and is refused.
create table used_oauth_states (
  nonce text primary key,
  expires_at timestamptz(3) not null
);
