import { renewLease } from "../../db/sync_state.ts";

/** Thrown when a run has lost its lease: it was considered dead, or the athlete reconnected or is gone. */
export class LeaseLostError extends Error {
  override name = "LeaseLostError";

  constructor() {
    super("This run has lost its lease");
  }
}

/**
 * Renews the lease.
 *
 * @throws {LeaseLostError} If another run holds it. The surrounding transaction is rolled back.
 */
export async function holdLease(
  ...args: Parameters<typeof renewLease>
): Promise<void> {
  if (!await renewLease(...args)) throw new LeaseLostError();
}
