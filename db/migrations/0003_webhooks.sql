-- Strava's push events, kept until they are worked off, and the subscription that brings them.

create table webhook_events (
  athlete_id bigint not null references athletes on delete cascade,
  id bigint generated always as identity,
  -- SHA-256 over what the event says: one that is delivered again is recognised by it.
  content_hash bytea not null,
  object_type text not null check (object_type in ('activity', 'athlete')),
  object_id bigint not null check (object_id > 0),
  aspect_type text not null check (aspect_type in ('create', 'update', 'delete')),
  event_time timestamptz(3) not null,
  subscription_id bigint not null,
  -- The body as it came: text, since jsonb does not take everything that is JSON.
  raw text not null,
  received_at timestamptz(3) not null,
  attempts integer not null default 0,
  -- Not to be worked before this moment.
  next_try_at timestamptz(3) not null,
  -- Whoever works on it; any process may take it over once the lease has passed.
  lease uuid,
  leased_until timestamptz(3),
  worked_at timestamptz(3),
  outcome text,
  primary key (athlete_id, id),
  unique (athlete_id, content_hash),
  check ((lease is null) = (leased_until is null)),
  check ((worked_at is null) = (outcome is null)),
  check (worked_at is null or lease is null)
);

-- An athlete's permission comes before activities, and then who waits longest.
create index webhook_events_waiting on webhook_events (athlete_id, object_type desc, next_try_at, id)
  where worked_at is null;
create index webhook_events_waiting_object on webhook_events (athlete_id, object_type, object_id)
  where worked_at is null;
create index webhook_events_leased on webhook_events (athlete_id, lease)
  where lease is not null;
create index webhook_events_worked on webhook_events (worked_at)
  where worked_at is not null;

-- How many events came and what became of those that were not stored; of nobody in particular.
create table webhook_counts (
  kind text primary key,
  count bigint not null,
  last_at timestamptz(3) not null
);

-- The application's one subscription at Strava, as far as is known.
create table webhook_subscriptions (
  client_id text primary key,
  -- Strava's id; null where there is none.
  id bigint,
  -- When Strava was asked last; null before the first answer.
  checked_at timestamptz(3),
  next_check_at timestamptz(3) not null,
  -- One process looks after it at a time.
  leased_until timestamptz(3)
);

-- When the data of an athlete who has left goes, unless the athlete connects again before.
alter table athletes add column delete_at timestamptz(3);
