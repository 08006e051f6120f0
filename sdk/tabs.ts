import { pause } from "./patience.ts";

/** What several tabs of one page know together, where there are tabs. */
export interface Tabs {
  /** Does the work while no other tab does work of that name. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Tells the other tabs that the session's cookies are new. */
  setRefreshed(): void;
  /** Whether a tab has told so since that time, in milliseconds since 1970. */
  isRefreshedSince(time: number): boolean;
  /** Tells the other tabs that the session was ended. */
  setLoggedOut(): void;
}

/** What is used of the platform's locks; the types of some platforms lack them. */
interface Locks {
  request<T>(
    name: string,
    options: { ifAvailable?: boolean },
    work: (lock: object | null) => T | Promise<T>,
  ): Promise<T>;
}

/** Within it what a tab has written is there for the others, whose processes hear of it by the way. */
const STORAGE_DELAY_MS = 50;

/**
 * Stands in for the platform's locks and storage, which pages have: elsewhere, as on a server with
 * many sessions, clients have nothing in common.
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
    async alone(work) {
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
        await pause(STORAGE_DELAY_MS, undefined);
        return await work();
      });
    },
    setRefreshed: () => isPage && write(name, Date.now()),
    isRefreshedSince(time) {
      const at = isPage ? read(name) : 0;
      // After a clock was set back no note of its future counts.
      return at > time && at <= Date.now();
    },
    setLoggedOut: () => isPage && write(name, -Date.now()),
  };
}

/** A page without storage, as in a sandbox, does without the note: the server forgives a second refresh. */
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
    // As above.
  }
}
