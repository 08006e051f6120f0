-- Activities that came by file: the files, the recordings in them, and activities without Strava.

create table imported_files (
  athlete_id bigint not null references athletes on delete cascade,
  -- SHA-256 of the uncompressed content, which recognises the same file under another name.
  content_hash bytea not null check (octet_length(content_hash) = 32),
  -- `manual` is a row of Strava's bulk export without a file: an activity entered by hand.
  kind text not null check (kind in ('fit', 'gpx', 'tcx', 'manual')),
  name text not null,
  -- Bytes of the uncompressed content.
  size integer not null check (size > 0),
  -- The content, compressed with gzip. Null with KEEP_ORIGINALS=false.
  original bytea storage external,
  imported_at timestamptz(3) not null,
  primary key (athlete_id, content_hash)
);

create table recordings (
  athlete_id bigint not null references athletes on delete cascade,
  content_hash bytea not null,
  -- Place within the file: a file may hold several activities.
  place integer not null check (place >= 0),
  -- The activity that this recording belongs to. Several recordings may belong to one.
  activity_id bigint not null,
  -- Strava's id of the activity, if Strava's bulk export names it.
  strava_id bigint,
  device_maker text,
  device_product text,
  -- Identifies the device, and so its owner.
  device_serial text,
  -- Version of the parser, so that a better one finds the files to read again.
  parser_version integer not null,
  -- Figures of the activity in the file: start, sport, totals with their origin.
  figures jsonb not null,
  -- Figures of the activity in its row of Strava's bulk export.
  listed jsonb,
  primary key (athlete_id, content_hash, place),
  foreign key (athlete_id, content_hash) references imported_files on delete cascade,
  foreign key (athlete_id, activity_id) references activities on delete cascade
);

create index recordings_activity on recordings (athlete_id, activity_id);
create index recordings_strava_id on recordings (athlete_id, strava_id)
  where strava_id is not null;

alter table activities
  add constraint activities_source check (source in ('strava', 'file')),
  drop constraint activities_raw_or_hash,
  -- An activity that came by file has no answer of Strava. Its recordings are its source.
  add constraint activities_raw_or_hash check (
    case source
      when 'strava' then (raw is null) = (dropped_raw_hash is not null)
      else raw is null and dropped_raw_hash is null
    end
  );

-- A sync finds the activities that came by file without reading every activity.
create index activities_by_file on activities (athlete_id, start_date)
  where source = 'file';

-- When a file was last imported. Its data is there to be served, also without any sync.
alter table sync_state add column last_import_at timestamptz(3);
