import type { Sql } from "../../db/driver/client.ts";
import { PostgresError } from "../../db/driver/client.ts";
import {
  deleteEntry,
  listWaiting,
  refuseEntry,
  takeEntry,
  type WaitingEntry,
} from "../../db/imports/import_entries.ts";
import {
  claimImport,
  type ImportClaim,
  releaseImport,
  renewImportLease,
} from "../../db/imports/import_claims.ts";
import {
  countResult,
  endAbandonedUploads,
  listAthletesWithImports,
} from "../../db/imports/import_jobs.ts";
import { type Deps, forEachAthlete } from "../context.ts";
import { storeFile, type StoreResult } from "../imports/store_file.ts";
import { toListedFigures } from "../imports/figures.ts";
import type { ReadFile } from "../imports/read_file.ts";
import { toRow } from "../imports/worker/parse_entry.ts";
import { CUT_REASONS } from "./upload_reader.ts";
import {
  createWorkerPool,
  EntryUnreadable,
  type WorkerPool,
} from "./worker_pool.ts";

/** Files that are read before another athlete has its turn. */
const SLICE_FILES = 25;
/** Attempts to read a file. Fewer than all can fail because of a restart. */
const MAX_ATTEMPTS = 5;

/** Another process reads the import. */
class ImportLeaseLost extends Error {
  override readonly name = "ImportLeaseLost";
}

/** The pool of each program. */
const pools = new WeakMap<Deps["background"], WorkerPool>();

function openPool({ background }: Deps): WorkerPool {
  const pool = pools.get(background) ?? createWorkerPool(background);
  pools.set(background, pool);
  return pool;
}

/** Ends the athlete's upload if no process receives it any more. */
export async function endAbandoned(
  { sql, now }: Pick<Deps, "sql" | "now">,
  athleteId: number,
): Promise<void> {
  await endAbandonedUploads(sql, {
    athleteId,
    problem: CUT_REASONS.gone,
    now: new Date(now()),
  });
}

/** Reads all waiting files. Athletes take turns. */
export async function processImports(deps: Deps): Promise<void> {
  const athletes = await listAthletesWithImports(deps.sql);
  const left = new Set(athletes);
  while (left.size > 0 && !deps.background.signal.aborted) {
    const turn = [...left];
    left.clear();
    await forEachAthlete(deps, turn, {
      task: "import files",
      work: async (athleteId) => {
        await endAbandoned(deps, athleteId);
        if (await processSlice(deps, athleteId)) left.add(athleteId);
      },
    });
  }
}

/** Reads some files of an athlete's oldest import. Returns whether there was one. */
async function processSlice(deps: Deps, athleteId: number): Promise<boolean> {
  const { sql, now } = deps;
  const claim = await claimImport(sql, { athleteId, now: new Date(now()) });
  if (!claim) return false;
  try {
    await readSlice(deps, claim);
  } catch (error) {
    if (!(error instanceof ImportLeaseLost)) throw error;
    return false;
  } finally {
    await releaseImport(sql, { ...claim, now: new Date(now()) });
  }
  return true;
}

/** Parses files in the pool, a few ahead, and stores them in their order. */
async function readSlice(deps: Deps, claim: ImportClaim): Promise<void> {
  const { sql, background: { signal } } = deps;
  const { athleteId, id: importId } = claim;
  const pool = openPool(deps);
  const options = { athleteId, importId, limit: SLICE_FILES };
  const waiting = await listWaiting(sql, options);
  const ahead: Promise<Taken | undefined>[] = [];
  let isRetry = false;

  /** Reports whether the next file may be parsed before the ones before it are stored. */
  function hasRoom(): boolean {
    const [next] = waiting;
    if (!next || ahead.length > pool.size) return false;
    // A file that was tried before may end the process. Others must not count as tried with it.
    return ahead.length === 0 || (next.attempts === 0 && !isRetry);
  }

  do {
    while (hasRoom()) {
      const { place, attempts } = waiting.shift()!;
      isRetry = attempts > 0;
      const taken = take(deps, { claim, pool, place });
      // Awaited in its turn.
      taken.catch(() => {});
      ahead.push(taken);
    }
    const taken = await ahead.shift();
    if (taken && !signal.aborted) await settle(deps, { claim, taken });
  } while ((ahead.length > 0 || waiting.length > 0) && !signal.aborted);
}

/** A file that was taken, and the file that was read or the reason against it. */
interface Taken {
  place: number;
  outcome: ReadFile | { reason: string };
}

async function take(
  { sql, config, now }: Deps,
  { claim, pool, place }: {
    claim: ImportClaim;
    pool: WorkerPool;
    place: number;
  },
): Promise<Taken | undefined> {
  const { athleteId, id: importId, timeZone, visibility } = claim;
  const entry = await takeEntry(sql, { athleteId, importId, place });
  if (!entry) return undefined;
  if (entry.attempts > MAX_ATTEMPTS) {
    const reason =
      `The file could not be read in ${MAX_ATTEMPTS} attempts: the server ended each time`;
    return { place, outcome: { reason } };
  }
  if (entry.contentHash !== null && entry.content === null) {
    return { place, outcome: toKnownFile(entry) };
  }
  try {
    const { contentHash, listed, parsed } = await pool.parse({
      name: entry.name,
      content: entry.content,
      exportRow: entry.exportRow,
      options: {
        timeZone,
        visibility,
        keepOriginals: config.keepOriginals,
        now: new Date(now()),
      },
    });
    const parse = (): Promise<typeof parsed> => Promise.resolve(parsed);
    return {
      place,
      outcome: { name: entry.name, contentHash, listed, parse },
    };
  } catch (error) {
    if (!(error instanceof EntryUnreadable)) throw error;
    return { place, outcome: { reason: error.message } };
  }
}

/** Returns a file that is stored already, and whose row of the bulk export has changed. */
function toKnownFile(
  { name, contentHash, exportRow }: WaitingEntry,
): ReadFile {
  const row = toRow(exportRow);
  return {
    name,
    contentHash: contentHash!,
    listed: row ? toListedFigures(row) : null,
    parse: () => Promise.reject(new EntryUnreadable(DELETED)),
  };
}

const DELETED = "The file was deleted during the import: send it again";

/** Stores a file, with its result, in one transaction. */
async function settle(
  { sql, now, log }: Deps,
  { claim, taken: { place, outcome } }: { claim: ImportClaim; taken: Taken },
): Promise<void> {
  const { athleteId, id, lease } = claim;
  const entry = { athleteId, importId: id, place };

  async function finish(tx: Sql, result: StoreResult): Promise<void> {
    await renew(tx);
    if (!await deleteEntry(tx, entry)) throw new ImportLeaseLost();
    await countResult(tx, { athleteId, id, result });
  }

  async function renew(tx: Sql): Promise<void> {
    const options = { athleteId, id, lease, now: new Date(now()) };
    if (!await renewImportLease(tx, options)) throw new ImportLeaseLost();
  }

  async function refuse(reason: string): Promise<void> {
    await sql.begin(async (tx) => {
      await renew(tx);
      if (!await refuseEntry(tx, { ...entry, reason })) {
        throw new ImportLeaseLost();
      }
      await countResult(tx, { athleteId, id, result: "refused" });
    });
    log.debug("Refused a file of import {id}: {reason}", { id, reason });
  }

  if ("reason" in outcome) return await refuse(outcome.reason);
  try {
    await storeFile(sql, {
      athleteId,
      file: outcome,
      settle: finish,
      now: new Date(now()),
    });
  } catch (error) {
    const reason = toReason(error);
    if (reason === undefined) throw error;
    await refuse(reason);
  }
}

/** Returns why a file is refused; `undefined` for a failure that is not the file's. */
function toReason(error: unknown): string | undefined {
  if (error instanceof EntryUnreadable) return error.message;
  // The classes of values that do not fit, and of violated constraints.
  return error instanceof PostgresError && /^2[23]/.test(error.code)
    ? `The database does not accept its values: ${error.message}`
    : undefined;
}
