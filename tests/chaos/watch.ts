import assert from "node:assert/strict";
import { ask } from "./run_step.ts";
import { listAlive, mayBeErased, type World } from "./state.ts";

/** Looks, between the steps, at what must hold at any time; throws where it does not. */
export interface Watcher {
  look(): Promise<void>;
}

export function createWatcher(world: World): Watcher {
  const stored = new Map<number, number>();
  let isServed = false;

  /** What was stored and is still at Strava, stays. */
  async function lookAtRows(): Promise<void> {
    const rows = await world.sql<{ id: number; athlete_id: number }[]>`
      select id, athlete_id
      from activities
      where deleted_at is null
    `;
    const here = new Set(rows.map(({ id }) => id));
    for (const [id, athleteId] of stored) {
      const isThere = world.strava.athletes.get(athleteId)!.activities.has(id);
      assert.ok(
        here.has(id) || !isThere || mayBeErased(world),
        `Activity ${id} was stored, is at Strava, and is gone`,
      );
    }
    stored.clear();
    for (const { id, athlete_id } of rows) stored.set(id, athlete_id);
  }

  /** Whatever happens to Strava or to connections, the history is served. */
  async function lookAtAnswers(): Promise<void> {
    for (const server of listAlive(world)) {
      const response = await ask(server, "/strava/stats/ytd");
      if (!response) continue;
      const text = await response.text();
      const { status } = response;
      const isFine = status === 200 ||
        (status === 404 && (!isServed || mayBeErased(world)));
      assert.ok(isFine, `ytd answered ${status}: ${text}`);
      isServed ||= status === 200;
    }
  }

  return {
    async look() {
      await lookAtRows();
      await lookAtAnswers();
    },
  };
}
