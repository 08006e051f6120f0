import type { MiddlewareHandler } from "hono";
import { readCaller } from "../auth/caller.ts";
import { isForged } from "../auth/csrf.ts";
import type { Config } from "../config.ts";
import type { AnswerNotes, Deps } from "../context.ts";
import { AppError } from "../errors.ts";
import { createHostCheck } from "./allowed_hosts.ts";
import { discardBody, limitBody } from "./body_limit.ts";
import { readClientAddress } from "./client_address.ts";
import { createOutageLog } from "./outage.ts";
import type { Limits } from "./request_limits.ts";
import { createProxyWatch } from "./proxy_watch.ts";
import type { Counted } from "./rate_counter.ts";
import { createRequestLog } from "./request_log.ts";
import { createHeaderCompletion } from "./response_headers.ts";
import type { RequestContext, Route } from "./route.ts";
import { readUserAgent } from "./user_agent.ts";

/** The other end of a request's connection. */
export interface Peer {
  address?: string;
  /** Notes for the cache, filled while the request is answered. */
  notes?: AnswerNotes;
}

/** The types that Hono passes to each middleware and route. */
export interface Env {
  Bindings: Peer;
  Variables: { ctx: RequestContext };
}

/** A step that every request passes. */
export type Middleware = MiddlewareHandler<Env>;

/** Length of a path in the log, in characters. */
const MAX_LOGGED_PATH = 200;

/** The parts of the answer cache that a request needs. */
export interface Answers {
  recallAthlete: RequestContext["recallAthlete"];
  /** Returns the complete response, if the answer may be kept; else `undefined`. */
  respond: (
    ctx: RequestContext,
    output: { request: Request; body: string; type: string },
  ) => Response | Promise<Response> | undefined;
  /** Notes what a request has read. */
  noteRead: (notes: AnswerNotes, status: number) => void;
}

/**
 * Creates the request's context, writes its line in the log, and completes the headers of the
 * response.
 */
export function createContext(
  deps: Deps,
  { toLoggedPath, limits, answers }: {
    toLoggedPath: (path: string) => string;
    limits: Limits;
    answers: Answers | undefined;
  },
): Middleware {
  const onOutage = createOutageLog(deps);
  const proxyWatch = createProxyWatch(deps);
  const completeHeaders = createHeaderCompletion(deps.config);
  const recallAthlete = answers?.recallAthlete ?? ((_key, load) => load());
  return async (c, next) => {
    // Hono's TrieRouter runs a middleware twice for the literal path "/*".
    if (c.get("ctx")) return await next();
    const requestId = crypto.randomUUID();
    const log = deps.log.with({ requestId });
    const { logRequest } = deps;
    const requestLog = createRequestLog(log, {
      requestId,
      logRequest,
      onOutage,
    });
    const { headers } = c.req.raw;
    const peer = c.env.address;
    proxyWatch.notice(headers, peer);
    let isComplete = false;
    const ctx: RequestContext = {
      ...deps,
      log,
      requestId,
      requestLog,
      limits,
      recallAthlete,
      caller: { kind: "anonymous" },
      address: readClientAddress(deps.config, { headers, peer }),
      agent: readUserAgent(headers),
      headers,
      notes: c.env.notes ?? { athletes: [], canKeep: false },
      cookies: [],
      untrustedProxySince: proxyWatch.since,
      runHeavy: (work) => limits.runHeavy(ctx, work),
      async respond(body, type) {
        const request = c.req.raw;
        const response = await answers?.respond(ctx, { request, body, type });
        isComplete = response !== undefined;
        if (response) return response;
        return limits.respond(ctx, body, { headers: { "content-type": type } });
      },
    };
    c.set("ctx", ctx);
    await next();
    discardBody(c.req.raw);
    const { status } = c.res;
    answers?.noteRead(ctx.notes, status);
    if (!isComplete) {
      // Not `c.header`: each call would copy the response and turn its text into a stream.
      completeHeaders(c.res.headers, {
        requestId,
        caller: ctx.caller,
        cookies: ctx.cookies,
        rate: ctx.rate,
        origin: headers.get("origin"),
      });
    }
    requestLog.end({
      method: c.req.method,
      path: toLoggedPath(c.req.path).slice(0, MAX_LOGGED_PATH),
      status,
    });
  };
}

const MISSING_ORIGIN =
  "A change with a session's cookies needs the header Origin: send that of your page, or use an API key";

/**
 * Refuses a request for another host, and one that another site's page may have sent. Paths that
 * `skips` accepts answer for any host.
 */
export function refuseUnsafe(
  config: Config,
  { skips }: { skips: (path: string) => boolean },
): Middleware {
  const checkHost = createHostCheck(config);
  return async (c, next) => {
    checkHost(c.req.raw, { isExempt: skips(c.req.path) });
    if (isForged(c.req.raw, config)) {
      const isMissing = c.req.header("origin") === undefined;
      throw new AppError("forbidden_origin", {
        detail: isMissing ? MISSING_ORIGIN : undefined,
      });
    }
    await next();
  };
}

/**
 * Limits the size of the body and the time that it may take. Requests that `skips` accepts have
 * other limits.
 */
export function limitRequestBody(
  deps: Deps,
  { skips }: { skips: (request: Request) => boolean },
): Middleware {
  return async (c, next) => {
    if (!skips(c.req.raw)) c.req.raw = limitBody(c.req.raw, deps);
    await next();
  };
}

/**
 * Takes a unit of the rate limit for the client's address, before the caller is looked up: a wrong
 * key costs a query. Paths that `skips` accepts are not counted.
 */
export function limitAddress(
  limits: Limits,
  { skips }: { skips: (path: string) => boolean },
): Middleware {
  return async (c, next) => {
    const ctx = c.get("ctx");
    if (!skips(c.req.path)) {
      ctx.rate = limits.countAddress(ctx.address);
      requireUnits(ctx.rate);
    }
    await next();
  };
}

/** Runs a route within the caller's limits: its cost, and the number of requests at once. */
export async function runRoute(
  { cost = 1, handle }: Route,
  request: Request,
  ctx: RequestContext,
): Promise<Response> {
  if (cost === 0) return await handle(request, ctx);
  const units = typeof cost === "number" ? cost : cost(request);
  ctx.rate = ctx.limits.countCost(ctx, units);
  requireUnits(ctx.rate);
  const leave = ctx.limits.enter(ctx);
  try {
    return await handle(request, ctx);
  } finally {
    leave();
  }
}

function requireUnits(rate: Counted | undefined): void {
  if (!rate?.isRefused) return;
  const { retryAfterSeconds } = rate;
  throw new AppError("too_many_requests", { retryAfterSeconds });
}

/** Finds out who calls. Paths that `skips` accepts stay anonymous and need no database. */
export function identifyCaller(
  deps: Deps,
  { skips }: { skips: (path: string) => boolean },
): Middleware {
  return async (c, next) => {
    const ctx = c.get("ctx");
    if (!skips(c.req.path)) ctx.caller = await readCaller(deps, ctx);
    await next();
  };
}
