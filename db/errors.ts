/** What the driver says when no connection can be had, and PostgreSQL when it starts or stops. */
const UNAVAILABLE = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "CONNECT_TIMEOUT",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
  "53300", // too_many_connections
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now
]);

/** Whether a query failed because the database cannot be reached, not because of the query. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (
    "code" in error && typeof error.code === "string" &&
    UNAVAILABLE.has(error.code)
  ) return true;
  return error instanceof AggregateError &&
    error.errors.some(isDatabaseUnavailable);
}
