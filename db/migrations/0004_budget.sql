-- Requests are counted before they go out; an application may be shut out, a grant be dead.

alter table rate_limit
  -- The quarter hour and the day that the usages belong to, by their beginnings.
  add column short_window timestamptz(3),
  add column daily_window timestamptz(3),
  -- How many requests have ever been counted: of two moments it tells how many lie between.
  add column taken bigint not null default 0,
  -- Strava has answered 429 in this quarter hour.
  add column refused boolean not null default false,
  -- Since when Strava answers that the application is inactive, and when to ask it again.
  add column inactive_since timestamptz(3),
  add column inactive_ask_at timestamptz(3),
  add check ((inactive_since is null) = (inactive_ask_at is null));

update rate_limit
set
  short_window = date_bin('15 minutes', observed_at, 'epoch'),
  daily_window = date_bin('24 hours', observed_at, 'epoch'),
  short_usage = coalesce(short_usage, 0),
  daily_usage = coalesce(daily_usage, 0),
  read_short_usage = coalesce(read_short_usage, 0),
  read_daily_usage = coalesce(read_daily_usage, 0);

alter table rate_limit
  alter column short_window set not null,
  alter column daily_window set not null,
  alter column short_usage set not null,
  alter column daily_usage set not null,
  alter column read_short_usage set not null,
  alter column read_daily_usage set not null;

-- Since when Strava refuses the refresh token: only the athlete can help, by connecting again.
alter table grants
  add column dead_since timestamptz(3);
