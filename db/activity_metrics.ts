import {
  type ActivityScope,
  type VisibilityFilter,
  whereVisible,
} from "./activity_scope.ts";
import type { Sql } from "./driver/client.ts";
import { listHistory } from "./history/history.ts";

/** The fields of one activity that statistics compute with: metres and seconds. */
export interface ActivityMetrics {
  id: number;
  sportType: string;
  /** Local day, `2025-12-06`. */
  date: string;
  distance: number;
  movingTime: number;
  elevationGain: number;
}

/** Lists the metrics of the activities in scope in the order of the athlete's wall clock. */
export async function listActivityMetrics(
  sql: Sql,
  scope: ActivityScope,
): Promise<ActivityMetrics[]> {
  return await listHistory(sql, {
    ...scope,
    fields: ["id", "distance", "movingTime", "elevationGain"],
    toRow: (activity): ActivityMetrics => ({
      id: activity.id,
      sportType: activity.sportType,
      date: activity.date,
      distance: activity.distance,
      movingTime: activity.movingTime,
      elevationGain: activity.elevationGain,
    }),
  });
}

/** An activity's metrics with the time of its start. */
export interface TimedMetrics extends Omit<ActivityMetrics, "id"> {
  /** Seconds of the local day at the start. */
  time: number;
}

/** Lists the metrics of the activities in scope with the times of their starts. */
export async function listTimedMetrics(
  sql: Sql,
  scope: ActivityScope,
): Promise<TimedMetrics[]> {
  return await listHistory(sql, {
    ...scope,
    fields: ["time", "distance", "movingTime", "elevationGain"],
    toRow: (activity): TimedMetrics => ({
      sportType: activity.sportType,
      date: activity.date,
      time: activity.time,
      distance: activity.distance,
      movingTime: activity.movingTime,
      elevationGain: activity.elevationGain,
    }),
  });
}

/** Returns the names of those of these activities that the caller may see, by id. */
export async function listActivityNames(
  sql: Sql,
  { athleteId, visibility, ids }: VisibilityFilter & {
    athleteId: number;
    ids: readonly number[];
  },
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await sql<{ id: number; name: string }[]>`
    select id, name
    from activities
    where athlete_id = ${athleteId}
      and id = any(${[...ids]}::bigint[])
      and ${whereVisible(sql, { visibility })}
  `;
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The measures that can be added up, and their fields. */
const AMOUNT_FIELDS = {
  distance: "distance",
  moving_time: "movingTime",
  elevation_gain: "elevationGain",
} as const;

/** One activity's part of a sum: metres, seconds, or 1 for a count. */
export interface AmountRow {
  /** Local day, `2025-12-06`. */
  date: string;
  amount: number;
}

/** Lists one amount of each activity in scope, oldest day first. */
export async function listAmounts(
  sql: Sql,
  { metric, ...scope }: ActivityScope & {
    metric: keyof typeof AMOUNT_FIELDS | "count";
  },
): Promise<AmountRow[]> {
  if (metric === "count") {
    const dates = await listDates(sql, scope);
    return dates.map((date) => ({ date, amount: 1 }));
  }
  const field = AMOUNT_FIELDS[metric];
  return await listHistory(sql, {
    ...scope,
    fields: [field],
    toRow: (activity) => ({ date: activity.date, amount: activity[field] }),
  });
}

/** Lists the local day of each activity in scope, oldest first; a day may occur more than once. */
export async function listDates(
  sql: Sql,
  scope: ActivityScope,
): Promise<string[]> {
  return await listHistory(sql, {
    ...scope,
    fields: [],
    toRow: ({ date }) => date,
  });
}
