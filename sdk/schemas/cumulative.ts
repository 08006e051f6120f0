import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { Sport } from "./period.ts";
import { FetchedAt } from "./statistic.ts";

const METRICS = ["distance", "moving_time", "elevation_gain", "count"] as const;

const MAX_YEARS = 20;

/** What is added up, of which years and sport. */
export const CumulativeInput = z.strictObject({
  metric: z.enum(METRICS).default("distance").meta({
    description:
      "Metres of distance, seconds of moving time, metres of climbing, or activities",
  }),
  years: z.number().int().min(1).max(MAX_YEARS).meta({
    description:
      "Only so many years, the athlete's current one and those before it; by default the current " +
      "one and every year with activities",
    example: 3,
  }).optional(),
  year_list: z.string().regex(/^(19|20|21)\d\d(,(19|20|21)\d\d){0,19}$/).meta({
    description:
      "Only these years, 1900 to 2199, at most 20, with commas between",
    example: "2019,2025",
  }).optional(),
  sport: Sport.optional(),
  ...athleteInput,
}).refine(
  ({ years, year_list }) => years === undefined || year_list === undefined,
  { path: ["year_list"], message: "cannot be given together with `years`" },
).default({ metric: "distance" });

/** Year against year. */
export const CumulativeStatistic = z.object({
  type: z.literal("cumulative"),
  data: z.object({
    metric: z.enum(METRICS).meta({
      description: "As asked for",
      example: "distance",
    }),
    days: z.array(z.string().regex(/^\d{2}-\d{2}$/).meta({ example: "01-01" }))
      .meta({
        description:
          "Month and day, `01-01` to `12-31`, 366 of them: in a common year `02-29` repeats `02-28`",
      }),
    years: z.record(
      z.string().regex(/^\d{4}$/).meta({ example: "2025" }),
      z.array(z.number().nullable().meta({ example: 10234.5 })),
    ).meta({
      description:
        "By local year the sums from 1 January up to each of `days`; null after the athlete's " +
        "today. JSON objects cannot keep an order of keys that are numbers: sort them.",
    }),
  }),
  fetched_at: FetchedAt,
}).meta({ id: "CumulativeStatistic", description: "Year against year" });
