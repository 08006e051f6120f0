import {
  AppError,
  type Issue,
  type Reason,
  REASONS,
  toFailure,
} from "../errors.ts";
import { toProblem } from "../http/problem.ts";
import type { Meta } from "../trpc.ts";

type Json = Record<string, unknown>;

/** The errors of all procedures, whatever their kind. */
const COMMON_ERRORS: readonly Reason[] = [
  "invalid_input",
  "too_many_requests",
  "internal_error",
  "database_unavailable",
];
/** The errors of procedures that take a JSON body. */
const BODY_ERRORS: readonly Reason[] = [
  "invalid_json",
  "body_too_slow",
  "body_too_large",
  "unsupported_media_type",
  "forbidden_origin",
];

/** An unknown parameter, as an example that fits a request to any route. */
const UNKNOWN_PARAMETER: Issue = {
  path: "yeer",
  message: "is not a known parameter",
};

const REQUEST_ID = "0d9f7c1e-6b1f-4a52-9c3e-2f6a5d8b7e10";

/** The schema of an error body, as `toProblem` creates it. */
export const PROBLEM = {
  type: "object",
  description: "An error (RFC 9457)",
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
      description: "Meaning of the reason, always the same sentence",
    },
    status: {
      type: "integer",
      description: "HTTP status",
      minimum: 400,
      maximum: 599,
      examples: [404],
    },
    detail: {
      type: "string",
      description: "Explanation of this occurrence, for people",
    },
    reason: {
      type: "string",
      enum: REASONS,
      description:
        "Stable code, for programs. New codes can be added at any time",
    },
    request_id: {
      type: "string",
      format: "uuid",
      description: "Id of the request in the server's log",
      examples: [REQUEST_ID],
    },
    issues: {
      type: "array",
      description:
        "With `invalid_input`: the first 10 problems. `detail` counts the rest",
      maxItems: 10,
      items: {
        type: "object",
        required: ["path", "message"],
        additionalProperties: false,
        properties: {
          path: {
            type: "string",
            description:
              "The parameter, or a path in the body such as `a.b`. Long names are cut",
            maxLength: 64,
            examples: [UNKNOWN_PARAMETER.path],
          },
          message: {
            type: "string",
            description: "The problem with it",
            examples: [UNKNOWN_PARAMETER.message],
          },
        },
      },
    },
  },
};

/** The errors that come with `Retry-After`. */
const RETRY_AFTER_REASONS: readonly Reason[] = [
  "busy",
  "strava_rate_limited",
  "too_many_downloads",
  "too_many_logins",
  "too_many_requests",
];

const RETRY_AFTER = {
  description: `With ${
    RETRY_AFTER_REASONS.map((reason) => `\`${reason}\``).join(", ")
  }: the number of seconds to wait before the request is sent again`,
  schema: { type: "integer", minimum: 1, examples: [785] },
};

/** The errors that no described operation gives. REST has no batches. */
const UNDESCRIBED: readonly Reason[] = [
  "batch_too_large",
  "method_not_allowed",
  "not_found",
  "unknown_host",
];

/** The body of each error, for `components.examples`. */
export const PROBLEM_EXAMPLES: Json = Object.fromEntries(
  REASONS.filter((reason) => !UNDESCRIBED.includes(reason)).map((
    reason,
  ) => [reason, {
    summary: toProblemExample(reason)["title"],
    value: toProblemExample(reason),
  }]),
);

/** Returns the error responses of a procedure by status: its own errors and those of its kind. */
export function toErrorResponses(
  { access, errors = [] }: Meta,
  { hasBody }: { hasBody: boolean },
): Record<string, Json> {
  return toResponses([
    ...COMMON_ERRORS,
    ...access?.errors ?? [],
    ...(hasBody ? BODY_ERRORS : []),
    ...errors,
  ]);
}

/** Returns the error responses for these reasons by status, with an example for each reason. */
export function toResponses(reasons: readonly Reason[]): Record<string, Json> {
  const byStatus = Map.groupBy(
    new Set(reasons),
    (reason) => toFailure(new AppError(reason)).status,
  );
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [status, {
      description: group.length === 1
        ? describe(group[0]!)
        : group.map((reason) => `- ${describe(reason)}`).join("\n"),
      ...(group.some((reason) => RETRY_AFTER_REASONS.includes(reason))
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

function toProblemExample(reason: Reason): Json {
  const error = new AppError(
    reason,
    reason === "invalid_input"
      ? {
        detail: `"${UNKNOWN_PARAMETER.path}" ${UNKNOWN_PARAMETER.message}`,
        issues: [UNKNOWN_PARAMETER],
      }
      : {},
  );
  return toProblem(toFailure(error), REQUEST_ID);
}
