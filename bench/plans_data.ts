/** Many athletes with many activities, generated in PostgreSQL. */

import { vacuumActivities } from "../db/activities.ts";
import { packAllMonths } from "../db/history/pack.ts";
import type { Pool } from "../db/driver/client.ts";

/** The index that statistics do not read. Building it for millions of names takes minutes. */
const NOT_NEEDED = "activities_search";

/** A number of athletes with the same number of activities. */
export interface AthleteGroup {
  athletes: number;
  activities: number;
}

/**
 * Creates groups of athletes, whose ids count from 1, each with activities from the start of 2018 to now, in the order
 * in which a first sync stores them. The raw activities are short.
 */
export async function fill(
  sql: Pool,
  { groups, now }: { groups: readonly AthleteGroup[]; now: number },
): Promise<void> {
  const at = new Date(now);
  const athletes = groups.reduce((sum, group) => sum + group.athletes, 0);
  await sql`set synchronous_commit = on`;
  await sql`set statement_timeout = 0`;
  await sql`set max_parallel_maintenance_workers = 2`;
  await sql`set maintenance_work_mem = '512MB'`;
  await sql`
    insert into athletes (id, profile, connected_at)
    select id, '{}', ${at}::timestamptz + id * interval '1 second'
    from generate_series(1, ${athletes}::bigint) id
  `;
  await sql`
    insert into sync_state (athlete_id, next_due_at, last_success_at, first_synced_at)
    select id, ${at}, ${at}, ${at}
    from generate_series(1, ${athletes}::bigint) id
  `;
  const indexes = await sql<{ name: string; definition: string }[]>`
    select indexname as name, indexdef as definition
    from pg_indexes
    where tablename = 'activities'
      and indexname not like '%_pkey'
  `;
  for (const { name } of indexes) await sql`drop index ${sql(name)}`;
  await sql`alter table activities disable trigger user`;
  let first = 1;
  for (const group of groups) {
    await insertActivities(sql, { ...group, first, at });
    first += group.athletes;
  }
  for (const { name, definition } of indexes) {
    if (name !== NOT_NEEDED) await sql.unsafe(definition);
  }
  await vacuumActivities(sql);
  await sql`alter table activities enable trigger user`;
  await packAllMonths(sql);
  await sql`vacuum (analyze) activity_months`;
  await sql`vacuum (analyze) activity_kinds`;
  await sql`vacuum (analyze) athletes`;
  await sql`vacuum (analyze) sync_state`;
}

async function insertActivities(
  sql: Pool,
  { first, athletes, activities, at }: AthleteGroup & {
    first: number;
    at: Date;
  },
): Promise<void> {
  await sql`
    insert into activities (
      athlete_id, id, name, type, sport_type, start_date, start_date_local, utc_offset, timezone,
      distance, moving_time, elapsed_time, total_elevation_gain, average_speed, max_speed,
      average_heartrate, max_heartrate, suffer_score, kudos_count, visibility, gear_id, trainer,
      commute, manual, raw, content_hash, first_seen_at, fetched_at
    )
    select
      athlete_id, athlete_id * 100000000 + n, 'Activity number ' || n, sport, sport,
      local - interval '1 hour', local, 3600, '(GMT+01:00) Europe/Berlin',
      round(seconds * speed * 10) / 10, seconds, seconds + 60, floor(luck * 800), speed, speed * 2,
      case when n % 4 < 3 then 120 + floor(luck * 50) end,
      case when n % 4 < 3 then 150 + floor(luck * 50) end,
      case when n % 2 = 0 then floor(luck * 200) end,
      n % 30, (array['everyone', 'everyone', 'followers_only', 'only_me'])[1 + n % 4],
      'g' || n % 7, n % 9 = 0, n % 5 = 0, false,
      jsonb_build_object('id', n, 'name', 'Activity number ' || n, 'sport_type', sport),
      sha256('x'), ${at}, ${at}
    from generate_series(${first}::bigint, ${
    first + athletes - 1
  }::bigint) athlete_id
    cross join lateral (
      select
        n,
        timestamp '2018-01-01'
          + (n + 0.9 * random()) / ${activities} * (${at}::timestamptz::timestamp - '2018-01-01')
          as local,
        random() as luck,
        (1200 + floor(random() * 7200))::integer as seconds,
        2 + random() * 6 as speed,
        (array['Run', 'Run', 'TrailRun', 'Ride', 'Ride', 'GravelRide', 'Swim', 'Hike'])[1 + n % 8]
          as sport
      from generate_series(${activities}::integer - 1, 0, -1) n
    ) drawn
  `;
}
