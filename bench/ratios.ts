/** Compares the results of `reads.ts` with those that `ratios.json` holds. */

import { print } from "./database.ts";

/** How fast a read is compared with a server that does less. */
export interface Ratios {
  /** An answer in memory, to the same bytes from a constant. */
  kept: number;
  /** A 304, to the same constant. */
  unchanged: number;
  /** An answer that is not in memory, to the same constant. */
  miss: number;
  /** The same, to a server that only runs the query. */
  query?: number;
}

const FILE = `${import.meta.dirname}/ratios.json`;
/** A ratio may be this part of what is stored: other programs disturb any machine. */
const TOLERANCE = 2 / 3;
/** Runs before a ratio counts as fallen. */
const ATTEMPTS = 3;

/** Stores the results. */
export async function saveRatios(
  results: Record<string, Ratios>,
): Promise<void> {
  const round = (_key: string, value: unknown): unknown =>
    typeof value === "number" ? Math.round(value * 1000) / 1000 : value;
  await Deno.writeTextFile(FILE, `${JSON.stringify(results, round, 2)}\n`);
}

/** Measures until every ratio was near the stored one once, and reports whether that happened. */
export async function checkRatios(
  measure: () => Promise<Record<string, Ratios>>,
): Promise<boolean> {
  const stored: Record<string, Ratios> = JSON.parse(
    await Deno.readTextFile(FILE),
  );
  const best = new Map<string, number>();
  for (let attempt = 1;; attempt++) {
    const fallen: string[] = [];
    for (const [name, ratios] of Object.entries(await measure())) {
      for (const [key, value] of Object.entries(ratios)) {
        const label = `${name}, ${key}`;
        const reached = Math.max(best.get(label) ?? 0, value);
        best.set(label, reached);
        const expected = stored[name]?.[key as keyof Ratios];
        if (expected === undefined || reached >= expected * TOLERANCE) continue;
        fallen.push(
          `${label}: ${toPercent(reached)} instead of ${toPercent(expected)}`,
        );
      }
    }
    if (fallen.length === 0) return true;
    print(fallen.map((line) => `FELL: ${line}`).join("\n"));
    if (attempt === ATTEMPTS) return false;
  }
}

function toPercent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}
