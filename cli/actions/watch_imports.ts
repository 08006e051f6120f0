import { relative, resolve } from "node:path";
import { connect, type Pool } from "../../db/driver/client.ts";
import { isDatabaseUnavailable } from "../../db/driver/errors.ts";
import { prepareDatabase } from "../../db/prepare.ts";
import type { Config } from "../../server/config.ts";
import type { Deps } from "../../server/context.ts";
import { importEntries } from "../../server/imports/import_entries.ts";
import { inspect } from "../../server/imports/inspect.ts";
import type { ReadOptions } from "../../server/imports/read_file.ts";
import { AthleteGoneError } from "../../server/imports/store_file.ts";
import { createImportProgress, toSummary } from "../import/progress.ts";
import {
  type SettledFiles,
  watchSettledFiles,
} from "../import/settled_files.ts";
import { openSources, PathError } from "../import/sources.ts";
import { chooseAthlete } from "./choose_athlete.ts";
import type { ImportCommand } from "./import.ts";

/** Time that a file must stay unchanged before it is read, in milliseconds. */
const SETTLE_MS = 5000;
/** Time between two looks at the folders. Network file systems do not report changes. */
const POLL_MS = 15_000;
/** Pause while the database or a folder is away. */
const RETRY_MS = 10_000;

/** Options of a watch, and its timing for tests. */
export interface WatchCommand extends Omit<ImportCommand, "isDryRun"> {
  log: Deps["log"];
  /** Ends the watch after the file in progress. */
  signal: AbortSignal;
  settleMs?: number;
  pollMs?: number;
  retryMs?: number;
}

/** A watched folder. */
interface Folder {
  path: string;
  files: SettledFiles;
  /** False after an attempt in which it could not be read. */
  isReadable: boolean;
}

/**
 * Imports the files of folders as they appear, until the signal. A file that cannot be read, a folder
 * that is away, and a database that does not answer are logged, and the watch goes on. Returns the exit
 * code.
 */
export async function watchImports(
  config: Config,
  { paths, base, athleteId, log, signal, ...options }: WatchCommand,
): Promise<number> {
  const { settleMs = SETTLE_MS, pollMs = POLL_MS, retryMs = RETRY_MS } =
    options;
  const folders = paths.map((path): Folder => {
    const resolved = resolve(base, path);
    const files = watchSettledFiles(resolved, { settleMs });
    return { path: resolved, files, isReadable: true };
  });
  const choices: Omit<ReadOptions, "now"> = {
    timeZone: options.timeZone ?? Temporal.Now.timeZoneId(),
    visibility: options.visibility ?? "only_me",
    keepOriginals: config.keepOriginals,
  };
  const sql = connect(config.databaseUrl, { max: 1 });
  const alarm = createAlarm(signal);
  try {
    const athlete = await retryOutages({ log, signal, retryMs }, async () => {
      await prepareDatabase(sql, config);
      return await chooseAthlete(sql, { athleteId });
    });
    if (!athlete) return 0;
    if ("problem" in athlete) {
      log.error("{problem}", { problem: athlete.problem });
      return 1;
    }
    log.info("Watching {folders} for athlete {athleteId}", {
      folders: folders.map(({ path }) => path).join(", "),
      athleteId: athlete.id,
    });
    for (const { path } of folders) alarm.watch(path);
    while (!signal.aborted) {
      let isChanging = false;
      for (const folder of folders) {
        const found = await scan(folder, { log });
        isChanging ||= found.isChanging;
        for (const path of found.settled) {
          if (signal.aborted) break;
          await retryOutages({ log, signal, retryMs }, () =>
            importOne(sql, {
              path,
              folder,
              log,
              athleteId: athlete.id,
              choices,
            }));
        }
      }
      await alarm.wait(isChanging ? Math.min(settleMs, pollMs) : pollMs);
    }
    log.info("The watch has ended");
    return 0;
  } catch (error) {
    if (!(error instanceof AthleteGoneError)) throw error;
    log.error("{problem}", { problem: error.message });
    return 1;
  } finally {
    alarm.close();
    await sql.end({ timeout: 5 });
  }
}

/** Looks through a folder. One that is away counts as empty, and is reported once. */
async function scan(
  folder: Folder,
  { log }: Pick<WatchCommand, "log">,
): ReturnType<SettledFiles["scan"]> {
  try {
    const found = await folder.files.scan(performance.now());
    if (!folder.isReadable) log.info("{path} is back", { path: folder.path });
    folder.isReadable = true;
    return found;
  } catch (cause) {
    if (folder.isReadable) {
      log.warning("Cannot read {path}: waiting for it", {
        path: folder.path,
        cause,
      });
    }
    folder.isReadable = false;
    return { settled: [], isChanging: false };
  }
}

/** Imports a file, an archive or a bulk export, and logs the result unless all of it was known. */
async function importOne(
  sql: Pool,
  { path, folder, athleteId, choices, log }: {
    path: string;
    folder: Folder;
    athleteId: number;
    choices: Omit<ReadOptions, "now">;
    log: WatchCommand["log"];
  },
): Promise<void> {
  const name = relative(folder.path, path);
  const silent = { say: () => {}, print: () => {}, showsProgress: false };
  const progress = createImportProgress(silent, { total: 0, now: Date.now });
  try {
    for (const source of await openSources([path], { base: "/" })) {
      await importEntries(sql, {
        source: { ...source, name },
        inspection: await inspect(source),
        ...choices,
        athleteId,
        isDryRun: false,
        now: Date.now,
        onOutcome(outcome) {
          progress.report(outcome);
          if (outcome.result !== "refused") return;
          const { reason } = outcome;
          const file = source.isFile ? name : `${name}: ${outcome.name}`;
          log.warning("Refused {file}: {reason}", { file, reason });
        },
      });
    }
  } catch (error) {
    if (error instanceof AthleteGoneError || isDatabaseUnavailable(error)) {
      throw error;
    }
    // A file that has vanished, or a fault in one: the next one does not depend on it.
    const level = error instanceof PathError ? "info" : "error";
    log[level]("Cannot import {name}", { name, cause: error });
  }
  folder.files.setDone(path);
  const { counts } = progress;
  const isNews = counts.imported + counts.merged + counts.updated > 0;
  log[isNews ? "info" : "debug"]("{name}: {result}", {
    name,
    result: toSummary(counts),
  });
}

/** Runs `work` until the database answers. Returns `undefined` if the signal comes first. */
async function retryOutages<T>(
  { log, signal, retryMs }: Required<
    Pick<WatchCommand, "log" | "signal" | "retryMs">
  >,
  work: () => Promise<T>,
): Promise<T | undefined> {
  let isDown = false;
  while (!signal.aborted) {
    try {
      const result = await work();
      if (isDown) log.info("The database answers again");
      return result;
    } catch (cause) {
      if (!isDatabaseUnavailable(cause)) throw cause;
      if (!isDown) {
        log.error("The database does not answer: waiting for it", { cause });
      }
      isDown = true;
      await pause(retryMs, signal);
    }
  }
  return undefined;
}

/** Waits until time has passed, or files have changed. */
interface Alarm {
  /** Reports changes below a folder, where the system does. */
  watch(path: string): void;
  wait(milliseconds: number): Promise<void>;
  close(): void;
}

function createAlarm(signal: AbortSignal): Alarm {
  const watchers: Deno.FsWatcher[] = [];
  let changed = new AbortController();
  async function follow(watcher: Deno.FsWatcher): Promise<void> {
    for await (const { kind } of watcher) {
      // Our own reading is an access.
      if (kind !== "access") changed.abort();
    }
  }
  return {
    watch(path) {
      try {
        const watcher = Deno.watchFs(path);
        watchers.push(watcher);
        follow(watcher).catch(() => {});
      } catch {
        // The folder is not there yet, or its file system reports nothing: looking regularly suffices.
      }
    },
    async wait(milliseconds) {
      await pause(milliseconds, AbortSignal.any([signal, changed.signal]));
      changed = new AbortController();
    },
    close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** Waits, at most until the signal. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const done = Promise.withResolvers<void>();
  const timer = setTimeout(done.resolve, milliseconds);
  signal.addEventListener("abort", () => done.resolve(), { once: true });
  await done.promise;
  clearTimeout(timer);
}
