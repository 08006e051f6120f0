import { Hono } from "hono";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";
import { accountExportRoutes } from "./accounts/data_export_route.ts";
import { readAddress } from "./http/client_address.ts";
import { readAgent } from "./http/user_agent.ts";
import { discardBody, limitBody } from "./http/body.ts";
import { readCaller } from "./auth/caller.ts";
import type { Deps } from "./context.ts";
import { createDocsRoutes } from "./openapi/docs_routes.ts";
import { AppError, type Failure } from "./errors.ts";
import { exportRoutes } from "./activities/export_route.ts";
import { isForged } from "./auth/csrf.ts";
import { healthRoutes, isHealthPath } from "./health.ts";
import { homeRoutes } from "./home.ts";
import { oauthRoutes } from "./connect/oauth.ts";
import { createOutageLog } from "./http/outage.ts";
import { toFailureHeaders, toProblem } from "./http/problem.ts";
import { createRequestLog } from "./http/request_log.ts";
import { createRestRoutes } from "./rest.ts";
import type { RequestContext, Route } from "./http/route.ts";
import { refuseTrpc, trpcRoutes } from "./trpc_route.ts";
import { createWebhookRoutes } from "./webhook/route.ts";
import { hideSecret } from "./webhook/address.ts";

/** The other end of a request's connection. */
export interface Peer {
  address?: string;
}

interface Env {
  Bindings: Peer;
  Variables: { ctx: RequestContext };
}

/** The whole HTTP surface as one function. */
export function createApp(
  deps: Deps,
): (request: Request, peer?: Peer) => Promise<Response> {
  const app = new Hono<Env>();
  useShell(app, deps);
  // Answers kept in memory, by address and the athlete's data version, would sit here: in front
  // of REST and tRPC alike.
  const routes: Route[] = [
    ...homeRoutes,
    ...oauthRoutes,
    ...createWebhookRoutes(deps),
    ...healthRoutes,
    ...createDocsRoutes(),
    ...exportRoutes,
    ...accountExportRoutes,
    ...createRestRoutes(),
    ...trpcRoutes,
  ];
  const fixed = routes.filter(({ pattern }) => pattern === undefined);
  for (const { method, path, handle } of fixed) {
    app.on(method, path, (c) => handle(c.req.raw, c.get("ctx")));
  }
  refuseOtherMethods(app, fixed);
  // Those with an id come last: among Hono's own, `/activities/export` beside `/activities/:id`
  // would have a slower router serve all.
  app.notFound((c) => serveById(c.req.raw, c.get("ctx"), routes));
  app.onError((error, c) => {
    const ctx = c.get("ctx");
    if (c.req.path.startsWith("/trpc/")) return refuseTrpc(error, ctx);
    return toProblemResponse(ctx.requestLog.fail(error), ctx.requestId);
  });
  return async (request, peer = {}) => await app.fetch(request, peer);
}

/** What every request passes: an id, a line in the log, limits, headers. */
function useShell(app: Hono<Env>, deps: Deps): void {
  const { config } = deps;
  const onOutage = createOutageLog(deps);
  app.use(async (c, next) => {
    const requestId = crypto.randomUUID();
    const log = deps.log.with({ requestId });
    const requestLog = createRequestLog(log, { onOutage });
    const { headers } = c.req.raw;
    const peer = c.env.address;
    c.set("ctx", {
      ...deps,
      log,
      requestId,
      requestLog,
      caller: { kind: "anonymous" },
      address: readAddress(config, { headers, peer }),
      agent: readAgent(headers),
      headers,
      cookies: [],
    });
    await next();
    discardBody(c.req.raw);
    // By `c.header` each would make a new answer, whose text has become a stream.
    const answer = c.res.headers;
    for (const cookie of c.get("ctx").cookies) {
      answer.append("set-cookie", cookie);
    }
    if (!answer.has("access-control-allow-origin")) {
      answer.delete("access-control-allow-credentials");
    }
    answer.set("x-request-id", requestId);
    if (!answer.has("cache-control")) answer.set("cache-control", "no-store");
    requestLog.end({
      method: c.req.method,
      path: hideSecret(c.req.path).slice(0, 200),
      status: c.res.status,
    });
  });
  app.use(secureHeaders({
    // A page's own policy stays.
    overwrite: false,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      frameAncestors: ["'none'"],
    },
    strictTransportSecurity: config.environment === "production"
      ? "max-age=15552000"
      : false,
  }));
  const allowOrigins = cors({
    origin: [...config.corsOrigins],
    allowMethods: ["GET", "HEAD", "POST"],
    allowHeaders: [
      "authorization",
      "content-type",
      "last-event-id",
      "trpc-accept",
      "x-api-key",
    ],
    exposeHeaders: ["retry-after", "x-request-id"],
    // Pages of the listed origins may send the session's cookies along.
    credentials: true,
    maxAge: 24 * 60 * 60,
  });
  app.use(async (c, next) => {
    const isPlain = !c.req.header("origin") && c.req.method !== "OPTIONS";
    // It would make two more answers of each.
    if (!isPlain) return await allowOrigins(c, next);
    await next();
    c.res.headers.append("vary", "Origin");
  });
  app.use(async (c, next) => {
    const host = c.req.header("host");
    if (!URL.canParse(c.req.url) || (host !== undefined && !isHost(host))) {
      const detail = "The request's address, or its Host header, is none";
      throw new AppError("invalid_input", { detail });
    }
    if (isForged(c.req.raw, config)) throw new AppError("forbidden_origin");
    c.req.raw = limitBody(c.req.raw, deps);
    await next();
  });
  app.use(async (c, next) => {
    const ctx = c.get("ctx");
    // Whether the server is well is told without a look into the database for who asks.
    if (!isHealthPath(c.req.path)) ctx.caller = await readCaller(deps, ctx);
    await next();
  });
}

/** A host with a port perhaps; anything else would move the path, or make no address at all. */
function isHost(host: string): boolean {
  return /^[\w.:[\]-]+$/.test(host) && URL.canParse(`http://${host}/`);
}

/** 405 with the methods that there are, for every path that has a route. */
function refuseOtherMethods(app: Hono<Env>, routes: readonly Route[]): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).map((route) =>
      route.method
    );
    app.all(path, (c) => refuseMethod(c.get("ctx"), methods));
  }
}

/** The route of an address with an id, or that there is none. */
async function serveById(
  request: Request,
  ctx: RequestContext,
  routes: readonly Route[],
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const found = routes.filter(({ pattern }) => pattern?.test(pathname));
  if (found.length === 0) throw new AppError("not_found");
  const asked = request.method === "HEAD" ? "GET" : request.method;
  const route = found.find(({ method }) => method === asked);
  return route
    ? await route.handle(request, ctx)
    : refuseMethod(ctx, found.map(({ method }) => method));
}

function refuseMethod(
  { requestId, requestLog }: RequestContext,
  methods: readonly string[],
): Response {
  const allow = methods.flatMap((method) =>
    method === "GET" ? ["GET", "HEAD"] : [method]
  );
  const failure = requestLog.fail(new AppError("method_not_allowed"));
  const response = toProblemResponse(failure, requestId);
  response.headers.set("allow", allow.join(", "));
  return response;
}

function toProblemResponse(
  failure: Failure,
  requestId: string,
): Response {
  return new Response(JSON.stringify(toProblem(failure, requestId)), {
    status: failure.status,
    headers: {
      "content-type": "application/problem+json",
      ...toFailureHeaders([failure]),
    },
  });
}
