import { LRUCache } from "lru-cache";
import type { ServedAthlete } from "../../db/served_athletes.ts";

/** The last reads of athletes from the database. Moments are those of `performance.now()`. */
export interface ReadLog {
  /** Notes the end of a request that read these athletes. */
  add(athletes: readonly ServedAthlete[]): void;
  /** Notes that a request found no athlete, which may have been hidden or deleted. */
  addNone(): void;
  /** Returns when the last read ended that may have seen something newer than what is kept. */
  last(athletes: readonly ServedAthlete[]): number;
}

/** Most athletes whose last read is remembered. */
const MAX_ATHLETES = 10_000;

/** Creates the log. It calls `onNewer` for an athlete with a newer data version than was known. */
export function createReadLog(
  { onNewer }: { onNewer: (athleteId: number) => void },
): ReadLog {
  const reads = new LRUCache<number, { version: number; at: number }>({
    max: MAX_ATHLETES,
  });
  let noneAt = -Infinity;
  return {
    add(athletes) {
      for (const { id, dataVersion } of athletes) {
        const known = reads.get(id)?.version ?? dataVersion;
        if (dataVersion > known) onNewer(id);
        const version = Math.max(dataVersion, known);
        reads.set(id, { version, at: performance.now() });
      }
    },
    addNone() {
      noneAt = performance.now();
    },
    last: (athletes) =>
      athletes.reduce(
        (last, { id }) => Math.max(last, reads.get(id)?.at ?? last),
        noneAt,
      ),
  };
}
