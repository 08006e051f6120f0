import type { RateBudget } from "@paceline/sdk/schemas";
import type * as z from "zod";
import { Instant } from "../../db/driver/client.ts";
import type { RateLimitStatus } from "./rate_limit.ts";
import { computeReserve } from "./rate_windows.ts";

type Windows = Record<"short" | "daily", number | null>;

/** Returns the wire form of the rate limit's status. */
export function toRateLimit(
  status: RateLimitStatus | undefined,
): z.input<typeof RateBudget> | null {
  if (!status) return null;
  const { limit, resetsAt } = status;
  return {
    observed_at: limit.observedAt,
    overall: toLimit(
      { short: limit.shortLimit, daily: limit.dailyLimit },
      { short: limit.shortUsage, daily: limit.dailyUsage },
    ),
    read: toLimit(
      { short: limit.readShortLimit, daily: limit.readDailyLimit },
      { short: limit.readShortUsage, daily: limit.readDailyUsage },
    ),
    resets_at: {
      short: new Instant(resetsAt.short),
      daily: new Instant(resetsAt.daily),
    },
  };
}

function toLimit(
  limit: Windows,
  usage: Windows,
): z.input<typeof RateBudget>["overall"] {
  const toReserve = (allowed: number | null): number | null =>
    allowed === null ? null : computeReserve(allowed);
  const reserve = {
    short: toReserve(limit.short),
    daily: toReserve(limit.daily),
  };
  return { limit, usage, reserve };
}
