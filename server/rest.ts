import { type AnyTRPCProcedure, callTRPCProcedure } from "@trpc/server";
import type { OpenApiMeta } from "trpc-to-openapi";
import { z } from "zod";
import { AppError, type Issue } from "./errors.ts";
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
    const fields = readFields(procedure);
    const hasBody = openapi.method !== "GET" && openapi.method !== "DELETE";
    const handle: Route["handle"] = async (request, ctx) => {
      const query = readQuery(request, hasBody ? new Map() : fields);
      const input = hasBody ? await readBody(request) : query;
      if (fields.size === 0 && Object.keys(input).length > 0) {
        refuse(toUnknown(Object.keys(input)));
      }
      const output = await callTRPCProcedure({
        router: appRouter,
        path: name,
        type: procedure._def.type,
        ctx,
        signal: request.signal,
        batchIndex: 0,
        getRawInput: () => Promise.resolve(input),
      });
      return Response.json(output);
    };
    return [{ method: openapi.method, path: openapi.path, handle }];
  });
}

/** The fields of a procedure's input, and whether each is a number. */
type Fields = ReadonlyMap<string, { isNumber: boolean }>;

function readFields(procedure: AnyTRPCProcedure): Fields {
  const { inputs } = procedure._def as unknown as { inputs: unknown[] };
  const fields = new Map<string, { isNumber: boolean }>();
  for (const input of inputs) {
    const schema = unwrap(input);
    if (!(schema instanceof z.ZodObject)) {
      throw new TypeError("A REST input must be an object");
    }
    for (const [name, field] of Object.entries(schema.shape)) {
      fields.set(name, { isNumber: unwrap(field) instanceof z.ZodNumber });
    }
  }
  return fields;
}

/** What an optional or defaulted schema is about. */
function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? unwrap(schema.unwrap())
    : schema;
}

/** The query as the procedure's input; a map without a prototype, for names such as `constructor`. */
function readQuery(request: Request, fields: Fields): Record<string, unknown> {
  const query: Record<string, unknown> = Object.create(null);
  const issues: Issue[] = [];
  for (const [name, text] of new URL(request.url).searchParams) {
    const field = fields.get(name);
    if (!field) issues.push(...toUnknown([name]));
    else if (name in query) {
      issues.push({ path: name, message: "is given more than once" });
    } // An empty text is none of the numbers, although JavaScript makes 0 of it.
    else {query[name] = field.isNumber && /^-?\d+(\.\d+)?$/.test(text)
        ? Number(text)
        : text;}
  }
  refuse(issues);
  return query;
}

/** The body as the procedure's input; an empty one, as `curl -X POST` sends it, is `{}`. */
async function readBody(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text();
  if (text.trim() === "") return {};
  const type = request.headers.get("content-type")?.split(";")[0]?.trim()
    .toLowerCase();
  if (type !== "application/json") throw new AppError("unsupported_media_type");
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

function toUnknown(names: readonly string[]): Issue[] {
  return names.map((path) => ({ path, message: "is not a known parameter" }));
}

function refuse(issues: Issue[]): void {
  if (issues.length === 0) return;
  const detail = issues.map(({ path, message }) => `"${path}" ${message}`).join(
    "; ",
  );
  throw new AppError("invalid_input", { detail, issues });
}
