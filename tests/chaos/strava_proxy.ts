import { createOverlaps } from "./overlap.ts";
import { serveStrava, type Strava } from "../../strava_simulator/simulator.ts";

/**
 * What one server was told of a spent budget binds all of them after a moment: requests that had
 * their place before may be on their way. At rest it binds at once.
 */
const MOMENT_MS = 1000;

const QUARTER_HOUR_MS = 15 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A moment of one server's work: a request to Strava, or a transaction. */
export type When = "sent" | "answered" | "committed";

/**
 * The simulator as the servers reach it, each by an address of its own, so that it is known who
 * asks. It keeps what no server may do.
 */
export interface Gate extends AsyncDisposable {
  /** The address for one server, without a slash at the end. */
  url(actor: number): string;
  /** Requests that came although their sender could know that the budget was spent. */
  violations: string[];
  /** Calls `act` at the server's so-and-so-manyth such moment from now. */
  watch(
    actor: number,
    at: { nth: number; when: When },
    act: () => void,
  ): void;
  /** A moment has come. */
  notice(actor: number, when: When): void;
  /** Nothing is under way: what was told until now is known to all. */
  settle(): void;
  /** Leases may have passed, or were taken away. */
  disturb(): void;
  /** A server died, or lost its database: what it alone was told may be lost. */
  forget(actor?: number): void;
  /** Whether the tokens of the last refresh may be known to nobody. */
  isGrantLost(athleteId: number): boolean;
  /** Whether Strava ever refused a token, though it was good: the grant then counts as dead. */
  hasRefusedToken(): boolean;
  /** How many requests came. */
  count(): number;
}

interface Watch {
  actor: number;
  left: number;
  when: When;
  act: () => void;
}

/** A window of the budget of which somebody was told that it is spent. */
interface Told {
  window: string;
  actor: number;
  at: number;
}

/** A refresh that made a new pair of tokens. */
interface Rotation {
  actor: number;
  athleteId: number;
  refreshToken: string;
  isLost: boolean;
}

export function openGate(
  strava: Strava,
  { now }: { now: () => number },
): Gate {
  const watches: Watch[] = [];
  const violations: string[] = [];
  let told: Told[] = [];
  let rotations: Rotation[] = [];
  const dead = new Set<number>();
  const overlaps = createOverlaps(violations);
  let hasRefusedToken = false;
  let count = 0;

  function notice(actor: number, when: When): void {
    for (const watch of [...watches]) {
      if (watch.actor !== actor || watch.when !== when) continue;
      if (--watch.left > 0) continue;
      watches.splice(watches.indexOf(watch), 1);
      watch.act();
    }
  }

  function windows(): { short: string; daily: string } {
    const time = now();
    return {
      short: `quarter hour ${Math.floor(time / QUARTER_HOUR_MS)}`,
      daily: `day ${Math.floor(time / DAY_MS)}`,
    };
  }

  function judge(actor: number, request: Request): void {
    const { short, daily } = windows();
    const known = told.find((each) =>
      (each.window === short || each.window === daily) &&
      performance.now() - each.at > MOMENT_MS
    );
    if (!known) return;
    const { pathname, search } = new URL(request.url);
    violations.push(
      `Server ${actor} asked for ${pathname}${search} in a spent ${known.window}, of which server ${known.actor} was told`,
    );
  }

  function remember(
    actor: number,
    request: Request,
    response: Response,
  ): void {
    if (request.signal.aborted || dead.has(actor)) return;
    const { short, daily } = windows();
    const at = performance.now();
    for (const each of readSpent(response)) {
      told.push({ window: each === "daily" ? daily : short, actor, at });
    }
  }

  function enterWalk(
    actor: number,
    { url, headers }: Request,
  ): ReturnType<typeof overlaps.arrive> | undefined {
    const { pathname, searchParams } = new URL(url);
    const token = headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
    const athleteId = strava.grants.findAccess(token)?.token.athleteId;
    if (!pathname.endsWith("/athlete/activities") || !athleteId) return;
    const page = Number(searchParams.get("page"));
    return overlaps.arrive({ actor, athleteId, page });
  }

  async function pass(actor: number, request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const isPush = pathname.startsWith("/api/v3/push_subscriptions");
    const whereInScope = pathname.startsWith("/api/v3/") && !isPush;
    const isToken = pathname.endsWith("/oauth/token");
    count++;
    if (whereInScope) judge(actor, request);
    notice(actor, "sent");
    const before = new Map(listLiveTokens(strava));
    const leave = enterWalk(actor, request);
    let response: Response | undefined;
    try {
      response = await strava.fetch(request);
      hasRefusedToken ||= !isPush &&
        (response.status === 400 || response.status === 401);
      if (whereInScope) remember(actor, request, response);
      return response;
    } finally {
      if (isToken) {
        const isLost = dead.has(actor) || request.signal.aborted ||
          !await isWhole(response);
        for (const [athleteId, refreshToken] of listLiveTokens(strava)) {
          if (before.get(athleteId) === refreshToken) continue;
          rotations = rotations.filter((each) => each.athleteId !== athleteId);
          rotations.push({ actor, athleteId, refreshToken, isLost });
        }
      }
      leave?.(response !== undefined && !request.signal.aborted);
      notice(actor, "answered");
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
      return await pass(Number(actor), inner);
    },
  });

  return {
    url: (actor) => `${server.url}/server-${actor}`,
    violations,
    watch: (actor, { nth, when }, act) => {
      watches.push({ actor, left: nth, when, act });
    },
    notice,
    settle() {
      for (const each of told) each.at = -Infinity;
    },
    disturb: overlaps.disturb,
    forget(actor) {
      overlaps.disturb();
      told = told.filter((each) => actor !== undefined && each.actor !== actor);
      if (actor === undefined) return;
      dead.add(actor);
      for (const rotation of rotations) {
        if (rotation.actor === actor) rotation.isLost = true;
      }
    },
    isGrantLost(athleteId) {
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

/** The windows that an answer says are spent; a refusal that does not say which means the quarter hour. */
function readSpent(response: Response): ("short" | "daily")[] {
  const spent = new Set<"short" | "daily">();
  for (const pair of ["x-ratelimit", "x-readratelimit"]) {
    const limits = response.headers.get(`${pair}-limit`)?.split(",") ?? [];
    const usages = response.headers.get(`${pair}-usage`)?.split(",") ?? [];
    for (const [index, window] of (["short", "daily"] as const).entries()) {
      if (Number(usages[index]) >= Number(limits[index])) spent.add(window);
    }
  }
  if (response.status === 429 && spent.size === 0) spent.add("short");
  return [...spent];
}

/** Whether a token answer arrives as it was meant. */
async function isWhole(response: Response | undefined): Promise<boolean> {
  if (response?.status !== 200) return false;
  const type = response.headers.get("content-type") ?? "";
  if (response.headers.get("content-encoding") === "gzip") return true;
  const body = await response.clone().json().catch(() => undefined);
  return type !== "" && typeof body?.refresh_token === "string";
}
