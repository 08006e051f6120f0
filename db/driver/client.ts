/** The way to PostgreSQL: the pool, its types, and how a column becomes a value. The only file that knows the driver. */

import postgres from "postgres";
import { withTurns } from "./turns.ts";

/** What a parameter may be beyond the driver's own: a bigint, for an `int8` column. */
interface ParameterTypes extends Record<string, unknown> {
  bigint: bigint;
}

/** What a query needs; a pool and a transaction are both one. */
export type Sql = postgres.ISql<ParameterTypes>;

/** All connections to one database; `begin` hands a transaction's `Sql` to its callback. */
export type Pool =
  & Sql
  & Pick<postgres.Sql<ParameterTypes>, "begin" | "end" | "listen">;

/** What PostgreSQL refuses: `code` is its SQLSTATE, `constraint_name` the invariant that held. */
export const PostgresError = postgres.PostgresError;
export type PostgresError = postgres.PostgresError;

/** A message that PostgreSQL sends beside an answer, its fields by name. */
export type Notice = postgres.Notice;

export interface ConnectOptions {
  /** The most connections open at once; default 10. */
  max?: number;
  /** How the connections appear in `pg_stat_activity`; default "paceline". */
  applicationName?: string;
  /** Called with each notice; default: they are dropped. */
  onNotice?: (notice: Notice) => void;
  /** Close a connection that nothing used for so long; default: keep it. */
  idleTimeoutSeconds?: number;
  /** How long a connection may take to open; default 10. */
  connectTimeoutSeconds?: number;
  /** PostgreSQL cancels a statement that takes longer, error 57014; default 30, 0 = never. */
  statementTimeoutSeconds?: number;
}

/** A `timestamptz` as a Date that JSON shows as Strava does: without the milliseconds when they are zero. */
export class Instant extends Date {
  override toJSON(): string {
    const json = super.toJSON(); // null for an invalid date
    return json && json.replace(".000Z", "Z");
  }
}

/**
 * Opens nothing yet: the first queries do, and reject with what is wrong with `url` or its server.
 * What the URL says (`?sslmode=require`, `?application_name=...`) wins over `options`.
 */
export function connect(url: string, options: ConnectOptions = {}): Pool {
  const max = options.max ?? 10;
  const driver = postgres(url, {
    max,
    idle_timeout: options.idleTimeoutSeconds,
    connect_timeout: options.connectTimeoutSeconds ?? 10,
    backoff: (failures: number): number => Math.min(failures / 10, 1),
    onnotice: options.onNotice ?? ((): void => {}),
    connection: {
      application_name: options.applicationName ?? "paceline",
      statement_timeout: (options.statementTimeoutSeconds ?? 30) * 1000,
      TimeZone: "UTC",
      DateStyle: "ISO",
    },
    types: TYPES,
  });
  return withTurns(driver as unknown as Pool, max);
}

/**
 * The columns the driver would read otherwise: `int8` as a number, since ids and counts fit one, `date` and `timestamp`
 * as text, since neither names an instant. `numeric` stays text: cast sums to `int8` or `float8` in the query.
 */
const TYPES = {
  bigint: { to: 20, from: [20], serialize: String, parse: toSafeInteger },
  instant: {
    to: 1184,
    from: [1184],
    serialize: toTimestamptz,
    parse: (text: string): Instant => new Instant(text),
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
    `Cannot read the bigint "${text}": a number does not hold it exactly`,
  );
}

function toTimestamptz(value: Date | string): string {
  return value instanceof Date ? value.toISOString() : value;
}
