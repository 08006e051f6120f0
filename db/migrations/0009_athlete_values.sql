-- Athlete values: weight, heart rates, thresholds and zones, each with the local date from which it holds.

create table athlete_values (
  athlete_id bigint not null references athletes on delete cascade,
  kind text not null check (
    kind in (
      'weight', 'resting_heartrate', 'max_heartrate', 'threshold_heartrate', 'ftp', 'threshold_speed',
      'heartrate_zones', 'power_zones', 'speed_zones'
    )
  ),
  -- The local date from which it holds.
  date date not null,
  -- The values of files are in `recordings`.
  source text not null check (source in ('owner', 'strava')),
  value double precision,
  -- The ascending bounds between zones.
  bounds double precision[],
  stored_at timestamptz(3) not null,
  primary key (athlete_id, kind, date, source),
  check ((kind like '%\_zones') = (bounds is not null)),
  check ((value is null) = (bounds is not null))
);

alter table recordings
  -- The athlete's values that the device stored in the file, by their kinds, and the wall clock of the
  -- start, from which they hold.
  add column profile jsonb check (jsonb_typeof(profile) = 'object'),
  add column profile_at timestamp(3),
  add constraint recordings_profile check ((profile is null) = (profile_at is null));

-- The profiles of a whole history are read without the wide rows.
create index recordings_profile on recordings (athlete_id, profile_at, content_hash, place)
  include (activity_id, profile)
  where profile is not null;
