import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { Amount, Year } from "./parts.ts";
import { isInOrder, LocalDate, NOT_IN_ORDER, period } from "./period.ts";
import { FetchedAt } from "./statistic.ts";

const Unit = z.enum(["km", "mi"]);

/** In which unit, of which sport, and which local days. */
export const EddingtonInput = z.strictObject({
  unit: Unit.default("km").meta({
    description: "Kilometres, or international miles of 1609.344 m",
  }),
  ...period,
  year: Year.meta({
    description: "Only days of this local year",
    example: 2025,
  }).optional(),
  ...athleteInput,
}).refine(isInOrder, NOT_IN_ORDER).default({ unit: "km" });

const value = Amount.meta({
  description: "On so many days at least as many kilometres or miles",
  example: 31,
});

/** What one more takes. */
export const NextEddington = z.object({
  value: Amount.meta({ description: "The number after this", example: 32 }),
  days_needed: Amount.meta({
    description: "How many further days of at least so many units it needs",
    example: 4,
  }),
}).meta({ id: "NextEddington", description: "What one more takes" });

/** When a number was reached. */
export const EddingtonStep = z.object({
  value,
  date: LocalDate.meta({
    description: "Local day that made it so",
    example: "2025-10-12",
  }),
}).meta({ id: "EddingtonStep", description: "When a number was reached" });

/** The number of one year. */
export const EddingtonYear = z.object({
  year: Amount.meta({ description: "Local year", example: 2025 }),
  value,
  next: NextEddington,
}).meta({
  id: "EddingtonYear",
  description: "The number of a calendar year by itself",
});

/** The number of a group of sports. */
export const SportEddington = z.object({
  sport: z.string().meta({
    description:
      "`run`, `ride`, `swim`, another sport's own name, or the sport asked for",
    example: "ride",
  }),
  value,
  next: NextEddington,
}).meta({
  id: "SportEddington",
  description: "The number of a group of sports by itself",
});

/** The number without its history. */
export const EddingtonNow = z.object({
  value,
  next: NextEddington,
  sports: z.array(SportEddington).meta({
    description: "Run, ride, swim, then other sports by name",
  }),
}).meta({
  id: "EddingtonNow",
  description: "An Eddington number, and what the next one takes",
});

/** The number and how it came about. */
export const Eddington = z.object({
  unit: Unit.meta({ description: "As asked for", example: "km" }),
  value,
  next: NextEddington,
  history: z.array(EddingtonStep).meta({ description: "From 1 up" }),
  years: z.array(EddingtonYear).meta({
    description: "Years with activities, oldest first",
  }),
  sports: EddingtonNow.shape.sports,
}).meta({
  id: "Eddington",
  description:
    "The greatest n such that on at least n local days at least n kilometres or miles were covered",
});

/** An Eddington number. */
export const EddingtonStatistic = z.object({
  type: z.literal("eddington"),
  data: Eddington,
  fetched_at: FetchedAt,
}).meta({ id: "EddingtonStatistic", description: "An Eddington number" });
