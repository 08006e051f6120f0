import { createHash } from "node:crypto";
import { FIRST_OWN_ID } from "../../db/athletes.ts";

/**
 * Returns the id of an activity that came by file. It depends on the file's content alone, so it is the
 * same on every instance, and it is below 2^53, where JSON numbers are exact.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const id = toActivityId({ contentHash: "ab".repeat(32), place: 0 });
 * assert.ok(id >= 2 ** 52 && Number.isSafeInteger(id));
 * ```
 */
export function toActivityId(
  { contentHash, place, attempt = 0 }: {
    contentHash: string;
    place: number;
    /** Greater than 0 for another id, if the first ones are taken by activities with other recordings. */
    attempt?: number;
  },
): number {
  const suffix = attempt === 0 ? "" : ` ${attempt}`;
  const digest = createHash("sha256")
    .update(`${contentHash} ${place}${suffix}`).digest();
  return toOwnId(digest);
}

/** Returns a random id for an athlete without Strava. */
export function createAthleteId(): number {
  return toOwnId(crypto.getRandomValues(new Uint8Array(8)));
}

/** Returns an id of 52 bits that the first bytes decide. */
function toOwnId(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return FIRST_OWN_ID + Number(view.getBigUint64(0) >> 12n);
}
