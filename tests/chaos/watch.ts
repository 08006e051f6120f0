import assert from "node:assert/strict";
import { ask } from "./play.ts";
import type { Server } from "./servers.ts";
import type { Step } from "./schedule.ts";
import { listAlive, mayBeErased, type World } from "./world.ts";

/** How many a server has at most. */
export const CONNECTIONS = 10;

/** Looks, between the steps, at what must hold at any time; throws where it does not. */
export interface Watcher {
  look(after: Step): Promise<void>;
}

export function createWatcher(world: World): Watcher {
  const stored = new Map<number, number>();
  const lostConnections = new Map<number, number>();
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

  /** Whatever happens to Strava, the history is served. */
  async function lookAtAnswers(): Promise<void> {
    for (const server of listAlive(world)) {
      for (let isAway = true; isAway;) {
        const response = await ask(server, "/strava/stats/ytd");
        if (!response) break;
        const text = await response.text();
        const { status } = response;
        isAway = status === 503 && mayBeAway(server);
        const isFine = status === 200 ||
          (status === 404 && (!isServed || mayBeErased(world)));
        assert.ok(isFine || isAway, `ytd answered ${status}: ${text}`);
        isServed ||= status === 200;
      }
    }
  }

  /** Each connection that the database ended may cost one request. */
  function mayBeAway({ id }: Server): boolean {
    const left = lostConnections.get(id) ?? 0;
    lostConnections.set(id, left - 1);
    return left > 0;
  }

  return {
    async look(after) {
      await lookAtRows();
      if (after.do === "drop") {
        for (const { id } of listAlive(world)) {
          lostConnections.set(id, CONNECTIONS);
        }
      }
      await lookAtAnswers();
    },
  };
}
