import { TRPCError } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { isDatabaseUnavailable } from "../db/driver/errors.ts";
import { CATALOGUE, type Code } from "./errors/catalogue.ts";

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
