import assert from "node:assert/strict";
import type { Sql } from "../../db/driver/client.ts";
import type {
  HistoryActivity,
  HistoryField,
} from "../../db/history/history.ts";
import { readMonths } from "../../db/history/packed_months.ts";

const FIELDS: HistoryField[] = [
  "id",
  "time",
  "distance",
  "movingTime",
  "elevationGain",
  "averageHeartrate",
  "sufferScore",
];

/** Sums of one day, sport and visibility, with metres in whole tenths. */
type DaySums = Record<string, [count: number, ...sums: number[]]>;

/** Compares packed months with the activities, one by one, and their day sums with sums by PostgreSQL. */
export async function assertPacked(sql: Sql, hint = ""): Promise<void> {
  const athletes = await sql<{ id: number }[]>`select id from athletes`;
  for (const { id: athleteId } of athletes) {
    const label = `${hint} athlete ${athleteId}`;
    const packed = await readPacked(sql, athleteId);
    assert.deepEqual(packed, await readStored(sql, athleteId), label);
    for (const visibility of [undefined, ["everyone"]]) {
      assert.deepEqual(
        sumDays(await readPacked(sql, athleteId, visibility)),
        await readDaySums(sql, athleteId, visibility),
        label,
      );
    }
  }
}

/** Reads all packed activities of an athlete. */
export async function readPacked(
  sql: Sql,
  athleteId: number,
  visibility?: string[] | undefined,
): Promise<HistoryActivity[]> {
  const rows = await readMonths(sql, {
    athleteId,
    visibility,
    fields: FIELDS,
    toRow: (activity) => ({ ...activity }),
  });
  return rows ?? [];
}

async function readStored(
  sql: Sql,
  athleteId: number,
): Promise<HistoryActivity[]> {
  const rows = await sql<HistoryActivity[]>`
    select
      id,
      to_char(start_date_local, 'YYYY-MM-DD') as date,
      extract(epoch from start_date_local - date_trunc('day', start_date_local))::float8 as time,
      sport_type as "sportType",
      type,
      distance,
      moving_time as "movingTime",
      total_elevation_gain as "elevationGain",
      average_heartrate as "averageHeartrate",
      suffer_score as "sufferScore"
    from activities
    where athlete_id = ${athleteId}
      and deleted_at is null
      and not excluded
    order by start_date_local, id
  `;
  return rows.map((row) => ({ ...row }));
}

function sumDays(activities: readonly HistoryActivity[]): DaySums {
  const days: DaySums = {};
  for (const { date, sportType, ...activity } of activities) {
    const day = days[`${date} ${sportType}`] ??= [0, 0, 0, 0];
    day[0] += 1;
    day[1]! += Math.round(activity.distance * 10);
    day[2]! += activity.movingTime;
    day[3]! += Math.round(activity.elevationGain * 10);
  }
  return days;
}

async function readDaySums(
  sql: Sql,
  athleteId: number,
  visibility: string[] | undefined,
): Promise<DaySums> {
  const rows = await sql<{ day: string; sums: DaySums[string] }[]>`
    select
      to_char(start_date_local, 'YYYY-MM-DD') || ' ' || sport_type as day,
      json_build_array(
        count(*),
        sum(floor(distance * 10 + 0.5)),
        sum(moving_time),
        sum(floor(total_elevation_gain * 10 + 0.5))
      ) as sums
    from activities
    where athlete_id = ${athleteId}
      and deleted_at is null
      and not excluded
      ${visibility ? sql`and visibility = any(${visibility})` : sql``}
    group by 1
  `;
  return Object.fromEntries(rows.map(({ day, sums }) => [day, sums]));
}
