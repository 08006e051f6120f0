import type { Sql } from "../../db/driver/client.ts";
import { type EventInput, insertEvents } from "../../db/webhook_events.ts";

/** Reason why an event is not stored. */
export type DropReason =
  | "bad_signature"
  | "malformed"
  | "too_large"
  | "unreadable";

/** Stores received events. */
export interface Receiver {
  /** Resolves when the event is committed, or when a dropped one is counted. */
  add(item: EventInput | DropReason): Promise<void>;
}

interface Batch {
  events: EventInput[];
  drops: Record<string, number>;
  done: PromiseWithResolvers<void>;
}

/**
 * Returns a receiver. Events that arrive while a statement runs share the next statement. So a burst
 * costs few statements, and a single event is stored at once.
 */
export function createReceiver(
  { sql, now }: { sql: Sql; now: () => number },
  { onStored }: { onStored: () => void },
): Receiver {
  let next = createBatch();
  let isFlushing = false;

  async function flush(): Promise<void> {
    isFlushing = true;
    while (!isEmpty(next)) {
      const { events, drops, done } = next;
      next = createBatch();
      try {
        const at = new Date(now());
        if (await insertEvents(sql, { events, drops, now: at }) > 0) onStored();
        done.resolve();
      } catch (error) {
        done.reject(error);
      }
    }
    isFlushing = false;
  }

  return {
    add(item) {
      const { events, drops, done } = next;
      if (typeof item === "string") drops[item] = (drops[item] ?? 0) + 1;
      else events.push(item);
      if (!isFlushing) void flush();
      return done.promise;
    },
  };
}

function createBatch(): Batch {
  return { events: [], drops: {}, done: Promise.withResolvers() };
}

function isEmpty({ events, drops }: Batch): boolean {
  return events.length === 0 && Object.keys(drops).length === 0;
}
