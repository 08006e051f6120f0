import { TRPCError } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { isDatabaseUnavailable } from "../db/driver/errors.ts";

type Code = TRPCError["code"];

/** Every failure a client may be told of: its stable reason, its class, its sentence. */
const CATALOGUE = {
  activity_not_found: ["NOT_FOUND", "No activity matches"],
  admin_only: ["FORBIDDEN", "This is for an administrator of the instance"],
  athlete_not_found: [
    "NOT_FOUND",
    "There is no such athlete, or none that you may see",
  ],
  body_too_large: [
    "PAYLOAD_TOO_LARGE",
    "The request's body is larger than this server accepts",
  ],
  body_too_slow: [
    "TIMEOUT",
    "The request's body did not arrive within 10 seconds",
  ],
  busy: [
    "SERVICE_UNAVAILABLE",
    "Too many passwords wait to be checked; try again shortly",
  ],
  database_unavailable: [
    "SERVICE_UNAVAILABLE",
    "The database does not answer; try again shortly",
  ],
  forbidden_origin: [
    "FORBIDDEN",
    "Pages of this origin may not call: the server lists those that may in CORS_ORIGINS",
  ],
  internal_error: [
    "INTERNAL_SERVER_ERROR",
    "Something failed here; the request id finds it in the log",
  ],
  invalid_api_key: ["UNAUTHORIZED", "The API key is not valid"],
  invalid_input: [
    "BAD_REQUEST",
    "The request does not fit what this route takes",
  ],
  invalid_login: [
    "UNAUTHORIZED",
    "The username or the password is not right",
  ],
  invalid_json: [
    "BAD_REQUEST",
    "The request's body or input is not valid JSON",
  ],
  key_not_found: ["NOT_FOUND", "You have no such key"],
  last_admin: [
    "CONFLICT",
    "You are the only administrator and there are other users: make one of them an administrator first, or use the shell: deno task erase --user",
  ],
  method_not_allowed: [
    "METHOD_NOT_SUPPORTED",
    "This route does not take this method",
  ],
  missing_api_key: [
    "UNAUTHORIZED",
    "This route needs the API key, in X-API-Key or as Authorization: Bearer, or a session",
  ],
  missing_session: ["UNAUTHORIZED", "This route needs a session: log in"],
  not_connected: [
    "NOT_FOUND",
    "No athlete is connected yet: open /strava/authorize in a browser",
  ],
  not_found: ["NOT_FOUND", "There is nothing at this address"],
  not_synced: [
    "NOT_FOUND",
    "The first sync has not finished yet: GET /strava/admin/status shows how far it is",
  ],
  reconnect_needed: [
    "CONFLICT",
    "Strava does not accept the grant any more: open /strava/authorize to connect again",
  ],
  not_shared: [
    "CONFLICT",
    "There is no link to renew: share the athlete by link first",
  ],
  recent_login_required: [
    "FORBIDDEN",
    "Confirm the password first: it was last given more than 10 minutes ago",
  ],
  scope_missing: ["FORBIDDEN", "The API key's scopes do not allow this"],
  session_expired: [
    "UNAUTHORIZED",
    "The session has expired or was ended: refresh it, or log in again",
  ],
  session_not_found: ["NOT_FOUND", "You have no such session"],
  signup_closed: [
    "FORBIDDEN",
    "Nobody can sign up here: ask the administrator for an account",
  ],
  strava_app_inactive: [
    "SERVICE_UNAVAILABLE",
    "Strava has closed its API to this application: see https://www.strava.com/settings/api",
  ],
  strava_rate_limited: [
    "SERVICE_UNAVAILABLE",
    "Strava's rate limit is used up; try again later",
  ],
  strava_unavailable: [
    "BAD_GATEWAY",
    "Strava did not give a usable answer; try again later",
  ],
  sync_failed: ["BAD_GATEWAY", "The sync failed; the log says why"],
  too_many_credentials: [
    "BAD_REQUEST",
    "Give the API key once, either in X-API-Key or as Authorization: Bearer",
  ],
  too_many_downloads: [
    "TOO_MANY_REQUESTS",
    "As many exports as this server makes at once are under way: try again when one has ended",
  ],
  too_many_keys: [
    "CONFLICT",
    "You have as many live keys as a user may have: revoke one first",
  ],
  too_many_logins: [
    "TOO_MANY_REQUESTS",
    "Too many attempts; try again later",
  ],
  unsupported_media_type: [
    "UNSUPPORTED_MEDIA_TYPE",
    "Send the body as application/json",
  ],
  user_exists: [
    "CONFLICT",
    "Somebody has this username or this e-mail address already",
  ],
  weak_password: ["BAD_REQUEST", "The password is guessed too quickly"],
  wrong_password: ["FORBIDDEN", "The password is not right"],
} as const satisfies Record<string, readonly [Code, string]>;

/** A failure's stable machine code. */
export type Reason = keyof typeof CATALOGUE;

/** Every reason there is, for the document. */
export const REASONS = Object.keys(CATALOGUE) as Reason[];

/** One thing that is wrong with the input: where, and what. */
export interface Issue {
  path: string;
  message: string;
}

/** An answer stays short, however much is wrong with the question. */
const MAX_ISSUES = 10;
const MAX_PATH_LENGTH = 64;

/** What a client is told of a failure, over REST and tRPC alike. */
export interface Failure {
  reason: Reason;
  code: Code;
  status: number;
  title: string;
  detail: string;
  issues?: Issue[];
  /** Where it is known when the same request makes sense again. */
  retryAfterSeconds?: number;
}

/**
 * An expected failure, told to the client as its reason; `detail`, or else what the issues say,
 * replaces the usual sentence.
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
    const told = detail ?? (issues ? toSentence(issues) : sentence);
    super({ code, message: told, cause });
    this.issues = issues;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  readonly issues: Issue[] | undefined;
  readonly retryAfterSeconds: number | undefined;
}

/** What a client may know of any thrown value; all that is not expected becomes `internal_error`. */
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

/** What tRPC itself refuses, before a procedure runs. */
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

/** The issues of a zod error, whichever copy of zod threw it; unknown keys are named one by one. */
export function readIssues(cause: unknown): Issue[] | undefined {
  if (
    !(cause instanceof Error) || !("issues" in cause) ||
    !Array.isArray(cause.issues)
  ) {
    return undefined;
  }
  return (cause.issues as RawIssue[]).flatMap((issue) =>
    issue.code === "unrecognized_keys" && issue.keys
      ? issue.keys.map(toUnknown)
      : [{ path: issue.path.map(String).join("."), message: issue.message }]
  );
}

/** What is wrong with a name that nobody knows. */
export function toUnknown(name: string): Issue {
  return { path: name, message: "is not a known parameter" };
}

function toSentence(issues: readonly Issue[]): string {
  const told = issues.slice(0, MAX_ISSUES).map(shorten)
    .map(({ path, message }) => {
      // Our own messages go on from the name; those of a schema are sentences.
      const colon = /^[a-z]/.test(message) ? "" : ":";
      return path === "" ? message : `"${path}"${colon} ${message}`;
    });
  const left = issues.length - told.length;
  return [...told, ...(left > 0 ? [`and ${left} more`] : [])].join("; ");
}

function shorten({ path, message }: Issue): Issue {
  if (path.length <= MAX_PATH_LENGTH) return { path, message };
  const start = path.slice(0, MAX_PATH_LENGTH - 1).toWellFormed();
  return { path: `${start}…`, message };
}
