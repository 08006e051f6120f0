import { connect, type Pool } from "../../db/driver/client.ts";
import { generateAthlete } from "../../demo/history/history.ts";
import { createStrava, type Strava } from "../../strava_simulator/simulator.ts";
import {
  createActivity,
  toIsoSeconds,
} from "../../strava_simulator/fixtures.ts";
import type { SummaryActivity } from "../../strava_simulator/types.ts";
import { createSeal, type Seal } from "../../server/crypto/encryption.ts";
import { ATHLETE_ID, createTestConfig, NOW } from "../support/app.ts";
import { createTestDatabase } from "../support/database.ts";
import { connectWithoutSync } from "../support/sync.ts";
import { startApp } from "./app_server.ts";
import { type Clock, startClock } from "./clock.ts";
import { startStravaProxy, type StravaProxy } from "./strava_proxy.ts";
import { startProcess } from "./process_server.ts";
import { forwardToServer, PUBLIC_URL, VERIFY_TOKEN } from "./push.ts";
import type { Schedule, Setting } from "./schedule.ts";
import type { Server } from "./servers.ts";

/** Most servers at once. */
export const MAX_SERVERS = 3;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The state of a running schedule: a simulated Strava, a database and the servers between them. */
export interface State extends AsyncDisposable {
  schedule: Schedule;
  strava: Strava;
  proxy: StravaProxy;
  clock: Clock;
  /** A connection to the database that no fault affects. */
  sql: Pool;
  seal: Seal;
  databaseUrl: string;
  athleteIds: number[];
  /** Every server so far, including dead ones. */
  servers: Server[];
  /** Servers that have not started yet. */
  starting: Set<Promise<Server>>;
  /** Number of requests from Strava to the servers. */
  pushCount: number;
  /** When each activity was last changed, by id. Unchanged initial activities are missing. */
  changedAt: Map<number, number>;
  /** Number of deletions at Strava during a sync. Each may have hidden one activity between pages. */
  removedDuringSync: number;
  /** Activities whose latest change a server has received as a push event. */
  pushedIds: Set<number>;
  /** Whether a server was told, truthfully or not, that the athlete revoked the grant. */
  isDeauthorizationSent: boolean;
  /** Starts another server. */
  startServer(): Promise<Server>;
  /** Whether faults continue. Scheduled kills are dropped afterwards. */
  isFaulty: boolean;
  /** Steps that run in the background. */
  background: Set<Promise<unknown>>;
  /** Messages about events that must never happen. */
  failures: string[];
}

/** Creates the state at the start of a schedule, without servers. */
export async function createState(schedule: Schedule): Promise<State> {
  await using parts = new AsyncDisposableStack();
  const { setting, kind } = schedule;
  const clock = parts.use(
    startClock({ start: NOW, isRunning: kind === "processes" }),
  );
  const { limit } = setting;
  const created: { state?: State } = {};
  const strava = createStrava({
    now: clock.now,
    fetch: (request) => forwardToServer(created.state!, request),
    latencyMs: setting.latencyMs,
    limits: {
      ...{ readShort: limit, readDaily: limit * 10 },
      ...{ short: limit * 2, daily: limit * 20 },
    },
  });
  strava.faults.shortPages = setting.shortPages;
  strava.faults.inclusiveBounds = setting.inclusiveBounds;
  const proxy = parts.use(startStravaProxy(strava, clock));
  const database = parts.use(await createTestDatabase());
  const config = createTestConfig(proxy.url(0), { url: database.url });
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
    await connectWithoutSync({
      strava,
      deps: { sql, seal } as Parameters<typeof connectWithoutSync>[0]["deps"],
      clock: { now: clock.now() },
    }, athleteId);
  }
  const kept = parts.move();
  const state: State = {
    schedule,
    strava,
    proxy,
    clock,
    sql,
    seal,
    databaseUrl: database.url,
    athleteIds,
    servers: [],
    starting: new Set(),
    pushCount: 0,
    changedAt: new Map(),
    pushedIds: new Set(),
    isDeauthorizationSent: false,
    isFaulty: true,
    removedDuringSync: 0,
    background: new Set(),
    failures: [],
    async startServer() {
      const id = state.servers.length + 1;
      const options = {
        id,
        clock,
        now: clock.now,
        databaseUrl: database.url,
        stravaUrl: proxy.url(id),
        env: {
          ALLOWED_ATHLETES: athleteIds.join(),
          PUBLIC_URL,
          WEBHOOK_VERIFY_TOKEN: VERIFY_TOKEN,
          ON_DEAUTHORIZE: setting.onDeauthorize,
        },
      };
      const onCommit = (): void => proxy.notify(id, "committed");
      const starting = kind === "apps"
        ? startApp({ ...options, onCommit })
        : startProcess(options);
      state.starting.add(starting);
      const server = await starting.finally(() =>
        state.starting.delete(starting)
      );
      state.servers.push(server);
      // A process does this by itself.
      void server.maintain({ isStart: true });
      return server;
    },
    async [Symbol.asyncDispose]() {
      strava.faults.clear();
      await Promise.all(
        state.servers.map((server) => server[Symbol.asyncDispose]()),
      );
      await Promise.allSettled(state.background);
      await kept.disposeAsync();
    },
  };
  created.state = state;
  return state;
}

/** Reports whether a deauthorization may have deleted the athlete's data. */
export function mayBeErased(
  { schedule, isDeauthorizationSent, proxy }: State,
): boolean {
  return schedule.setting.onDeauthorize === "delete" && isDeauthorizationSent &&
    proxy.hasRefusedToken();
}

/** Ends a server at once. It may lose what it has not stored. */
export function killServer(state: State, server: Server): void {
  if (!state.isFaulty || !server.isAlive()) return;
  state.proxy.forget(server.id);
  server.kill();
}

/** Returns the servers that are alive. */
export function listAlive({ servers }: State): Server[] {
  return servers.filter((server) => server.isAlive());
}

/** Reports whether any work may be in progress. */
export function isBusy(state: State): boolean {
  return state.background.size > 0 ||
    listAlive(state).some((server) => server.isBusy());
}

/** Creates runs of an hour each, with ids that differ between athletes. */
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
