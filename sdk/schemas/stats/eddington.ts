import * as z from "zod";
import { athleteInput } from "../athlete.ts";
import { Amount } from "../parts.ts";
import { Counts } from "./counts.ts";
import {
  isInOrder,
  LocalDate,
  NOT_IN_ORDER,
  periodOrYear,
  weeks,
} from "./period.ts";
import { FetchedAt } from "./statistic.ts";

const METRICS = ["distance", "elevation_gain"] as const;
const Unit = z.enum(["km", "mi", "m", "ft"]);
const Metric = z.enum(METRICS);
const Period = z.enum(["day", "week"]);

/** Reports whether the unit measures the metric. */
function isOfMetric(
  { unit, metric }: {
    unit?: z.infer<typeof Unit> | undefined;
    metric: z.infer<typeof Metric>;
  },
): boolean {
  if (unit === undefined) return true;
  return (unit === "km" || unit === "mi") === (metric === "distance");
}

/** The unit, the metric and the filters of an Eddington number. */
export const EddingtonInput = z.strictObject({
  unit: Unit.meta({
    description:
      "Distance: kilometres (`km`, the default) or international miles of 1609.344 m (`mi`). " +
      "Climbing: metres (`m`, the default) or feet of 0.3048 m (`ft`)",
    example: "km",
  }).optional(),
  metric: Metric.default("distance").meta({
    description: "Whether distance or climbing counts",
  }),
  by: Period.default("day").meta({
    description: "Whether local days or weeks count",
  }),
  ...periodOrYear,
  ...weeks,
  ...athleteInput,
}).refine(isInOrder, NOT_IN_ORDER).refine(isOfMetric, {
  path: ["unit"],
  message:
    "must be `km` or `mi` for `distance`, and `m` or `ft` for `elevation_gain`",
}).default({ metric: "distance", by: "day", week_start: "monday" });

const value = Amount.meta({
  description:
    "The Eddington number: on at least this number of days, at least this number of " +
    "kilometres or miles. With other inputs weeks count, or metres or feet of climbing",
  example: 31,
});

/** The next Eddington number. */
export const NextEddington = z.object({
  value: Amount.meta({ description: "The next number", example: 32 }),
  days_needed: Amount.meta({
    description:
      "Number of further days, or weeks, with at least this distance or climbing that it takes",
    example: 4,
  }),
}).meta({ id: "NextEddington", description: "The next Eddington number" });

/** A day that counts for the next number. */
export const NextEddingtonDay = z.object({
  date: LocalDate.meta({
    description: "Local day, or the first day of the week",
    example: "2025-10-12",
  }),
  amount: Amount.meta({
    description: "Its sum in whole units, at least the next number",
    example: 54,
  }),
  activity_ids: z.array(z.number().int()).meta({
    description: "Ids of its activities, the earliest first",
    example: [16543210987],
  }),
}).meta({
  id: "NextEddingtonDay",
  description: "A day or week that counts for the next number",
});

/** The day on which a number was reached. */
export const EddingtonStep = z.object({
  value,
  date: LocalDate.meta({
    description:
      "Local day on which it was reached, or the first day of that week",
    example: "2025-10-12",
  }),
}).meta({
  id: "EddingtonStep",
  description: "The day on which a number was reached",
});

/** The Eddington number of one year. */
export const EddingtonYear = z.object({
  year: Amount.meta({ description: "Local year", example: 2025 }),
  value,
  next: NextEddington,
}).meta({
  id: "EddingtonYear",
  description: "The Eddington number of one local year",
});

/** The Eddington number of one sport. */
export const SportEddington = z.object({
  sport: z.string().meta({
    description:
      "`run`, `ride`, `swim`, the name of another sport, or the requested sport",
    example: "ride",
  }),
  value,
  next: NextEddington,
}).meta({
  id: "SportEddington",
  description: "The Eddington number of one sport",
});

/** An Eddington number without its history. */
export const EddingtonNow = z.object({
  value,
  next: NextEddington,
  sports: z.array(SportEddington).meta({
    description: "Numbers by sport: run, ride, swim, then other sports by name",
  }),
}).meta({
  id: "EddingtonNow",
  description: "An Eddington number, and what the next one takes",
});

/** An Eddington number with its history. */
export const Eddington = z.object({
  unit: Unit.meta({ description: "The unit", example: "km" }),
  metric: Metric.meta({
    description: "The requested metric",
    example: "distance",
  }),
  by: Period.meta({ description: "The requested period", example: "day" }),
  value,
  next: NextEddington,
  next_days: z.array(NextEddingtonDay).meta({
    description:
      "The days or weeks that count for the next number, the greatest sum first",
  }),
  history: z.array(EddingtonStep).meta({
    description: "Days on which each number was reached, from 1 up",
  }),
  years: z.array(EddingtonYear).meta({
    description: "Numbers by year with activities, oldest first",
  }),
  sports: EddingtonNow.shape.sports,
}).meta({
  id: "Eddington",
  description:
    "The greatest n for which at least n kilometres or miles were covered on at least n " +
    "local days",
});

/** An Eddington number. */
export const EddingtonStatistic = z.object({
  type: z.literal("eddington"),
  data: Eddington,
  fetched_at: FetchedAt,
  counts: Counts,
}).meta({ id: "EddingtonStatistic", description: "An Eddington number" });
