import type { Counted } from "../../db/counted.ts";
import { getMaxHeartRate, listEfforts } from "../../db/loads.ts";
import type { Sql } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { type DayLoad, sumByDay } from "../statistics/load.ts";

/** The training load of each local day with counted activities, oldest first. */
export async function listDayLoads(
  ctx: Pick<Context, "config"> & { sql: Sql },
  counted: Counted,
): Promise<DayLoad[]> {
  const { rest, max } = ctx.config.heart;
  const [efforts, highest] = await Promise.all([
    listEfforts(ctx.sql, counted),
    max ?? getMaxHeartRate(ctx.sql, counted),
  ]);
  return sumByDay(efforts, { rest, max: highest });
}
