import * as z from "zod";

/** An instant: RFC 3339 in UTC as JSON, a `Date` over tRPC. */
export const Instant = z.date().meta({
  format: "date-time",
  example: "2025-12-06T09:00:04Z",
});

/** A whole number. */
export const Amount = z.number().int();

/** A distance or an elevation in metres. */
export const Metres = z.number().meta({ description: "Metres" });

/** A duration in seconds. */
export const Seconds = z.number().int().meta({ description: "Seconds" });

/** A local calendar year. */
export const Year = z.number().int().min(1900).max(2200);
