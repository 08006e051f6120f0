import type { ActivityScope } from "../activity_scope.ts";
import type { Sql } from "../driver/client.ts";
import { readMonths } from "./packed_months.ts";
import { readRows } from "./rows.ts";

/** An activity that statistics count. */
export interface HistoryActivity {
  id: number;
  /** Local day, `2025-12-06`. */
  date: string;
  /** Seconds of the local day at the start. */
  time: number;
  sportType: string;
  /** Strava's older name of the sport. */
  type: string;
  /** Metres. */
  distance: number;
  /** Seconds. */
  movingTime: number;
  /** Metres. */
  elevationGain: number;
  /** Beats per minute. `null` also if the athlete hides it from the caller. */
  averageHeartrate: number | null;
  /** Strava's Relative Effort. `null` also if the athlete hides it from the caller. */
  sufferScore: number | null;
}

/** The fields that are read only if they are asked for. The others are always there. */
export type HistoryField = Exclude<
  keyof HistoryActivity,
  "date" | "sportType" | "type"
>;

/** An activity with the fields that were asked for. */
export type HistoryPart<Field extends HistoryField> = Pick<
  HistoryActivity,
  "date" | "sportType" | "type" | Field
>;

/** A part of a history, and the form of its rows. */
export interface HistoryQuery<Field extends HistoryField, Row>
  extends ActivityScope {
  fields: readonly Field[];
  /** Converts an activity to a row. The argument may change after the call. */
  toRow: (activity: Readonly<HistoryPart<Field>>) => Row;
}

/**
 * Lists the activities in scope in the order of the athlete's wall clock, then of their ids, from packed
 * months. An athlete without any is read row by row: it has no activities, or the database is
 * distributed and has no triggers that could pack them (docs/scale.md).
 */
export async function listHistory<Field extends HistoryField, Row>(
  sql: Sql,
  query: HistoryQuery<Field, Row>,
): Promise<Row[]> {
  return await readMonths(sql, query) ?? await readRows(sql, query);
}
