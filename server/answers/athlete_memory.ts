import { LRUCache } from "lru-cache";
import type { ServedAthlete } from "../../db/served_athletes.ts";
import type { Context } from "../context.ts";

/** Athletes that requests read again and again, while nothing has changed. */
export interface AthleteMemory {
  recall: Context["recallAthlete"];
  removeAthlete(id: number): void;
  clear(): void;
}

/** Most athletes in memory, about 5 MB. */
const MAX_ATHLETES = 10_000;

/**
 * Creates the memory. `isCurrent` reports whether every change of the last moments has arrived,
 * and `countChanges` numbers them: an athlete that changed while it was loaded is not kept.
 */
export function createAthleteMemory(
  { isCurrent, countChanges, now }: {
    isCurrent: () => boolean;
    countChanges: () => number;
    now: () => number;
  },
): AthleteMemory {
  const athletes = new LRUCache<string, ServedAthlete>({ max: MAX_ATHLETES });
  return {
    async recall(key, load) {
      if (!isCurrent()) return await load();
      const known = athletes.get(key);
      const next = known?.nextStartAt?.getTime() ?? Infinity;
      if (known && now() < next) return known;
      const changes = countChanges();
      const athlete = await load();
      if (athlete && changes === countChanges()) athletes.set(key, athlete);
      return athlete;
    },
    removeAthlete(id) {
      for (const [key, athlete] of athletes.entries()) {
        if (athlete.id === id) athletes.delete(key);
      }
    },
    clear: () => athletes.clear(),
  };
}
