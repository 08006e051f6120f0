import { TRPCError } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { isDatabaseUnavailable } from "../db/driver/errors.ts";

type Code = TRPCError["code"];

/** Every failure that a client may see: its stable reason, its tRPC code and its sentence. */
const CATALOGUE = {
  activity_not_found: ["NOT_FOUND", "No activity matches"],
  admin_only: [
    "FORBIDDEN",
    "Only an administrator of the instance may do this",
  ],
  athlete_not_found: [
    "NOT_FOUND",
    "This athlete does not exist, or you may not see it",
  ],
  batch_too_large: [
    "PAYLOAD_TOO_LARGE",
    "The batch asks for too much at once: send its calls in several requests",
  ],
  body_too_large: [
    "PAYLOAD_TOO_LARGE",
    "The request body is too large",
  ],
  body_too_slow: [
    "TIMEOUT",
    "The request body did not arrive within 10 seconds",
  ],
  busy: [
    "SERVICE_UNAVAILABLE",
    "Too many passwords are waiting to be checked: try again shortly",
  ],
  database_unavailable: [
    "SERVICE_UNAVAILABLE",
    "The database does not answer: try again shortly",
  ],
  forbidden_origin: [
    "FORBIDDEN",
    "Pages of this origin may not call this server: add the origin to CORS_ORIGINS",
  ],
  import_not_found: ["NOT_FOUND", "The athlete has no import with this id"],
  import_running: ["CONFLICT", "An upload still arrives: wait for its end"],
  internal_error: [
    "INTERNAL_SERVER_ERROR",
    "Internal error: the server log has the cause under the request id",
  ],
  invalid_api_key: ["UNAUTHORIZED", "The API key is not valid"],
  invalid_input: [
    "BAD_REQUEST",
    "The request does not match what this route accepts",
  ],
  invalid_login: [
    "UNAUTHORIZED",
    "The username or the password is wrong",
  ],
  invalid_json: [
    "BAD_REQUEST",
    "The request body or input is not valid JSON",
  ],
  key_not_found: ["NOT_FOUND", "You have no API key with this id"],
  last_admin: [
    "CONFLICT",
    "You are the only administrator: make another user an administrator first, or run `deno task erase --user`",
  ],
  method_not_allowed: [
    "METHOD_NOT_SUPPORTED",
    "This route does not accept this method",
  ],
  missing_api_key: [
    "UNAUTHORIZED",
    "This route needs an API key (X-API-Key or Authorization: Bearer) or a session",
  ],
  missing_session: ["UNAUTHORIZED", "This route needs a session: log in"],
  not_connected: [
    "NOT_FOUND",
    "No athlete is connected yet: open /strava/authorize in a browser",
  ],
  not_found: ["NOT_FOUND", "No route matches this path"],
  not_synced: [
    "NOT_FOUND",
    "The first sync has not finished yet: GET /strava/sync/status shows its progress",
  ],
  reconnect_needed: [
    "CONFLICT",
    "Strava no longer accepts the grant: open /strava/authorize to connect again",
  ],
  not_shared: [
    "CONFLICT",
    "No share link to renew: share the athlete by link first",
  ],
  recent_login_required: [
    "FORBIDDEN",
    "Confirm your password first: it was last entered more than 10 minutes ago",
  ],
  scope_missing: ["FORBIDDEN", "The API key's scopes do not allow this"],
  session_expired: [
    "UNAUTHORIZED",
    "The session has expired or was ended: refresh it or log in again",
  ],
  session_not_found: ["NOT_FOUND", "You have no session with this id"],
  signup_closed: [
    "FORBIDDEN",
    "Sign-up is closed: ask the administrator for an account",
  ],
  strava_app_inactive: [
    "SERVICE_UNAVAILABLE",
    "Strava has closed its API to this application: see https://www.strava.com/settings/api",
  ],
  strava_rate_limited: [
    "SERVICE_UNAVAILABLE",
    "Strava's rate limit is used up: try again later",
  ],
  strava_unavailable: [
    "BAD_GATEWAY",
    "Strava did not send a usable response: try again later",
  ],
  sync_failed: ["BAD_GATEWAY", "The sync failed: the server log says why"],
  too_many_credentials: [
    "BAD_REQUEST",
    "Send one API key, either in X-API-Key or as Authorization: Bearer",
  ],
  too_many_downloads: [
    "TOO_MANY_REQUESTS",
    "Too many exports are running: try again when one has finished",
  ],
  too_many_keys: [
    "CONFLICT",
    "You have reached the limit of active API keys: revoke one first",
  ],
  too_many_logins: [
    "TOO_MANY_REQUESTS",
    "Too many attempts: try again later",
  ],
  too_many_requests: [
    "TOO_MANY_REQUESTS",
    "Too many requests: wait for the seconds of Retry-After",
  ],
  unknown_host: [
    "BAD_REQUEST",
    "This server does not answer for this host: add it to ALLOWED_HOSTS",
  ],
  unsupported_media_type: [
    "UNSUPPORTED_MEDIA_TYPE",
    "Send the body as application/json",
  ],
  user_exists: [
    "CONFLICT",
    "This username or e-mail address is already in use",
  ],
  weak_password: ["BAD_REQUEST", "The password is too easy to guess"],
  wrong_password: ["FORBIDDEN", "The password is wrong"],
} as const satisfies Record<string, readonly [Code, string]>;

/** A failure's stable, machine-readable name. */
export type Reason = keyof typeof CATALOGUE;

/** Every reason, for the OpenAPI document. */
export const REASONS = Object.keys(CATALOGUE) as Reason[];

/** One problem with the input: the path of the field and a message. */
export interface Issue {
  path: string;
  message: string;
}

/** Limits that keep an error short, however many problems the input has. */
const MAX_ISSUES = 10;
const MAX_PATH_LENGTH = 64;

/** A failure as the client sees it, over REST and tRPC alike. */
export interface Failure {
  reason: Reason;
  code: Code;
  status: number;
  title: string;
  detail: string;
  issues?: Issue[];
  /** Seconds until the same request makes sense again, where known. */
  retryAfterSeconds?: number;
}

/**
 * An expected failure, reported to the client by its reason. `detail`, or else the issues, replace
 * the catalogue's sentence.
 */
export class AppError extends TRPCError {
  override name = "AppError";

  constructor(
    readonly reason: Reason,
    { detail, issues, retryAfterSeconds, cause }: {
      detail?: string | undefined;
      issues?: Issue[];
      retryAfterSeconds?: number | undefined;
      cause?: unknown;
    } = {},
  ) {
    const [code, sentence] = CATALOGUE[reason];
    const message = detail ?? (issues ? toSentence(issues) : sentence);
    super({ code, message, cause });
    this.issues = issues;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  readonly issues: Issue[] | undefined;
  readonly retryAfterSeconds: number | undefined;
}

/** Returns what the client may know of a thrown value. Unexpected values become `internal_error`. */
export function toFailure(error: unknown): Failure {
  if (error instanceof AppError) {
    const { reason, message, issues, retryAfterSeconds } = error;
    return {
      ...failureOf(reason, message, issues),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    };
  }
  const cause = error instanceof TRPCError ? error.cause : error;
  if (cause instanceof AppError) return toFailure(cause);
  if (isDatabaseUnavailable(cause)) return failureOf("database_unavailable");
  if (!(error instanceof TRPCError)) return failureOf("internal_error");
  const issues = readIssues(cause);
  if (error.code === "BAD_REQUEST" && issues) {
    return failureOf("invalid_input", toSentence(issues), issues);
  }
  if (error.code === "BAD_REQUEST" && cause instanceof SyntaxError) {
    return failureOf("invalid_json");
  }
  return failureOf(REASON_BY_CODE[error.code] ?? "internal_error");
}

/** Reasons for what tRPC itself refuses before a procedure runs. */
const REASON_BY_CODE: Partial<Record<Code, Reason>> = {
  BAD_REQUEST: "invalid_input",
  PARSE_ERROR: "invalid_json",
  NOT_FOUND: "not_found",
  METHOD_NOT_SUPPORTED: "method_not_allowed",
  PAYLOAD_TOO_LARGE: "body_too_large",
  UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
};

function failureOf(reason: Reason, detail?: string, issues?: Issue[]): Failure {
  const [code, sentence] = CATALOGUE[reason];
  return {
    reason,
    code,
    status: getHTTPStatusCodeFromError(new TRPCError({ code })),
    title: sentence,
    detail: detail ?? sentence,
    ...(issues ? { issues: issues.slice(0, MAX_ISSUES).map(shorten) } : {}),
  };
}

interface RawIssue {
  path: PropertyKey[];
  message: string;
  code?: string;
  keys?: string[];
}

/**
 * Returns the issues of a zod error, one for each unknown key; `undefined` for other errors. Works
 * across copies of zod.
 */
export function readIssues(cause: unknown): Issue[] | undefined {
  if (!(cause instanceof Error && "issues" in cause)) return undefined;
  if (!Array.isArray(cause.issues)) return undefined;
  return (cause.issues as RawIssue[]).flatMap((issue) =>
    issue.code === "unrecognized_keys" && issue.keys
      ? issue.keys.map((key, index) => ({
        path: key,
        message: index === 0 && issue.message.startsWith(UNKNOWN)
          ? issue.message
          : UNKNOWN,
      }))
      : [{ path: issue.path.map(String).join("."), message: issue.message }]
  );
}

/** The message for an unknown parameter. */
export const UNKNOWN = "is not a known parameter";

function toSentence(issues: readonly Issue[]): string {
  const parts = issues.slice(0, MAX_ISSUES).map(shorten)
    .map(({ path, message }) => {
      // Our own messages continue the name; a schema's message is a whole sentence.
      const colon = /^[a-z]/.test(message) ? "" : ":";
      return path === "" ? message : `"${path}"${colon} ${message}`;
    });
  const left = issues.length - parts.length;
  return [...parts, ...(left > 0 ? [`and ${left} more`] : [])].join("; ");
}

function shorten({ path, message }: Issue): Issue {
  if (path.length <= MAX_PATH_LENGTH) return { path, message };
  const start = path.slice(0, MAX_PATH_LENGTH - 1).toWellFormed();
  return { path: `${start}…`, message };
}
