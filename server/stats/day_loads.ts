import {
  getMaxHeartRate,
  listLoadInputs,
  type LoadInputRow,
} from "../../db/activity_loads.ts";
import type { ActivityScope } from "../../db/activity_scope.ts";
import type { Context } from "../context.ts";
import { type DayLoad, sumLoadsByDay } from "./compute/load.ts";

/**
 * Lists the activities in scope, oldest day first, and the training load of each of their local
 * days. The maximum heart rate is the configured one, or the highest that the caller may see.
 */
export async function listDayLoads(
  { sql, config }: Pick<Context, "sql" | "config">,
  scope: ActivityScope,
): Promise<{ activities: LoadInputRow[]; loads: DayLoad[] }> {
  const { rest, max } = config.heart;
  const [activities, highest] = await Promise.all([
    listLoadInputs(sql, scope),
    max ?? getMaxHeartRate(sql, scope),
  ]);
  return {
    activities,
    loads: sumLoadsByDay(activities, { rest, max: highest }),
  };
}
