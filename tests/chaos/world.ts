import { connect, type Pool } from "../../db/client.ts";
import { generateAthlete } from "../../demo/history.ts";
import { createStrava, type Strava } from "../../demo/strava.ts";
import { createActivity, toIsoSeconds } from "../../demo/strava_fixtures.ts";
import type { SummaryActivity } from "../../demo/strava_types.ts";
import { createSeal, type Seal } from "../../server/seal.ts";
import { ATHLETE_ID, createTestConfig, NOW } from "../support/app.ts";
import { createTestDatabase } from "../support/database.ts";
import { connectQuietly } from "../support/sync.ts";
import { startApp } from "./app_server.ts";
import { type Clock, startClock } from "./clock.ts";
import { type Gate, openGate } from "./gate.ts";
import { startProcess } from "./process_server.ts";
import type { Schedule, Setting } from "./schedule.ts";
import type { Server } from "./servers.ts";

export const MAX_SERVERS = 3;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A simulated Strava, a database, and the servers between them. */
export interface World extends AsyncDisposable {
  schedule: Schedule;
  strava: Strava;
  gate: Gate;
  clock: Clock;
  /** A way into the database that no fault touches. */
  sql: Pool;
  seal: Seal;
  databaseUrl: string;
  athleteIds: number[];
  /** All that ever were, the dead ones too. */
  servers: Server[];
  /** When an activity became what it is now, by id; those that were there at first are not in it. */
  changedAt: Map<number, number>;
  /** Deletions at Strava while its list was walked: each may have hidden an activity at a page's border. */
  removedAmidWalk: number;
  startServer(): Promise<Server>;
  /** The faults go on; afterwards nothing that was planned happens any more. */
  isFaulty: boolean;
  /** What was begun and not waited for. */
  beside: Set<Promise<unknown>>;
  /** What must never be, and was. */
  failures: string[];
}

export async function createWorld(schedule: Schedule): Promise<World> {
  await using parts = new AsyncDisposableStack();
  const { setting, kind } = schedule;
  const clock = parts.use(
    startClock({ start: NOW, isRunning: kind === "processes" }),
  );
  const { limit } = setting;
  const strava = createStrava({
    now: clock.now,
    latencyMs: setting.latencyMs,
    limits: {
      ...{ readShort: limit, readDaily: limit * 10 },
      ...{ short: limit * 2, daily: limit * 20 },
    },
  });
  strava.faults.shortPages = setting.shortPages;
  strava.faults.inclusiveBounds = setting.inclusiveBounds;
  const gate = parts.use(openGate(strava, clock));
  const database = parts.use(await createTestDatabase());
  const config = createTestConfig(gate.url(0), { url: database.url });
  const seal = await createSeal(config.encryptionKey, []);
  const sql = connect(database.url, { max: 2, applicationName: "observer" });
  parts.defer(() => sql.end());
  const athleteIds = Array.from(
    { length: setting.athletes },
    (_, index) => ATHLETE_ID + index,
  );
  for (const athleteId of athleteIds) {
    strava.addAthlete(
      generateAthlete({ seed: 1, athleteId }),
      createActivities(setting, athleteId),
    );
    await connectQuietly({
      strava,
      deps: { sql, seal } as Parameters<typeof connectQuietly>[0]["deps"],
      clock: { now: clock.now() },
    }, athleteId);
  }
  const kept = parts.move();
  const world: World = {
    schedule,
    strava,
    gate,
    clock,
    sql,
    seal,
    databaseUrl: database.url,
    athleteIds,
    servers: [],
    changedAt: new Map(),
    isFaulty: true,
    removedAmidWalk: 0,
    beside: new Set(),
    failures: [],
    async startServer() {
      const id = world.servers.length + 1;
      const options = {
        id,
        clock,
        now: clock.now,
        databaseUrl: database.url,
        stravaUrl: gate.url(id),
        env: { ALLOWED_ATHLETES: athleteIds.join() },
      };
      const server = kind === "apps"
        ? await startApp({
          ...options,
          onCommit: () => gate.notice(id, "committed"),
        })
        : await startProcess(options);
      world.servers.push(server);
      return server;
    },
    async [Symbol.asyncDispose]() {
      strava.faults.clear();
      await Promise.all(
        world.servers.map((server) => server[Symbol.asyncDispose]()),
      );
      await Promise.allSettled(world.beside);
      await kept.disposeAsync();
    },
  };
  return world;
}

/** Ends a server at once; what it alone knew may be lost. */
export function killServer(world: World, server: Server): void {
  if (!world.isFaulty || !server.isAlive()) return;
  world.gate.forget(server.id);
  server.kill();
}

export function listAlive({ servers }: World): Server[] {
  return servers.filter((server) => server.isAlive());
}

/** Whether a server may be at work on something. */
export function isBusy(world: World): boolean {
  return world.beside.size > 0 ||
    listAlive(world).some((server) => server.isBusy());
}

/** Runs of an hour each; those of a second athlete have ids of their own. */
function createActivities(
  { activities, perSecond, stepDays }: Setting,
  athleteId: number,
): SummaryActivity[] {
  return Array.from({ length: activities }, (_, index) => {
    const second = Math.floor(index / perSecond);
    const start = NOW - (0.5 + second * stepDays) * DAY_MS;
    return createActivity({
      id: (athleteId - ATHLETE_ID + 1) * 1_000_000 + activities - index,
      name: `Run ${activities - index}`,
      start_date: toIsoSeconds(start),
      distance: 5000 + index,
    }, athleteId);
  });
}
