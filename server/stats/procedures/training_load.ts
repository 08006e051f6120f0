import {
  TrainingLoadInput,
  TrainingLoadStatistic,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import { localDate } from "../../activities/local_time.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import {
  computeEstimatedShare,
  computeTrainingDays,
  FORMULA,
  type TrainingDay,
} from "../compute/training_load.ts";
import { countVisible } from "../counted.ts";
import { addDays } from "../compute/days.ts";
import { listDayLoads } from "../day_loads.ts";
import { toRounded, toRoundedOrNull } from "../rounded.ts";
import { createStatisticMeta, toStatistic } from "../statistic.ts";

/** Days that are shown without `from`. */
const DEFAULT_DAYS = 365;

/** Training load, fitness, fatigue and form of every day. */
export const trainingLoad = syncedAthleteProcedure
  .meta(createStatisticMeta("training-load", {
    cost: 10,
    summary: "Training load day by day",
    description:
      "Load, fitness (CTL), fatigue (ATL), form (TSB), ACWR, monotony and strain of every day up " +
      "to the athlete's today. `from` and `to` select the days that are shown, by default those of " +
      "the last year; all days are computed from the first activity on. The formulas are in " +
      "docs/statistics.md.",
  }))
  .input(TrainingLoadInput)
  .output(TrainingLoadStatistic)
  .query(async ({ ctx, input: { sport, ...input } }) => {
    const { scope, counts } = countVisible(ctx, input);
    const { loads } = await listDayLoads(ctx, { ...scope, sport });
    const today = localDate(ctx.now(), ctx.athlete);
    const { to = today } = input;
    const { from = addDays(to, 1 - DEFAULT_DAYS) } = input;
    const days = computeTrainingDays(loads, { today, from })
      .filter(({ date }) => date <= to);
    const share = computeEstimatedShare(days);
    return toStatistic("training_load", {
      formula: FORMULA,
      estimated_share: toRoundedOrNull(share),
      estimated_share_reason: share === null ? "no_load" as const : null,
      days: days.map(toTrainingDay),
    }, { ...ctx, counts });
  });

/** Renders a day of the training load. */
export function toTrainingDay(
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
