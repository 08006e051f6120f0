import type { Visible } from "../../db/activities.ts";
import type { Sql } from "../../db/driver/client.ts";
import { listNames } from "../../db/activity_metrics.ts";
import type {
  LadderName,
  Milestone,
  Milestones,
} from "./compute/milestones.ts";
import type {
  ActivityRecord,
  FoundActivity,
  SpeedRecord,
  SportRecords,
} from "./compute/records.ts";

/** An activity as a statistic names it. */
export interface NamedActivity extends FoundActivity {
  name: string;
}

type Who = Visible & { athleteId: number };

/** Records with the names of their activities, all of which the caller may see. */
export async function nameRecords(
  sql: Sql,
  { records, ...who }: Who & { records: Map<string, SportRecords> },
): Promise<Map<string, SportRecords<NamedActivity>>> {
  const toName = await readNames(sql, {
    ...who,
    found: [...records.values()].flatMap(listActivities),
  });
  const nameOne = (
    record: ActivityRecord | null,
  ): ActivityRecord<NamedActivity> | null =>
    record && { ...record, activity: toName(record.activity) };
  const nameSpeed = (record: SpeedRecord): SpeedRecord<NamedActivity> => ({
    ...record,
    activity: record.activity && toName(record.activity),
  });
  return new Map([...records].map(([sport, best]) => [sport, {
    ...best,
    longest_distance: nameOne(best.longest_distance),
    longest_time: nameOne(best.longest_time),
    most_climbing: nameOne(best.most_climbing),
    fastest: best.fastest.map(nameSpeed),
  }]));
}

function listActivities(
  { longest_distance, longest_time, most_climbing, fastest }: SportRecords,
): FoundActivity[] {
  return [longest_distance, longest_time, most_climbing, ...fastest]
    .flatMap((record) => record?.activity ?? []);
}

/** Milestones with the names of their activities, those that the caller may see. */
export async function nameMilestones(
  sql: Sql,
  { milestones, ...who }: Who & { milestones: Record<LadderName, Milestones> },
): Promise<Record<LadderName, Milestones<NamedActivity>>> {
  const toName = await readNames(sql, {
    ...who,
    found: Object.values(milestones).flatMap(({ reached }) =>
      reached.flatMap(({ activity }) => activity ?? [])
    ),
  });
  const nameOne = (milestone: Milestone): Milestone<NamedActivity> => ({
    ...milestone,
    activity: milestone.activity && toName(milestone.activity),
  });
  const nameAll = (ladder: Milestones): Milestones<NamedActivity> => ({
    ...ladder,
    reached: ladder.reached.map(nameOne),
  });
  return {
    distance_km: nameAll(milestones.distance_km),
    distance_mi: nameAll(milestones.distance_mi),
    moving_time_hours: nameAll(milestones.moving_time_hours),
    elevation_gain_m: nameAll(milestones.elevation_gain_m),
    count: nameAll(milestones.count),
  };
}

/** What gives these activities their names; they were read at the same moment, so that each has one. */
async function readNames(
  sql: Sql,
  { found, ...who }: Who & { found: readonly FoundActivity[] },
): Promise<(activity: FoundActivity) => NamedActivity> {
  const ids = [...new Set(found.map(({ id }) => id))];
  const names = await listNames(sql, { ...who, ids });
  return ({ id, date }) => ({ id, name: names.get(id)!, date });
}
