-- Packed months: the figures of the activities that statistics count, one row for each local month of an
-- athlete, so that a statistic of a whole history reads about a hundred rows instead of thousands. Triggers
-- keep them in the same transaction as the activities (docs/adr/0021-packed-months.md).

-- The combinations of the values that decide who counts an activity and under which sport.
create table activity_kinds (
  athlete_id bigint not null references athletes on delete cascade,
  id integer not null,
  sport_type text not null,
  type text not null,
  visibility text not null,
  commute boolean not null,
  heartrate_opt_out boolean not null,
  primary key (athlete_id, id)
);

-- A month's activities in the order of the wall clock, then of their ids. Each column holds one value for
-- each activity; a statistic reads the columns that it needs. Numbers are big-endian. pack_number tells how
-- the shorter ones are written.
create table activity_months (
  athlete_id bigint not null references athletes on delete cascade,
  -- The first day of the local month.
  month date not null,
  -- The day of the month: 1 byte.
  days bytea not null,
  -- Milliseconds of the local day: 4 bytes.
  times bytea not null,
  -- The id in activity_kinds: 1 byte, or 255 and 4 more.
  kinds bytea not null,
  -- Metres by pack_number, in tenths.
  distances bytea not null,
  elevation_gains bytea not null,
  -- Seconds by pack_number.
  moving_times bytea not null,
  -- Beats per minute by pack_number, in tenths.
  heart_rates bytea not null,
  -- Relative Effort by pack_number, in tenths.
  efforts bytea not null,
  -- The activity's id: 5 bytes, or 5 times 255 and 8 more.
  ids bytea not null,
  primary key (athlete_id, month),
  check (octet_length(days) > 0),
  check (octet_length(times) = 4 * octet_length(days))
);

-- A month of a few hundred activities stays in its page. Such bytes do not compress well.
alter table activity_months
  set (toast_tuple_target = 8160),
  alter column days set storage external,
  alter column times set storage external,
  alter column kinds set storage external,
  alter column distances set storage external,
  alter column elevation_gains set storage external,
  alter column moving_times set storage external,
  alter column heart_rates set storage external,
  alter column efforts set storage external,
  alter column ids set storage external;

-- Writes a number in 3 bytes as a count of its smallest unit, of which `units` make 1. A number that this
-- would change has the bytes ffffff and then its own 8. Null has the bytes fffffe.
create function pack_number(value double precision, units double precision) returns bytea
language sql immutable parallel safe
return case
  when value is null then '\xfffffe'::bytea
  when
    case
      when value between 0 and 16777213 / units then round(value * units) / units = value
      else false
    end
    then substring(int4send(round(value * units)::integer) from 2)
  else '\xffffff'::bytea || float8send(value)
end;

-- Packs these months of these athletes again, from the activities; the arrays have the same length. Nothing
-- else writes to the two tables. Concurrent transactions take turns at an athlete: after the lock each
-- statement sees what the others have committed.
--
-- Without seqscans, because a plan of an empty table would be kept while a first sync fills it.
create function pack_months(athlete_ids bigint[], months date[]) returns void
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  -- Not the row of sync_state: a sync that has lost its lease writes without holding that row, and a
  -- connection holds it while it waits for the athlete's row. The first key names this purpose among advisory
  -- locks; athletes share 1024 locks, because a transaction cannot hold one for each of many athletes.
  perform pg_advisory_xact_lock(1_348_562_763, lock_key)
  from (
    select distinct (id % 1024)::integer as lock_key
    from unnest(athlete_ids) as id
    order by lock_key
  ) as lock_keys;

  insert into activity_kinds (
    athlete_id, id, sport_type, type, visibility, commute, heartrate_opt_out
  )
  select
    athlete_id,
    coalesce((select max(id) from activity_kinds as known where known.athlete_id = fresh.athlete_id), 0)
      + row_number() over (partition by athlete_id),
    sport_type, type, visibility, commute, heartrate_opt_out
  from (
    select athlete_id, used.*
    from unnest(athlete_ids, months) as key (athlete_id, month)
    cross join lateral (
      select distinct sport_type, type, visibility, commute, heartrate_opt_out
      from activities
      where activities.athlete_id = key.athlete_id
        and start_date_local >= key.month
        and start_date_local < key.month + interval '1 month'
        and deleted_at is null and not excluded
    ) as used
    except
    select athlete_id, sport_type, type, visibility, commute, heartrate_opt_out
    from activity_kinds
    where athlete_id = any(athlete_ids)
  ) as fresh;

  insert into activity_months (
    athlete_id, month, days, times, kinds, distances, elevation_gains, moving_times, heart_rates,
    efforts, ids
  )
  select athlete_id, month, packed.*
  from (
    select distinct athlete_id, month
    from unnest(athlete_ids, months) as key (athlete_id, month)
  ) as key
  cross join lateral (
    select
      string_agg(
        substring(int4send(date_part('day', start_date_local)::integer) from 4), '' order by start_date_local, id
      ) as days,
      string_agg(
        int4send((date_part('epoch', start_date_local::time) * 1000)::integer), '' order by start_date_local, id
      ) as times,
      string_agg(
        case when kind < 255 then substring(int4send(kind) from 4) else '\xff'::bytea || int4send(kind) end,
        '' order by start_date_local, id
      ) as kinds,
      string_agg(pack_number(distance, 10), '' order by start_date_local, id) as distances,
      string_agg(pack_number(total_elevation_gain, 10), '' order by start_date_local, id) as elevation_gains,
      string_agg(pack_number(moving_time, 1), '' order by start_date_local, id) as moving_times,
      string_agg(pack_number(average_heartrate, 10), '' order by start_date_local, id) as heart_rates,
      string_agg(pack_number(suffer_score, 10), '' order by start_date_local, id) as efforts,
      string_agg(
        case when id < 1099511627775 then substring(int8send(id) from 4) else '\xffffffffff'::bytea || int8send(id) end,
        '' order by start_date_local, id
      ) as ids
    from (
      select
        start_date_local, activity_kinds.id as kind, distance, total_elevation_gain, moving_time,
        average_heartrate, suffer_score, activities.id as id
      from activities
      join activity_kinds
        using (athlete_id, sport_type, type, visibility, commute, heartrate_opt_out)
      where athlete_id = key.athlete_id
        and start_date_local >= key.month
        and start_date_local < key.month + interval '1 month'
        and deleted_at is null and not excluded
    ) as counted
  ) as packed
  where packed.days is not null
  on conflict (athlete_id, month) do update
  set
    days = excluded.days,
    times = excluded.times,
    kinds = excluded.kinds,
    distances = excluded.distances,
    elevation_gains = excluded.elevation_gains,
    moving_times = excluded.moving_times,
    heart_rates = excluded.heart_rates,
    efforts = excluded.efforts,
    ids = excluded.ids;

  delete from activity_months
  using unnest(athlete_ids, months) as key (athlete_id, month)
  where activity_months.athlete_id = key.athlete_id
    and activity_months.month = key.month
    and not exists (
      select
      from activities
      where activities.athlete_id = key.athlete_id
        and start_date_local >= key.month
        and start_date_local < key.month + interval '1 month'
        and deleted_at is null and not excluded
    );
end
$$;

-- Packs the months of changed activities. Rows whose packed columns are unchanged are left out: a sync that
-- finds new kudos, or drops raw answers, packs nothing.
create function pack_changed_months() returns trigger language plpgsql as $$
declare
  athlete_ids bigint[];
  months date[];
begin
  if tg_op = 'INSERT' then
    select array_agg(athlete_id), array_agg(month)
    into athlete_ids, months
    from (
      select distinct athlete_id, date_trunc('month', start_date_local)::date as month
      from new_rows
      where deleted_at is null and not excluded
    ) as changed;
  elsif tg_op = 'DELETE' then
    select array_agg(athlete_id), array_agg(month)
    into athlete_ids, months
    from (
      select distinct athlete_id, date_trunc('month', start_date_local)::date as month
      from old_rows
      where deleted_at is null and not excluded
    ) as changed;
  else
    with before as (
      select
        athlete_id, id, start_date_local, sport_type, type, visibility, commute, heartrate_opt_out,
        moving_time, distance, total_elevation_gain, average_heartrate, suffer_score
      from old_rows
      where deleted_at is null and not excluded
    ),
    after as (
      select
        athlete_id, id, start_date_local, sport_type, type, visibility, commute, heartrate_opt_out,
        moving_time, distance, total_elevation_gain, average_heartrate, suffer_score
      from new_rows
      where deleted_at is null and not excluded
    ),
    changed as (
      (select * from before except select * from after)
      union all
      (select * from after except select * from before)
    )
    select array_agg(athlete_id), array_agg(month)
    into athlete_ids, months
    from (
      select distinct athlete_id, date_trunc('month', start_date_local)::date as month
      from changed
    ) as changed_months;
  end if;
  if athlete_ids is not null then
    perform pack_months(athlete_ids, months);
  end if;
  return null;
end
$$;

-- A distributed database has no triggers, and reads the activities themselves (docs/scale.md).
do $$
begin
  if not exists (
    select from pg_trigger
    where tgname = 'sync_state_announce_new_data'
      and tgrelid = 'sync_state'::regclass
  ) then
    return;
  end if;
  create trigger activities_pack_inserted
    after insert on activities
    referencing new table as new_rows
    for each statement execute function pack_changed_months();
  create trigger activities_pack_updated
    after update on activities
    referencing old table as old_rows new table as new_rows
    for each statement execute function pack_changed_months();
  create trigger activities_pack_deleted
    after delete on activities
    referencing old table as old_rows
    for each statement execute function pack_changed_months();
  perform pack_months(array_agg(athlete_id), array_agg(month))
  from (
    select distinct athlete_id, date_trunc('month', start_date_local)::date as month
    from activities
    where deleted_at is null and not excluded
  ) as stored
  group by athlete_id;
end
$$;
