-- The parts of maps that the owner hides from others: places, the ends of tracks, or all of it.

alter table athletes
  -- Whether those who may see an activity see its map, as far as nothing below hides it.
  add column shows_maps boolean not null default false,
  -- Metres of each track that are hidden at its start and at its end.
  add column hidden_start integer not null default 0 check (hidden_start between 0 and 1600),
  add column hidden_end integer not null default 0 check (hidden_end between 0 and 1600);

create table privacy_zones (
  athlete_id bigint not null references athletes on delete cascade,
  id bigint generated always as identity,
  name text not null,
  -- The circle that the owner has drawn: degrees, and metres.
  latitude double precision not null check (latitude between -85 and 85),
  longitude double precision not null check (longitude between -180 and 180),
  radius integer not null check (radius between 100 and 2000),
  -- The centre of the hidden circle, in parts of the radius from the centre of the zone. The hidden circle
  -- is larger, so that it holds the zone.
  shift_east double precision not null,
  shift_north double precision not null,
  created_at timestamptz(3) not null,
  primary key (athlete_id, id),
  check (shift_east ^ 2 + shift_north ^ 2 <= 0.2501)
);
