import * as z from "zod";
import { Amount, Instant } from "./parts.ts";

/** Numbers of requests in both windows of Strava's rate limit. */
export const RateWindows = z.object({
  short: Amount.nullable().meta({
    description: "Requests in the 15-minute window",
    example: 12,
  }),
  daily: Amount.nullable().meta({
    description: "Requests in the UTC day",
    example: 151,
  }),
}).meta({
  id: "RateWindows",
  description:
    "Requests in both windows. Null if Strava has not reported the value",
});

/** A rate limit of Strava and its usage. */
export const RateLimit = z.object({
  limit: RateWindows,
  usage: RateWindows,
  reserve: RateWindows.meta({
    description:
      "Part of the limit that is reserved for new activities. Full syncs do not use it",
  }),
}).meta({
  id: "RateLimit",
  description: "A rate limit of Strava and its usage",
});

/** When both windows start again. */
export const RateResets = z.object({
  short: Instant.meta({ description: "Start of the next 15-minute window" }),
  daily: Instant.meta({ description: "Start of the next UTC day" }),
}).meta({
  id: "RateResets",
  description:
    "When both windows start again, plus a safety margin of some seconds",
});

/** The application's rate limit at Strava. */
export const RateBudget = z.object({
  observed_at: Instant.meta({
    description: "When a request was last counted, or a response last read",
  }),
  overall: RateLimit,
  read: RateLimit,
  resets_at: RateResets,
}).meta({
  id: "RateBudget",
  description:
    "The application's rate limit at Strava. Requests are counted here and corrected with " +
    "Strava's figures",
});
