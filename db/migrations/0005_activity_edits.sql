-- The owner's decisions about activities: edits, deletions, merges and splits. They win over every
-- source, and no sync or import undoes them.

alter table activities
  add column description text,
  -- Whether the owner excludes it from statistics. It stays in lists and exports.
  add column excluded boolean not null default false;

drop index activities_totals, activities_list;

-- Every column that sums, counts and loads need, so that they read a few pages instead of wide rows.
create index activities_totals on activities (athlete_id, start_date_local)
  include (
    sport_type, type, distance, moving_time, total_elevation_gain, visibility, average_heartrate,
    suffer_score, heartrate_opt_out, commute
  )
  where deleted_at is null and not excluded;

-- Every column that the list filters, sorts and counts by, and that statistics of single activities
-- need. The wide rows are read for one page only.
create index activities_list on activities (athlete_id, start_date_local, id)
  include (
    start_date, type, sport_type, distance, moving_time, total_elevation_gain, average_speed,
    visibility, gear_id, trainer, commute, has_map, excluded
  )
  where deleted_at is null;

-- No foreign key to activities: a deletion by the owner must outlive the deleted row.
create table activity_edits (
  athlete_id bigint not null references athletes on delete cascade,
  activity_id bigint not null,
  -- Columns of `activities` with the values that the owner has set.
  edits jsonb not null default '{}' check (jsonb_typeof(edits) = 'object'),
  -- The recording whose totals the owner prefers: hash of its file, and place within the file.
  preferred_hash bytea check (octet_length(preferred_hash) = 32),
  preferred_place integer,
  -- The columns as the sources have them, to return to. Null if nothing was edited.
  unedited jsonb,
  -- Null for an activity that is there.
  removed text check (removed in ('deleted', 'merged')),
  -- The activity that this one of Strava's is a part of.
  merged_into bigint,
  edited_at timestamptz(3) not null,
  primary key (athlete_id, activity_id),
  check ((preferred_hash is null) = (preferred_place is null)),
  check ((removed is not distinct from 'merged') = (merged_into is not null))
);

create index activity_edits_merged on activity_edits (athlete_id, merged_into)
  where merged_into is not null;

alter table recordings
  -- Whether rules or the owner have chosen the activity: `merged` stays where it is, and an activity of
  -- a `split` recording is not joined with others.
  add column placement text not null default 'automatic'
    check (placement in ('automatic', 'merged', 'split'));
