import * as z from "zod";
import { athleteInput } from "../athlete.ts";
import { Amount } from "../parts.ts";
import { Counts } from "./counts.ts";
import { isInOrder, LocalDate, NOT_IN_ORDER, periodOrYear } from "./period.ts";
import { FetchedAt } from "./statistic.ts";

const Unit = z.enum(["km", "mi"]);

/** The unit and the filters of an Eddington number. */
export const EddingtonInput = z.strictObject({
  unit: Unit.default("km").meta({
    description: "Kilometres, or international miles of 1609.344 m",
  }),
  ...periodOrYear,
  ...athleteInput,
}).refine(isInOrder, NOT_IN_ORDER).default({ unit: "km" });

const value = Amount.meta({
  description:
    "The Eddington number: on at least this number of days, at least this number of " +
    "kilometres or miles",
  example: 31,
});

/** The next Eddington number. */
export const NextEddington = z.object({
  value: Amount.meta({ description: "The next number", example: 32 }),
  days_needed: Amount.meta({
    description:
      "Number of further days with at least this distance that it takes",
    example: 4,
  }),
}).meta({ id: "NextEddington", description: "The next Eddington number" });

/** The day on which a number was reached. */
export const EddingtonStep = z.object({
  value,
  date: LocalDate.meta({
    description: "Local day on which it was reached",
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
  unit: Unit.meta({ description: "The requested unit", example: "km" }),
  value,
  next: NextEddington,
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
