import { type AnyTRPCProcedure, callTRPCProcedure } from "@trpc/server";
import type { OpenApiMeta } from "trpc-to-openapi";
import { z } from "zod";
import { isJson } from "./http/content_type.ts";
import { AppError } from "./errors.ts";
import { readQuery, unwrap } from "./http/query.ts";
import { ID_PATTERN, type Route } from "./http/route.ts";
import { appRouter } from "./router.ts";
import { readCost } from "./trpc.ts";

/**
 * Creates a route for every procedure with `meta.openapi`.
 *
 * Only the document of trpc-to-openapi is used, not its handlers: they rebuild their route table for
 * each request, and they change the input schemas in place, so that tRPC callers could then send
 * `"5"` for 5. Here the query's text becomes numbers before it reaches the procedure, whose own
 * schema stays strict.
 */
export function createRestRoutes(): Route[] {
  const procedures = appRouter._def.procedures as unknown as Record<
    string,
    AnyTRPCProcedure
  >;
  return Object.entries(procedures).flatMap(([name, procedure]) => {
    const openapi = (procedure._def.meta as OpenApiMeta | undefined)?.openapi;
    if (!openapi) return [];
    const hasBody = openapi.method !== "GET" && openapi.method !== "DELETE";
    const schema = readSchema(procedure, hasBody ? undefined : NOTHING);
    const { method, path } = openapi;
    const pattern = toPattern(path);
    const handle: Route["handle"] = async (request, ctx) => {
      const query = readQuery(request, {
        schema: hasBody ? NOTHING : schema,
        parameters: readIds(request, pattern),
      });
      const output = await callTRPCProcedure({
        router: appRouter,
        path: name,
        type: procedure._def.type,
        ctx,
        signal: undefined, // only streams use it
        batchIndex: 0,
        getRawInput: hasBody
          ? once(() => readBody(request))
          : () => Promise.resolve(query),
      });
      return await ctx.respond(JSON.stringify(output), "application/json");
    };
    return [{ method, path, cost: readCost(procedure), handle }];
  });
}

/** The input of a procedure that has none. */
const NOTHING = z.strictObject({});

/** Returns a procedure's input schema: an object. Without a schema a body would go unread. */
function readSchema(
  procedure: AnyTRPCProcedure,
  fallback: z.ZodType | undefined,
): z.ZodType {
  const { inputs } = procedure._def as unknown as { inputs: z.ZodType[] };
  const [schema = fallback, ...others] = inputs;
  if (
    !schema || others.length > 0 || !(unwrap(schema) instanceof z.ZodObject)
  ) {
    throw new TypeError("A REST input must be one object");
  }
  return schema;
}

/** Returns the pattern of a path such as `/strava/activities/{id}`, with a group for each id. */
function toPattern(path: string): RegExp {
  return new RegExp(
    `^${path.replaceAll(/\{(\w+)\}/g, `(?<$1>${ID_PATTERN})`)}$`,
  );
}

/** Returns the path's ids by name. */
function readIds(request: Request, pattern: RegExp): Record<string, number> {
  const { groups = {} } = pattern.exec(new URL(request.url).pathname) ?? {};
  return Object.fromEntries(
    Object.entries(groups).map(([name, text]) => [name, Number(text)]),
  );
}

/** Returns a function that reads once. A body is read only after the caller's access was checked. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => result ??= read();
}

/** Parses the body as the procedure's input. An empty one, as `curl -X POST` sends it, is `{}`. */
async function readBody(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text();
  if (text.trim() === "") return {};
  if (!isJson(request)) throw new AppError("unsupported_media_type");
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid_json", { cause });
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new AppError("invalid_input", { detail: "Send a JSON object" });
  }
  return body as Record<string, unknown>;
}
