-- Maps of activities that came by file: the simplified track of each recording, and of each activity the one
-- that is shown.

-- An encoded polyline like Strava's summary_polyline; empty if the recording has no track, null if a version
-- without tracks has stored it (`paceline reread` computes it).
alter table recording_streams add column track text;

-- Reports whether an answer of Strava has a map.
create function has_strava_map(raw jsonb) returns boolean
language sql immutable parallel safe
return coalesce(
  jsonb_typeof(raw #> '{map,summary_polyline}') = 'string'
    and is_track(raw #>> '{map,summary_polyline}'),
  false
);

-- Drops the index that includes it as well.
alter table activities drop column has_map;

alter table activities
  -- The track of the activity's best recording; null if no file of it has one.
  add column track text,
  add column has_map boolean not null generated always as (
    has_strava_map(raw) or track is not null
  ) stored;

-- Every column that the list filters, sorts and counts by, and that statistics of single activities
-- need. The wide rows are read for one page only.
create index activities_list on activities (athlete_id, start_date_local, id)
  include (
    start_date, type, sport_type, distance, moving_time, total_elevation_gain, average_speed,
    visibility, gear_id, trainer, commute, has_map, excluded
  )
  where deleted_at is null;
