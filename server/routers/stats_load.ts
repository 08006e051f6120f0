import {
  TrainingLoadInput,
  TrainingLoadStatistic,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import { localDate } from "../local_time.ts";
import { toRounded, toRoundedOrNull } from "../statistics/rounded.ts";
import {
  FORMULA,
  listTrainingDays,
  toEstimatedShare,
  type TrainingDay,
} from "../statistics/training_load.ts";
import { athleteProcedure } from "../trpc.ts";
import { listDayLoads } from "./day_loads.ts";
import { toStatistic } from "./statistic.ts";

/** Statistics of how much, against what was meant or was before. */
export const loadProcedures = {
  /** Training load day by day. */
  trainingLoad: athleteProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/stats/training-load",
        tags: ["stats"],
        protect: false,
        summary: "Training load day by day",
        description:
          "Load, fitness (CTL), fatigue (ATL), form (TSB), ACWR, monotony and strain of every day " +
          "to the athlete's today. `from` and `to` choose the days that are shown; all are computed " +
          "from the first activity. The formulas are in docs/statistics.md.",
      },
    })
    .input(TrainingLoadInput)
    .output(TrainingLoadStatistic)
    .query(async ({ ctx, input: { sport, from, to } }) => {
      const loads = await listDayLoads(ctx, {
        athleteId: ctx.athlete.id,
        sport,
      });
      const today = localDate(ctx.now(), ctx.athlete);
      const days = listTrainingDays(loads, { today })
        .filter(({ date }) => !(from && date < from) && !(to && date > to));
      const share = toEstimatedShare(days);
      return toStatistic("training_load", {
        formula: FORMULA,
        estimated_share: toRoundedOrNull(share),
        estimated_share_reason: share === null ? "no_load" as const : null,
        days: days.map(toTrainingDay),
      }, ctx.athlete);
    }),
};

function toTrainingDay(
  { date, load, source, ctl, atl, tsb, acwr, monotony, strain }: TrainingDay,
): z.input<typeof TrainingLoadStatistic>["data"]["days"][number] {
  return {
    date,
    load: toRounded(load),
    source,
    ctl: toRounded(ctl),
    atl: toRounded(atl),
    tsb: toRounded(tsb),
    acwr: toRoundedOrNull(acwr.value),
    acwr_reason: acwr.reason,
    monotony: toRoundedOrNull(monotony.value),
    monotony_reason: monotony.reason,
    strain: toRoundedOrNull(strain),
  };
}
