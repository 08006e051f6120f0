-- Deletes audit events in two functions of the owner, so that a role which may not delete them itself
-- (db/roles.ts) can still apply the retention and delete an account. Their names are resolved here, once:
-- a role that calls them cannot make them use other tables.

-- Deletes the oldest events before a time, at most `max_rows`, and returns their number. Never deletes
-- the events of the last day, the shortest retention.
create function delete_old_audit_events(older_than timestamptz, max_rows integer) returns bigint
language sql security definer
begin atomic
  select set_config('paceline.audit_cleanup', 'on', true);
  with deleted as (
    delete from audit_events
    where id in (
      select id
      from audit_events
      where at < least(older_than, now() - interval '1 day')
      order by at
      limit max_rows
    )
    returning id
  )
  select case when set_config('paceline.audit_cleanup', 'off', true) = 'off' then count end
  from (select count(*) as count from deleted) as counted;
end;

-- Deletes the events of a deleted user, and the events of their athletes that concern no user. Events
-- that the user caused in other accounts stay without session, API key, address and agent. Fails, as any
-- other deletion does, while the user exists.
create function delete_user_audit_events(deleted_user uuid) returns void
language sql security definer
begin atomic
  select set_config(
    'paceline.audit_cleanup',
    case when exists (select from users where id = deleted_user) then 'off' else 'on' end,
    true
  );
  with deleted as (
    delete from audit_events
    where user_id = deleted_user
      or actor_id = deleted_user
      or (
        user_id is null
        and athlete_id in (
          select athlete_id
          from audit_events
          where user_id = deleted_user
        )
      )
    returning id, at, kind, user_id, actor_id, athlete_id, detail
  )
  insert into audit_events (id, at, kind, user_id, actor_id, athlete_id, detail)
  overriding system value
  select id, at, kind, user_id, actor_id, athlete_id, detail
  from deleted
  where user_id <> deleted_user;
  select set_config('paceline.audit_cleanup', 'off', true);
end;

revoke execute on function
  delete_old_audit_events(timestamptz, integer), delete_user_audit_events(uuid)
from public;
