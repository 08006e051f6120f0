import { toErrors } from "./errors.ts";
import { ACCOUNT_EXPORT_PATH, toExportPath } from "./export.ts";

type Json = Record<string, unknown>;
type Value = string | boolean;

/** The routes that are no procedures; `filters` are those parameters of the list that the export has too. */
export function toPlainPaths(
  filters: readonly Json[],
): Record<string, { get: Json }> {
  return { ...toExportPath(filters), ...ACCOUNT_EXPORT_PATH, ...PLAIN_PATHS };
}

const PLAIN_PATHS: Record<string, { get: Json }> = {
  "/strava/authorize": toConsentPath("authorize"),
  "/strava/connect": toConsentPath("connect"),
  "/strava/callback": {
    get: {
      operationId: "callback",
      tags: ["connection"],
      summary: "Come back from Strava",
      description:
        "Strava sends the browser here; the first sync then runs in the background.",
      security: [],
      parameters: [
        parameter("state", "What `/strava/authorize` gave to Strava"),
        parameter("code", "What is exchanged for the tokens"),
        parameter("scope", "What the athlete has allowed, with commas between"),
        parameter("error", "`access_denied` where the athlete said no"),
      ],
      responses: {
        303: redirect(
          "To `FRONTEND_URL/?strava=success`, or to `/?strava=error&reason=...` with one of " +
            "`access_denied`, `athlete_limit_reached`, `athlete_not_allowed`, `athlete_taken`, " +
            "`code_rejected`, `invalid_state`, `scope_missing`, `server_error`, " +
            "`session_expired`, `strava_unavailable`",
          "http://localhost:5173/?strava=success",
        ),
      },
    },
  },
  "/strava/health": toHealthPath("health", "strava"),
  "/api/health": toHealthPath("apiHealth", "api"),
  "/health/live": {
    get: {
      operationId: "live",
      tags: ["health"],
      summary: "Does the server live?",
      description: "Asks nothing of the database.",
      security: [],
      responses: { 200: answer("Yes", { status: ["ok"] }) },
    },
  },
  "/health/ready": {
    get: {
      operationId: "ready",
      tags: ["health"],
      summary: "May requests be sent here?",
      description:
        "Yes where the database answers, within 2 seconds, and every migration is applied. " +
        "`strava` is there only while Strava has closed its API to the application; what is stored is served on.",
      security: [],
      responses: {
        200: answer("Yes", {
          status: ["ready"],
          database: ["connected"],
          migrated: [true],
        }, { strava: ["inactive"] }),
        503: answer("Not now", {
          status: ["not_ready"],
          database: ["disconnected", "connected"],
          migrated: [false],
        }),
      },
    },
  },
};

/** A service's health; the two differ in its name alone. */
function toHealthPath(operationId: string, service: string): { get: Json } {
  return {
    get: {
      operationId,
      tags: ["health"],
      summary: "Is the server well?",
      description: "Asks the database; waits for it at most 2 seconds.",
      security: [],
      responses: {
        200: answer("Yes", {
          status: ["ok"],
          service: [service],
          database: ["connected"],
        }),
        503: answer("The database does not answer", {
          status: ["degraded"],
          service: [service],
          database: ["disconnected"],
        }),
      },
    },
  };
}

/** Two addresses of one way to Strava. */
function toConsentPath(operationId: string): { get: Json } {
  return {
    get: {
      operationId,
      tags: ["connection"],
      summary: "Connect an athlete",
      description:
        "Open it in a browser: it leads to Strava's consent page. The way back works once, within " +
        "10 minutes, and only in the browser that went. In a session the athlete becomes its " +
        "user's, private at first; without one the instance's own.",
      security: [],
      responses: {
        302: redirect(
          "To Strava's consent page, with a cookie that ties the way back to this browser",
          "https://www.strava.com/oauth/authorize?client_id=12345&redirect_uri=" +
            "http%3A%2F%2Flocalhost%3A5001%2Fstrava%2Fcallback&response_type=code&" +
            "approval_prompt=force&scope=read%2Cactivity%3Aread&state=k3Zr...",
        ),
        ...toErrors(["internal_error"]),
      },
    },
  };
}

function parameter(name: string, description: string): Json {
  return { name, in: "query", description, schema: { type: "string" } };
}

function redirect(description: string, example: string): Json {
  const location = {
    description: "Where to",
    schema: { type: "string", format: "uri" },
    example,
  };
  const cookie = {
    description: "Kept for 10 minutes, and cleared on the way back",
    schema: { type: "string" },
  };
  return { description, headers: { location, "set-cookie": cookie } };
}

/** A JSON answer whose fields, of which some may be missing, have only these values. */
function answer(
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
