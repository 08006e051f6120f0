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

/** The errors that any procedure can answer, whatever its kind. */
const COMMON_ERRORS: readonly Reason[] = [
  "invalid_input",
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

/** Returns the error responses of a procedure by status: its own and those of its kind. */
export function errorsOf(
  { access, errors = [] }: Meta,
  { hasBody }: { hasBody: boolean },
): Record<string, Json> {
  return toErrors([
    ...COMMON_ERRORS,
    ...access?.errors ?? [],
    ...(hasBody ? BODY_ERRORS : []),
    ...errors,
  ]);
}

/** The error answers for these reasons, by status, each reason with its example. */
export function toErrors(reasons: readonly Reason[]): Record<string, Json> {
  const byStatus = Map.groupBy(
    new Set(reasons),
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
