-- The names of shoes and bikes, which activities know by their ids only.

create table gear (
  athlete_id bigint not null references athletes on delete cascade,
  id text not null,
  name text,
  brand_name text,
  model_name text,
  nickname text,
  retired boolean,
  -- False once Strava does not know it any more; what it was called then stays.
  is_known boolean not null,
  checked_at timestamptz(3) not null,
  primary key (athlete_id, id)
);
