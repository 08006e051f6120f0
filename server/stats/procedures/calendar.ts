import { CalendarInput, CalendarStatistic } from "@paceline/sdk/schemas";
import type * as z from "zod";
import { localDate, localYear } from "../../activities/local_time.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import { type CalendarYear, computeCalendar } from "../compute/calendar.ts";
import { endToday, findSpan } from "../compute/spans.ts";
import { sumByDay } from "../compute/sums.ts";
import { countVisible } from "../counted.ts";
import { listDayLoads } from "../day_loads.ts";
import { toRounded } from "../rounded.ts";
import { createStatisticMeta, toStatistic, toTotal } from "../statistic.ts";

/** Sums and training load of each day of a year. */
export const calendar = syncedAthleteProcedure
  .meta(createStatisticMeta("calendar", {
    cost: 3,
    summary: "A year day by day",
    description:
      "Sums and training load of each local day of a year that has activities, with a level for " +
      "heat maps.",
  }))
  .input(CalendarInput)
  .output(CalendarStatistic)
  .query(async ({ ctx, input }) => {
    const { year = localYear(ctx.now(), ctx.athlete), sport } = input;
    const { scope, counts } = countVisible(ctx, input);
    const today = localDate(ctx.now(), ctx.athlete);
    const { activities, loads } = await listDayLoads(ctx, {
      ...scope,
      sport,
      ...endToday(findSpan("year", `${year}-01-01`), today),
    });
    const days = computeCalendar(sumByDay(activities), { year, loads });
    return toStatistic("calendar", toCalendar(days), { ...ctx, counts });
  });

/** Renders a year of days. */
export function toCalendar(
  { year, days, quartiles }: CalendarYear,
): z.input<typeof CalendarStatistic>["data"] {
  return {
    year,
    days: days.map(({ date, load, loadSource, level, ...total }) => ({
      date,
      ...toTotal(total),
      load: toRounded(load),
      load_source: loadSource,
      level,
    })),
    quartiles,
  };
}
