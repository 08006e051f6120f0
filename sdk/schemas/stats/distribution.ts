import * as z from "zod";
import { athleteInput } from "../athlete.ts";
import { Amount } from "../parts.ts";
import { Counts } from "./counts.ts";
import { isInOrder, NOT_IN_ORDER, periodOrYear, weeks } from "./period.ts";
import { FetchedAt, Total } from "./statistic.ts";

/** The filters and the band width of a distribution. */
export const DistributionInput = z.strictObject({
  ...periodOrYear,
  band_width: z.number().min(100).max(1_000_000).meta({
    description:
      "Width of a distance band in metres. Defaults to 5000, for rides 20000, for swims 1000",
    example: 10000,
  }).optional(),
  ...weeks,
  ...athleteInput,
}).refine(isInOrder, NOT_IN_ORDER).default({ week_start: "monday" });

/** Sums of a weekday. */
export const WeekdayTotal = Total.extend({
  weekday: Amount.meta({
    description: "Weekday: 1 is Monday, 7 is Sunday",
    example: 6,
  }),
}).meta({ id: "WeekdayTotal", description: "Sums of a weekday" });

/** Sums of an hour of the day. */
export const HourTotal = Total.extend({
  hour: Amount.meta({
    description: "Local hour of the start, 0 to 23",
    example: 18,
  }),
}).meta({ id: "HourTotal", description: "Sums of an hour of the local day" });

/** Sums of a distance band. */
export const DistanceBand = Total.extend({
  from: z.number().meta({
    description: "Lower bound in metres, inclusive",
    example: 10000,
  }),
  to: z.number().meta({
    description: "Upper bound in metres, exclusive",
    example: 15000,
  }),
}).meta({
  id: "DistanceBand",
  description: "Sums of the activities in a distance band",
});

/** Sums of a sport, with its distance bands. */
export const SportShare = Total.extend({
  sport: z.string().meta({
    description:
      "`run`, `ride`, `swim`, the name of another sport, or the requested sport",
    example: "run",
  }),
  band_width: z.number().meta({
    description: "Width of the bands in metres",
    example: 5000,
  }),
  bands: z.array(DistanceBand).meta({
    description: "Bands with activities, shortest distance first",
  }),
}).meta({
  id: "SportShare",
  description: "Sums of a sport, with its distance bands",
});

/** Sums by weekday, hour, sport and distance. */
export const DistributionStatistic = z.object({
  type: z.literal("distribution"),
  data: z.object({
    weekdays: z.array(WeekdayTotal).meta({
      description: "Sums by weekday, the first day of a week first",
    }),
    hours: z.array(HourTotal).meta({
      description: "Sums by local hour, all 24",
    }),
    unknown_hour: Total,
    sports: z.array(SportShare).meta({
      description: "Sums by sport: run, ride, swim, then other sports by name",
    }),
  }).meta({
    description:
      "Sums by weekday, hour, sport and distance. `unknown_hour` has the activities whose " +
      "start time Strava hides; they are not in `hours`",
  }),
  fetched_at: FetchedAt,
  counts: Counts,
}).meta({
  id: "DistributionStatistic",
  description: "Sums by weekday, hour, sport and distance",
});
