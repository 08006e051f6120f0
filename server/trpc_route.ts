import {
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  transformTRPCResponse,
} from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { isJson } from "./http/content_type.ts";
import { AppError, toFailure } from "./errors.ts";
import { toFailureHeaders } from "./http/problem.ts";
import type { RequestContext, Route } from "./http/route.ts";
import { appRouter } from "./router.ts";

/** Most calls in one batch. */
const MAX_BATCH_SIZE = 20;

/** The tRPC routes. */
export const trpcRoutes: Route[] = [
  { method: "GET", path: "/trpc/*", handle: handleTrpc },
  { method: "POST", path: "/trpc/*", handle: handleTrpc },
];

async function handleTrpc(
  request: Request,
  ctx: RequestContext,
): Promise<Response> {
  // tRPC would accept forms and bytes as the input of any procedure.
  if (request.method === "POST" && !isJson(request)) {
    return refuseTrpc(new AppError("unsupported_media_type"), ctx);
  }
  let refusal: unknown;
  let isParsed = false;
  const response = await fetchRequestHandler({
    endpoint: "/trpc",
    router: appRouter,
    req: request,
    createContext: () => {
      isParsed = true;
      return ctx;
    },
    maxBatchSize: MAX_BATCH_SIZE,
    responseMeta: ({ errors }) => ({
      headers: new Headers(toFailureHeaders(errors.map(toFailure))),
    }),
    onError: ({ error }) => {
      if (isParsed) ctx.requestLog.fail(error);
      else refusal = error;
    },
  });
  return isParsed || !refusal ? response : refuseTrpc(refusal, ctx);
}

/** Returns tRPC's error response, with the request id that tRPC lacks before it creates a context. */
export function refuseTrpc(
  cause: unknown,
  ctx: RequestContext,
): Response {
  const { status } = ctx.requestLog.fail(cause);
  const config = appRouter._def._config;
  const error = getTRPCErrorShape({
    config,
    error: getTRPCErrorFromUnknown(cause),
    type: "unknown",
    path: undefined,
    input: undefined,
    ctx,
  });
  return Response.json(transformTRPCResponse(config, { error }), { status });
}
