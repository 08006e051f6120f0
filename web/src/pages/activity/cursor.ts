/** The point under the cursor of the charts, which the map shows too. */
export interface Cursor {
  /** Reports the point, or null if the cursor is on no chart. */
  move(index: number | null): void;
  /** Calls a function with each further point. Returns a function that ends this. */
  follow(listener: (index: number | null) => void): () => void;
}

/** Creates a cursor. It moves without drawing the page again. */
export function createCursor(): Cursor {
  const listeners = new Set<(index: number | null) => void>();
  let current: number | null = null;
  return {
    move(index) {
      if (index === current) return;
      current = index;
      for (const listener of listeners) listener(index);
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
