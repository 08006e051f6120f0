import { Hono } from "hono";
import { dataExportRoutes } from "./accounts/data_export_route.ts";
import { exportRoutes } from "./activities/export.ts";
import { originalRoutes } from "./activities/original.ts";
import { createAnswerCache } from "./answers/answer_cache.ts";
import { oauthRoutes } from "./connect/oauth_routes.ts";
import type { Deps } from "./context.ts";
import { AppError, type Failure } from "./errors.ts";
import { healthRoutes, isHealthPath } from "./health.ts";
import { homeRoutes } from "./home/home.ts";
import { createDropBasePath } from "./http/base_path.ts";
import { createUploadRoutes, isUpload } from "./import_jobs/upload_route.ts";
import { answerPreflights } from "./http/cors.ts";
import { createLimits } from "./http/request_limits.ts";
import {
  createContext,
  type Env,
  identifyCaller,
  limitAddress,
  limitRequestBody,
  type Peer,
  refuseUnsafe,
  runRoute,
} from "./http/middleware.ts";
import { setInputMessages } from "./http/input_messages.ts";
import { toFailureHeaders, toProblem } from "./http/problem.ts";
import { ID_PATTERN, type RequestContext, type Route } from "./http/route.ts";
import { dropTrailingSlash } from "./http/trailing_slash.ts";
import { createDocsRoutes } from "./openapi/docs_routes.ts";
import { createRestRoutes } from "./rest.ts";
import { refuseTrpc, trpcRoutes } from "./trpc_route.ts";
import { hideSecret } from "./webhook/address.ts";
import { createWebhookRoutes } from "./webhook/route.ts";
import type { WebApp } from "./web/web_app.ts";
import { createWebRoutes, hideShareToken } from "./web/web_routes.ts";

/** Builds the whole HTTP surface as one function. Without the built web app, `/` is a plain page. */
export function createApp(
  deps: Deps,
  webApp?: WebApp,
): (request: Request, peer?: Peer) => Response | Promise<Response> {
  const { config } = deps;
  setInputMessages();
  const limits = createLimits(deps);
  const answers = config.caching.maxBytes > 0
    ? createAnswerCache(deps, { limits })
    : undefined;
  const app = new Hono<Env>();
  app.use(createContext(deps, {
    toLoggedPath: (path) => hideShareToken(hideSecret(path)),
    limits,
    answers,
  }));
  app.use(answerPreflights(deps));
  app.use(refuseUnsafe(config, { skips: isHealthPath }));
  app.use(limitAddress(limits, { skips: isHealthPath }));
  app.use(limitRequestBody(deps, { skips: isUpload }));
  app.use(identifyCaller(deps, { skips: isHealthPath }));

  const routes = [
    ...webApp ? createWebRoutes(webApp, config) : homeRoutes,
    ...oauthRoutes,
    ...createWebhookRoutes(deps),
    ...healthRoutes,
    ...createDocsRoutes(config),
    ...exportRoutes,
    ...originalRoutes,
    ...dataExportRoutes,
    ...createUploadRoutes(deps),
    ...createRestRoutes(),
    ...trpcRoutes,
  ];
  addRoutes(app, routes);
  const dropBasePath = createDropBasePath({ ...config, routes });
  app.notFound(() => {
    throw new AppError("not_found");
  });
  app.onError((error, c) => {
    const ctx = c.get("ctx");
    if (c.req.path.startsWith("/trpc/")) return refuseTrpc(error, ctx);
    return toProblemResponse(ctx.requestLog.fail(error), ctx.requestId);
  });
  // Without `async`: a kept answer needs no turn of the event loop.
  return (received, peer = {}) => {
    const request = dropTrailingSlash(dropBasePath(received));
    const next = async (env: Peer): Promise<Response> =>
      await app.fetch(request, env);
    return answers ? answers.serve(request, peer, next) : next(peer);
  };
}

/** Adds the routes, and 405 for the other methods of their paths. */
function addRoutes(app: Hono<Env>, routes: readonly Route[]): void {
  const byPath = Map.groupBy(routes, ({ path }) => toHonoPath(path));
  for (const [path, ofPath] of byPath) {
    for (const route of ofPath) {
      app.on(
        route.method,
        path,
        (c) => runRoute(route, c.req.raw, c.get("ctx")),
      );
    }
    const methods = ofPath.map(({ method }) => method);
    app.all(path, (c) => refuseMethod(c.get("ctx"), methods));
  }
}

/** Returns a route's path the way Hono writes it: `/strava/activities/:id{[1-9][0-9]*}`. */
function toHonoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, `:$1{${ID_PATTERN}}`);
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
