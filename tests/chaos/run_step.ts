import { setTimeout as sleep } from "node:timers/promises";
import { connectAthlete } from "../../demo/connect.ts";
import type { FaultMatch } from "../../strava_simulator/faults.ts";
import { toIsoSeconds } from "../../strava_simulator/fixtures.ts";
import { API_KEY } from "../support/app.ts";
import { deliver, forgeEvent } from "./push.ts";
import type { Step, Target } from "./schedule.ts";
import type { Server } from "./servers.ts";
import {
  isBusy,
  killServer,
  listAlive,
  MAX_SERVERS,
  type State,
} from "./state.ts";

const ORIGIN = "http://localhost:5001";
const DAY_MS = 24 * 60 * 60 * 1000;

const PATHS: Record<Target, FaultMatch> = {
  // Faults leave out the requests of the athlete's browser, which has no timeout.
  any: { path: /^\/(api\/|oauth\/token$)/ },
  list: { path: "/api/v3/athlete/activities" },
  detail: { path: "/api/v3/activities/*" },
  token: { path: "/oauth/token" },
  push: { path: "/api/v3/push_subscriptions*" },
};

/** Runs a step. Does nothing if the server or activity that it needs does not exist. */
export async function runStep(state: State, step: Step): Promise<void> {
  const { strava, clock, proxy } = state;
  const { faults } = strava;
  if (["connect", "jump", "stop"].includes(step.do)) proxy.expectLeaseChange();
  switch (step.do) {
    case "start":
      if (listAlive(state).length < MAX_SERVERS) await state.startServer();
      return;
    case "stop":
      return await pick(listAlive(state), step.n)?.stop();
    case "kill":
      return kill(state, step);
    case "sync":
    case "maintain":
    case "tick": {
      const server = pick(listAlive(state), step.n);
      if (!server) return;
      const work: Promise<unknown> = step.do === "sync"
        ? requestSync(state, server, step)
        : step.do === "maintain"
        ? server.maintain(step)
        : server.tick(step);
      if (!step.inBackground) {
        await work;
        return;
      }
      const task: Promise<unknown> = work.catch((error) => {
        state.failures.push(`A ${step.do} step threw: ${Deno.inspect(error)}`);
      }).finally(() => state.background.delete(task));
      state.background.add(task);
      return;
    }
    case "fault": {
      const { times, skip } = step;
      faults.inject(step.action, { ...PATHS[step.target], times, skip });
      return;
    }
    case "switch":
      faults[step.name] = step.on;
      return;
    case "errorHeaders":
      faults.errorHeaders = step.on;
      return;
    case "release":
      return faults.release();
    case "useUp":
      return useUpLimit(state, step);
    case "expire":
      return strava.grants.expireAccess(pick(state.athleteIds, step.n)!);
    case "jump":
      return await clock.jump(step.seconds);
    case "pause":
      await sleep(step.ms);
      return;
    case "drop":
      proxy.forget();
      return await dropConnections(state);
    case "deliver":
      return await deliver(state, step);
    case "lose":
      strava.push.deliveries.length = 0;
      return;
    case "forge":
      return await forgeEvent(state, step);
    case "unsubscribe":
      strava.push.subscription = null;
      return;
    case "deauthorize":
      return strava.deauthorize(state.athleteIds[0]!);
    case "connect": {
      const server = pick(listAlive(state), step.n);
      if (server) await connect(state, server);
      return;
    }
    default:
      // Push events have whole seconds: two changes within one second would look alike.
      await clock.jump(1);
      changeActivities(state, step);
      if (state.schedule.setting.isPushedAtOnce) {
        await deliver(state, { order: 0, copies: 1 });
      }
  }
}

function pick<T>(items: readonly T[], n: number): T | undefined {
  return items[n % items.length];
}

function kill(state: State, { n, at }: Step & { do: "kill" }): void {
  const server = pick(listAlive(state), n);
  if (!server) return;
  if (!at) return killServer(state, server);
  const isObservable = at.when !== "committed" ||
    state.schedule.kind === "apps";
  const when = isObservable ? at.when : "answered";
  state.proxy.schedule(server.id, { ...at, when }, () => {
    if (at.afterMs === 0) killServer(state, server);
    else setTimeout(() => killServer(state, server), at.afterMs);
  });
}

/** Expected statuses of `POST /strava/refresh-data` while Strava has faults. */
const SYNC_STATUSES = new Set([200, 401, 403, 404, 409, 429, 500, 502, 503]);

/** Requests a sync from a server. Returns the response's status, or 0 if the server died. */
export async function requestSync(
  state: State,
  server: Server,
  { full = false }: { full?: boolean } = {},
): Promise<number> {
  const response = await server.fetch(
    new Request(`${ORIGIN}/strava/refresh-data`, {
      method: "POST",
      headers: { "x-api-key": API_KEY, "content-type": "application/json" },
      ...full ? { body: JSON.stringify({ mode: "full" }) } : {},
    }),
  );
  const text = await response?.text();
  const status = response?.status ?? 0;
  if (response && !SYNC_STATUSES.has(status)) {
    state.failures.push(`refresh-data answered ${status}: ${text}`);
  }
  return status;
}

/** Sends a GET request with the API key. Returns `undefined` if the server died. */
export async function fetchWithKey(
  server: Server,
  path: string,
): Promise<Response | undefined> {
  const headers = { "x-api-key": API_KEY };
  return await server.fetch(new Request(`${ORIGIN}${path}`, { headers }));
}

function useUpLimit(
  { strava }: State,
  { window, left }: Step & { do: "useUp" },
): void {
  const { limits } = strava.rateLimit;
  const used = strava.usage();
  const rest = window === "short"
    ? limits.readShort - used.readShort
    : limits.readDaily - used.readDaily;
  if (rest > left) strava.rateLimit.spend(rest - left);
}

async function dropConnections({ sql }: State): Promise<void> {
  await sql`
    select pg_terminate_backend(pid)
    from pg_stat_activity
    where datname = current_database()
      and application_name <> 'observer'
  `;
}

/** Takes the athlete through the consent page. Only the database shows the result. */
export async function connect(
  { athleteIds }: State,
  server: Server,
  athleteId: number = athleteIds[0]!,
): Promise<void> {
  const died = new Error("The server died");
  await connectAthlete({
    server: async (request) => {
      const response = await server.fetch(request);
      if (!response) throw died;
      return response;
    },
    serverUrl: ORIGIN,
    athleteId,
  }).catch((error) => {
    // The page cannot be loaded while the server, its database or Strava is unavailable.
    const isUnavailable =
      /^Expected a redirect|Invalid URL|Connection|connection|body/
        .test(error.message);
    if (error !== died && !isUnavailable) throw error;
  });
}

/** Changes the athlete's activities at Strava. */
function changeActivities(state: State, step: Step): void {
  const athlete = state.strava.athletes.get(state.athleteIds[0]!)!;
  const ids = [...athlete.activities.keys()];
  const markChanged = (id: number): void => {
    state.changedAt.set(id, state.clock.now());
    state.pushedIds.delete(id);
  };
  if (step.do === "edit") {
    const id = pick(ids, step.n);
    if (id === undefined) return;
    athlete.update(id, step.change);
    markChanged(id);
  } else if (step.do === "create") {
    const start = state.clock.now() - step.daysAgo * DAY_MS - step.n * 1000;
    const name = `Late by ${step.daysAgo} days`;
    const start_date = toIsoSeconds(start);
    markChanged(athlete.add({ name, start_date, distance: step.n }).id);
  } else if (step.do === "remove") {
    const id = pick(ids, step.n);
    if (id === undefined) return;
    athlete.remove(id);
    state.pushedIds.delete(id);
    if (isBusy(state)) state.removedDuringSync++;
  } else if (step.do === "shift") {
    state.strava.faults.afterPage = ({ id }, page) => {
      if (id !== athlete.id || page !== step.page) return;
      state.strava.faults.afterPage = null;
      if (step.kind === "remove") state.removedDuringSync++;
      changeActivities(
        state,
        step.kind === "create"
          ? { do: "create", daysAgo: step.n % 3, n: step.n }
          : { do: "remove", n: step.n },
      );
    };
  }
}
