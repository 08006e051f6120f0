-- Imports over HTTP: each upload is a job, and its files are rows that wait to be read.

create table imports (
  athlete_id bigint not null references athletes on delete cascade,
  id bigint generated always as identity,
  -- Name of the uploaded file.
  name text not null,
  state text not null default 'receiving' check (state in ('receiving', 'importing', 'done')),
  -- Why not everything arrived or could be read: the upload broke off, or the archive is damaged.
  problem text,
  -- The choices for what files do not say: the zone of recordings without one, and who may see them.
  time_zone text not null,
  visibility text not null check (visibility in ('everyone', 'followers_only', 'only_me')),
  -- Bytes of the upload, as the client announced them and as they have arrived.
  size bigint,
  received_bytes bigint not null default 0,
  -- Files of activities that were found, and other entries, which are left out.
  files integer not null default 0,
  ignored integer not null default 0,
  imported integer not null default 0,
  merged integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  refused integer not null default 0,
  started_at timestamptz(3) not null,
  ended_at timestamptz(3),
  -- The request that receives the upload. Once this has passed, the upload counts as broken off.
  receiving_until timestamptz(3),
  -- The process that reads the files. Any process may take it over once leased_until has passed.
  lease uuid,
  leased_until timestamptz(3),
  primary key (athlete_id, id),
  check ((state = 'receiving') = (receiving_until is not null)),
  check ((state = 'done') = (ended_at is not null)),
  check ((lease is null) = (leased_until is null))
);

-- One upload at a time: two would compare their files with the same stored ones.
create unique index imports_receiving on imports (athlete_id) where state = 'receiving';
create index imports_unfinished on imports (athlete_id, id) where state <> 'done';
create index imports_ended on imports (ended_at) where ended_at is not null;

-- Files of an import that are not read yet, and those that were refused. Others have no row any more.
create table import_entries (
  athlete_id bigint not null references athletes on delete cascade,
  import_id bigint not null,
  -- Place in the upload.
  place integer not null,
  -- `held` until the tables of Strava's bulk export have arrived, which say what belongs to the file.
  state text not null check (state in ('held', 'waiting', 'refused')),
  name text not null,
  -- SHA-256 of the uncompressed content. Null for an activity entered by hand, and if it is unknown.
  content_hash bytea check (octet_length(content_hash) = 32),
  -- The file, compressed with gzip. Null if a file with this content is stored already.
  content bytea storage external,
  -- The file's row in the table of Strava's bulk export.
  export_row jsonb,
  -- Times that a process began to read it. A file that ends the process must not end all others.
  attempts integer not null default 0,
  -- Why it was refused.
  reason text,
  primary key (athlete_id, import_id, place),
  foreign key (athlete_id, import_id) references imports on delete cascade,
  check ((state = 'refused') = (reason is not null)),
  check (state <> 'refused' or content is null)
);

create index import_entries_waiting on import_entries (athlete_id, import_id, place)
  where state = 'waiting';
create index import_entries_refused on import_entries (athlete_id, import_id, place)
  where state = 'refused';
