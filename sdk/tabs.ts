import { sleep } from "./retry.ts";

/** The state that the tabs of a page share, if the platform has tabs. */
export interface Tabs {
  /** Runs the work while no other tab runs work of the same name. */
  runExclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Tells the other tabs that the session's cookies are new. */
  setRefreshed(): void;
  /** Reports whether a tab refreshed the cookies since that time, in milliseconds since 1970. */
  isRefreshedSince(time: number): boolean;
  /** Tells the other tabs that the session has ended. */
  setLoggedOut(): void;
}

/** The part of the platform's locks that is used here. The types of some platforms lack it. */
interface Locks {
  request<T>(
    name: string,
    options: { ifAvailable?: boolean },
    work: (lock: object | null) => T | Promise<T>,
  ): Promise<T>;
}

/**
 * Milliseconds until other tabs surely see what a tab wrote to the storage. Their processes learn
 * of it asynchronously.
 */
const STORAGE_DELAY_MS = 50;

/**
 * Creates the shared state on the platform's locks and storage, which pages have. Elsewhere, as on
 * a server with many sessions, clients share nothing.
 */
export function createTabs(
  name: string,
  { onLoggedOut }: { onLoggedOut: () => void },
): Tabs {
  const isPage = "document" in globalThis;
  if (isPage) {
    globalThis.addEventListener?.("storage", (event) => {
      const { key, newValue } = event as Event & {
        key?: unknown;
        newValue?: unknown;
      };
      if (key === name && Number(newValue) < 0) onLoggedOut();
    });
  }
  return {
    async runExclusively(work) {
      const locks = isPage && (navigator as { locks?: Locks }).locks;
      if (!locks) return await work();
      const options = { ifAvailable: true };
      const first = await locks.request(
        name,
        options,
        async (lock) => lock && { done: await work() },
      );
      if (first) return first.done;
      return await locks.request(name, {}, async () => {
        await sleep(STORAGE_DELAY_MS, undefined);
        return await work();
      });
    },
    setRefreshed: () => isPage && write(name, Date.now()),
    isRefreshedSince(time) {
      const at = isPage ? read(name) : 0;
      // A note from the future does not count: the clock was set back since.
      return at > time && at <= Date.now();
    },
    setLoggedOut: () => isPage && write(name, -Date.now()),
  };
}

/**
 * Reads the note. A page without storage, as in a sandbox, works without it: the server tolerates
 * a second refresh.
 */
function read(name: string): number {
  try {
    return Number(localStorage.getItem(name));
  } catch {
    return 0;
  }
}

function write(name: string, value: number): void {
  try {
    localStorage.setItem(name, String(value));
  } catch {
    // The same as for reading.
  }
}
