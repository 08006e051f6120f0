import { deleteOldImports } from "../../db/imports/import_jobs.ts";
import type { Deps } from "../context.ts";
import { processImports } from "./process_imports.ts";

/** Time that an import is listed after its end. The imported data stays. */
export const KEEP_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Reads the files that a crash left behind, and deletes old imports. */
export async function maintainImports(deps: Deps): Promise<void> {
  const before = new Date(deps.now() - KEEP_DAYS * DAY_MS);
  await deleteOldImports(deps.sql, { before });
  await processImports(deps);
}
