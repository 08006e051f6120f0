import { generateOpenApiDocument } from "trpc-to-openapi";
import sdk from "../../sdk/deno.json" with { type: "json" };
import { errorsOf, PROBLEM, PROBLEM_EXAMPLES } from "./errors.ts";
import { createExample, mergeExample } from "./schema_example.ts";
import { ActivityExportInput } from "@paceline/sdk/schemas";
import { toPlainPaths } from "./plain.ts";
import { appRouter } from "../router.ts";
import type { Meta } from "../trpc.ts";
import type { ZodType } from "zod";

type Json = Record<string, unknown>;
type Schemas = Record<string, Json>;

interface Parameter extends Json {
  schema: Json;
}

interface Answer extends Json {
  content?: Record<string, { schema: { $ref: string } }>;
}

interface Operation extends Json {
  operationId: string;
  parameters?: Parameter[];
  responses: Record<string, Answer>;
}

type Paths = Record<string, Record<string, Operation>>;

const DESCRIPTION = `
An athlete's training history, kept from Strava and served from PostgreSQL.

- Distances and elevations are metres, times are seconds, speeds metres per second.
- Instants are RFC 3339 in UTC. Days, months and years are those of the athlete's wall clock at the
  start of an activity.
- Totals count every activity. One by one, a caller without the API key sees only the activities
  whose visibility is in \`PUBLIC_VISIBILITY\`. With \`PUBLIC_STATS=false\` every statistic and
  activity needs the key.
- Every error is \`application/problem+json\` (RFC 9457) with a stable \`reason\`.
- Unknown parameters of a procedure are refused. A method that a path does not have is answered with 405 and
  \`Allow\`.
- The same procedures are served by tRPC under \`/trpc\`, for typed clients.
`.trim();

/**
 * The OpenAPI document of every REST route, made once at start-up.
 *
 * trpc-to-openapi writes the procedures; what it cannot know is corrected here: our error bodies,
 * the routes that are no procedures, examples, and the bounds that zod states for any integer.
 */
export function createOpenApiDocument(): Json {
  const document = generateOpenApiDocument(appRouter, {
    title: "Paceline",
    description: DESCRIPTION,
    // A client of a version speaks to a server of that version.
    version: sdk.version,
    baseUrl: "/",
    openApiVersion: "3.1.1",
    securitySchemes: SECURITY_SCHEMES,
    tags: Object.keys(TAGS),
  });
  const { info, components, paths, ...rest } = toPlain(document) as {
    info: Json;
    components: { schemas: Schemas };
    paths: Paths;
  };
  const schemas = Object.entries(components.schemas)
    .filter(([name]) => !name.startsWith("error."));
  const procedures = mapOperations(
    paths,
    (operation) => finishOperation(operation, components.schemas),
  );
  const filters = procedures["/strava/activities"]!["get"]!.parameters!
    .filter(({ name }) => String(name) in ActivityExportInput.shape);
  const allPaths = { ...procedures, ...toPlainPaths(filters) };
  return {
    ...rest,
    info: { ...info, license: { name: "MIT", identifier: "MIT" } },
    tags: Object.entries(TAGS).map(([name, description]) => ({
      name,
      description,
    })),
    paths: mapOperations(allPaths as Paths, addRequestId),
    components: {
      ...components,
      schemas: { ...Object.fromEntries(schemas), Problem: PROBLEM },
      headers: { "x-request-id": REQUEST_ID },
      examples: PROBLEM_EXAMPLES,
    },
  };
}

const SECURITY_SCHEMES = {
  apiKey: {
    type: "apiKey",
    in: "header",
    name: "X-API-Key",
    description: "The instance's `INTERNAL_API_KEY`, or a user's key",
  },
  bearer: {
    type: "http",
    scheme: "bearer",
    description:
      "The same key, or a session's access token, as `Authorization: Bearer`; give one of them only",
  },
  session: {
    type: "apiKey",
    in: "cookie",
    name: "__Host-paceline_access",
    description:
      "A session's access token, which `/api/auth/login` sets; over http, in development, the name " +
      "is `paceline_access`. What is not a GET must come from a page of an origin that the server " +
      "lists, by `Origin` or `Sec-Fetch-Site`",
  },
} as const;

/** What each part of the API is for. */
export const TAGS = {
  auth: "Accounts and their sessions",
  keys: "API keys of a user, in a session",
  stats: "Statistics of the whole history",
  activities: "The activities themselves",
  sync: "How the history comes in",
  athletes: "A user's athletes: who sees them, and how they leave",
  admin: "For the owner of the instance, with the API key",
  connection: "How an athlete is connected to Strava",
  health: "Whether the server is well",
};

/** Either way of giving the key, or a session. */
const WITH_KEY = [{ apiKey: [] }, { bearer: [] }, { session: [] }];
/** Only a session, by its cookie or its token. */
const WITH_SESSION = [{ session: [] }, { bearer: [] }];

const SET_COOKIE = {
  description:
    "`__Host-paceline_access` and `__Host-paceline_refresh`, HttpOnly and Secure, SameSite Lax and " +
    "Strict; over http, in development, without the prefix and Secure. Gone with Max-Age=0 once the " +
    "session is over. None for clients that get tokens",
  schema: { type: "string" },
};

const REQUEST_ID = {
  description: "Finds the request in the log",
  schema: { type: "string", format: "uuid" },
};

/** Returns an operation with what the procedure's meta says: its callers, errors and example. */
function finishOperation(operation: Operation, schemas: Schemas): Operation {
  const { operationId, parameters = [], responses, ...rest } = operation;
  const { meta, output } = getProcedure(operationId);
  const { schema } = responses["200"]!.content!["application/json"]!;
  const example = mergeExample(
    createExample(output, operationId),
    meta.example ?? {},
  );
  const success = {
    description: schemas[schema.$ref.split("/").at(-1)!]!["description"],
    ...(meta.setsCookies ? { headers: { "set-cookie": SET_COOKIE } } : {}),
    content: { "application/json": { schema, example } },
  };
  const errors = errorsOf(meta, { hasBody: "requestBody" in rest });
  return {
    operationId,
    ...rest,
    security: toSecurity(meta, { needsKey: rest["security"] !== undefined }),
    ...(parameters.length > 0
      ? { parameters: parameters.map(finishParameter) }
      : {}),
    responses: { 200: success, ...errors },
  };
}

/** Returns the procedure that trpc-to-openapi named `router-procedure`. */
function getProcedure(operationId: string): { meta: Meta; output: ZodType } {
  const procedures = appRouter._def.procedures as unknown as Record<
    string,
    { _def: { meta: Meta; output: ZodType } }
  >;
  return procedures[operationId.replace("-", ".")]!._def;
}

/** Returns the accepted credentials; `{}` means that none is needed. */
function toSecurity(
  { access }: Meta,
  { needsKey }: { needsKey: boolean },
): Json[] {
  if (access?.credential === "session") return needsKey ? WITH_SESSION : [{}];
  return needsKey ? WITH_KEY : [{}, ...WITH_KEY];
}

/** Pages show a parameter's own description, not that of its schema. */
function finishParameter({ schema, ...parameter }: Parameter): Parameter {
  const { description, ...rest } = schema;
  return { ...parameter, description, schema: rest };
}

function addRequestId(operation: Operation): Operation {
  const responses = Object.entries(operation.responses).map((
    [status, response],
  ) => {
    const headers = {
      ...response["headers"] as Json | undefined,
      "x-request-id": { $ref: "#/components/headers/x-request-id" },
    };
    return [status, { ...response, headers }];
  });
  return { ...operation, responses: Object.fromEntries(responses) };
}

function mapOperations(
  paths: Paths,
  change: (operation: Operation) => Operation,
): Paths {
  return Object.fromEntries(
    Object.entries(paths).map(([path, operations]) => [
      path,
      Object.fromEntries(
        Object.entries(operations).map(([method, operation]) => [
          method,
          change(operation),
        ]),
      ),
    ]),
  );
}

/**
 * Drops ±(2^53 - 1), which only says that JSON's numbers are doubles, and writes a schema's example
 * as JSON Schema, and so OpenAPI 3.1, wants it: a list.
 */
function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) =>
        Math.abs(Number(entry)) !== Number.MAX_SAFE_INTEGER
      )
      .map(([key, entry]) =>
        key === "example" ? ["examples", [entry]] : [key, toPlain(entry)]
      ),
  );
}
