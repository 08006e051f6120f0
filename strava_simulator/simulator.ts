/**
 * A simulated Strava over HTTP: OAuth, the activities API, rate limits, push events and faults. It
 * imports nothing from the server, so that it cannot share the server's mistakes.
 */
import {
  type ActivityChange,
  createAthlete,
  type SimulatedAthlete,
} from "./athletes.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createGrants, type Grants } from "./grants.ts";
import { createPush, type Push } from "./push.ts";
import { createRateLimit, type RateLimit } from "./rate_limit.ts";
import { ConnectionLost } from "./responses.ts";
import { handle } from "./routes.ts";
import type { Simulation } from "./simulation.ts";
import { endGrant } from "./oauth.ts";
import type {
  AthleteProfile,
  RequestRecord,
  SummaryActivity,
  Usage,
} from "./types.ts";

export interface StravaOptions {
  /** Default "12345". */
  clientId?: string;
  clientSecret?: string;
  /** The bare domain registered for the app; localhost and 127.0.0.1 are always allowed. Default "localhost". */
  callbackDomain?: string;
  /** Returns epoch milliseconds. Every time-dependent decision uses it. */
  now?: () => number;
  /** Requests a quarter hour and a day, default 200/2000 overall and 100/1000 for reads. */
  limits?: Partial<Usage>;
  /** Delay of each API request. */
  latencyMs?: number | (() => number);
  /** Returns a number from 0 to 1, for tokens and the probability of faults. */
  random?: () => number;
  /** Skips the consent page and grants every requested scope. */
  autoApprove?: boolean;
  /** Delivers webhook events at once, with retries on timers; otherwise `push.deliver()` does. */
  autoDeliver?: boolean;
  /** Calls callbacks. Default: the global fetch. */
  fetch?: (request: Request) => Promise<Response>;
  /** Pause before an event is sent again. Default: two minutes. */
  retryMs?: number;
  /** Time that a callback may take. Default: two seconds, as at Strava. */
  callbackTimeoutMs?: number;
  /** Adds `X-Strava-Signature` to events. */
  signingSecret?: string;
}

export interface Strava {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Serves `/oauth/*` and `/api/v3/*`. Rejects if the connection dies without a response. */
  fetch(request: Request): Promise<Response>;
  addAthlete(
    athlete: Partial<AthleteProfile> & { id: number },
    activities?: readonly SummaryActivity[],
  ): SimulatedAthlete;
  athletes: Map<number, SimulatedAthlete>;
  grants: Grants;
  faults: Faults;
  push: Push;
  rateLimit: RateLimit;
  usage(): Usage;
  /** Every request, in the order of the responses. */
  requests: RequestRecord[];
  clearRequests(): void;
  /** Removes the app in the athlete's settings: revokes all tokens and sends an event. */
  deauthorize(athleteId: number): void;
  autoApprove: boolean;
  /** Releases hanging requests and ends deliveries. */
  close(): Promise<void>;
}

export const DEMO_CLIENT_ID = "12345";
export const DEMO_CLIENT_SECRET = "0123456789abcdef0123456789abcdef01234567";

export function createStrava(options: StravaOptions = {}): Strava {
  const { now = Date.now, random = Math.random } = options;
  const callback = {
    fetch: options.fetch ?? ((request: Request) => fetch(request)),
    timeoutMs: options.callbackTimeoutMs ?? 2000,
  };
  const grants = createGrants({ now, random });
  const push = createPush({
    ...callback,
    now,
    grants,
    automatic: options.autoDeliver ?? false,
    retryMs: options.retryMs ?? 120_000,
    ...(options.signingSecret === undefined
      ? {}
      : { signingSecret: options.signingSecret }),
  });
  const sim: Simulation = {
    clientId: options.clientId ?? DEMO_CLIENT_ID,
    clientSecret: options.clientSecret ?? DEMO_CLIENT_SECRET,
    callbackDomain: options.callbackDomain ?? "localhost",
    now,
    latencyMs: toFunction(options.latencyMs ?? 0),
    autoApprove: () => strava.autoApprove,
    athletes: new Map(),
    grants,
    rateLimit: createRateLimit({ now, limits: options.limits ?? {} }),
    faults: createFaults(random),
    push,
    callback,
    requests: [],
  };
  const strava: Strava = {
    clientId: sim.clientId,
    clientSecret: sim.clientSecret,
    fetch: (request) => handle(sim, request),
    addAthlete(profile, activities = []) {
      const emit = (change: ActivityChange): void => push.emit(change);
      const athlete = createAthlete(profile, activities, emit);
      sim.athletes.set(athlete.id, athlete);
      return athlete;
    },
    athletes: sim.athletes,
    grants,
    faults: sim.faults,
    push,
    rateLimit: sim.rateLimit,
    usage: () => sim.rateLimit.usage(),
    requests: sim.requests,
    clearRequests: () => {
      sim.requests.length = 0;
    },
    deauthorize: (athleteId) => endGrant(sim, athleteId),
    autoApprove: options.autoApprove ?? false,
    async close() {
      sim.faults.release();
      await push.close();
    },
  };
  return strava;
}

function toFunction(value: number | (() => number)): () => number {
  return typeof value === "number" ? () => value : value;
}

/** A simulator on a port. */
export interface StravaServer extends AsyncDisposable {
  /** Without a slash at the end, e.g. `http://127.0.0.1:4321`. */
  url: string;
  close(): Promise<void>;
}

/** Serves the simulator. Port 0 chooses a free one. */
export function serveStrava(
  strava: Strava,
  { port = 0, hostname = "127.0.0.1" }: { port?: number; hostname?: string } =
    {},
): StravaServer {
  const server = Deno.serve(
    { port, hostname, onListen: () => {} },
    async (request) => {
      try {
        return keepQuiet(await strava.fetch(request));
      } catch (error) {
        if (
          error instanceof ConnectionLost || request.signal.aborted
        ) return toDeadAnswer();
        throw error;
      }
    },
  );
  async function close(): Promise<void> {
    await strava.close();
    await server.shutdown();
  }
  return {
    url: `http://${hostname}:${server.addr.port}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Deno.serve cannot cut a connection before the headers, so the client sees it die at the first byte of the body:
 * fewer bytes than announced make the server close it.
 */
function toDeadAnswer(): Response {
  const headers = { "Content-Type": "application/json", "Content-Length": "2" };
  return new Response(
    new ReadableStream({ start: (controller) => controller.close() }),
    {
      headers,
    },
  );
}

/** Ends a cut body instead of failing it: Deno.serve prints the stack of a failing stream. */
function keepQuiet(response: Response): Response {
  if (!response.body || !response.headers.has("Content-Length")) {
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream({
    async pull(controller) {
      const { value, done } = await reader.read().catch(() => ({
        value: undefined,
        done: true,
      }));
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(body, response);
}
