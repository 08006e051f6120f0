import {
  GearInput,
  GearStatistic,
  type GearTotal,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import { type GearTotalRow, listGearTotals } from "../../../db/gear.ts";
import { localDate } from "../../activities/local_time.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import { resolvePeriod } from "../compute/spans.ts";
import { countWholeMonths } from "../counted.ts";
import { createStatisticMeta, toStatistic } from "../statistic.ts";

/** Distance, time and use of each gear. */
export const gear = syncedAthleteProcedure
  .meta(createStatisticMeta("gear", {
    summary: "Shoes and bikes",
    description:
      "Distance, time and number of activities of each gear, with its name. `first_used` and " +
      "`last_used` consider only the activities that the caller may see.",
  }))
  .input(GearInput)
  .output(GearStatistic)
  .query(async ({ ctx, input }) => {
    const span = resolvePeriod(input);
    const { scope, counts } = countWholeMonths(ctx, input, span);
    const rows = await listGearTotals(ctx.sql, {
      ...scope,
      today: localDate(ctx.now(), ctx.athlete),
      sport: input.sport,
      ...span,
    });
    return toStatistic("gear", rows.map(toGearTotal), { ...ctx, counts });
  });

/** Renders a row. */
function toGearTotal(row: GearTotalRow): z.input<typeof GearTotal> {
  const { id, isKnown, brandName, modelName, nickname, retired } = row;
  const name = row.name ?? nickname ??
    ([brandName, modelName].filter((part) => part !== null).join(" ") || null);
  return {
    id,
    name,
    name_reason: name === null ? toNameReason(isKnown) : null,
    brand: brandName,
    model: modelName,
    nickname,
    retired,
    distance: row.distance,
    moving_time: row.movingTime,
    count: row.count,
    first_used: row.firstUsed,
    last_used: row.lastUsed,
    used_reason: row.lastUsed === null ? "needs_key" : null,
  };
}

function toNameReason(
  isKnown: boolean | null,
): z.input<typeof GearTotal>["name_reason"] {
  if (isKnown === null) return "not_fetched";
  return isKnown ? "unnamed" : "unknown_to_strava";
}
