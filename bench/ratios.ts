/** Compares the results of `reads.ts` with those that `ratios.json` holds. */

import { print } from "./database.ts";

/** CPU time of a request to a server that does less, as a share of our server's. */
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

/**
 * Measures the reads of these names, and those again whose ratio is too low. Reports whether every
 * ratio was near the stored one once.
 */
export async function checkRatios(
  names: readonly string[],
  { measure, say = print }: {
    measure: (names: readonly string[]) => Promise<Record<string, Ratios>>;
    /** Writes a line about a ratio that is too low. Default: to standard output. */
    say?: (line: string) => void;
  },
): Promise<boolean> {
  const stored: Record<string, Ratios> = JSON.parse(
    await Deno.readTextFile(FILE),
  );
  let left = names;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const fallen = Object.entries(await measure(left)).flatMap(
      ([name, ratios]) =>
        listFallen(ratios, stored[name]).map((text) => ({ name, text })),
    );
    for (const { name, text } of fallen) say(`FELL: ${name}, ${text}`);
    left = [...new Set(fallen.map(({ name }) => name))];
    if (left.length === 0) return true;
  }
  return false;
}

/** Lists the ratios that are much lower than the stored ones. */
function listFallen(ratios: Ratios, stored: Ratios | undefined): string[] {
  return (Object.entries(ratios) as [keyof Ratios, number][])
    .map(([key, value]) => ({ key, value, expected: stored?.[key] ?? 0 }))
    .filter(({ value, expected }) => value < expected * TOLERANCE)
    .map(({ key, value, expected }) =>
      `${key}: ${toPercent(value)} instead of ${toPercent(expected)}`
    );
}

function toPercent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}
