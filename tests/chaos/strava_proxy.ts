import { createOverlapDetector } from "./overlap.ts";
import { serveStrava, type Strava } from "../../strava_simulator/simulator.ts";

/**
 * Time after which every server must know that a window is used up. Requests that were counted
 * before may still arrive until then. While no work is in progress, all servers must know it at once.
 */
const SPREAD_MS = 1000;

const QUARTER_HOUR_MS = 15 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A moment in one server's work: a request was sent or answered, or a transaction committed. */
export type Moment = "sent" | "answered" | "committed";

/**
 * A proxy between the servers and the simulated Strava. Each server has its own address, so that
 * the proxy knows the sender of each request. It records requests that no server may send.
 */
export interface StravaProxy extends AsyncDisposable {
  /** Returns the address for one server, without a slash at the end. */
  url(actor: number): string;
  /** Messages about requests that their sender should not have sent. */
  violations: string[];
  /** Calls `act` at the server's `nth` such moment from now. */
  schedule(
    actor: number,
    at: { nth: number; when: Moment },
    act: () => void,
  ): void;
  /** Records a moment in a server's work. */
  notify(actor: number, when: Moment): void;
  /** Records that no work is in progress, so that every server knows of used-up windows. */
  settle(): void;
  /** Records that leases may have ended or were taken away. */
  expectLeaseChange(): void;
  /** Records that a server died, or that all lost the database, with what they had not stored. */
  forget(actor?: number): void;
  /** Reports whether the tokens of the last refresh may have been lost. */
  isTokenLost(athleteId: number): boolean;
  /** Reports whether Strava ever refused a token, even a valid one: the grant then counts as dead. */
  hasRefusedToken(): boolean;
  /** Returns the number of requests. */
  count(): number;
}

/** An action to run at a moment in a server's work. */
interface ScheduledAction {
  actor: number;
  left: number;
  when: Moment;
  act: () => void;
}

/** A used-up window, and the server whose response said so. */
interface UsedUpWindow {
  window: string;
  actor: number;
  at: number;
}

/** A refresh that issued a new pair of tokens. */
interface Rotation {
  actor: number;
  athleteId: number;
  refreshToken: string;
  isLost: boolean;
}

/** Starts the proxy. */
export function startStravaProxy(
  strava: Strava,
  { now }: { now: () => number },
): StravaProxy {
  const actions: ScheduledAction[] = [];
  const violations: string[] = [];
  let usedUp: UsedUpWindow[] = [];
  let rotations: Rotation[] = [];
  const dead = new Set<number>();
  const overlaps = createOverlapDetector(violations);
  let hasRefusedToken = false;
  let count = 0;

  function notify(actor: number, when: Moment): void {
    for (const action of [...actions]) {
      if (action.actor !== actor || action.when !== when) continue;
      if (--action.left > 0) continue;
      actions.splice(actions.indexOf(action), 1);
      action.act();
    }
  }

  function windows(): { short: string; daily: string } {
    const time = now();
    return {
      short: `quarter hour ${Math.floor(time / QUARTER_HOUR_MS)}`,
      daily: `day ${Math.floor(time / DAY_MS)}`,
    };
  }

  function checkRateLimit(actor: number, request: Request): void {
    const { short, daily } = windows();
    const known = usedUp.find((each) =>
      (each.window === short || each.window === daily) &&
      performance.now() - each.at > SPREAD_MS
    );
    if (!known) return;
    const { pathname, search } = new URL(request.url);
    violations.push(
      `Server ${actor} requested ${pathname}${search} in the used-up ${known.window}, known to server ${known.actor}`,
    );
  }

  function recordUsedUp(
    actor: number,
    request: Request,
    response: Response,
  ): void {
    if (request.signal.aborted || dead.has(actor)) return;
    const { short, daily } = windows();
    const at = performance.now();
    for (const each of findUsedUp(response)) {
      usedUp.push({ window: each === "daily" ? daily : short, actor, at });
    }
  }

  function trackPage(
    actor: number,
    { url, headers }: Request,
  ): ReturnType<typeof overlaps.addRequest> | undefined {
    const { pathname, searchParams } = new URL(url);
    const token = headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
    const athleteId = strava.grants.findAccess(token)?.token.athleteId;
    if (!pathname.endsWith("/athlete/activities") || !athleteId) return;
    const page = Number(searchParams.get("page"));
    return overlaps.addRequest({ actor, athleteId, page });
  }

  async function forward(actor: number, request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const isPush = pathname.startsWith("/api/v3/push_subscriptions");
    const countsInRateLimit = pathname.startsWith("/api/v3/") && !isPush;
    const isToken = pathname.endsWith("/oauth/token");
    count++;
    if (countsInRateLimit) checkRateLimit(actor, request);
    notify(actor, "sent");
    const before = new Map(listLiveTokens(strava));
    const endPage = trackPage(actor, request);
    let response: Response | undefined;
    try {
      response = await strava.fetch(request);
      hasRefusedToken ||= !isPush &&
        (response.status === 400 || response.status === 401);
      if (countsInRateLimit) recordUsedUp(actor, request, response);
      return response;
    } finally {
      if (isToken) {
        const isLost = dead.has(actor) || request.signal.aborted ||
          !await isComplete(response);
        for (const [athleteId, refreshToken] of listLiveTokens(strava)) {
          if (before.get(athleteId) === refreshToken) continue;
          rotations = rotations.filter((each) => each.athleteId !== athleteId);
          rotations.push({ actor, athleteId, refreshToken, isLost });
        }
      }
      endPage?.(response !== undefined && !request.signal.aborted);
      notify(actor, "answered");
    }
  }

  const server = serveStrava({
    ...strava,
    fetch: async (request) => {
      const url = new URL(request.url);
      const [, actor, path] = /^\/server-(\d+)(\/.*)$/.exec(url.pathname)!;
      url.pathname = path!;
      const { method, headers, body, signal } = request;
      const inner = new Request(url, { method, headers, body, signal });
      return await forward(Number(actor), inner);
    },
  });

  return {
    url: (actor) => `${server.url}/server-${actor}`,
    violations,
    schedule: (actor, { nth, when }, act) => {
      actions.push({ actor, left: nth, when, act });
    },
    notify,
    settle() {
      for (const each of usedUp) each.at = -Infinity;
    },
    expectLeaseChange: overlaps.allowOverlap,
    forget(actor) {
      overlaps.allowOverlap();
      usedUp = usedUp.filter((each) =>
        actor !== undefined && each.actor !== actor
      );
      if (actor === undefined) return;
      dead.add(actor);
      for (const rotation of rotations) {
        if (rotation.actor === actor) rotation.isLost = true;
      }
    },
    isTokenLost(athleteId) {
      const live = strava.grants.liveRefreshToken(athleteId);
      return live === undefined ||
        rotations.some((each) => each.refreshToken === live && each.isLost);
    },
    hasRefusedToken: () => hasRefusedToken,
    count: () => count,
    [Symbol.asyncDispose]: () => server.close(),
  };
}

function listLiveTokens(strava: Strava): [number, string][] {
  return [...strava.athletes.keys()].flatMap((athleteId) => {
    const token = strava.grants.liveRefreshToken(athleteId);
    return token === undefined ? [] : [[athleteId, token] as const];
  }).map(([athleteId, token]) => [athleteId, token]);
}

/** Returns the windows that a response shows as used up. A 429 without usage means the quarter hour. */
function findUsedUp(response: Response): ("short" | "daily")[] {
  const windows = new Set<"short" | "daily">();
  for (const pair of ["x-ratelimit", "x-readratelimit"]) {
    const limits = response.headers.get(`${pair}-limit`)?.split(",") ?? [];
    const usages = response.headers.get(`${pair}-usage`)?.split(",") ?? [];
    for (const [index, window] of (["short", "daily"] as const).entries()) {
      if (Number(usages[index]) >= Number(limits[index])) windows.add(window);
    }
  }
  if (response.status === 429 && windows.size === 0) windows.add("short");
  return [...windows];
}

/** Reports whether the response contains the new tokens in a form that the server can read. */
async function isComplete(response: Response | undefined): Promise<boolean> {
  if (response?.status !== 200) return false;
  const type = response.headers.get("content-type") ?? "";
  if (response.headers.get("content-encoding") === "gzip") return true;
  const body = await response.clone().json().catch(() => undefined);
  return type !== "" && typeof body?.refresh_token === "string";
}
