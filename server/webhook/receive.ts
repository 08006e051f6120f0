import type { Sql } from "../../db/driver/client.ts";
import { type EventInput, insertEvents } from "../../db/webhook_events.ts";

/** Why an event is not stored. */
export type DropReason =
  | "bad_signature"
  | "malformed"
  | "too_large"
  | "unreadable";

/** Where events go in. */
export interface Receiver {
  /** Resolves once the event is committed, or the drop counted. */
  add(item: EventInput | DropReason): Promise<void>;
}

interface Batch {
  events: EventInput[];
  drops: Record<string, number>;
  done: PromiseWithResolvers<void>;
}

/**
 * Events that come while a statement is on its way to the database share the next one: so many at
 * once cost few statements, and a single one waits for nothing.
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
