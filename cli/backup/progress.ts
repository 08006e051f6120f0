import type { Terminal } from "../terminal.ts";

/** Rows of a table between two lines of progress. */
const PROGRESS_EVERY = 10_000;

/** Tables whose rows a person knows, and the words for them. */
const WORDS: Readonly<Record<string, string>> = {
  users: "users",
  athletes: "athletes",
  activities: "activities",
};

/** The progress of a backup. */
export interface Progress {
  reportRows: (table: string, rows: number) => void;
}

/** Creates the progress of a backup, which is shown on a terminal only. */
export function createProgress(
  { say, showsProgress }: Pick<Terminal, "say" | "showsProgress">,
): Progress {
  const shown = new Map<string, number>();
  return {
    reportRows(table, rows) {
      const step = Math.floor(rows / PROGRESS_EVERY);
      if (!showsProgress || step <= (shown.get(table) ?? 0)) return;
      shown.set(table, step);
      say(`${rows} rows of ${table} read`);
    },
  };
}

/** Returns the counts for a sentence: "1 users, 2 athletes, 30 activities and 12 other rows". */
export function toCounts(counts: Readonly<Record<string, number>>): string {
  const named = Object.entries(WORDS).map(([table, words]) =>
    `${counts[table] ?? 0} ${words}`
  );
  const others = Object.entries(counts)
    .filter(([table]) => !(table in WORDS))
    .reduce((sum, [, count]) => sum + count, 0);
  return `${named.join(", ")} and ${others} other rows`;
}
