import { setTimeout as sleep } from "node:timers/promises";
import { connectAthlete } from "../../demo/connect.ts";
import type { FaultMatch } from "../../strava_simulator/faults.ts";
import { toIsoSeconds } from "../../strava_simulator/fixtures.ts";
import { API_KEY } from "../support/app.ts";
import { deliver, lie } from "./push.ts";
import type { Step, Target } from "./schedule.ts";
import type { Server } from "./servers.ts";
import {
  isBusy,
  killServer,
  listAlive,
  MAX_SERVERS,
  type World,
} from "./state.ts";

const ORIGIN = "http://localhost:5001";
const DAY_MS = 24 * 60 * 60 * 1000;

const PATHS: Record<Target, FaultMatch> = {
  // What the athlete's browser asks for waits as long as it takes.
  any: { path: /^\/(api\/|oauth\/token$)/ },
  list: { path: "/api/v3/athlete/activities" },
  detail: { path: "/api/v3/activities/*" },
  token: { path: "/oauth/token" },
  push: { path: "/api/v3/push_subscriptions*" },
};

/** Carries out a step on what there is; on nothing where there is nothing of its kind. */
export async function playStep(world: World, step: Step): Promise<void> {
  const { strava, clock, gate } = world;
  const { faults } = strava;
  if (["connect", "jump", "stop"].includes(step.do)) gate.disturb();
  switch (step.do) {
    case "start":
      if (listAlive(world).length < MAX_SERVERS) await world.startServer();
      return;
    case "stop":
      return await pick(listAlive(world), step.n)?.stop();
    case "kill":
      return kill(world, step);
    case "sync":
    case "tend":
    case "tick": {
      const server = pick(listAlive(world), step.n);
      if (!server) return;
      const work: Promise<unknown> = step.do === "sync"
        ? askForSync(world, server, step)
        : step.do === "tend"
        ? server.tend(step)
        : server.tick(step);
      if (!step.beside) {
        await work;
        return;
      }
      const task: Promise<unknown> = work.catch((error) => {
        world.failures.push(`A ${step.do} broke: ${Deno.inspect(error)}`);
      }).finally(() => world.beside.delete(task));
      world.beside.add(task);
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
    case "spend":
      return spend(world, step);
    case "expire":
      return strava.grants.expireAccess(pick(world.athleteIds, step.n)!);
    case "jump":
      return await clock.jump(step.seconds);
    case "pause":
      await sleep(step.ms);
      return;
    case "drop":
      gate.forget();
      return await dropConnections(world);
    case "deliver":
      return await deliver(world, step);
    case "lose":
      strava.push.deliveries.length = 0;
      return;
    case "lie":
      return await lie(world, step);
    case "unsubscribe":
      strava.push.subscription = null;
      return;
    case "deauthorize":
      return strava.deauthorize(world.athleteIds[0]!);
    case "connect": {
      const server = pick(listAlive(world), step.n);
      if (server) await connect(world, server);
      return;
    }
    default:
      // Strava's events know seconds: two changes within one may look alike.
      await clock.jump(1);
      change(world, step);
      if (world.schedule.setting.isToldAtOnce) {
        await deliver(world, { order: 0, copies: 1 });
      }
  }
}

function pick<T>(items: readonly T[], n: number): T | undefined {
  return items[n % items.length];
}

function kill(world: World, { n, at }: Step & { do: "kill" }): void {
  const server = pick(listAlive(world), n);
  if (!server) return;
  if (!at) return killServer(world, server);
  const isSeen = at.when !== "committed" || world.schedule.kind === "apps";
  const when = isSeen ? at.when : "answered";
  world.gate.watch(server.id, { ...at, when }, () => {
    if (at.afterMs === 0) killServer(world, server);
    else setTimeout(() => killServer(world, server), at.afterMs);
  });
}

/** Statuses of `POST /strava/refresh-data` while Strava is at odds with itself. */
const SYNC_ANSWERS = new Set([200, 401, 403, 404, 409, 429, 500, 502, 503]);

/** Asks a server to sync now; its answer's status, 0 where it died. */
export async function askForSync(
  world: World,
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
  if (response && !SYNC_ANSWERS.has(status)) {
    world.failures.push(`refresh-data answered ${status}: ${text}`);
  }
  return status;
}

/** Asks a server as a frontend does, with the key. */
export async function ask(
  server: Server,
  path: string,
): Promise<Response | undefined> {
  const headers = { "x-api-key": API_KEY };
  return await server.fetch(new Request(`${ORIGIN}${path}`, { headers }));
}

function spend(
  { strava }: World,
  { window, left }: Step & { do: "spend" },
): void {
  const { limits } = strava.rateLimit;
  const used = strava.usage();
  const rest = window === "short"
    ? limits.readShort - used.readShort
    : limits.readDaily - used.readDaily;
  if (rest > left) strava.rateLimit.spend(rest - left);
}

async function dropConnections({ sql }: World): Promise<void> {
  await sql`
    select pg_terminate_backend(pid)
    from pg_stat_activity
    where datname = current_database()
      and application_name <> 'observer'
  `;
}

/** Leads the athlete through the consent page; what comes of it shows in the database. */
export async function connect(
  { athleteIds }: World,
  server: Server,
  athleteId: number = athleteIds[0]!,
): Promise<void> {
  const gone = new Error("The server died");
  await connectAthlete({
    server: async (request) => {
      const response = await server.fetch(request);
      if (!response) throw gone;
      return response;
    },
    serverUrl: ORIGIN,
    athleteId,
  }).catch((error) => {
    // Where the server, its database or Strava is away, the page cannot be had.
    const isAway = /^Expected a redirect|Invalid URL|Connection|connection|body/
      .test(error.message);
    if (error !== gone && !isAway) {
      throw error;
    }
  });
}

/** What the athlete does at Strava. */
function change(world: World, step: Step): void {
  const athlete = world.strava.athletes.get(world.athleteIds[0]!)!;
  const ids = [...athlete.activities.keys()];
  const changed = (id: number): void => {
    world.changedAt.set(id, world.clock.now());
    world.told.delete(id);
  };
  if (step.do === "edit") {
    const id = pick(ids, step.n);
    if (id === undefined) return;
    athlete.update(id, step.change);
    changed(id);
  } else if (step.do === "create") {
    const start = world.clock.now() - step.daysAgo * DAY_MS - step.n * 1000;
    const name = `Late by ${step.daysAgo} days`;
    const start_date = toIsoSeconds(start);
    changed(athlete.add({ name, start_date, distance: step.n }).id);
  } else if (step.do === "remove") {
    const id = pick(ids, step.n);
    if (id === undefined) return;
    athlete.remove(id);
    world.told.delete(id);
    if (isBusy(world)) world.removedAmidWalk++;
  } else if (step.do === "shift") {
    world.strava.faults.afterPage = ({ id }, page) => {
      if (id !== athlete.id || page !== step.page) return;
      world.strava.faults.afterPage = null;
      if (step.kind === "remove") world.removedAmidWalk++;
      change(
        world,
        step.kind === "create"
          ? { do: "create", daysAgo: step.n % 3, n: step.n }
          : { do: "remove", n: step.n },
      );
    };
  }
}
