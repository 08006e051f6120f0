-- The end of each walk finds what the owner has restored, without reading the history.

create index activities_restored on activities (athlete_id, id)
  where restored_at is not null;
