-- The seconds of each activity: streams, laps and lengths of recordings, and the streams of Strava.

-- Returns the values of a packed stream (docs/streams.md), in the stream's unit and in their order. A
-- stream begins with a byte for the width of its numbers and with its first value in four bytes. Then
-- each number is the difference from the value before; the least number of the width marks a missing value.
-- plpgsql, because its assignment decompresses the stream once and not for each byte.
create function unpack_stream(packed bytea) returns bigint[]
language plpgsql immutable strict parallel safe
as $$
declare
  width constant integer := get_byte(packed, 0);
  none constant integer := case width when 1 then -128 when 2 then -32768 else -2147483648 end;
begin
  packed := packed || ''::bytea;
  return (
    with numbers as (
      select
        i,
        nullif(
          case width
            when 1 then (get_byte(packed, i + 5) # 128) - 128
            when 2 then
              ((get_byte(packed, 2 * i + 5) + (get_byte(packed, 2 * i + 6) << 8)) # 32768) - 32768
            else get_byte(packed, 4 * i + 5) | (get_byte(packed, 4 * i + 6) << 8)
              | (get_byte(packed, 4 * i + 7) << 16) | (get_byte(packed, 4 * i + 8) << 24)
          end,
          none
        ) as difference
      from generate_series(0, (octet_length(packed) - 5) / width - 1) as i
    ),
    sums as (
      select i, difference, sum(difference) over (order by i) as sum
      from numbers
    ),
    first as (
      select get_byte(packed, 1) | (get_byte(packed, 2) << 8) | (get_byte(packed, 3) << 16)
        | (get_byte(packed, 4) << 24) as value
    )
    select coalesce(
      array_agg(case when difference is not null then first.value + sum end order by i),
      '{}'
    )
    from sums, first
  );
end
$$;

create table recording_streams (
  athlete_id bigint not null references athletes on delete cascade,
  content_hash bytea not null,
  place integer not null,
  -- Values of each stream.
  points integer not null check (points >= 0),
  -- Seconds from the first point to the last.
  seconds integer not null check (seconds >= 0),
  -- Packed streams. Null if the recording has not one value.
  time bytea,
  latitude bytea,
  longitude bytea,
  distance bytea,
  altitude bytea,
  velocity_smooth bytea,
  heartrate bytea,
  cadence bytea,
  watts bytea,
  temp bytea,
  moving bytea,
  -- Laps as the device or the athlete marked them, and lengths of a swimming pool.
  laps jsonb not null,
  lengths jsonb not null,
  primary key (athlete_id, content_hash, place),
  foreign key (athlete_id, content_hash, place) references recordings on delete cascade,
  check ((time is null) = (points = 0)),
  check ((latitude is null) = (longitude is null))
);

create table strava_streams (
  athlete_id bigint not null references athletes on delete cascade,
  activity_id bigint not null,
  points integer not null check (points > 0),
  seconds integer not null check (seconds >= 0),
  time bytea not null,
  latitude bytea,
  longitude bytea,
  distance bytea,
  altitude bytea,
  velocity_smooth bytea,
  heartrate bytea,
  cadence bytea,
  watts bytea,
  temp bytea,
  moving bytea,
  grade_smooth bytea,
  fetched_at timestamptz(3) not null,
  primary key (athlete_id, activity_id),
  foreign key (athlete_id, activity_id) references activities on delete cascade,
  check ((latitude is null) = (longitude is null))
);

-- Answers of Strava about the streams of an activity, and when to ask again.
create table stream_fetches (
  athlete_id bigint not null references athletes on delete cascade,
  activity_id bigint not null,
  -- `waiting` until Strava has answered; `none`: it has no streams; `dropped` after STRAVA_RETENTION.
  outcome text not null check (outcome in ('waiting', 'stored', 'none', 'refused', 'dropped')),
  -- Failures in a row.
  failures integer not null default 0 check (failures >= 0),
  -- Not to be asked for before.
  retry_at timestamptz(3) not null,
  -- The activity as it was when Strava was asked: after a crop or a new upload its streams are others.
  start_date timestamptz(3) not null,
  elapsed_time integer not null,
  distance double precision not null,
  -- The lease of the process that asks.
  lease uuid,
  leased_until timestamptz(3),
  asked_at timestamptz(3) not null,
  primary key (athlete_id, activity_id),
  foreign key (athlete_id, activity_id) references activities on delete cascade
);

-- The streams as rows, for questions in SQL: a row for each point, in the units of the API. Positions
-- are in it, so it is not for other people's eyes.
create view activity_points as
  select
    recording_streams.athlete_id,
    activity_id,
    kind as source,
    recording_streams.content_hash,
    recording_streams.place,
    each.point,
    each.time / 100.0 as time,
    each.latitude / 1e6 as latitude,
    each.longitude / 1e6 as longitude,
    each.distance / 10.0 as distance,
    each.altitude / 10.0 as altitude,
    each.velocity_smooth / 1000.0 as velocity_smooth,
    each.heartrate,
    each.cadence / 10.0 as cadence,
    each.watts,
    each.temp / 10.0 as temp,
    each.moving = 1 as moving,
    null::numeric as grade_smooth
  from recording_streams
  join recordings using (athlete_id, content_hash, place)
  join imported_files using (athlete_id, content_hash)
  cross join lateral unnest(
    unpack_stream(recording_streams.time), unpack_stream(latitude), unpack_stream(longitude),
    unpack_stream(distance), unpack_stream(altitude), unpack_stream(velocity_smooth),
    unpack_stream(heartrate), unpack_stream(cadence), unpack_stream(watts), unpack_stream(temp),
    unpack_stream(moving)
  ) with ordinality as each (
    time, latitude, longitude, distance, altitude, velocity_smooth, heartrate, cadence, watts, temp,
    moving, point
  )
  union all
  select
    athlete_id,
    activity_id,
    'strava',
    null,
    null,
    each.point,
    each.time / 100.0,
    each.latitude / 1e6,
    each.longitude / 1e6,
    each.distance / 10.0,
    each.altitude / 10.0,
    each.velocity_smooth / 1000.0,
    each.heartrate,
    each.cadence / 10.0,
    each.watts,
    each.temp / 10.0,
    each.moving = 1,
    each.grade_smooth / 10.0
  from strava_streams
  cross join lateral unnest(
    unpack_stream(strava_streams.time), unpack_stream(latitude), unpack_stream(longitude),
    unpack_stream(distance), unpack_stream(altitude), unpack_stream(velocity_smooth),
    unpack_stream(heartrate), unpack_stream(cadence), unpack_stream(watts), unpack_stream(temp),
    unpack_stream(moving), unpack_stream(grade_smooth)
  ) with ordinality as each (
    time, latitude, longitude, distance, altitude, velocity_smooth, heartrate, cadence, watts, temp,
    moving, grade_smooth, point
  );
