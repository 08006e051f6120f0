import { generateOpenApiDocument } from "trpc-to-openapi";
import sdk from "../../sdk/deno.json" with { type: "json" };
import {
  PROBLEM,
  PROBLEM_EXAMPLES,
  toErrorResponses,
} from "./error_responses.ts";
import { createExample, mergeExample } from "./schema_example.ts";
import { ActivityExportInput } from "@paceline/sdk/schemas";
import { createRoutePaths } from "./route_paths.ts";
import { appRouter } from "../router.ts";
import type { Meta } from "../trpc.ts";
import type { ZodType } from "zod";

type Json = Record<string, unknown>;
type Schemas = Record<string, Json>;

interface Parameter extends Json {
  schema: Json;
}

interface OperationResponse extends Json {
  content?: Record<string, { schema: { $ref: string } }>;
}

interface Operation extends Json {
  operationId: string;
  parameters?: Parameter[];
  responses: Record<string, OperationResponse>;
}

type Paths = Record<string, Record<string, Operation>>;

const DESCRIPTION = `
Training history and statistics of athletes, from Strava and from files.

- Distances and elevations are in metres, times in seconds, speeds in metres per second.
- Instants are RFC 3339 in UTC. Local days, months and years follow the athlete's wall clock at the
  start of the activity.
- Without a credential only activities whose visibility is in \`PUBLIC_VISIBILITY\` are shown. Totals
  count the others by whole months; \`counts\` says so. With \`PUBLIC_STATS=false\` every statistic and activity
  requires a credential.
- Errors are \`application/problem+json\` (RFC 9457) with a stable \`reason\`.
- Each client may spend \`RATE_LIMIT\` units a minute. A request costs 1 unit, a statistic that takes
  much computing costs up to 10. \`RateLimit-Limit\`, \`RateLimit-Remaining\`, \`RateLimit-Reset\` and
  \`RateLimit-Policy\` report the client's budget. Beyond it the answer is 429 with \`Retry-After\`.
- Unknown parameters are refused with 400, unsupported methods with 405 and \`Allow\`.
- The same procedures are available to typed clients over tRPC, under \`/trpc\`.
`.trim();

/**
 * Creates the OpenAPI document of all REST routes.
 *
 * trpc-to-openapi describes the procedures. This function adds what it cannot know (error bodies,
 * routes that are not procedures, examples) and removes the bounds that zod adds to every integer.
 * `basePath` is the path before those of the routes.
 */
export function createOpenApiDocument({ basePath = "" } = {}): Json {
  const document = generateOpenApiDocument(appRouter, {
    title: "Paceline",
    description: DESCRIPTION,
    // A client works with a server of the same version.
    version: sdk.version,
    baseUrl: basePath || "/",
    openApiVersion: "3.1.1",
    securitySchemes: createSecuritySchemes(basePath),
    tags: Object.keys(TAGS),
  });
  const { info, components, paths, ...rest } = toJsonSchema(document) as {
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
  const allPaths = { ...procedures };
  for (const [path, operations] of Object.entries(createRoutePaths(filters))) {
    // A path may have both procedures and other routes.
    allPaths[path] = {
      ...allPaths[path],
      ...operations as unknown as Paths[string],
    };
  }
  return {
    ...rest,
    info: { ...info, license: { name: "MIT", identifier: "MIT" } },
    tags: Object.entries(TAGS).map(([name, description]) => ({
      name,
      description,
    })),
    paths: mapOperations(allPaths, addRequestId),
    components: {
      ...components,
      schemas: { ...Object.fromEntries(schemas), Problem: PROBLEM },
      headers: { "x-request-id": REQUEST_ID },
      examples: PROBLEM_EXAMPLES,
    },
  };
}

type SecuritySchemes = NonNullable<
  Parameters<typeof generateOpenApiDocument>[1]["securitySchemes"]
>;

function createSecuritySchemes(basePath: string): SecuritySchemes {
  const cookie = `paceline_access${basePath.replaceAll("/", "_")}`;
  return {
    apiKey: {
      type: "apiKey",
      in: "header",
      name: "X-API-Key",
      description: "The instance's `INTERNAL_API_KEY`, or a user's API key",
    },
    bearer: {
      type: "http",
      scheme: "bearer",
      description:
        "An API key, or the access token of a session, as `Authorization: Bearer`. Send only one " +
        "credential",
    },
    session: {
      type: "apiKey",
      in: "cookie",
      name: `__Host-${cookie}`,
      description:
        "The access token of a session, set by `/api/auth/login`. Over http, in development, the " +
        `cookie is named \`${cookie}\`. Requests other than GET must come from an allowed ` +
        "origin, according to `Origin` or `Sec-Fetch-Site`",
    },
  };
}

/** The parts of the API with their descriptions. */
export const TAGS = {
  auth: "Accounts and sessions",
  keys: "API keys of a user. All operations require a session",
  stats: "Statistics of an athlete",
  activities: "Activities of an athlete",
  imports: "Uploads of activity files, archives and Strava's bulk export",
  edits: "Changes that owners make to activities",
  "athlete values":
    "Weight, heart rates, thresholds and zones of an athlete over time",
  gear: "Shoes and bikes of an athlete",
  sync: "State and history of syncs with Strava",
  privacy: "Maps that others see: privacy zones and hidden ends of tracks",
  athletes: "Athletes of a user: visibility, sharing, disconnecting, deleting",
  admin: "Operations for owners and administrators",
  connection: "Connecting an athlete to Strava",
  health: "Health checks",
};

/** An API key, as either header, or a session. */
const WITH_KEY = [{ apiKey: [] }, { bearer: [] }, { session: [] }];
/** A session, by its cookie or its access token. */
const WITH_SESSION = [{ session: [] }, { bearer: [] }];

const SET_COOKIE = {
  description:
    "The cookies `__Host-paceline_access` (SameSite Lax) and `__Host-paceline_refresh` " +
    "(SameSite Strict), both HttpOnly and Secure. Over http, in development, without the " +
    "prefix and Secure. Cleared with Max-Age=0 when the session ends. Not set for clients " +
    "that requested tokens. A login also sets `__Host-paceline_device` (SameSite Strict) for a year, " +
    "by which the browser is recognised",
  schema: { type: "string" },
};

const REQUEST_ID = {
  description: "Id of the request in the server's log",
  schema: { type: "string", format: "uuid" },
};

/** Completes an operation with the callers, errors and example of the procedure's meta. */
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
  const errors = toErrorResponses(meta, { hasBody: "requestBody" in rest });
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

/** Returns the accepted credentials. `{}` means that none is required. */
function toSecurity(
  { access }: Meta,
  { needsKey }: { needsKey: boolean },
): Json[] {
  if (access?.credential === "session") return needsKey ? WITH_SESSION : [{}];
  return needsKey ? WITH_KEY : [{}, ...WITH_KEY];
}

/** Moves a parameter's description out of its schema: documentation pages show only the former. */
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
 * Removes bounds of ±(2^53 - 1), which only say that JSON numbers are doubles, and turns `example`
 * into the list `examples`, as JSON Schema and OpenAPI 3.1 require.
 */
function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) =>
        Math.abs(Number(entry)) !== Number.MAX_SAFE_INTEGER
      )
      .map(([key, entry]) =>
        key === "example" ? ["examples", [entry]] : [key, toJsonSchema(entry)]
      ),
  );
}
