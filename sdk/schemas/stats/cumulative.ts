import * as z from "zod";
import { athleteInput } from "../athlete.ts";
import { Counts } from "./counts.ts";
import { exclusions, Sport } from "./period.ts";
import { FetchedAt } from "./statistic.ts";

const METRICS = ["distance", "moving_time", "elevation_gain", "count"] as const;

const MAX_YEARS = 20;

/** The metric, years and sport of a cumulative statistic. */
export const CumulativeInput = z.strictObject({
  metric: z.enum(METRICS).default("distance").meta({
    description:
      "Value to add up: `distance` in metres, `moving_time` in seconds, `elevation_gain` in " +
      "metres, or the `count` of activities",
  }),
  years: z.number().int().min(1).max(MAX_YEARS).meta({
    description:
      "Number of years up to the athlete's current one. Defaults to the current year and every " +
      "earlier year with activities",
    example: 3,
  }).optional(),
  year_list: z.string().regex(/^(19|20|21)\d\d(,(19|20|21)\d\d){0,19}$/).meta({
    description:
      "Comma-separated years, 1900 to 2199, at most 20. Cannot be combined with `years`",
    example: "2019,2025",
  }).optional(),
  sport: Sport.optional(),
  ...exclusions,
  ...athleteInput,
}).refine(
  ({ years, year_list }) => years === undefined || year_list === undefined,
  { path: ["year_list"], message: "cannot be given together with `years`" },
).default({ metric: "distance" });

/** Cumulative sums by year. */
export const CumulativeStatistic = z.object({
  type: z.literal("cumulative"),
  data: z.object({
    metric: z.enum(METRICS).meta({
      description: "The requested metric",
      example: "distance",
    }),
    days: z.array(z.string().regex(/^\d{2}-\d{2}$/).meta({ example: "01-01" }))
      .meta({
        description:
          "Month and day, `01-01` to `12-31`: 366 entries. In a common year `02-29` repeats the " +
          "value of `02-28`",
      }),
    years: z.record(
      z.string().regex(/^\d{4}$/).meta({ example: "2025" }),
      z.array(z.number().nullable().meta({ example: 10234.5 })),
    ).meta({
      description:
        "By local year: the sums from 1 January to each of `days`, null after the athlete's " +
        "current day. JSON does not preserve the order of numeric keys, so sort them",
    }),
  }),
  fetched_at: FetchedAt,
  counts: Counts,
}).meta({ id: "CumulativeStatistic", description: "Cumulative sums by year" });
