/** Lets work through, a few pieces at a time. */
export interface Gate {
  /** Runs the work when it is the client's turn. Returns `undefined` if too many wait. */
  run<T>(client: string, work: () => Promise<T>): Promise<T> | undefined;
}

/**
 * Creates a gate that runs `maxRunning` pieces of work at once and lets at most `maxWaiting` wait for
 * each client. Waiting clients take turns: a client with a hundred pieces delays another client by
 * one piece, not by a hundred.
 */
export function createGate(
  { maxRunning, maxWaiting }: { maxRunning: number; maxWaiting: number },
): Gate {
  /** The waiting pieces of each client. The client whose turn is next comes first. */
  const waiting = new Map<string, (() => void)[]>();
  let running = 0;

  function startNext(): void {
    const [first] = waiting;
    if (!first) {
      running--;
      return;
    }
    const [client, queue] = first;
    waiting.delete(client);
    const start = queue.shift();
    if (queue.length > 0) waiting.set(client, queue);
    start?.();
  }

  async function runNow<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      startNext();
    }
  }

  return {
    run(client, work) {
      if (running < maxRunning) {
        running++;
        return runNow(work);
      }
      const queue = waiting.get(client) ?? [];
      if (queue.length >= maxWaiting) return undefined;
      const turn = Promise.withResolvers<void>();
      queue.push(turn.resolve);
      waiting.set(client, queue);
      return turn.promise.then(() => runNow(work));
    },
  };
}
