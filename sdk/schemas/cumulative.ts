import * as z from "zod";
import { Amount, Metres, Seconds } from "./parts.ts";
import { Sport } from "./period.ts";
import { FetchedAt } from "./statistic.ts";

const MAX_YEARS = 20;

/** Which years, and of which sport. */
export const CumulativeInput = z.strictObject({
  years: z.number().int().min(1).max(MAX_YEARS).meta({
    description:
      "How many years, the athlete's current one and those before it; 5 by default",
    example: 3,
  }).optional(),
  year_list: z.string().regex(/^(19|20|21)\d\d(,(19|20|21)\d\d){0,19}$/).meta({
    description:
      "These years instead, 1900 to 2199, at most 20, with commas between",
    example: "2019,2025",
  }).optional(),
  sport: Sport.optional(),
}).refine(
  ({ years, year_list }) => years === undefined || year_list === undefined,
  { path: ["year_list"], message: "cannot be given together with `years`" },
).default({});

/** The running sums of a year. */
export const CumulativeYear = z.object({
  year: Amount.meta({ description: "Local year", example: 2025 }),
  count: z.array(Amount.nullable()).meta({
    description: "Activities so far, by day; null on days yet to come",
  }),
  distance: z.array(Metres.nullable()).meta({
    description: "Metres so far, by day; null on days yet to come",
  }),
  moving_time: z.array(Seconds.nullable()).meta({
    description: "Seconds so far, by day; null on days yet to come",
  }),
  elevation_gain: z.array(Metres.nullable()).meta({
    description: "Metres climbed so far, by day; null on days yet to come",
  }),
}).meta({
  id: "CumulativeYear",
  description: "Sums from 1 January up to each of the 366 days",
});

/** Year against year. */
export const CumulativeStatistic = z.object({
  type: z.literal("cumulative"),
  data: z.object({
    days: z.array(z.string().regex(/^\d{2}-\d{2}$/)).meta({
      description:
        "Month and day, `01-01` to `12-31`, 366 of them: in a common year `02-29` repeats `02-28`",
    }),
    years: z.array(CumulativeYear).meta({ description: "Newest year first" }),
  }),
  fetched_at: FetchedAt,
}).meta({ id: "CumulativeStatistic", description: "Year against year" });
