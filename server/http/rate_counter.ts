/** The state of a client's budget after a count. */
export interface Counted {
  isRefused: boolean;
  /** Units left, rounded down. */
  remaining: number;
  /** Seconds until the budget is full again, rounded up. */
  resetSeconds: number;
  /** Seconds until the refused units are available, rounded up. 0 if they were not refused. */
  retryAfterSeconds: number;
}

/** Counts units for each client. */
export interface RateCounter {
  /** Takes units from the client's budget. Takes nothing if they exceed what is left. */
  count(client: string, units: number): Counted;
  /** Gives units back. */
  refund(client: string, units: number): void;
  /** Number of clients in memory. */
  readonly size: number;
}

/** Most clients in memory, about 2 MB. */
const MAX_CLIENTS = 20_000;

/**
 * Creates a counter that allows each client `max` units in `windowMs`. A client may spend them all at
 * once; they come back evenly (the generic cell rate algorithm, GCRA).
 *
 * It keeps one number for each client: the time at which the budget is full again. A client whose
 * time has passed needs no entry. When `maxClients` is reached, the client that was quiet for the
 * longest time is forgotten, so that a stream of new addresses cannot fill the memory.
 */
export function createRateCounter(
  { max, windowMs, now, maxClients = MAX_CLIENTS }: {
    max: number;
    windowMs: number;
    now: () => number;
    maxClients?: number;
  },
): RateCounter {
  const unitMs = windowMs / max;
  // In the order of the last count.
  const fullAt = new Map<string, number>();

  /** Forgets clients with a full budget, and one more if the memory is full. */
  function forget(time: number): void {
    for (const [client, at] of fullAt) {
      if (at > time && fullAt.size < maxClients) return;
      fullAt.delete(client);
    }
  }

  return {
    count(client, units) {
      const time = now();
      const before = (fullAt.get(client) ?? time) - time;
      // More than a window: the clock was set back.
      const usedMs = before > 0 && before <= windowMs + unitMs ? before : 0;
      const spentMs = usedMs + units * unitMs;
      // Half a unit hides the errors of floating point.
      const isRefused = spentMs > windowMs + unitMs / 2;
      const leftMs = isRefused ? usedMs : spentMs;
      if (!fullAt.delete(client)) forget(time);
      fullAt.set(client, time + leftMs);
      return {
        isRefused,
        remaining: Math.max(
          Math.floor((windowMs - leftMs) / unitMs + 0.5),
          0,
        ),
        resetSeconds: Math.ceil(leftMs / 1000),
        retryAfterSeconds: isRefused
          ? Math.max(1, Math.ceil((spentMs - windowMs) / 1000))
          : 0,
      };
    },
    refund(client, units) {
      const at = fullAt.get(client);
      if (at !== undefined) fullAt.set(client, at - units * unitMs);
    },
    get size() {
      return fullAt.size;
    },
  };
}
