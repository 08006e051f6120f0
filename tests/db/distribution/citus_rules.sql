-- The rules of Citus, as its documentation states them, for a test without Citus: functions of the same
-- names that distribute nothing, but raise the errors.

create table placements (
  name regclass primary key,
  kind text not null,
  colocated regclass
);

create function check_table(name regclass) returns void language plpgsql as $$
begin
  if exists (select from pg_trigger where tgrelid = name and not tgisinternal) then
    raise exception 'triggers are not supported on distributed tables';
  end if;
  if exists (
    select from pg_constraint
    where contype = 'f'
      and (
        conrelid = name and confrelid not in (select placements.name from placements)
        or confrelid = name and conrelid not in (select placements.name from placements)
      )
  ) then
    raise exception 'relation "%" has a foreign key with a local table', name;
  end if;
end
$$;

create function create_reference_table(name regclass) returns void language plpgsql as $$
begin
  perform check_table(name);
  insert into placements values (name, 'reference', null);
end
$$;

create function create_distributed_table(name regclass, distribution_column text, colocate_with text)
returns void language plpgsql as $$
begin
  perform check_table(name);
  if exists (
    select from pg_index
    where indrelid = name
      and indisunique
      and not exists (
        select from pg_attribute
        where attrelid = name and attname = distribution_column and attnum = any(indkey)
      )
  ) then
    raise exception 'cannot create a unique constraint without the distribution column';
  end if;
  insert into placements values (
    name, 'distributed', case when colocate_with <> 'none' then colocate_with::regclass end
  );
end
$$;

-- A key between distributed tables must contain the column; none may point from a reference table to a
-- distributed one, or from a local table to a distributed one.
create function list_wrong_keys() returns setof text language sql as $$
  select conname
  from pg_constraint
  left join placements source on source.name = conrelid
  left join placements target on target.name = confrelid
  where contype = 'f'
    and target.kind = 'distributed'
    and (
      source.kind is distinct from 'distributed'
      or not exists (
        select from pg_attribute
        where attrelid = conrelid and attname = 'athlete_id' and attnum = any(conkey)
      )
    )
$$;
