-- Strava's Relative Effort as a column for the training load, filled from what is stored already.

alter table activities
  add column suffer_score double precision check (suffer_score >= 0);

update activities
set suffer_score = (raw -> 'suffer_score')::float8
where case jsonb_typeof(raw -> 'suffer_score')
  when 'number' then (raw -> 'suffer_score')::numeric between 0 and 1000000
  else false
end;

-- With what a load is made of, the same few pages answer this question too.
drop index activities_totals;
create index activities_totals on activities (athlete_id, start_date_local)
  include (
    sport_type, type, distance, moving_time, total_elevation_gain, visibility, average_heartrate,
    suffer_score
  )
  where deleted_at is null;

-- The highest heart rate that a heart can have, found without reading the history.
create index activities_max_heartrate on activities (athlete_id, max_heartrate)
  where deleted_at is null and max_heartrate <= 220;
