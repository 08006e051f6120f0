import type { RateLimitReading } from "./rate_limit_headers.ts";

/**
 * Kind of failure of a request to Strava:
 * - `unreachable`: no complete response (connection failed, timed out or was cut off)
 * - `unavailable`: 5xx, or a response of another form, such as HTML
 * - `rate_limited`: 429
 * - `unauthorized`: the token or the grant is no longer valid
 * - `scope_missing`: the athlete has not allowed this
 * - `app_inactive`: Strava has closed its API to this application
 * - `athlete_limit`: the application may not connect another athlete
 * - `not_found`: 404
 * - `refused`: any other 4xx
 */
export type StravaErrorKind =
  | "unreachable"
  | "unavailable"
  | "rate_limited"
  | "unauthorized"
  | "scope_missing"
  | "app_inactive"
  | "athlete_limit"
  | "not_found"
  | "refused";

/** Failure of a request to Strava. The message never contains a token, a code or a secret. */
export class StravaError extends Error {
  override name = "StravaError";
  readonly kind: StravaErrorKind;
  /** HTTP status, or 0 without a response. */
  readonly status: number;
  readonly rateLimit: RateLimitReading | undefined;

  constructor(
    kind: StravaErrorKind,
    message: string,
    { status = 0, rateLimit, cause }: {
      status?: number;
      rateLimit?: RateLimitReading | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause });
    this.kind = kind;
    this.status = status;
    this.rateLimit = rateLimit;
  }
}

/**
 * An item of `errors` in Strava's error body, which the API calls a Fault. In 2018 `errors` was a
 * plain string, so no part of the body is assumed to exist.
 */
interface FaultError {
  resource: string;
  field: string;
  code: string;
}

/** Resolves the kind of failure from the status and the body of an error response. */
export function resolveErrorKind(
  status: number,
  body: unknown,
): StravaErrorKind {
  const errors = listFaultErrors(body);
  if (status === 429) return "rate_limited";
  if (status >= 500) return "unavailable";
  if (status === 404) return "not_found";
  // STRAVA_CLIENT_ID or STRAVA_CLIENT_SECRET is wrong: the athlete cannot help.
  if (errors.some((error) => /^client_(id|secret)$/.test(error.field))) {
    return "refused";
  }
  if (status === 401) {
    return errors.some((error) => error.code === "missing")
      ? "scope_missing"
      : "unauthorized";
  }
  if (status === 403) {
    if (errors.some((error) => /inactive/i.test(error.code))) {
      return "app_inactive";
    }
    if (/connected athletes/i.test(JSON.stringify(body) ?? "")) {
      return "athlete_limit";
    }
  }
  if (
    status === 400 &&
    errors.some((error) =>
      /^(RefreshToken|refresh_token)$/.test(error.resource)
    )
  ) {
    return "unauthorized";
  }
  return "refused";
}

/** Describes a Fault in short, for example `Application/client_id/invalid`. */
export function describeFault(body: unknown): string {
  const errors = listFaultErrors(body);
  return errors.map((error) => `${error.resource}/${error.field}/${error.code}`)
    .join(", ");
}

function listFaultErrors(body: unknown): FaultError[] {
  if (typeof body !== "object" || body === null || !("errors" in body)) {
    return [];
  }
  if (!Array.isArray(body.errors)) return [];
  return body.errors
    .filter((error) => typeof error === "object" && error !== null)
    .map((error) => ({
      resource: String(error.resource ?? ""),
      field: String(error.field ?? ""),
      code: String(error.code ?? ""),
    }));
}
