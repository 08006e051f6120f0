-- The walk of the whole list, again and again: its place, what it has seen, found missing, could not read.

-- What a walk that is under way has seen so far is not known: it begins anew.
update sync_state set backfill_cursor = null;

alter table sync_state
  -- When the walk of the whole list that is under way began; backfill_cursor is its place.
  add column walk_began_at timestamptz(3),
  -- When the last one that came to its end had begun.
  add column full_walk_at timestamptz(3),
  -- One that begins after this moment was asked for.
  add column full_walk_asked_at timestamptz(3);

-- The ids on each page of the walk that is under way.
create table walk_pages (
  athlete_id bigint not null references athletes on delete cascade,
  id bigint generated always as identity,
  activity_ids bigint[] not null,
  primary key (athlete_id, id)
);

alter table activities
  -- The owner took the mark of a deletion away, and Strava has not listed the activity since.
  add column restored_at timestamptz(3);

-- Missing at Strava, and not believed to be deleted before the owner says so.
create table pending_deletions (
  athlete_id bigint not null references athletes on delete cascade,
  activity_id bigint not null,
  since timestamptz(3) not null,
  -- The owner said so: each is still asked for at Strava, and goes where that is a 404.
  confirmed_at timestamptz(3),
  primary key (athlete_id, activity_id),
  foreign key (athlete_id, activity_id) references activities on delete cascade
);

-- What Strava lists or answers and nobody can read.
create table quarantined_activities (
  athlete_id bigint not null references athletes on delete cascade,
  -- As text, since what is no number or too great a one is a reason to be here.
  activity_id text not null,
  reason text not null,
  first_seen_at timestamptz(3) not null,
  last_seen_at timestamptz(3) not null,
  tries integer not null default 1,
  primary key (athlete_id, activity_id)
);

alter table sync_runs
  add column deleted integer not null default 0;
