import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";
import { readCaller } from "./caller.ts";
import type { Context, Deps } from "./context.ts";
import { createDocsRoutes } from "./docs.ts";
import { AppError, toFailure, toProblem } from "./errors.ts";
import { healthRoutes } from "./health.ts";
import { homeRoutes } from "./home.ts";
import { oauthRoutes } from "./oauth.ts";
import { createRestRoutes } from "./rest.ts";
import type { Route } from "./route.ts";
import { appRouter } from "./router.ts";

/** What a request may carry: the inputs are small. */
const MAX_BODY_BYTES = 100 * 1024;
const MAX_BATCH_SIZE = 20;

interface Env {
  Variables: { ctx: Context };
}

/** The whole HTTP surface as one function. */
export function createApp(deps: Deps): (request: Request) => Promise<Response> {
  const app = new Hono<Env>();
  useShell(app, deps);
  // Answers kept in memory, by address and the athlete's data version, would sit here: in front
  // of REST and tRPC alike.
  const routes: Route[] = [
    ...homeRoutes,
    ...oauthRoutes,
    ...healthRoutes,
    ...createDocsRoutes(),
    ...createRestRoutes(),
    { method: "GET", path: "/trpc/*", handle: handleTrpc },
    { method: "POST", path: "/trpc/*", handle: handleTrpc },
  ];
  for (const { method, path, handle } of routes) {
    app.on(method, path, (c) => handle(c.req.raw, c.get("ctx")));
  }
  refuseOtherMethods(app, routes);
  app.notFound(() => {
    throw new AppError("not_found");
  });
  app.onError((error, c) => {
    const ctx = c.get("ctx");
    const failure = toFailure(error);
    if (failure.status >= 500) {
      ctx.log.error("Request failed", { cause: error });
    }
    return toProblemResponse(failure, ctx.requestId);
  });
  return async (request) => await app.fetch(request);
}

/** What every request passes: an id, a line in the log, limits, headers. */
function useShell(app: Hono<Env>, deps: Deps): void {
  const { config } = deps;
  app.use(async (c, next) => {
    const requestId = crypto.randomUUID();
    const log = deps.log.with({ requestId });
    const caller = readCaller(c.req.raw.headers, config.internalApiKey);
    c.set("ctx", { ...deps, log, requestId, caller });
    if (!isHost(c.req.header("host"))) {
      const detail = "The Host header is not a host";
      throw new AppError("invalid_input", { detail });
    }
    const start = performance.now();
    await next();
    c.header("x-request-id", requestId);
    if (!c.res.headers.has("cache-control")) {
      c.header("cache-control", "no-store");
    }
    log.info("{method} {path} {status}", {
      method: c.req.method,
      path: c.req.path.slice(0, 200),
      status: c.res.status,
      milliseconds: Math.round(performance.now() - start),
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
  app.use(cors({
    origin: [...config.corsOrigins],
    allowMethods: ["GET", "HEAD", "POST"],
    allowHeaders: [
      "authorization",
      "content-type",
      "last-event-id",
      "trpc-accept",
      "x-api-key",
    ],
    exposeHeaders: ["x-request-id"],
    maxAge: 24 * 60 * 60,
  }));
  app.use(async (c, next) => {
    c.req.raw = await readLimited(c.req.raw);
    await next();
  });
}

/** A host with a port perhaps; anything else would move the path, or make no address at all. */
function isHost(host: string | undefined): boolean {
  return host === undefined ||
    (/^[\w.:[\]-]+$/.test(host) && URL.canParse(`http://${host}/`));
}

/**
 * The request with its body read, unless it is too large.
 *
 * The rest of such a body is given up: Hono's own limit leaves it locked and unread, and the
 * connection then stays open for half a minute.
 */
async function readLimited(request: Request): Promise<Request> {
  if (!request.body) return request;
  const reader = request.body.getReader();
  // One buffer: a chunk of a byte would keep the whole buffer alive that it was read into.
  const body = new Uint8Array(MAX_BODY_BYTES);
  const announced = Number(request.headers.get("content-length"));
  let size = announced > MAX_BODY_BYTES ? announced : 0;
  while (size <= MAX_BODY_BYTES) {
    const { done, value } = await reader.read().catch((cause) => {
      // The client broke off amid its body.
      throw new AppError("invalid_json", { cause });
    });
    if (done) return new Request(request, { body: body.slice(0, size) });
    if (size + value.length <= MAX_BODY_BYTES) body.set(value, size);
    size += value.length;
  }
  await reader.cancel().catch(() => {});
  throw new AppError("body_too_large");
}

function handleTrpc(request: Request, ctx: Context): Promise<Response> {
  return fetchRequestHandler({
    endpoint: "/trpc",
    router: appRouter,
    req: request,
    createContext: () => ctx,
    maxBatchSize: MAX_BATCH_SIZE,
    onError: ({ error }) => {
      if (toFailure(error).status >= 500) {
        ctx.log.error("Request failed", { cause: error });
      }
    },
  });
}

/** 405 with the methods that there are, for every path that has a route. */
function refuseOtherMethods(app: Hono<Env>, routes: readonly Route[]): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).map((route) =>
      route.method
    );
    const allow = methods.flatMap((method) =>
      method === "GET" ? ["GET", "HEAD"] : [method]
    );
    app.all(path, (c) => {
      const failure = toFailure(new AppError("method_not_allowed"));
      const response = toProblemResponse(failure, c.get("ctx").requestId);
      response.headers.set("allow", allow.join(", "));
      return response;
    });
  }
}

function toProblemResponse(
  failure: ReturnType<typeof toFailure>,
  requestId: string,
): Response {
  return new Response(JSON.stringify(toProblem(failure, requestId)), {
    status: failure.status,
    headers: {
      "content-type": "application/problem+json",
      // RFC 9110: who is refused for want of a key is told how to send one.
      ...(failure.status === 401 ? { "www-authenticate": "Bearer" } : {}),
    },
  });
}
