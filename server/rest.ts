import { type AnyTRPCProcedure, callTRPCProcedure } from "@trpc/server";
import type { OpenApiMeta } from "trpc-to-openapi";
import { z } from "zod";
import { isJson } from "./body.ts";
import { AppError, type Issue, readIssues, toUnknown } from "./errors.ts";
import type { Route } from "./route.ts";
import { appRouter } from "./router.ts";

/**
 * Every procedure with `meta.openapi` as a route, made once.
 *
 * The handlers of trpc-to-openapi make their route table anew for each request and change the
 * input schemas in place, so that tRPC's callers too could then send `"5"` for 5; only its
 * document is used. Here the text of a query becomes numbers before the procedure, whose own
 * schema stays as strict as it is, sees it.
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
    const handle: Route["handle"] = async (request, ctx) => {
      const query = readQuery(request, hasBody ? NOTHING : schema);
      const output = await callTRPCProcedure({
        router: appRouter,
        path: name,
        type: procedure._def.type,
        ctx,
        signal: request.signal,
        batchIndex: 0,
        // Asked for only once the caller is known to be allowed.
        getRawInput: async () => hasBody ? await readBody(request) : query,
      });
      return Response.json(output);
    };
    return [{ method: openapi.method, path: openapi.path, handle }];
  });
}

/** What a procedure without an input takes. */
const NOTHING = z.strictObject({});

/** A procedure's input: an object, perhaps with a default. Without one a body would go unread. */
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

/** What an optional or defaulted schema is about. */
function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? unwrap(schema.unwrap())
    : schema;
}

/**
 * The query as the procedure's input; a map without a prototype, for names such as `constructor`.
 * Where a name is unknown or repeated, what else is wrong is told with it.
 */
function readQuery(
  request: Request,
  schema: z.ZodType,
): Record<string, unknown> {
  const { shape } = unwrap(schema) as z.ZodObject;
  const query: Record<string, unknown> = Object.create(null);
  const repeated: Issue[] = [];
  const unknown: Issue[] = [];
  for (const [name, text] of new URL(request.url).searchParams) {
    if (!Object.hasOwn(shape, name)) unknown.push(toUnknown(name));
    else if (name in query) {
      repeated.push({ path: name, message: "is given more than once" });
    } else query[name] = isNumber(shape[name], text) ? Number(text) : text;
  }
  if (repeated.length + unknown.length > 0) {
    const others = readIssues(schema.safeParse(query).error) ?? [];
    const issues = [...others, ...repeated, ...unknown];
    throw new AppError("invalid_input", { issues });
  }
  return query;
}

/** An empty text is none of the numbers, although JavaScript makes 0 of it. */
function isNumber(field: unknown, text: string): boolean {
  return unwrap(field) instanceof z.ZodNumber && /^-?\d+(\.\d+)?$/.test(text);
}

/** The body as the procedure's input; an empty one, as `curl -X POST` sends it, is `{}`. */
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
