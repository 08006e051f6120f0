import assert from "node:assert/strict";
import { fetchWithKey } from "./run_step.ts";
import { listAlive, mayBeErased, type State } from "./state.ts";

/** Checks the invariants that hold at any time, between two steps. */
export interface Watcher {
  /** Throws if an invariant is broken. */
  check(): Promise<void>;
}

/** Creates a watcher that remembers the rows of its last check. */
export function createWatcher(state: State): Watcher {
  const stored = new Map<number, number>();
  let isServed = false;

  /** Asserts that a stored activity stays as long as Strava has it. */
  async function checkRows(): Promise<void> {
    const rows = await state.sql<{ id: number; athlete_id: number }[]>`
      select id, athlete_id
      from activities
      where deleted_at is null
    `;
    const current = new Set(rows.map(({ id }) => id));
    for (const [id, athleteId] of stored) {
      const isAtStrava = state.strava.athletes.get(athleteId)!.activities.has(
        id,
      );
      assert.ok(
        current.has(id) || !isAtStrava || mayBeErased(state),
        `Activity ${id} is no longer stored although Strava has it`,
      );
    }
    stored.clear();
    for (const { id, athlete_id } of rows) stored.set(id, athlete_id);
  }

  /** Asserts that statistics are served whatever faults Strava or connections have. */
  async function checkResponses(): Promise<void> {
    for (const server of listAlive(state)) {
      const response = await fetchWithKey(server, "/strava/stats/ytd");
      if (!response) continue;
      const text = await response.text();
      const { status } = response;
      const isExpected = status === 200 ||
        (status === 404 && (!isServed || mayBeErased(state)));
      assert.ok(isExpected, `ytd answered ${status}: ${text}`);
      isServed ||= status === 200;
    }
  }

  return {
    async check() {
      await checkRows();
      await checkResponses();
    },
  };
}
