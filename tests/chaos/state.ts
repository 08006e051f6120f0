import { connect, type Pool } from "../../db/driver/client.ts";
import { generateAthlete } from "../../demo/history/history.ts";
import { createStrava, type Strava } from "../../strava_simulator/simulator.ts";
import {
  createActivity,
  toIsoSeconds,
} from "../../strava_simulator/fixtures.ts";
import type { SummaryActivity } from "../../strava_simulator/types.ts";
import { createSeal, type Seal } from "../../server/crypto/seal.ts";
import { ATHLETE_ID, createTestConfig, NOW } from "../support/app.ts";
import { createTestDatabase } from "../support/database.ts";
import { connectQuietly } from "../support/sync.ts";
import { startApp } from "./app_server.ts";
import { type Clock, startClock } from "./clock.ts";
import { type Gate, openGate } from "./strava_proxy.ts";
import { startProcess } from "./process_server.ts";
import { PUBLIC_URL, reachServer, VERIFY_TOKEN } from "./push.ts";
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
  /** Those that are not there yet. */
  starting: Set<Promise<Server>>;
  /** How often Strava has reached for a server. */
  reached: number;
  /** When an activity became what it is now, by id; those that were there at first are not in it. */
  changedAt: Map<number, number>;
  /** Deletions at Strava while its list was walked: each may have hidden an activity at a page's border. */
  removedAmidWalk: number;
  /** Activities of which Strava has told, and a server has heard it, since they changed last. */
  told: Set<number>;
  /** Somebody has told a server that the athlete has withdrawn the permission. */
  isToldOfLeaving: boolean;
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
  const late: { world?: World } = {};
  const strava = createStrava({
    now: clock.now,
    fetch: (request) => reachServer(late.world!, request),
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
    starting: new Set(),
    reached: 0,
    changedAt: new Map(),
    told: new Set(),
    isToldOfLeaving: false,
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
        env: {
          ALLOWED_ATHLETES: athleteIds.join(),
          PUBLIC_URL,
          WEBHOOK_VERIFY_TOKEN: VERIFY_TOKEN,
          ON_DEAUTHORIZE: setting.onDeauthorize,
        },
      };
      const onCommit = (): void => gate.notice(id, "committed");
      const starting = kind === "apps"
        ? startApp({ ...options, onCommit })
        : startProcess(options);
      world.starting.add(starting);
      const server = await starting.finally(() =>
        world.starting.delete(starting)
      );
      world.servers.push(server);
      // A process does so by itself.
      void server.tend({ isStart: true });
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
  late.world = world;
  return world;
}

/** Whether Strava's word and its refusal may have ended the athlete's data here. */
export function mayBeErased(
  { schedule, isToldOfLeaving, gate }: World,
): boolean {
  return schedule.setting.onDeauthorize === "delete" && isToldOfLeaving &&
    gate.hasRefusedToken();
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
