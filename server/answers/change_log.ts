/** The latest changes of athletes, by number. */
export interface ChangeLog {
  /** Notes a change of one athlete's data. */
  add(athleteId: number): void;
  /** Notes a change after which any answer may be out of date. */
  addAll(): void;
  /** Returns the number of the latest change. */
  last(): number;
  /** Reports whether one of the athletes may have changed after a change with this number. */
  hasChanged(
    athleteIds: readonly number[],
    options: { since: number },
  ): boolean;
}

/** Number of changes that are remembered. Before them, everything counts as changed. */
const MAX_CHANGES = 1000;

/** Creates the log. An answer that was computed while its athlete changed must not be kept. */
export function createChangeLog(): ChangeLog {
  let count = 0;
  let all = 0;
  const changes: { number: number; athleteId: number }[] = [];
  return {
    add(athleteId) {
      changes.push({ number: ++count, athleteId });
      if (changes.length > MAX_CHANGES) all = changes.shift()!.number;
    },
    addAll() {
      all = ++count;
      changes.length = 0;
    },
    last: () => count,
    hasChanged: (athleteIds, { since }) =>
      all > since ||
      changes.some(({ number, athleteId }) =>
        number > since && athleteIds.includes(athleteId)
      ),
  };
}
