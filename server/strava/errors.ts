import type { RateLimitReading } from "./rate_limit_headers.ts";

/**
 * What went wrong with a request to Strava:
 * - `unreachable`: no whole answer came (connection, timeout, cut off);
 * - `unavailable`: 5xx or an answer that is not what it should be, such as HTML;
 * - `rate_limited`: 429;
 * - `unauthorized`: the token or grant is not valid any more;
 * - `scope_missing`: the athlete has not allowed this;
 * - `app_inactive`: Strava has closed its API to this application;
 * - `athlete_limit`: the application may not have another athlete;
 * - `not_found`: 404;
 * - `refused`: any other 4xx.
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

/** A request to Strava that failed. The message names no token, code or secret. */
export class StravaError extends Error {
  override name = "StravaError";
  readonly kind: StravaErrorKind;
  /** HTTP status; 0 where no answer came. */
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

/** Strava's error body: `errors` was a plain string in 2018, so nothing of it is relied on. */
interface FaultError {
  resource: string;
  field: string;
  code: string;
}

/** The kind of failure behind an answer that is no success. */
export function readFault(status: number, body: unknown): StravaErrorKind {
  const errors = readFaultErrors(body);
  if (status === 429) return "rate_limited";
  if (status >= 500) return "unavailable";
  if (status === 404) return "not_found";
  // Not the athlete's doing: STRAVA_CLIENT_ID or STRAVA_CLIENT_SECRET is wrong.
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

/** A short text of a Fault, such as `Application/client_id/invalid`. */
export function describeFault(body: unknown): string {
  const errors = readFaultErrors(body);
  return errors.map((error) => `${error.resource}/${error.field}/${error.code}`)
    .join(", ");
}

function readFaultErrors(body: unknown): FaultError[] {
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
