/**
 * The private parts of postgres.js 3.4.9 that this folder uses. Check them with each new version of the driver;
 * docs/adr/0003-database-client.md has the reasons.
 */

import type { Pool, Sql } from "./types.ts";

/** A query of the driver with the fields that its types omit (`src/query.js`). */
export interface DriverQuery {
  /** Called when the query is first awaited. A fragment's handler is never called. */
  handler: (query: DriverQuery) => void;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
  cancelled: unknown;
  /** Called when the query is sent. `false` keeps the connection exclusive until the query ends. */
  options: { onexecute?: () => boolean };
  /** Called by `cancel`, then null. The driver's internal queries have no canceller. */
  canceller?: ((query: DriverQuery) => Promise<unknown>) | null;
  string?: string;
  /** Takes a batch of a cursor. Its promise asks for the next one. A new one is set for each batch. */
  cursorFn?: (rows: unknown) => unknown;
  streaming?: boolean;
  /** True from sending until it settles. */
  active?: boolean;
}

/** The driver's parsed options, which it reads again for each connection and query (`src/index.js`). */
interface DriverOptions {
  connection: Record<string, unknown>;
  prepare: boolean;
}

/** Makes the driver's next connections and queries work through a pooler in transaction mode. */
export function adaptToPooler(driver: Pool): void {
  const { options } = driver as unknown as { options: DriverOptions };
  options.prepare = false;
  delete options.connection["statement_timeout"];
}

/** Returns the process id that the server gave when a result's connection began (`src/connection.js`). */
export function readToldPid(result: unknown): number | undefined {
  return (result as { state?: { pid?: number } }).state?.pid;
}

type Build = (...args: unknown[]) => unknown;

const silenced = new WeakSet<object>();

/**
 * Prevents unhandled rejections of the driver's internal queries. When a connection opens, the driver reads the array
 * types in a function whose promise it drops (`fetchArrayTypes` in `src/connection.js`). If the connection is lost at
 * that moment, no code can catch the rejection. The query that opened the connection gets the same error.
 */
export function silenceInternalQueries(driver: Pool): void {
  const query: { handle(): Promise<void> } = Object.getPrototypeOf(driver``);
  if (silenced.has(query)) return;
  silenced.add(query);
  const { handle } = query;
  query.handle = function (this: DriverQuery) {
    if (this.canceller === undefined) this.reject = () => {};
    return handle.call(this as never);
  };
}

/** Returns the same `sql`, except that `handle` decides when a query goes to the driver's own handler. */
export function interceptQueries<T extends Sql>(
  sql: T,
  handle: (query: DriverQuery, handler: DriverQuery["handler"]) => void,
): T {
  function wrap<Q>(built: Q): Q {
    if (!(built instanceof Promise)) return built; // a helper: sql("name"), sql(rows)
    const query = built as unknown as DriverQuery;
    const { handler } = query;
    query.handler = () => handle(query, handler);
    return built;
  }
  const build = sql as unknown as Build;
  return Object.assign((...args: unknown[]) => wrap(build(...args)), sql, {
    file: (...args: Parameters<Sql["file"]>) => wrap(sql.file(...args)),
    notify: (channel: string, payload: string) =>
      wrap(sql`select pg_notify(${channel}, ${payload})`),
    unsafe: (...args: Parameters<Sql["unsafe"]>) => wrap(sql.unsafe(...args)),
  }) as unknown as T;
}

/** Ends a query that was sent with the error 57014. The driver's own `cancel` drops the promise. */
export function cancelQuery(query: DriverQuery): void {
  query.canceller?.(query).catch(() => {});
}

/** Ends a running COPY. The driver takes it for finished when it has the stream, and would not cancel it. */
export function cancelCopy(query: DriverQuery): void {
  query.active = true;
  cancelQuery(query);
}

/**
 * Calls `start` when a cursor waits for a batch, first now, and `stop` when the batch arrives or the cursor
 * ends. The driver replaces the functions of a cursor with each batch, so they are intercepted where they
 * are read.
 */
export function watchBatches(
  query: DriverQuery,
  { start, stop }: { start: () => void; stop: () => void },
): void {
  let hasEnded = false;
  const onBatch: Wrap = (take) => async (rows) => {
    stop();
    const answer = await take(rows);
    if (!hasEnded) start();
    return answer;
  };
  const onEnd: Wrap = (settle) => (result) => {
    hasEnded = true;
    stop();
    return settle(result);
  };
  intercept(query, "cursorFn", onBatch);
  intercept(query, "resolve", onEnd);
  intercept(query, "reject", onEnd);
  start();
}

type Act = (value: unknown) => unknown;
type Wrap = (act: Act) => Act;

/** Wraps the function that is in a field now, and all that are assigned to it later. */
function intercept(
  query: DriverQuery,
  name: "cursorFn" | "resolve" | "reject",
  wrap: Wrap,
): void {
  let wrapped = wrap(query[name] as Act);
  Object.defineProperty(query, name, {
    get: () => wrapped,
    set: (act: Act) => wrapped = wrap(act),
  });
}

/** Calls `act` just before the query resolves or rejects. */
export function beforeSettling(
  query: DriverQuery,
  act: (error?: unknown) => void,
): void {
  const { resolve, reject } = query;
  query.resolve = (result) => {
    act();
    resolve(result);
  };
  query.reject = (error) => {
    act(error);
    removeRow(error);
    reject(error);
  };
}

/** Removes quoted rows from an error of PostgreSQL: errors are logged, and the log must not contain personal data. */
function removeRow(error: unknown): void {
  if (!(error instanceof Error) || !("severity" in error)) return;
  const quoting: Error & { detail?: unknown; where?: unknown } = error;
  delete quoting.detail;
  delete quoting.where;
}
