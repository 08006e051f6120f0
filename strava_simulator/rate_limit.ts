import { rateLimited, type StravaFault } from "./responses.ts";
import type { Usage } from "./types.ts";

/** The app's two pairs of limits and their usage. With the defaults the read limits bind first. */
export interface RateLimit {
  limits: Usage;
  /** Counts one read. Returns the fault to respond with if a limit was already used up. */
  count(): StravaFault | null;
  /** Uses up `requests` reads, as other athletes of the same app would. */
  spend(requests: number): void;
  usage(): Usage;
  /** The four headers, in the case Strava writes them. */
  headers(usage?: Usage): [string, string][];
}

const QUARTER_HOUR = 15 * 60 * 1000;
const DAY = 24 * 60 * 60 * 1000;

/** Fixed windows, not sliding: quarter hours at :00, :15, :30 and :45, days at 00:00 UTC. */
export function createRateLimit(
  options: { now: () => number; limits: Partial<Usage> },
): RateLimit {
  const limits = {
    short: 200,
    daily: 2000,
    readShort: 100,
    readDaily: 1000,
    ...options.limits,
  };
  const used: Usage = { short: 0, daily: 0, readShort: 0, readDaily: 0 };
  let quarter = 0;
  let day = 0;

  function turn(): void {
    const now = options.now();
    if (Math.floor(now / QUARTER_HOUR) !== quarter) {
      quarter = Math.floor(now / QUARTER_HOUR);
      used.short = used.readShort = 0;
    }
    if (Math.floor(now / DAY) !== day) {
      day = Math.floor(now / DAY);
      used.daily = used.readDaily = 0;
    }
  }

  function spend(requests: number): void {
    turn();
    used.short += requests;
    used.daily += requests;
    used.readShort += requests;
    used.readDaily += requests;
  }

  function exceeded(): StravaFault | null {
    if (
      used.readShort >= limits.readShort || used.readDaily >= limits.readDaily
    ) {
      return rateLimited("read rate limit");
    }
    if (used.short >= limits.short || used.daily >= limits.daily) {
      return rateLimited("overall rate limit");
    }
    return null;
  }

  function count(): StravaFault | null {
    turn();
    const fault = exceeded();
    spend(1); // a refused request counts too, so a client that hammers loses its day
    return fault;
  }

  function usage(): Usage {
    turn();
    return { ...used };
  }

  return {
    limits,
    count,
    spend,
    usage,
    headers: (now = usage()) => toHeaders(limits, now),
  };
}

function toHeaders(limits: Usage, used: Usage): [string, string][] {
  return [
    ["X-Ratelimit-Limit", `${limits.short},${limits.daily}`],
    ["X-Ratelimit-Usage", `${used.short},${used.daily}`],
    ["X-Readratelimit-Limit", `${limits.readShort},${limits.readDaily}`],
    ["X-Readratelimit-Usage", `${used.readShort},${used.readDaily}`],
  ];
}
