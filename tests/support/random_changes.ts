import type { Sql } from "../../db/driver/client.ts";
import { createRandomNumbers } from "./raw_days.ts";

/** The athletes that {@link createChanges} changes. */
export const CHANGED_ATHLETES = [1, 2, 3];

/** Inserts the athletes. The last one has no sync state, as after an interrupted connection. */
export async function insertChangedAthletes(sql: Sql): Promise<void> {
  await sql`
    insert into athletes (id, profile, connected_at)
    select id, '{}', now()
    from unnest(${CHANGED_ATHLETES}::bigint[]) as id
  `;
  await sql`
    insert into sync_state (athlete_id, next_due_at)
    select id, now()
    from unnest(${CHANGED_ATHLETES.slice(0, -1)}::bigint[]) as id
  `;
}

const STARTS = [
  "2024-01-31T23:59:59.999",
  "2024-02-01T00:00:00",
  "2024-02-01T00:00:01",
  "2024-02-29T12:00:00",
  "2024-03-01T06:30:12.123",
  "1969-12-31T10:00:00",
  "0001-01-01T00:00:00",
  "9999-12-31T23:59:59.999",
] as const;
const SPORTS = ["Run", "TrailRun", "Ride", "Swim", "Quidditch", "İ_ß"] as const;
const VISIBILITIES = ["everyone", "followers_only", "only_me"] as const;
/** Amounts that do and do not fit a short form: tenths of a metre, thirds, and extremes. */
const AMOUNTS = [
  ...[0, 0.1, 10_234.5, 21_097.5, 1 / 3, 1e9, -5.3, 1_677_721.3, 1_677_721.4],
] as const;
/** Ids of Strava, of files, and of the longest short form. */
const ID_BASES = [1, 16_000_000_000, 2 ** 40 - 3, 2 ** 52] as const;
const IDS_PER_BASE = 6;

/** A change of one athlete's activities, by one or a few statements. */
export type Change = (sql: Sql) => Promise<unknown>;

/** Creates a source of random changes. */
export function createChanges(
  seed: number,
): { dice: () => number; createChange: (athleteId: number) => Change } {
  const dice = createRandomNumbers(seed);
  const pick = <T>(list: readonly T[]): T =>
    list[Math.floor(dice() * list.length)]!;
  const pickId = (): number =>
    pick(ID_BASES) + Math.floor(dice() * IDS_PER_BASE);
  const pickIds = (): number[] =>
    Array.from({ length: 1 + Math.floor(dice() * 8) }, pickId);
  const pickHeart = (): number | null =>
    dice() < 0.3 ? null : pick([0, 145.3, 150, 1 / 3, 2e6]);
  const createRow = (athleteId: number, id: number) => ({
    athlete_id: athleteId,
    id,
    name: `Number ${id}`,
    type: pick(SPORTS),
    sport_type: pick(SPORTS),
    start_date: "2024-01-01T00:00:00Z",
    start_date_local: pick(STARTS),
    utc_offset: 0,
    distance: pick(AMOUNTS),
    moving_time: pick([0, 300, 16_777_213, 16_777_214, 2 ** 31 - 1]),
    elapsed_time: 300,
    total_elevation_gain: pick(AMOUNTS),
    average_speed: 3,
    max_speed: 4,
    average_heartrate: pickHeart(),
    suffer_score: pickHeart(),
    heartrate_opt_out: dice() < 0.2,
    kudos_count: 0,
    visibility: pick(VISIBILITIES),
    trainer: false,
    commute: dice() < 0.3,
    manual: false,
    excluded: dice() < 0.1,
    source: "file",
  });

  /** Inserts new activities, and replaces those with the same ids. */
  function upsert(athleteId: number): Change {
    const ids = [...new Set(pickIds())];
    const rows = ids.map((id) => createRow(athleteId, id));
    const columns = Object.keys(rows[0]!);
    return (sql) =>
      sql`
        insert into activities (
          ${sql(columns)}, content_hash, first_seen_at, fetched_at
        )
        select ${sql(columns)}, '', now(), now()
        from jsonb_populate_recordset(null::activities, ${
        sql.json(rows as never)
      })
        on conflict (athlete_id, id) do update
        set
          sport_type = excluded.sport_type,
          type = excluded.type,
          start_date_local = excluded.start_date_local,
          distance = excluded.distance,
          visibility = excluded.visibility,
          commute = excluded.commute,
          excluded = excluded.excluded,
          deleted_at = null
      `;
  }

  /** Changes one column of some activities, or of all. */
  function update(athleteId: number): Change {
    const ids = pickIds();
    const value = createRow(athleteId, 1);
    const column = pick(
      [
        ...["start_date_local", "sport_type", "type", "distance"],
        ...["moving_time", "total_elevation_gain", "average_heartrate"],
        ...["suffer_score", "heartrate_opt_out", "visibility", "commute"],
        ...["excluded", "excluded"],
        ...["kudos_count", "name"],
      ] as (keyof typeof value)[],
    );
    const isForAll = dice() < 0.1;
    return (sql) =>
      sql`
        update activities
        set ${sql({ [column]: value[column] })}
        where athlete_id = ${athleteId}
          ${isForAll ? sql`` : sql`and id = any(${ids}::bigint[])`}
      `;
  }

  /** Marks activities as deleted, or restores them. */
  function mark(athleteId: number): Change {
    const ids = pickIds();
    const deletedAt = dice() < 0.6 ? new Date() : null;
    return (sql) =>
      sql`
        update activities
        set deleted_at = ${deletedAt}
        where athlete_id = ${athleteId}
          and id = any(${ids}::bigint[])
      `;
  }

  /** Deletes activities for good, sometimes all. */
  function remove(athleteId: number): Change {
    const ids = pickIds();
    const isForAll = dice() < 0.05;
    return (sql) =>
      sql`
        delete from activities
        where athlete_id = ${athleteId}
          ${isForAll ? sql`` : sql`and id = any(${ids}::bigint[])`}
      `;
  }

  /** Replaces an activity under another id, as joining a file with Strava's activity does. */
  function replace(athleteId: number): Change {
    const from = pickId();
    const row = createRow(athleteId, pickId());
    const columns = Object.keys(row);
    return async (sql) => {
      await sql`
        delete from activities
        where athlete_id = ${athleteId}
          and id in (${from}, ${row.id})
      `;
      await sql`
        insert into activities (${
        sql(columns)
      }, content_hash, first_seen_at, fetched_at)
        select ${sql(columns)}, '', now(), now()
        from jsonb_populate_record(null::activities, ${sql.json(row as never)})
      `;
    };
  }

  const kinds = [upsert, upsert, update, update, mark, remove, replace];
  return { dice, createChange: (athleteId) => pick(kinds)(athleteId) };
}
