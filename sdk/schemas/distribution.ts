import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { Amount } from "./parts.ts";
import { isInOrder, NOT_IN_ORDER, period } from "./period.ts";
import { FetchedAt, Total } from "./statistic.ts";

/** Which activities, and how wide a band of distances is. */
export const DistributionInput = z.strictObject({
  ...period,
  band_width: z.number().min(100).max(1_000_000).meta({
    description:
      "Width of a band of distances in metres; by default 5000, of rides 20000, of swims 1000",
    example: 10000,
  }).optional(),
  ...athleteInput,
}).refine(isInOrder, NOT_IN_ORDER).default({});

/** Sums of a weekday. */
export const WeekdayTotal = Total.extend({
  weekday: Amount.meta({
    description: "1 is Monday, 7 Sunday",
    example: 6,
  }),
}).meta({ id: "WeekdayTotal", description: "Sums of a weekday" });

/** Sums of an hour. */
export const HourTotal = Total.extend({
  hour: Amount.meta({
    description:
      "0 to 23: of activities that began from then to before the next",
    example: 18,
  }),
}).meta({ id: "HourTotal", description: "Sums of an hour of the local day" });

/** Sums of a band. */
export const DistanceBand = Total.extend({
  from: z.number().meta({ description: "Metres, included", example: 10000 }),
  to: z.number().meta({ description: "Metres, not included", example: 15000 }),
}).meta({
  id: "DistanceBand",
  description: "Sums of the activities within a band of distances",
});

/** Sums of a sport. */
export const SportShare = Total.extend({
  sport: z.string().meta({
    description:
      "`run`, `ride`, `swim`, another sport's own name, or the sport asked for",
    example: "run",
  }),
  band_width: z.number().meta({ description: "Metres", example: 5000 }),
  bands: z.array(DistanceBand).meta({
    description: "Shortest first; bands without activities are left out",
  }),
}).meta({
  id: "SportShare",
  description: "Sums of a group of sports, and by distance",
});

/** When, what, how far. */
export const DistributionStatistic = z.object({
  type: z.literal("distribution"),
  data: z.object({
    weekdays: z.array(WeekdayTotal).meta({ description: "Monday to Sunday" }),
    hours: z.array(HourTotal).meta({ description: "All 24 of the local day" }),
    unknown_hour: Total,
    sports: z.array(SportShare).meta({
      description: "Run, ride, swim, then other sports by name",
    }),
  }).meta({
    description:
      "`unknown_hour` are activities whose start Strava hides: they are in no hour",
  }),
  fetched_at: FetchedAt,
}).meta({
  id: "DistributionStatistic",
  description: "By weekday, hour, sport and distance",
});
