-- Strava's answers may go after some time; what was taken from them stays.

alter table activities
  alter column raw drop not null,
  -- SHA-256 of the text of a dropped answer's jsonb, which has one order of fields: the same answer
  -- in another order is still recognised, and not taken for a change.
  add column dropped_raw_hash bytea,
  add constraint activities_raw_or_hash check ((raw is null) = (dropped_raw_hash is not null));
