import { UPLOAD_PATH } from "./upload_path.ts";
import { toResponses } from "./error_responses.ts";
import {
  createExportPath,
  DATA_EXPORT_PATH,
  ORIGINAL_PATH,
} from "./download_paths.ts";

type Json = Record<string, unknown>;
type Value = string | boolean;

/**
 * Returns the paths of the routes that are not procedures. `filters` are the parameters that the
 * export shares with the activity list.
 */
export function createRoutePaths(
  filters: readonly Json[],
): Record<string, { get: Json } | { post: Json }> {
  return {
    ...createExportPath(filters),
    ...ORIGINAL_PATH,
    ...DATA_EXPORT_PATH,
    ...ROUTE_PATHS,
    ...UPLOAD_PATH,
  };
}

const ROUTE_PATHS: Record<string, { get: Json }> = {
  "/strava/authorize": toConsentPath("authorize"),
  "/strava/connect": toConsentPath("connect"),
  "/strava/callback": {
    get: {
      operationId: "callback",
      tags: ["connection"],
      summary: "Callback of Strava",
      description:
        "Strava redirects the browser here. The first sync then runs in the background.",
      security: [],
      parameters: [
        queryParameter(
          "state",
          "State that `/strava/authorize` sent to Strava",
        ),
        queryParameter("code", "Code to exchange for tokens"),
        queryParameter(
          "scope",
          "Scopes that the athlete granted, comma-separated",
        ),
        queryParameter("error", "`access_denied` if the athlete declined"),
      ],
      responses: {
        303: redirectResponse(
          "Redirects to `FRONTEND_URL/?strava=success`, or to `/?strava=error&reason=...` with one of " +
            "`access_denied`, `athlete_limit_reached`, `athlete_not_allowed`, `athlete_taken`, " +
            "`code_rejected`, `invalid_state`, `scope_missing`, `server_error`, " +
            "`session_expired`, `strava_unavailable`",
          "http://localhost:5001/?strava=success",
        ),
        ...toResponses(["no_strava_application", "too_many_requests"]),
      },
    },
  },
  "/strava/health": toHealthPath("health", "strava"),
  "/api/health": toHealthPath("apiHealth", "api"),
  "/health/live": {
    get: {
      operationId: "live",
      tags: ["health"],
      summary: "Liveness",
      description: "Does not query the database.",
      security: [],
      responses: {
        200: jsonResponse("The server is running", { status: ["ok"] }),
      },
    },
  },
  "/health/ready": {
    get: {
      operationId: "ready",
      tags: ["health"],
      summary: "Readiness",
      description:
        "The server is ready if the database answers within 2 seconds and all migrations are " +
        "applied. `strava` is present only while Strava has closed its API to the application; " +
        "stored data is still served.",
      security: [],
      responses: {
        200: jsonResponse("The server is ready", {
          status: ["ready"],
          database: ["connected"],
          migrated: [true],
        }, { strava: ["inactive"] }),
        503: jsonResponse("The server is not ready", {
          status: ["not_ready"],
          database: ["disconnected", "connected"],
          migrated: [false],
        }),
      },
    },
  },
};

/** Describes a service's health. The two services differ only in name. */
function toHealthPath(operationId: string, service: string): { get: Json } {
  return {
    get: {
      operationId,
      tags: ["health"],
      summary: "Health",
      description: "Queries the database and waits for it at most 2 seconds.",
      security: [],
      responses: {
        200: jsonResponse("The server and its database are healthy", {
          status: ["ok"],
          service: [service],
          database: ["connected"],
        }),
        503: jsonResponse("The database does not answer", {
          status: ["degraded"],
          service: [service],
          database: ["disconnected"],
        }),
      },
    },
  };
}

/** Describes the redirect to Strava's consent page, which is at two paths. */
function toConsentPath(operationId: string): { get: Json } {
  return {
    get: {
      operationId,
      tags: ["connection"],
      summary: "Connect an athlete",
      description:
        "Open this in a browser: it redirects to Strava's consent page. The way back is valid " +
        "once, for 10 minutes, and only in the same browser. In a session the athlete belongs to " +
        "its user and is private at first; without one it belongs to the instance.",
      security: [],
      responses: {
        302: redirectResponse(
          "Redirects to Strava's consent page and sets a cookie that binds the way back to this browser",
          "https://www.strava.com/oauth/authorize?client_id=12345&redirect_uri=" +
            "http%3A%2F%2Flocalhost%3A5001%2Fstrava%2Fcallback&response_type=code&" +
            "approval_prompt=force&scope=read%2Cactivity%3Aread&state=k3Zr...",
        ),
        ...toResponses([
          "no_strava_application",
          "too_many_requests",
          "internal_error",
        ]),
      },
    },
  };
}

function queryParameter(name: string, description: string): Json {
  return { name, in: "query", description, schema: { type: "string" } };
}

function redirectResponse(description: string, example: string): Json {
  const location = {
    description: "Redirect target",
    schema: { type: "string", format: "uri" },
    example,
  };
  const cookie = {
    description: "Kept for 10 minutes, and cleared by the callback",
    schema: { type: "string" },
  };
  return { description, headers: { location, "set-cookie": cookie } };
}

/** Describes a JSON response with only these values. Optional fields can be missing. */
function jsonResponse(
  description: string,
  fields: Record<string, Value[]>,
  optional: Record<string, Value[]> = {},
): Json {
  const properties = Object.fromEntries(
    Object.entries({ ...fields, ...optional }).map(([name, values]) => [name, {
      type: typeof values[0],
      enum: values,
    }]),
  );
  const schema = {
    type: "object",
    required: Object.keys(fields),
    additionalProperties: false,
    properties,
  };
  const example = Object.fromEntries(
    Object.entries(fields).map(([name, [value]]) => [name, value]),
  );
  return { description, content: { "application/json": { schema, example } } };
}
