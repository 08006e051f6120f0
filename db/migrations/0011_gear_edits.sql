-- The owner's values of gear. They win over Strava's and over those of a bulk export.

alter table gear
  -- Columns of this table with the values that the owner has set.
  add column edits jsonb not null default '{}' check (jsonb_typeof(edits) = 'object');
