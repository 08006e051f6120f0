import * as z from "zod";
import { Amount } from "./parts.ts";
import { isInOrder, LocalDate, NOT_IN_ORDER, period } from "./period.ts";
import { FetchedAt } from "./statistic.ts";

/** Of which sport and which local days. */
export const EddingtonInput = z.strictObject(period)
  .refine(isInOrder, NOT_IN_ORDER).default({});

const number = Amount.meta({
  description: "On so many days at least as many kilometres or miles",
  example: 31,
});

const daysToNext = Amount.meta({
  description:
    "How many further days of at least `number` + 1 kilometres or miles make it one more",
  example: 4,
});

/** When a number was reached. */
export const EddingtonStep = z.object({
  number,
  date: LocalDate.meta({
    description: "Local day that made it so",
    example: "2025-10-12",
  }),
}).meta({ id: "EddingtonStep", description: "When a number was reached" });

/** The number of one year. */
export const EddingtonYear = z.object({
  year: Amount.meta({ description: "Local year", example: 2025 }),
  number,
  days_to_next: daysToNext,
}).meta({
  id: "EddingtonYear",
  description: "The number of a calendar year by itself",
});

/** The number in one unit. */
export const Eddington = z.object({
  number,
  days_to_next: daysToNext,
  history: z.array(EddingtonStep).meta({ description: "From 1 up" }),
  years: z.array(EddingtonYear).meta({
    description: "Years with activities, oldest first",
  }),
}).meta({
  id: "Eddington",
  description:
    "The greatest n such that on at least n local days at least n kilometres or miles were covered",
});

/** The numbers of a group of sports. */
export const SportEddington = z.object({
  sport: z.string().meta({
    description:
      "`run`, `ride`, `swim`, another sport's own name, or the sport asked for",
    example: "ride",
  }),
  km: Eddington,
  mi: Eddington,
}).meta({
  id: "SportEddington",
  description: "In kilometres and in international miles of 1609.344 m",
});

/** Eddington numbers. */
export const EddingtonStatistic = z.object({
  type: z.literal("eddington"),
  data: z.array(SportEddington).meta({
    description: "Run, ride, swim, then other sports by name",
  }),
  fetched_at: FetchedAt,
}).meta({
  id: "EddingtonStatistic",
  description: "Eddington numbers by sport",
});
