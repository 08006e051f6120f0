/** Codes of a lost connection: the driver's, and PostgreSQL's when it closes one. */
const LOST = [
  "CONNECTION_CLOSED",
  "ECONNRESET",
  "EPIPE",
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
];

/** Codes of an unavailable database: the driver's without a connection, and PostgreSQL's when it starts or stops. */
const UNAVAILABLE = new Set([
  ...LOST,
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "CONNECT_TIMEOUT",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "53300", // too_many_connections
  "57P03", // cannot_connect_now
]);

/** Reports whether a query failed because the database cannot be reached, not because of the query. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (
    "code" in error && typeof error.code === "string" &&
    UNAVAILABLE.has(error.code)
  ) return true;
  return error instanceof AggregateError &&
    error.errors.some(isDatabaseUnavailable);
}

/** Reports whether the connection of a query was lost. Another one may be available at once. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof Error && "code" in error &&
    typeof error.code === "string" && LOST.includes(error.code);
}
