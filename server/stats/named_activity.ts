import { listActivityNames } from "../../db/activity_metrics.ts";
import type { VisibilityFilter } from "../../db/activity_scope.ts";
import type { Sql } from "../../db/driver/client.ts";
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

/** An activity that a statistic names. */
export interface NamedActivity extends FoundActivity {
  name: string;
}

/** The athlete, and the activities that the caller may see. */
type Reader = VisibilityFilter & { athleteId: number };

/** Adds the names of the activities to records, all of which the caller may see. */
export async function nameRecords(
  sql: Sql,
  { records, ...reader }: Reader & { records: Map<string, SportRecords> },
): Promise<Map<string, SportRecords<NamedActivity>>> {
  const toNamed = await createNamer(sql, {
    ...reader,
    found: [...records.values()].flatMap(listFoundActivities),
  });
  const nameRecord = (
    record: ActivityRecord | null,
  ): ActivityRecord<NamedActivity> | null =>
    record && { ...record, activity: toNamed(record.activity) };
  const nameSpeed = (record: SpeedRecord): SpeedRecord<NamedActivity> => ({
    ...record,
    activity: record.activity && toNamed(record.activity),
  });
  return new Map([...records].map(([sport, best]) => [sport, {
    ...best,
    longestDistance: nameRecord(best.longestDistance),
    longestTime: nameRecord(best.longestTime),
    mostClimbing: nameRecord(best.mostClimbing),
    fastest: best.fastest.map(nameSpeed),
  }]));
}

function listFoundActivities(
  { longestDistance, longestTime, mostClimbing, fastest }: SportRecords,
): FoundActivity[] {
  return [longestDistance, longestTime, mostClimbing, ...fastest]
    .flatMap((record) => record?.activity ?? []);
}

/** Adds the names of the activities to milestones, all of which the caller may see. */
export async function nameMilestones(
  sql: Sql,
  { milestones, ...reader }: Reader & {
    milestones: Record<LadderName, Milestones>;
  },
): Promise<Record<LadderName, Milestones<NamedActivity>>> {
  const toNamed = await createNamer(sql, {
    ...reader,
    found: Object.values(milestones).flatMap(({ reached }) =>
      reached.map(({ activity }) => activity)
    ),
  });
  const nameMilestone = (milestone: Milestone): Milestone<NamedActivity> => ({
    ...milestone,
    activity: toNamed(milestone.activity),
  });
  const nameLadder = (ladder: Milestones): Milestones<NamedActivity> => ({
    ...ladder,
    reached: ladder.reached.map(nameMilestone),
  });
  return {
    distanceKm: nameLadder(milestones.distanceKm),
    distanceMi: nameLadder(milestones.distanceMi),
    movingTimeHours: nameLadder(milestones.movingTimeHours),
    elevationGainM: nameLadder(milestones.elevationGainM),
    count: nameLadder(milestones.count),
  };
}

/**
 * Creates a function that adds the names to these activities. It must run in the transaction that
 * found the activities, so that each of them still has a name.
 */
async function createNamer(
  sql: Sql,
  { found, ...reader }: Reader & { found: readonly FoundActivity[] },
): Promise<(activity: FoundActivity) => NamedActivity> {
  const ids = [...new Set(found.map(({ id }) => id))];
  const names = await listActivityNames(sql, { ...reader, ids });
  return ({ id, date }) => ({ id, name: names.get(id)!, date });
}
