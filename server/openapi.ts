import { generateOpenApiDocument } from "trpc-to-openapi";
import { REASONS } from "./errors.ts";
import { appRouter } from "./router.ts";

type Json = Record<string, unknown>;
type Operation = Json & { responses: Record<string, Json>; security?: unknown };

/** Shown as the version of the API; the same number stands in CHANGELOG.md. */
export const VERSION = "0.1.0";

const DESCRIPTION = `
An athlete's training history, kept from Strava and served from PostgreSQL.

- Distances and elevations are metres, times are seconds, speeds metres per second.
- Days, months and years are those of the athlete's wall clock at the start of an activity.
- Totals count every activity. One by one, a caller without the API key sees only the activities
  whose visibility is in \`PUBLIC_VISIBILITY\`.
- Every error is \`application/problem+json\` (RFC 9457) with a stable \`reason\`.
- Unknown parameters are refused.
`.trim();

/**
 * The OpenAPI document of every REST route, made once at start-up.
 *
 * trpc-to-openapi writes the procedures; what it cannot know is corrected here: our error bodies,
 * the routes that are no procedures, and the bounds that zod states for any integer.
 */
export function createOpenApiDocument(): Json {
  const document = generateOpenApiDocument(appRouter, {
    title: "Paceline",
    description: DESCRIPTION,
    version: VERSION,
    baseUrl: "/",
    openApiVersion: "3.1.1",
    securitySchemes: SECURITY_SCHEMES,
    tags: Object.keys(TAGS),
  }) as unknown as {
    info: Json;
    paths: Record<string, Record<string, Operation>>;
    components: Json;
  };
  const schemas = document.components["schemas"] as Json;
  for (const name of Object.keys(schemas)) {
    if (name.startsWith("error.")) delete schemas[name];
  }
  schemas["Problem"] = PROBLEM;
  for (const operations of Object.values(document.paths)) {
    for (const operation of Object.values(operations)) {
      finishOperation(operation);
    }
  }
  return withoutIntegerBounds({
    ...document,
    info: { ...document.info, license: { name: "MIT", identifier: "MIT" } },
    tags: Object.entries(TAGS).map(([name, description]) => ({
      name,
      description,
    })),
    paths: { ...document.paths, ...PLAIN_PATHS },
  }) as Json;
}

const SECURITY_SCHEMES = {
  apiKey: { type: "apiKey", in: "header", name: "X-API-Key" },
  bearer: {
    type: "http",
    scheme: "bearer",
    description: "The same key as `X-API-Key`",
  },
} as const;

const TAGS = {
  stats: "Statistics of the whole history",
  activities: "The activities themselves",
  admin: "For the owner of the instance, with the API key",
  connection: "How an athlete is connected to Strava",
  health: "Whether the server is well",
};

/** Either way of giving the key, or with public statistics none. */
const WITH_KEY = [{ apiKey: [] }, { bearer: [] }];

const PROBLEM = {
  type: "object",
  description: "What went wrong, after RFC 9457",
  required: ["type", "title", "status", "detail", "reason", "request_id"],
  additionalProperties: false,
  properties: {
    type: {
      type: "string",
      format: "uri",
      examples: ["urn:paceline:error:not_synced"],
    },
    title: { type: "string", description: "What kind of failure this is" },
    status: {
      type: "integer",
      description: "The HTTP status",
      examples: [404],
    },
    detail: { type: "string", description: "A sentence for a person" },
    reason: {
      type: "string",
      enum: REASONS,
      description: "A stable code for a program",
    },
    request_id: {
      type: "string",
      format: "uuid",
      description: "Finds the request in the log",
    },
    issues: {
      type: "array",
      description: "With `invalid_input`: what is wrong, and where",
      items: {
        type: "object",
        required: ["path", "message"],
        additionalProperties: false,
        properties: { path: { type: "string" }, message: { type: "string" } },
      },
    },
  },
};

const problem = (description: string): Json => ({
  description,
  content: {
    "application/problem+json": {
      schema: { $ref: "#/components/schemas/Problem" },
    },
  },
});

const ERRORS = {
  invalid: problem("The request does not fit; `issues` says where"),
  unauthorized: problem("No API key where one is needed, or a wrong one"),
  notFound: problem(
    "Nothing to show: no athlete, no finished sync, or no such activity",
  ),
  conflict: problem("The athlete has to connect again"),
  tooLarge: problem("The body is larger than 100 KiB"),
  mediaType: problem("The body is not `application/json`"),
  internal: problem(
    "Something failed here; the log has it under the request id",
  ),
  badGateway: problem("Strava did not give a usable answer"),
  unavailable: problem(
    "The database, or Strava's rate limit, does not allow it now",
  ),
};

/** Says which errors an operation can answer, and who may call it. */
function finishOperation(operation: Operation): void {
  const needsKey = operation.security !== undefined;
  const writes = "requestBody" in operation;
  const success = operation.responses["200"]!;
  operation.security = needsKey ? WITH_KEY : [{}, ...WITH_KEY];
  operation.responses = {
    200: success,
    400: ERRORS.invalid,
    401: ERRORS.unauthorized,
    ...(operation["operationId"] === "admin-status"
      ? {}
      : { 404: ERRORS.notFound }),
    ...(writes
      ? { 409: ERRORS.conflict, 413: ERRORS.tooLarge, 415: ERRORS.mediaType }
      : {}),
    500: ERRORS.internal,
    ...(writes ? { 502: ERRORS.badGateway } : {}),
    503: ERRORS.unavailable,
  };
}

const PLAIN_PATHS = {
  "/strava/authorize": {
    get: {
      operationId: "authorize",
      tags: ["connection"],
      summary: "Connect an athlete",
      description: "Open it in a browser: it leads to Strava's consent page.",
      security: [],
      responses: {
        302: redirect("To Strava's consent page"),
        500: ERRORS.internal,
      },
    },
  },
  "/strava/callback": {
    get: {
      operationId: "callback",
      tags: ["connection"],
      summary: "Come back from Strava",
      description:
        "Strava sends the browser here; the first sync then runs in the background.",
      security: [],
      parameters: ["state", "code", "scope", "error"].map((name) => ({
        name,
        in: "query",
        schema: { type: "string" },
      })),
      responses: {
        303: redirect(
          "To `FRONTEND_URL/?strava=success` or `/?strava=error&reason=...`",
        ),
      },
    },
  },
  "/strava/health": healthPath("health", "Is the server well?", {
    status: ["ok", "degraded"],
    service: ["strava"],
    database: ["connected", "disconnected"],
  }),
  "/health/live": healthPath("live", "Does the server live?", {
    status: ["ok"],
  }),
  "/health/ready": healthPath("ready", "May requests be sent here?", {
    status: ["ready", "not_ready"],
    database: ["connected", "disconnected"],
    migrated: [true, false],
  }),
};

function redirect(description: string): Json {
  const schema = { type: "string", format: "uri" };
  return { description, headers: { location: { description, schema } } };
}

function healthPath(
  operationId: string,
  summary: string,
  fields: Record<string, (string | boolean)[]>,
): Json {
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, values]) => [name, { enum: values }]),
  );
  const schema = {
    type: "object",
    required: Object.keys(fields),
    additionalProperties: false,
    properties,
  };
  const content = { "application/json": { schema } };
  const responses: Json = { 200: { description: "Yes", content } };
  if (operationId !== "live") responses["503"] = { description: "No", content };
  return {
    get: { operationId, tags: ["health"], summary, security: [], responses },
  };
}

/** Drops ±(2^53 - 1), which only says that JSON's numbers are doubles. */
function withoutIntegerBounds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIntegerBounds);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) =>
        Math.abs(Number(entry)) !== Number.MAX_SAFE_INTEGER
      )
      .map(([key, entry]) => [key, withoutIntegerBounds(entry)]),
  );
}
