import type { Failure } from "../errors.ts";

/** The body of an error answer after RFC 9457. */
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

/** What the headers of an answer say of its failures; of several waits the longest. */
export function toFailureHeaders(
  failures: readonly Failure[],
): Record<string, string> {
  const waits = failures.flatMap(({ retryAfterSeconds }) =>
    retryAfterSeconds ?? []
  );
  return {
    // RFC 9110: who is refused for want of a key is told how to send one.
    ...(failures.some(({ status }) => status === 401)
      ? { "www-authenticate": "Bearer" }
      : {}),
    ...(waits.length > 0 ? { "retry-after": String(Math.max(...waits)) } : {}),
  };
}
