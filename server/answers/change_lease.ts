import type { Listener } from "../../db/driver/listener.ts";

/** Longest time that a committed change may stay unnoticed, in milliseconds. The promise is a second. */
const LEASE_MS = 700;
/** Age of the lease at which the next request renews it, in milliseconds. */
const RENEW_MS = 300;
/** Pause after a failure, in milliseconds. Until then nothing is current, and nobody waits. */
const PAUSE_MS = 1000;

/** The assurance that all changes of the last moments have arrived. */
export interface ChangeLease {
  /**
   * Reports whether every change has arrived that was committed 700 ms ago or earlier, and at least
   * those before the moment `since`, as `performance.now()` gives it.
   */
  isCurrent(since: number): boolean;
  /** Renews the lease. Calls at the same time share a question to the database. */
  renew(): Promise<boolean>;
  /**
   * Waits until every change has arrived that was committed before this call. Returns false if the
   * database does not answer in time.
   */
  catchUp(): Promise<boolean>;
}

/**
 * Creates the lease. A connection can be dead for a long time before anyone notices, so silence proves
 * nothing: the lease ends by itself unless it is renewed. Without requests it is not renewed.
 */
export function createChangeLease(
  listener: Pick<Listener, "catchUp">,
  { onLost }: { onLost: (cause: unknown) => void },
): ChangeLease {
  /** Everything that was committed before this moment has arrived. */
  let currentAt = -Infinity;
  let renewal: Promise<boolean> | undefined;
  let retryAt = -Infinity;

  async function catchUp(): Promise<boolean> {
    const start = performance.now();
    if (start < retryAt) return false;
    try {
      await listener.catchUp();
      currentAt = Math.max(currentAt, start);
      return true;
    } catch (cause) {
      currentAt = -Infinity;
      retryAt = performance.now() + PAUSE_MS;
      onLost(cause);
      return false;
    }
  }

  function renew(): Promise<boolean> {
    return renewal ??= catchUp().finally(() => renewal = undefined);
  }

  return {
    isCurrent(since) {
      if (currentAt < since) return false;
      const age = performance.now() - currentAt;
      if (age > RENEW_MS && age <= LEASE_MS) void renew();
      return age <= LEASE_MS;
    },
    renew,
    catchUp,
  };
}
