import { join } from "node:path";

/** Files that are looked into: activity files, and archives of them. */
const WANTED = /\.(fit|gpx|tcx)(\.gz)?$|\.(zip|tar|tgz|tar\.gz)$/i;

/** A state of a file: another size or time means another content. */
interface Seen {
  state: string;
  /** When this state was first seen, in milliseconds. */
  since: number;
  isDone: boolean;
}

/** The files below a folder that are complete, and were not imported yet. */
export interface SettledFiles {
  /**
   * Looks through the folder. Returns the paths of files that did not change for the settling time, in
   * the order of their names, and whether others are still changing. Throws if the folder cannot be read.
   */
  scan(now: number): Promise<{ settled: string[]; isChanging: boolean }>;
  /** Notes that a file was imported. It comes again only after a change. */
  setDone(path: string): void;
}

/**
 * Creates the view of a folder. Programs such as Syncthing write a file piece by piece, so one is only
 * read after its size and time have stayed the same for `settleMs`.
 */
export function watchSettledFiles(
  folder: string,
  { settleMs }: { settleMs: number },
): SettledFiles {
  let known = new Map<string, Seen>();
  return {
    async scan(now) {
      const before = known;
      const found = new Map<string, Seen>();
      for (const path of await listFiles(folder)) {
        const state = await readState(path);
        if (state === undefined) continue;
        const last = before.get(path);
        found.set(
          path,
          last?.state === state ? last : { state, since: now, isDone: false },
        );
      }
      // Only what still exists is kept, so that memory does not grow.
      known = found;
      const waiting = [...found].filter(([, { isDone }]) => !isDone);
      const settled = waiting.filter(([, { since }]) =>
        now - since >= settleMs
      );
      return {
        settled: settled.map(([path]) => path).sort(),
        isChanging: settled.length < waiting.length,
      };
    },
    setDone(path) {
      const seen = known.get(path);
      if (seen) seen.isDone = true;
    },
  };
}

/** Returns the size and time of a file as one text; `undefined` if it is gone. */
async function readState(path: string): Promise<string | undefined> {
  try {
    const { size, mtime } = await Deno.stat(path);
    return `${size} ${mtime?.getTime()}`;
  } catch {
    return undefined;
  }
}

/** Lists the wanted files below a folder. Hidden files and folders, and links, are left out. */
async function listFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    // Such as .stfolder and .syncthing.ride.fit.tmp of Syncthing.
    if (name.startsWith(".")) continue;
    const path = join(folder, name);
    if (isFile && WANTED.test(name)) found.push(path);
    // A folder that vanishes while it is read is looked into with the next scan.
    else if (isDirectory) found.push(...await listFiles(path).catch(() => []));
  }
  return found;
}
