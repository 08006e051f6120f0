import type { ImportOutcome } from "../../server/imports/import_entries.ts";
import type { Inspection } from "../../server/imports/inspect.ts";
import type { Terminal } from "../terminal.ts";

/** Pause between two lines of progress, in milliseconds. */
const EVERY_MS = 3000;

/** The words for the results, in the order of the summary. */
const RESULTS = [
  "imported",
  "merged",
  "updated",
  "unchanged",
  "refused",
] as const;

/** The numbers of files by result. */
export type ImportCounts = Record<typeof RESULTS[number], number>;

/** The progress of an import. */
export interface ImportProgress {
  counts: ImportCounts;
  /** Counts a file. On a terminal it says from time to time how far the import is. */
  report: (outcome: ImportOutcome) => void;
}

/** Creates the progress of an import of `total` files. */
export function createImportProgress(
  { say, print, showsProgress }: Pick<
    Terminal,
    "say" | "print" | "showsProgress"
  >,
  { total, now }: { total: number; now: () => number },
): ImportProgress {
  const counts: ImportCounts = {
    imported: 0,
    merged: 0,
    updated: 0,
    unchanged: 0,
    refused: 0,
  };
  const startedAt = now();
  let saidAt = startedAt;
  return {
    counts,
    report(outcome) {
      counts[outcome.result]++;
      if (outcome.result === "refused") {
        print(`Refused ${outcome.name}: ${outcome.reason}`);
      }
      if (!showsProgress || now() - saidAt < EVERY_MS) return;
      saidAt = now();
      const done = Object.values(counts).reduce((sum, each) => sum + each);
      say(
        toProgressLine({ done, total, seconds: (saidAt - startedAt) / 1000 }),
      );
    },
  };
}

/**
 * Returns how far an import is.
 */
export function toProgressLine(
  { done, total, seconds }: { done: number; total: number; seconds: number },
): string {
  if (done === 0) return `0 of ${total} files`;
  const rate = done / seconds;
  const left = Math.max(total - done, 0) / rate;
  const time = left < 120
    ? `${Math.ceil(left)} s`
    : `${Math.ceil(left / 60)} min`;
  return `${done} of ${Math.max(total, done)} files, ${
    rate < 10 ? rate.toFixed(1) : Math.round(rate)
  } a second, ${time} left`;
}

/**
 * Returns the counts for a sentence. "updated" and "merged" are left out if there are none.
 */
export function toSummary(counts: ImportCounts): string {
  return RESULTS.filter((result) =>
    counts[result] > 0 || !["merged", "updated"].includes(result)
  ).map((result) => `${counts[result]} ${result}`).join(", ");
}

/** Adds up the numbers of what was found in all sources. */
export function countFound(
  inspections: readonly Pick<Inspection, "total" | "ignored">[],
): { total: number; ignored: number } {
  return {
    total: inspections.reduce((sum, each) => sum + each.total, 0),
    ignored: inspections.reduce((sum, each) => sum + each.ignored, 0),
  };
}
