/** One entry of the `errors` list in Strava's Fault. */
export interface FaultEntry {
  resource: string;
  field: string;
  code: string;
}

/** An error in Strava's form: a status and the body `{message, errors}`. */
export class StravaFault extends Error {
  readonly status: number;
  readonly errors: FaultEntry[];

  constructor(status: number, message: string, errors: FaultEntry[]) {
    super(message);
    this.name = "StravaFault";
    this.status = status;
    this.errors = errors;
  }
}

/** The connection dies without an answer, as the global fetch reports it: a TypeError. */
export class ConnectionLost extends TypeError {
  constructor() {
    super("Connection reset by peer");
    this.name = "ConnectionLost";
  }
}

/** 400, the form of every rejected parameter. */
export function badRequest(
  resource: string,
  field: string,
  code = "invalid",
): StravaFault {
  return new StravaFault(400, "Bad Request", [{ resource, field, code }]);
}

/** 401 for a token that is unknown, expired or revoked. */
export function invalidToken(): StravaFault {
  return new StravaFault(401, "Authorization Error", [
    { resource: "Athlete", field: "access_token", code: "invalid" },
  ]);
}

/** 401, not 403, for a token without the scope. A refresh does not help. */
export function missingScope(scope: string): StravaFault {
  return new StravaFault(401, "Authorization Error", [
    { resource: "AccessToken", field: `${scope}_permission`, code: "missing" },
  ]);
}

/** 404 for something deleted, hidden from this token, or nonexistent. */
export function notFound(resource: string): StravaFault {
  return new StravaFault(404, "Resource Not Found", [{
    resource,
    field: "",
    code: "not found",
  }]);
}

/** 404 for an unknown path. */
export function unknownPath(): StravaFault {
  return new StravaFault(404, "Record Not Found", [
    { resource: "resource", field: "path", code: "invalid" },
  ]);
}

/** 403 for every data call of an app whose owner has no subscription. */
export function inactiveApplication(): StravaFault {
  return new StravaFault(403, "Forbidden", [
    { resource: "Application", field: "Status", code: "Inactive" },
  ]);
}

/** 403 when the app has reached its athlete limit. */
export function athleteLimit(): StravaFault {
  return new StravaFault(403, "Limit of connected athletes exceeded", []);
}

/** 429; the field names the pair of limits that is used up. */
export function rateLimited(
  field: "read rate limit" | "overall rate limit",
): StravaFault {
  return new StravaFault(429, "Rate Limit Exceeded", [
    { resource: "Application", field, code: "exceeded" },
  ]);
}

export function toFaultResponse(fault: StravaFault): Response {
  return toJson({ message: fault.message, errors: fault.errors }, fault.status);
}

const JSON_TYPE = "application/json; charset=utf-8";

export function toJson(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { "Content-Type": JSON_TYPE },
  });
}

const WHOLE_FLOATS =
  /"(distance|average_speed|utc_offset|average_heartrate|max_heartrate|suffer_score|average_cadence|elev_high|elev_low|average_watts|kilojoules)":(-?\d+)(?=[,}])/g;

/**
 * Activities as text, with `.0` after a whole number in the fields Strava sends as floats.
 * A reader that keeps the text (jsonb, a hash) sees the difference; the speeds of a manual activity stay the integer 0.
 */
export function toActivityJson(value: unknown): Response {
  const text = JSON.stringify(value).replace(WHOLE_FLOATS, '"$1":$2.0');
  return new Response(text, { headers: { "Content-Type": JSON_TYPE } });
}
