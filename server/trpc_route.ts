import {
  type AnyTRPCProcedure,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  transformTRPCResponse,
} from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { createOutputBudget } from "./http/batch_budget.ts";
import { isJson } from "./http/content_type.ts";
import { AppError, toFailure } from "./errors.ts";
import type { StreamPlace } from "./http/request_limits.ts";
import { toFailureHeaders } from "./http/problem.ts";
import type { RequestContext, Route } from "./http/route.ts";
import { appRouter } from "./router.ts";
import { readCost } from "./trpc.ts";

/** Most calls in one batch. */
const MAX_BATCH_SIZE = 20;

/** Units that the calls of a batch may cost together: each statistic once, and as much again. */
const MAX_BATCH_COST = 100;

const procedures = appRouter._def.procedures as unknown as Record<
  string,
  AnyTRPCProcedure
>;

/** Returns the procedures that a request calls. Unknown ones are `undefined`. */
export function listProcedures(
  { url }: Request,
): (AnyTRPCProcedure | undefined)[] {
  const path = new URL(url).pathname.slice("/trpc/".length);
  return path.split(/,|%2c/i).map((name) =>
    Object.hasOwn(procedures, name) ? procedures[name] : undefined
  );
}

/** Returns the units of the rate limit that the calls of a request take together. */
export function sumCosts(request: Request): number {
  return listProcedures(request).reduce(
    (sum, procedure) => sum + readCost(procedure),
    0,
  );
}

function isStream(procedure: AnyTRPCProcedure | undefined): boolean {
  return procedure?._def.type === "subscription";
}

/** The tRPC routes. */
export const trpcRoutes: Route[] = [
  { method: "GET", path: "/trpc/*", cost: sumCosts, handle: handleTrpc },
  { method: "POST", path: "/trpc/*", cost: sumCosts, handle: handleTrpc },
];

async function handleTrpc(
  request: Request,
  ctx: RequestContext,
): Promise<Response> {
  // tRPC would accept forms and bytes as the input of any procedure.
  if (request.method === "POST" && !isJson(request)) {
    return refuseTrpc(new AppError("unsupported_media_type"), ctx);
  }
  const batch = listProcedures(request);
  const cost = sumCosts(request);
  if (cost > MAX_BATCH_COST) {
    const detail =
      `The calls of a batch may cost ${MAX_BATCH_COST} units together: send some of them in another request`;
    return refuseTrpc(new AppError("batch_too_large", { detail }), ctx);
  }
  if (batch.length > 1) ctx.countOutput = createOutputBudget();
  const place = batch.some(isStream) ? ctx.limits.enterStream(ctx) : undefined;
  try {
    return await complete(await callTrpc(request, ctx), ctx, place);
  } catch (error) {
    place?.leave();
    throw error;
  }
}

/** Completes the response, and limits the time that the client may take to read it. */
async function complete(
  response: Response,
  ctx: RequestContext,
  place: StreamPlace | undefined,
): Promise<Response> {
  const { body, status, headers } = response;
  const type = headers.get("content-type") ?? "";
  if (place && body && type.startsWith("text/event-stream")) {
    return new Response(place.limit(body), { status, headers });
  }
  place?.leave();
  // Only tRPC's streamed batches are chunked here.
  if (body && headers.has("transfer-encoding")) {
    return new Response(ctx.limits.toStream(body), { status, headers });
  }
  const text = await response.text();
  return status === 200
    ? await ctx.respond(text, type)
    : ctx.limits.respond(ctx, text, { status, headers });
}

async function callTrpc(
  request: Request,
  ctx: RequestContext,
): Promise<Response> {
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
  const failure = ctx.requestLog.fail(cause);
  const config = appRouter._def._config;
  const error = getTRPCErrorShape({
    config,
    error: getTRPCErrorFromUnknown(cause),
    type: "unknown",
    path: undefined,
    input: undefined,
    ctx,
  });
  return Response.json(transformTRPCResponse(config, { error }), {
    status: failure.status,
    headers: toFailureHeaders([failure]),
  });
}
