import { useSyncExternalStore } from "react";

/** A value that is kept in this browser, for one person on one device. Nothing in it is secret. */
export interface Stored<Value> {
  get(): Value;
  set(value: Value): void;
  /** Returns the value, and renders again when it changes, in another tab too. */
  use(): Value;
}

/**
 * Keeps a value in this browser. Anyone can write there, so `parse` drops what is wrong. A map is kept
 * as a list of its pairs.
 */
export function createStored<Value>(
  key: string,
  parse: (value: unknown) => Value,
): Stored<Value> {
  const listeners = new Set<() => void>();
  let current: Value | undefined;
  const get = (): Value => current ??= parse(readJson(key));
  const notify = (): void => {
    for (const listener of listeners) listener();
  };
  const subscribe = (listener: () => void): () => void => {
    const onStorage = (event: StorageEvent): void => {
      if (event.key !== key && event.key !== null) return;
      current = undefined;
      listener();
    };
    listeners.add(listener);
    addEventListener("storage", onStorage);
    return () => {
      listeners.delete(listener);
      removeEventListener("storage", onStorage);
    };
  };
  return {
    get,
    set(value) {
      current = value;
      try {
        localStorage.setItem(
          key,
          JSON.stringify(value instanceof Map ? [...value] : value),
        );
      } catch {
        // A browser that stores nothing forgets the value at the end of the visit.
      }
      notify();
    },
    use: () => useSyncExternalStore(subscribe, get),
  };
}

function readJson(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}
