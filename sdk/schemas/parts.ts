import * as z from "zod";

/** A moment in time: RFC 3339 in UTC as JSON, a `Date` over tRPC. */
export const Instant = z.date().meta({
  format: "date-time",
  example: "2025-12-06T09:00:04Z",
});

/** A whole number. */
export const Amount = z.number().int();

/** Metres. */
export const Metres = z.number().meta({ description: "Metres" });

/** Seconds. */
export const Seconds = z.number().int().meta({ description: "Seconds" });

/** A calendar year, as the athlete's wall clock has it. */
export const Year = z.number().int().min(1900).max(2200);
