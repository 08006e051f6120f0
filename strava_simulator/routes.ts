import { getActivity, getLaps, listActivities } from "./activities.ts";
import { spoil, toFaultAnswer } from "./fault_answers.ts";
import { authorize, decide } from "./authorize.ts";
import { renderHome } from "./consent.ts";
import { deauthorize, exchangeToken, revoke } from "./oauth.ts";
import { getAthlete, getGear, getZones } from "./profile.ts";
import {
  ConnectionLost,
  inactiveApplication,
  StravaFault,
  toFaultResponse,
  unknownPath,
} from "./responses.ts";
import {
  type ApiCall,
  authenticate,
  type Call,
  readCall,
  readParam,
  readToken,
  type Simulation,
} from "./simulation.ts";
import { getStats } from "./stats.ts";
import { getStreams } from "./streams.ts";
import {
  createSubscription,
  deleteSubscription,
  listSubscriptions,
} from "./subscriptions.ts";

type Answer = Response | Promise<Response>;

/** Routes without an athlete's token: they count towards no limit. */
const OPEN_ROUTES: [
  string,
  RegExp,
  (sim: Simulation, call: Call, id: string) => Answer,
][] = [
  ["GET", /^\/$/, renderHome],
  ["GET", /^\/oauth\/(?:mobile\/)?authorize$/, authorize],
  ["POST", /^\/oauth\/(?:mobile\/)?authorize$/, decide],
  ["POST", /^(?:\/api\/v3)?\/oauth\/token$/, exchangeToken],
  ["POST", /^\/oauth\/revoke$/, revoke],
  ["POST", /^\/oauth\/deauthorize$/, deauthorize],
  ["POST", /^\/api\/v3\/push_subscriptions$/, createSubscription],
  ["GET", /^\/api\/v3\/push_subscriptions$/, listSubscriptions],
  ["DELETE", /^\/api\/v3\/push_subscriptions\/(\d+)$/, deleteSubscription],
];

const API_ROUTES: [
  RegExp,
  (sim: Simulation, call: ApiCall, id: string) => Answer,
][] = [
  [/^\/athlete$/, (_sim, call) => getAthlete(call)],
  [/^\/athlete\/activities$/, listActivities],
  [/^\/athlete\/zones$/, (_sim, call) => getZones(call)],
  [/^\/activities\/(\d+)$/, getActivity],
  [/^\/activities\/(\d+)\/streams$/, getStreams],
  [/^\/activities\/(\d+)\/laps$/, getLaps],
  [/^\/athletes\/(\d+)\/stats$/, getStats],
  [/^\/gear\/(\w+)$/, (_sim, call, id) => getGear(call, id)],
];

const API = "/api/v3";
const STREAMS = /^\/api\/v3\/activities\/\d+\/streams$/;

/** Handles and records a request. Rejects if the connection dies without a response. */
export async function handle(
  sim: Simulation,
  request: Request,
): Promise<Response> {
  const call = await readCall(request);
  const athleteId = readAthleteId(sim, call);
  let status = 0;
  try {
    const response = await answer(sim, call, athleteId);
    status = response.status;
    return response;
  } finally {
    sim.requests.push({
      method: call.method,
      path: call.path,
      query: Object.fromEntries(call.query),
      athleteId,
      status,
      at: sim.now(),
      usage: sim.rateLimit.usage(),
    });
  }
}

function readAthleteId(sim: Simulation, call: Call): number | null {
  const token = readToken(sim, call) ?? readParam(call, "refresh_token") ??
    readParam(call, "token");
  return (token === undefined ? undefined : sim.grants.findOwner(token)) ??
    null;
}

async function answer(
  sim: Simulation,
  call: Call,
  athleteId: number | null,
): Promise<Response> {
  const action = sim.faults.take({ ...call, athleteId });
  if (action?.kind === "reset") throw new ConnectionLost();
  if (action?.kind === "hang") await hang(sim, call, action.ms);
  const instead = action && toFaultAnswer(action);
  if (instead) {
    return instead.status < 500 ? countForced(sim, call, instead) : instead;
  }

  const response = await route(sim, call);
  if (action?.kind === "lost") throw new ConnectionLost();
  return action
    ? await spoil(action, response, sim.faults.released())
    : response;
}

/** Returns a forced error, which counts and carries headers like a real one. */
function countForced(
  sim: Simulation,
  call: Call,
  response: Response,
): Response {
  if (!call.path.startsWith(API) || response.status < 400) return response;
  sim.rateLimit.count();
  return addHeaders(sim, call, response);
}

async function route(sim: Simulation, call: Call): Promise<Response> {
  try {
    for (const [method, pattern, handler] of OPEN_ROUTES) {
      const match = pattern.exec(call.path);
      if (!match || method !== call.method) continue;
      const response = await handler(sim, call, match[1] ?? "");
      return handler === deauthorize
        ? addHeaders(sim, call, response)
        : response;
    }
  } catch (error) {
    return toFaultResponse(asFault(error));
  }
  if (!call.path.startsWith(`${API}/`)) return toFaultResponse(unknownPath());
  return addHeaders(
    sim,
    call,
    await answerApi(sim, call).catch((error) =>
      toFaultResponse(asFault(error))
    ),
  );
}

function asFault(error: unknown): StravaFault {
  if (error instanceof StravaFault) return error;
  throw error;
}

/** Serves a data call. Checks the token first (an unknown one belongs to no app), then the limits, then the app's state. */
async function answerApi(sim: Simulation, call: Call): Promise<Response> {
  await pause(sim.latencyMs(), call.signal);
  const known = sim.grants.findAccess(readToken(sim, call) ?? "") !== undefined;
  const refused = known ? sim.rateLimit.count() : null;
  if (refused) throw refused;
  const apiCall = authenticate(sim, call);
  if (sim.faults.inactive) throw inactiveApplication();
  const path = call.path.slice(API.length);
  for (const [pattern, handler] of API_ROUTES) {
    const match = pattern.exec(path);
    if (match && call.method === "GET") {
      return await handler(sim, apiCall, match[1] ?? "");
    }
  }
  throw unknownPath();
}

/** Returns the rate-limit headers. Streams have lacked them since 2025, and errors may lack them. */
function addHeaders(sim: Simulation, call: Call, response: Response): Response {
  if (STREAMS.test(call.path)) return response;
  if (response.status >= 400 && !sim.faults.errorHeaders) return response;
  for (const [name, value] of sim.rateLimit.headers()) {
    response.headers.set(name, value);
  }
  return response;
}

async function hang(
  sim: Simulation,
  call: Call,
  ms: number | undefined,
): Promise<void> {
  if (ms !== undefined) return await pause(ms, call.signal);
  const aborted = Promise.withResolvers<void>();
  call.signal.addEventListener("abort", () => aborted.resolve(), {
    once: true,
  });
  if (call.signal.aborted) aborted.resolve();
  await Promise.race([aborted.promise, sim.faults.released()]);
  call.signal.throwIfAborted();
}

/** Waits in real time, or until the client gives up. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
  signal.throwIfAborted();
}
