import {
  AppError,
  type Issue,
  type Reason,
  REASONS,
  toFailure,
} from "../errors.ts";
import { toProblem } from "../http/problem.ts";

type Json = Record<string, unknown>;

/** What any procedure can answer. */
const ALWAYS: Reason[] = [
  "invalid_input",
  "too_many_credentials",
  "invalid_api_key",
  "scope_missing",
  "internal_error",
  "database_unavailable",
];
/** What any can that is not about accounts. */
const OF_OTHERS: Reason[] = ["missing_api_key", "session_expired"];
const OF_READERS: Reason[] = [
  "athlete_not_found",
  "not_connected",
  "not_synced",
];
/** What the owner of an athlete alone may do can answer. */
const OF_OWNERS: Reason[] = ["athlete_not_found", "not_connected"];
/** The one reader that answers before the first sync has ended. */
const BEFORE_FIRST_SYNC = "sync-status";
const OF_BODIES: Reason[] = [
  "invalid_json",
  "body_too_slow",
  "body_too_large",
  "unsupported_media_type",
  "forbidden_origin",
];
/** What a password that is looked at can answer. */
const OF_PASSWORDS: Reason[] = ["too_many_logins", "busy"];
const OF_SYNCS: Reason[] = [
  ...OF_OWNERS,
  "reconnect_needed",
  "strava_app_inactive",
  "strava_rate_limited",
  "strava_unavailable",
  "sync_failed",
];

/** What only these operations can answer. */
const OF_OPERATION: Readonly<Record<string, Reason[]>> = {
  "activities-get": ["activity_not_found"],
  "stats-longestRun": ["activity_not_found"],
  "stats-longestRide": ["activity_not_found"],
  "sync-status": ["athlete_not_found", "not_connected"],
  "sync-runs": OF_OWNERS,
  "admin-refresh": OF_SYNCS,
  "admin-confirmDeletions": OF_SYNCS,
  "admin-restore": OF_OWNERS,
  "admin-quarantine": OF_OWNERS,
  "admin-disconnect": [...OF_OWNERS, "recent_login_required"],
  "admin-audit": ["admin_only"],
  "athletes-setDefault": ["athlete_not_found"],
  "athletes-setVisibility": OF_OWNERS,
  "athletes-renewLink": [...OF_OWNERS, "not_shared"],
  "athletes-disconnect": OF_OWNERS,
  "athletes-delete": [...OF_OWNERS, "recent_login_required"],
  "auth-deleteAccount": [
    "recent_login_required",
    "wrong_password",
    "last_admin",
    ...OF_PASSWORDS,
  ],
  "keys-create": ["recent_login_required", "admin_only", "too_many_keys"],
  "keys-rename": ["key_not_found"],
  "keys-revoke": ["key_not_found"],
  "auth-login": ["invalid_login", ...OF_PASSWORDS],
  "auth-refresh": ["missing_session", "session_expired"],
  "auth-signUp": [
    "signup_closed",
    "weak_password",
    "user_exists",
    ...OF_PASSWORDS,
  ],
  "auth-revokeSession": ["session_not_found"],
  "auth-confirmPassword": ["wrong_password", ...OF_PASSWORDS],
  "auth-changePassword": ["weak_password", "wrong_password", ...OF_PASSWORDS],
};

/** A name, so that an example tells what is wrong with a request to any route. */
const UNKNOWN: Issue = { path: "yeer", message: "is not a known parameter" };

const REQUEST_ID = "0d9f7c1e-6b1f-4a52-9c3e-2f6a5d8b7e10";

/** The body of every error, as `toProblem` makes it. */
export const PROBLEM = {
  type: "object",
  description: "What went wrong, after RFC 9457",
  required: ["type", "title", "status", "detail", "reason", "request_id"],
  additionalProperties: false,
  properties: {
    type: {
      type: "string",
      format: "uri",
      description: "The reason as a URI",
      examples: ["urn:paceline:error:not_synced"],
    },
    title: {
      type: "string",
      description: "What the reason means; the same sentence each time",
    },
    status: {
      type: "integer",
      description: "The HTTP status",
      minimum: 400,
      maximum: 599,
      examples: [404],
    },
    detail: {
      type: "string",
      description: "A sentence for a person about this very failure",
    },
    reason: {
      type: "string",
      enum: REASONS,
      description: "A stable code for a program; new ones may follow",
    },
    request_id: {
      type: "string",
      format: "uuid",
      description: "Finds the request in the log",
      examples: [REQUEST_ID],
    },
    issues: {
      type: "array",
      description:
        "With `invalid_input`: what is wrong, and where; the first 10, `detail` counts the others",
      maxItems: 10,
      items: {
        type: "object",
        required: ["path", "message"],
        additionalProperties: false,
        properties: {
          path: {
            type: "string",
            description:
              "The parameter, or a path of the body such as `a.b`; a long one is cut",
            maxLength: 64,
            examples: [UNKNOWN.path],
          },
          message: { type: "string", examples: [UNKNOWN.message] },
        },
      },
    },
  },
};

/** Those that say when the same request makes sense again. */
const WITH_WAIT: readonly Reason[] = [
  "busy",
  "strava_rate_limited",
  "too_many_downloads",
  "too_many_logins",
];

const RETRY_AFTER = {
  description: `With ${
    WITH_WAIT.map((reason) => `\`${reason}\``).join(", ")
  }: the seconds until the same request makes sense again`,
  schema: { type: "integer", minimum: 1, examples: [785] },
};

/** What is told where no route, or not this method of it, is described. */
const OUTSIDE: readonly Reason[] = ["method_not_allowed", "not_found"];

/** Each reason's body, as it is sent, for `components.examples`. */
export const PROBLEM_EXAMPLES: Json = Object.fromEntries(
  REASONS.filter((reason) => !OUTSIDE.includes(reason)).map((
    reason,
  ) => [reason, {
    summary: toProblemOf(reason)["title"],
    value: toProblemOf(reason),
  }]),
);

/** The error answers of a procedure, by status. */
export function errorsOf(
  operationId: string,
  { isReader, hasBody }: { isReader: boolean; hasBody: boolean },
): Record<string, Json> {
  const isOfSession = isOfSessions(operationId);
  return toErrors([
    ...ALWAYS,
    ...(isOfSession ? ofSession(isReader) : OF_OTHERS),
    ...(isReader && !isOfSession && operationId !== BEFORE_FIRST_SYNC
      ? OF_READERS
      : []),
    ...(hasBody ? OF_BODIES : []),
    ...OF_OPERATION[operationId] ?? [],
  ]);
}

/** Whether no key opens an operation: a session does, or nothing is needed. */
export function isOfSessions(operationId: string): boolean {
  return /^(auth|keys)-/.test(operationId) ||
    operationId === "athletes-setDefault";
}

function ofSession(isPublic: boolean): Reason[] {
  return isPublic ? [] : ["missing_session", "session_expired"];
}

/** The error answers for these reasons, by status, each reason with its example. */
export function toErrors(reasons: readonly Reason[]): Record<string, Json> {
  const byStatus = Map.groupBy(
    reasons,
    (reason) => toFailure(new AppError(reason)).status,
  );
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [status, {
      description: group.length === 1
        ? describe(group[0]!)
        : group.map((reason) => `- ${describe(reason)}`).join("\n"),
      ...(group.some((reason) => WITH_WAIT.includes(reason))
        ? { headers: { "retry-after": RETRY_AFTER } }
        : {}),
      content: {
        "application/problem+json": {
          schema: { $ref: "#/components/schemas/Problem" },
          examples: Object.fromEntries(
            group.map((reason) => [reason, {
              $ref: `#/components/examples/${reason}`,
            }]),
          ),
        },
      },
    }]),
  );
}

function describe(reason: Reason): string {
  return `\`${reason}\`: ${toFailure(new AppError(reason)).title}`;
}

function toProblemOf(reason: Reason): Json {
  const error = new AppError(
    reason,
    reason === "invalid_input"
      ? { detail: `"${UNKNOWN.path}" ${UNKNOWN.message}`, issues: [UNKNOWN] }
      : {},
  );
  return toProblem(toFailure(error), REQUEST_ID);
}
