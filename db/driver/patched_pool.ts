import {
  beforeSettling,
  type DriverQuery,
  interceptQueries,
  silenceInternalQueries,
} from "./driver_query.ts";
import { beginWithRetry, sendWithRetry } from "./retry.ts";
import { type Pooler, registerPooler } from "./pooler.ts";
import { beginSafely, type Work } from "./safe_begin.ts";
import { createTurns } from "./turns.ts";
import type { Pool } from "./types.ts";

/**
 * Makes the driver's pool fit for a process that runs for months: one query or transaction at a time per connection,
 * retries of lost reads, and safe transactions.
 *
 * The driver itself sends several queries on a busy connection. A quick query then waits behind a slow one, and the
 * driver's lists of connections grow with every query, in memory and time, because they are reset only when their last
 * element is taken. With turns the driver only uses the list of open connections, which `createTurns` empties from time
 * to time.
 */
export function patchPool(
  driver: Pool,
  { max, pooler }: { max: number; pooler: Pooler },
): Pool {
  silenceInternalQueries(driver);
  const turns = createTurns(max, () => driver`select 1`.catch(() => {}));

  /** Waits for a turn when first awaited. Cursors and streams take none, because their end is unknown. */
  function handle(query: DriverQuery, handler: DriverQuery["handler"]): void {
    query.options.onexecute = () => false;
    const send = (each: DriverQuery): void => {
      pooler.limitTime(each);
      handler(each);
    };
    if (query.cursorFn || query.streaming) {
      turns.addOutsider();
      send(query);
    } else turns.enter(() => execute(query, send, turns.leave));
  }

  async function begin(...args: [string, Work] | [Work]): Promise<unknown> {
    const work = args.pop() as Work;
    await new Promise<void>(turns.enter);
    return beginWithRetry(
      (onStarted) =>
        beginSafely(driver, args[0] as string ?? "", {
          work(tx) {
            onStarted();
            return work(tx);
          },
          limitTime: pooler.limitTime,
        }),
      pooler.noticeRefusal,
    ).finally(turns.leave);
  }

  /** Ends the pool. The driver alone would wait forever for a connection that was lost during a query. */
  async function end(options?: Parameters<Pool["end"]>[0]): Promise<void> {
    const grace = new AbortController();
    const idle = turns.idle().then(() => delay(1000, grace.signal));
    await Promise.race([driver.end(options), idle]);
    grace.abort();
  }

  const sql = interceptQueries(driver, handle);
  const pool = Object.assign(sql, { begin, end }) as unknown as Pool;
  registerPooler(pool, pooler);
  return pool;
  /** Passes `query` to the driver and calls `leave` when its connection is free again. */
  function execute(
    query: DriverQuery,
    send: DriverQuery["handler"],
    leave: () => void,
  ): void {
    if (query.cancelled) return leave();
    let settled = false;
    beforeSettling(query, () => {
      // The driver returns the connection just after it settles the query.
      if (!settled) queueMicrotask(leave);
      settled = true;
    });
    sendWithRetry(query, send, { isRefusal: pooler.noticeRefusal });
  }
}

/** Resolves after a number of milliseconds, or at once when `signal` aborts, so that no timer remains. */
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
