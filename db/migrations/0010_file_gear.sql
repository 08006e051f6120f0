-- Gear of Strava's bulk export, which has names and no ids.

alter table gear
  -- Strava's id of the same gear. Activities then name that one.
  add column same_as text;
