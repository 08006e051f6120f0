import type { ActivityScope } from "../../db/activity_scope.ts";
import {
  type EffortRow,
  getMaxHeartRate,
  listEfforts,
} from "../../db/activity_loads.ts";
import type { Context } from "../context.ts";
import { type DayLoad, sumByDay } from "./compute/load.ts";

/** Counted activities, oldest first, and the training load of each of their local days. */
export async function listLoads(
  ctx: Pick<Context, "sql" | "config">,
  counted: ActivityScope,
): Promise<{ efforts: EffortRow[]; loads: DayLoad[] }> {
  const { rest, max } = ctx.config.heart;
  const [efforts, highest] = await Promise.all([
    listEfforts(ctx.sql, counted),
    max ?? getMaxHeartRate(ctx.sql, counted),
  ]);
  return { efforts, loads: sumByDay(efforts, { rest, max: highest }) };
}
