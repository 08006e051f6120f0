/**
 * What the driver, postgres.js 3.4.9, lacks for a process that lives for months; docs/adr/0003-database-client.md tells
 * why and has the figures. To be looked at again with each new version of it.
 */

import type { Pool, Sql } from "./client.ts";
import { beginWithRetry, sendWithRetry } from "./retry.ts";

/** What a query of the driver carries and its types leave out: `src/query.js`. */
interface DriverQuery {
  /** Called once, when the query is first awaited; a fragment's never is. */
  handler: (query: DriverQuery) => void;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
  cancelled: unknown;
  /** Called when it is sent; false: nothing else is to be sent on this connection until it ends. */
  options: { onexecute?: () => boolean };
  /** What `cancel` calls, null once it did; a query of the driver's own has none. */
  canceller?: unknown;
  string?: string;
  cursorFn?: unknown;
  streaming?: boolean;
}

type Build = (...args: unknown[]) => unknown;
type Tx = Parameters<Parameters<Pool["begin"]>[1]>[0];
type Work = (tx: Tx) => unknown;

/**
 * Lets one query or transaction at a time use a connection; the others wait, first come, first served.
 *
 * The driver would send them ahead on busy connections. A quick query would then wait behind a slow one, and the lists
 * in which the driver keeps its connections would grow with every query, in memory and in time: they start anew only
 * when their last element is taken. With turns it takes from one list, of the open connections, and `createTurns` sees
 * to it that this one is emptied.
 */
export function withTurns(driver: Pool, max: number): Pool {
  hushOwnQueries(driver);
  const turns = createTurns(max, () => driver`select 1`.catch(() => {}));

  /** Waits for its turn when first awaited; a cursor or a stream, which has no one end, takes none. */
  function handle(query: DriverQuery, handler: DriverQuery["handler"]): void {
    query.options.onexecute = () => false;
    if (query.cursorFn || query.streaming) {
      turns.addOutsider();
      handler(query);
    } else turns.enter(() => execute(query, handler, turns.leave));
  }

  async function begin(...args: [string, Work] | [Work]): Promise<unknown> {
    const work = args.pop() as Work;
    await new Promise<void>(turns.enter);
    return beginWithRetry((onBegun) =>
      beginSafely(driver, args[0] as string ?? "", (tx) => {
        onBegun();
        return work(tx);
      })
    ).finally(turns.leave);
  }

  /** The driver's, which would wait for ever for a connection that was lost amid a query. */
  async function end(options?: Parameters<Pool["end"]>[0]): Promise<void> {
    const grace = new AbortController();
    const idle = turns.idle().then(() => delay(1000, grace.signal));
    await Promise.race([driver.end(options), idle]);
    grace.abort();
  }

  const sql = handled(driver, handle);
  return Object.assign(sql, { begin, end }) as unknown as Pool;
}

const hushed = new WeakSet<object>();

/**
 * Lets no query of the driver's own reject. As a connection opens it asks for the array types, in a function whose
 * promise it drops (`fetchArrayTypes` in `src/connection.js`): should the connection be lost just then, that rejection
 * is one that nobody can await. Nothing is kept secret, for the query that opened the connection gets the same error.
 */
function hushOwnQueries(driver: Pool): void {
  const query: { handle(): Promise<void> } = Object.getPrototypeOf(driver``);
  if (hushed.has(query)) return;
  hushed.add(query);
  const { handle } = query;
  query.handle = function (this: DriverQuery) {
    if (this.canceller === undefined) this.reject = () => {};
    return handle.call(this as never);
  };
}

/** The same `sql`, but `handle` decides when, and whether, a query goes to the driver's own handler. */
function handled<T extends Sql>(
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

/** Hands `query` to the driver and calls `leave` when its connection is free again. */
function execute(
  query: DriverQuery,
  handler: DriverQuery["handler"],
  leave: () => void,
): void {
  if (query.cancelled) return leave();
  let settled = false;
  beforeSettling(query, () => {
    // The driver puts the connection back just after it settles the query.
    if (!settled) queueMicrotask(leave);
    settled = true;
  });
  sendWithRetry(query, handler);
}

function beforeSettling(
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
    forgetRow(error);
    reject(error);
  };
}

/** An error of PostgreSQL's may quote a row, and goes to the log, where nobody's data belongs. */
function forgetRow(error: unknown): void {
  if (!(error instanceof Error) || !("severity" in error)) return;
  const quoting: Error & { detail?: unknown; where?: unknown } = error;
  delete quoting.detail;
  delete quoting.where;
}

/**
 * The driver's `begin`, but nothing of a transaction is sent any more when its connection is lost.
 *
 * The driver would send the rollback to a socket that is gone, and throw where only the process's end catches it; or,
 * when it has connected again, run what follows outside any transaction. So a `work` that ends after the loss never
 * ends for the driver, which has rejected the transaction by then.
 */
function beginSafely(
  driver: Pool,
  options: string,
  work: Work,
): Promise<unknown> {
  let lost: unknown;

  function guarded(tx: Tx): Tx {
    const sql = handled(tx, (query, handler) => {
      if (lost) return query.reject(lost);
      beforeSettling(query, (error) => {
        if (isConnectionError(error)) lost = error;
      });
      handler(query);
    });
    const savepoint = (...args: [string, Work] | [Work]): Promise<unknown> => {
      const inner = args.pop() as Work;
      return tx.savepoint(args[0] as string ?? "", (sp) => run(inner, sp));
    };
    return Object.assign(sql, { savepoint }) as Tx;
  }

  async function run(inner: Work, tx: Tx): Promise<unknown> {
    try {
      const result = inner(guarded(tx));
      return await (Array.isArray(result) ? Promise.all(result) : result);
    } finally {
      if (lost) await new Promise(() => {});
    }
  }

  return driver.begin(options, (tx) => run(work, tx)).catch((error) => {
    lost ??= error;
    throw error;
  });
}

/** Whether the driver, and not PostgreSQL, rejected a query since its connection is gone. */
function isConnectionError(error: unknown): boolean {
  const { code, errno } = (error ?? {}) as { code?: unknown; errno?: unknown };
  // A write to a socket that the other side has ended is an EPIPE without a number.
  return typeof code === "string" && (errno !== undefined || code === "EPIPE");
}

/** Resolves after so long, or at once when `signal` aborts: no timer outlives it. */
function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

interface Turns {
  enter: (start: () => void) => void;
  leave: () => void;
  /** Something uses a connection without a turn: from now on, all may be open. */
  addOutsider: () => void;
  /** Resolves when none is in. */
  idle: () => Promise<void>;
}

/** After so many turns that left a connection unused, all are used at once. */
const TURNS_BETWEEN_SWEEPS = 1000;

/** At most `max` are in at once. `fill` uses a connection for a moment, so that none is left over. */
function createTurns(max: number, fill: () => void): Turns {
  const waiting: (() => void)[] = [];
  let active = 0;
  let turns = 0;
  // The most that were in at once: the driver has no more connections open.
  let peak = 0;
  const idled: (() => void)[] = [];

  function enter(start: () => void): void {
    if (active === max) {
      waiting.push(start);
      return;
    }
    active++;
    peak = Math.max(peak, active);
    turns = active === peak ? 0 : turns + 1;
    start();
    if (turns < TURNS_BETWEEN_SWEEPS) return;
    turns = 0;
    for (let used = active; used < peak; used++) fill();
  }

  function leave(): void {
    const next = waiting.shift();
    if (next) return next();
    active--;
    if (active === 0) { for (const tell of idled.splice(0)) tell(); }
  }

  function idle(): Promise<void> {
    return new Promise((resolve) =>
      active === 0 ? resolve() : idled.push(resolve)
    );
  }

  function addOutsider(): void {
    peak = max;
  }

  return { enter, leave, addOutsider, idle };
}
