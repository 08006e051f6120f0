/** The connection to PostgreSQL: the pool, and how columns become values. */

import postgres from "postgres";
import { parseConnectionUrl } from "./connection_url.ts";
import { patchPool } from "./patched_pool.ts";
import { createPooler } from "./pooler.ts";
import type { Pool } from "./types.ts";

export type { Pool, Sql } from "./types.ts";

/** An error of PostgreSQL. `code` is its SQLSTATE, `constraint_name` the violated constraint. */
export const PostgresError = postgres.PostgresError;
export type PostgresError = postgres.PostgresError;

/** A message that PostgreSQL sends in addition to a result, with its fields by name. */
export type Notice = postgres.Notice;

/** Options of {@link connect}. */
export interface ConnectOptions {
  /** Most open connections. Default: 10. */
  max?: number;
  /** Name of the connections in `pg_stat_activity`. Default: "paceline". */
  applicationName?: string;
  /** Called with each notice. Default: notices are dropped. */
  onNotice?: (notice: Notice) => void;
  /** Seconds after which an unused connection is closed. Default: it stays open. */
  idleTimeoutSeconds?: number;
  /** Seconds that a connection may take to open. Default: 10. */
  connectTimeoutSeconds?: number;
  /** Seconds after which PostgreSQL cancels a statement (error 57014). Default: 30; 0 means never. */
  statementTimeoutSeconds?: number;
}

/** A `timestamptz` as a Date. Its JSON omits milliseconds that are zero, as Strava does. */
export class Instant extends Date {
  override toJSON(): string {
    const json = super.toJSON(); // null for an invalid date
    return json && json.replace(".000Z", "Z");
  }
}

/**
 * Creates a pool. It connects with the first queries, which reject if `url` or its server is wrong.
 * Parameters of the URL (`?sslmode=require`, `?application_name=...`) take precedence over `options`.
 */
export function connect(url: string, options: ConnectOptions = {}): Pool {
  const max = options.max ?? 10;
  const timeoutMs = (options.statementTimeoutSeconds ?? 30) * 1000;
  const { settings, parameters, ...server } = parseConnectionUrl(url).options;
  const driver = postgres({
    ...server,
    max,
    idle_timeout: options.idleTimeoutSeconds,
    connect_timeout: options.connectTimeoutSeconds ?? 10,
    backoff: (failures: number): number => Math.min(failures / 10, 1),
    onnotice: options.onNotice ?? ((): void => {}),
    connection: {
      application_name: options.applicationName ?? "paceline",
      statement_timeout: timeoutMs,
      TimeZone: "UTC",
      DateStyle: "ISO",
      ...parameters,
    },
    types: TYPES,
    ...settings,
  });
  const pool = driver as unknown as Pool;
  return patchPool(pool, { max, pooler: createPooler(pool, { timeoutMs }) });
}

/**
 * Column types that are read differently from the driver's defaults. `int8` becomes a number, because ids and counts
 * fit. `date` and `timestamp` become text, because they are not instants. `numeric` stays text: cast sums to `int8` or
 * `float8` in the query.
 */
const TYPES = {
  bigint: { to: 20, from: [20], serialize: String, parse: toSafeInteger },
  instant: {
    to: 1184,
    from: [1184],
    serialize: toTimestamptz,
    parse: parseInstant,
  },
  timestamp: {
    to: 1114,
    from: [1114],
    serialize: String,
    parse: (text: string): string => text.replace(" ", "T"),
  },
  date: {
    to: 1082,
    from: [1082],
    serialize: String,
    parse: (text: string): string => text,
  },
};

function toSafeInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(
    `Cannot read the bigint "${text}": a number cannot represent it exactly`,
  );
}

/**
 * Parses `0099-06-01 12:00:00+00`. JavaScript only takes the year as written in the form of ISO 8601;
 * in PostgreSQL's own form it reads 0099 as 1999.
 */
function parseInstant(text: string): Instant {
  return new Instant(
    text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"),
  );
}

function toTimestamptz(value: Date | string): string {
  return value instanceof Date ? value.toISOString() : value;
}
