-- Accounts: users with passwords, sessions and API keys, whose athletes are theirs, and a record of what they did.

create table users (
  id uuid primary key default gen_random_uuid(),
  -- ASCII, so that no two look alike; without an @, so that none looks like an e-mail address.
  username text not null check (username ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{1,31}$'),
  email text not null
    check (email = btrim(email) and email like '_%@_%' and length(email) <= 254),
  display_name text not null check (length(display_name) between 1 and 80),
  role text not null default 'member' check (role in ('member', 'admin')),
  is_active boolean not null default true,
  created_at timestamptz(3) not null
);

create unique index users_username on users (lower(username));
create unique index users_email on users (lower(email));

create table passwords (
  user_id uuid primary key references users on delete cascade,
  -- A PHC string of Argon2id: parameters, salt and hash.
  hash text not null check (hash like '$argon2id$%'),
  changed_at timestamptz(3) not null
);

-- A login, and all tokens that follow from it. Of tokens only SHA-256 is here.
create table sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users on delete cascade,
  access_hash bytea not null unique check (octet_length(access_hash) = 32),
  access_expires_at timestamptz(3) not null,
  -- Moves on with each refresh, never beyond the last moment.
  expires_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  -- When the password was last given: what cannot be undone asks for it anew.
  authenticated_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  last_seen_at timestamptz(3) not null,
  address text,
  agent text,
  revoked_at timestamptz(3),
  revoke_reason text
    check (revoke_reason in ('logout', 'revoked', 'password_changed', 'reuse', 'disabled')),
  check (expires_at <= ends_at),
  check ((revoked_at is null) = (revoke_reason is null))
);

create index sessions_user on sessions (user_id, created_at desc);

-- Used ones stay as long as their session: that is how a stolen one is noticed.
create table refresh_tokens (
  hash bytea primary key check (octet_length(hash) = 32),
  session_id uuid not null references sessions on delete cascade,
  created_at timestamptz(3) not null,
  used_at timestamptz(3)
);

create unique index refresh_tokens_unused on refresh_tokens (session_id) where used_at is null;
create index refresh_tokens_session on refresh_tokens (session_id);

create table api_keys (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users on delete cascade,
  name text not null check (length(name) between 1 and 80),
  -- Its start, by which its owner knows it; what follows is here as SHA-256 alone.
  prefix text not null,
  hash bytea not null unique check (octet_length(hash) = 32),
  scopes text[] not null check (cardinality(scopes) > 0),
  created_at timestamptz(3) not null,
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  last_used_address text,
  revoked_at timestamptz(3)
);

create index api_keys_user on api_keys (user_id, created_at desc);

-- Counts within a window, each under an HMAC: what was typed as a name may have been a password.
create table login_attempts (
  key text primary key,
  count integer not null check (count >= 0),
  window_ends_at timestamptz(3) not null
);

create index login_attempts_window on login_attempts (window_ends_at);

-- No foreign keys: a record outlives what it speaks of.
create table audit_events (
  id bigint generated always as identity primary key,
  at timestamptz(3) not null,
  kind text not null,
  -- Whose account it is about, and who did it where that is somebody else.
  user_id uuid,
  actor_id uuid,
  session_id uuid,
  api_key_id uuid,
  athlete_id bigint,
  address text,
  agent text,
  detail jsonb not null default '{}'
);

create index audit_events_user on audit_events (user_id, id desc);
create index audit_events_at on audit_events (at);

-- Records are added and, once old enough or their user's account is gone, deleted; never changed.
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('paceline.audit_cleanup', true) = 'on' then
    return old;
  end if;
  raise exception 'audit_events is append-only';
end
$$;

create trigger audit_events_append_only
  before update or delete on audit_events
  for each row execute function refuse_audit_change();

create trigger audit_events_no_truncate
  before truncate on audit_events
  for each statement execute function refuse_audit_change();

alter table athletes
  -- Empty for the instance's own: the holder of INTERNAL_API_KEY is its owner.
  add user_id uuid references users,
  add is_default boolean not null default false,
  -- Empty until the owner has chosen: PUBLIC_STATS decides.
  add visibility text check (visibility in ('private', 'link', 'public')),
  -- SHA-256 of the share token, and the token sealed as the tokens of a grant are.
  add share_hash bytea unique check (octet_length(share_hash) = 32),
  add share_token text,
  add check ((share_hash is null) = (share_token is null)),
  add check (user_id is not null or not is_default);

create index athletes_user on athletes (user_id);
create unique index athletes_default on athletes (user_id) where is_default;

-- When a page of the whole list was last stored: of several athletes who wait for the budget, who has
-- waited longest goes first.
alter table sync_state add walked_at timestamptz(3);
