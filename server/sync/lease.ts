import { renewLease } from "../../db/sync_state.ts";

/** The run was taken for dead, the athlete has connected anew, or was deleted: it ends here. */
export class LeaseLost extends Error {
  override name = "LeaseLost";

  constructor() {
    super("The lease of this run has passed on");
  }
}

/**
 * Prolongs the lease.
 *
 * @throws {LeaseLost} Where another has it: what shares the transaction is rolled back.
 */
export async function holdLease(
  ...args: Parameters<typeof renewLease>
): Promise<void> {
  if (!await renewLease(...args)) throw new LeaseLost();
}
