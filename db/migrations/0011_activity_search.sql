-- Lists by any filter and in any order, and a search in the names, without reading the wide rows.

-- Whether a polyline has a line: two points or more, whole, and not all of them at (0,0), which is
-- written as question marks. Null, as of what is no text, has none.
create function is_track(polyline text) returns boolean
language sql immutable parallel safe
return coalesce(
  polyline ~ '[^?]' and polyline ~ '^([_-~]{0,5}[?-^][_-~]{0,5}[?-^]){2,}$',
  false
);

-- A text in lower case and without accents, whatever the server's locale.
create function fold(value text) returns text
language sql immutable parallel safe
return replace(replace(replace(
  translate(
    normalize(
      regexp_replace(
        lower(normalize(left(value, 1000), nfkd) collate pg_c_utf8), '[\u0300-\u036f]', '', 'g'
      ),
      nfkc
    ),
    'øłđħı', 'oldhi'
  ), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe') collate pg_c_utf8;

-- What the index of the search holds: the words of the name, and the athlete as one word more, so
-- that a search reads one athlete's entries only. No name has a word with a space in it.
create function to_search(athlete_id bigint, name text) returns tsvector
language sql immutable parallel safe cost 1000
return array_to_tsvector(array['athlete ' || athlete_id])
  || to_tsvector(
    'pg_catalog.simple'::regconfig, regexp_replace(fold(name), '[^[:alnum:]]+', ' ', 'g')
  );

-- What a person asks for, as websearch_to_tsquery reads it: all words, "in this order", one or
-- another, -without. It never fails; where it has no word, nothing is found.
create function to_search_query(athlete_id bigint, question text) returns tsquery
language sql immutable parallel safe
begin atomic
  with asked as materialized (
    select websearch_to_tsquery(
      'pg_catalog.simple'::regconfig,
      -- A hyphen within a word parts it, as it does in a name.
      regexp_replace(
        regexp_replace(fold(question), '[^[:alnum:]"-]+', ' ', 'g'),
        '(?<=\S)-|-(?=[\s-]|$)', ' ', 'g'
      )
    ) as query
  )
  select case
    when numnode(query) = 0 then query
    else quote_literal('athlete ' || athlete_id)::tsquery && query
  end
  from asked;
end;

alter table activities add column has_map boolean not null generated always as (
  jsonb_typeof(raw #> '{map,summary_polyline}') is not distinct from 'string'
  and is_track(raw #>> '{map,summary_polyline}')
) stored;

-- All that the list's filters, orders and counts look at: they read this, and then the rows of one
-- page only.
create index activities_list on activities (athlete_id, start_date_local, id)
  include (
    start_date, type, sport_type, distance, moving_time, total_elevation_gain, average_speed,
    visibility, gear_id, trainer, commute, has_map
  )
  where deleted_at is null;

create index activities_search on activities using gin (to_search(athlete_id, name))
  where deleted_at is null;
