import type { Failure } from "../errors.ts";

/** Returns the body of an error response in the form of RFC 9457. */
export function toProblem(
  failure: Failure,
  requestId: string,
): Record<string, unknown> {
  const { reason, status, title, detail, issues } = failure;
  return {
    type: `urn:paceline:error:${reason}`,
    title,
    status,
    detail,
    reason,
    request_id: requestId,
    ...(issues ? { issues } : {}),
  };
}

/** Returns the headers for a response's failures. The longest wait counts. */
export function toFailureHeaders(
  failures: readonly Failure[],
): Record<string, string> {
  const waits = failures.flatMap(({ retryAfterSeconds }) =>
    retryAfterSeconds ?? []
  );
  return {
    // RFC 9110 requires a 401 to say how to authenticate.
    ...(failures.some(({ status }) => status === 401)
      ? { "www-authenticate": "Bearer" }
      : {}),
    ...(waits.length > 0 ? { "retry-after": String(Math.max(...waits)) } : {}),
  };
}
