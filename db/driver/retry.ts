/**
 * Retries after the database has closed a connection, so that reads do not fail. Each connection of the pool notices its
 * end with the next query, or some milliseconds later.
 */

import { isConnectionLost } from "./errors.ts";

/** The fields of the driver's query that a retry uses. */
interface Retried {
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
  /** Its text, once the driver has prepared it for sending. */
  string?: string;
  cancelled: unknown;
}

/** Pauses before retries, in milliseconds. By then other lost connections have noticed their end. */
const PAUSES_MS = [20, 200];

/**
 * Sends the query, and sends it again if its connection is lost and it only reads or was not sent yet. A write that was
 * sent may have succeeded, so it is never sent twice.
 */
export function sendWithRetry<T extends Retried>(
  query: T,
  send: (query: T) => void,
  { isRefusal = () => false, pauses = PAUSES_MS }: {
    /** Reports whether the error means that nothing was sent and that a new connection may work. */
    isRefusal?: (error: unknown) => boolean;
    pauses?: readonly number[];
  } = {},
): void {
  const [pause, ...later] = pauses;
  if (pause === undefined) return send(query);
  const { resolve, reject } = query;
  query.reject = (error) => {
    const isHarmless = query.string === undefined || isRead(query.string);
    const isLost = isHarmless && isConnectionLost(error);
    if (query.cancelled || !(isLost || isRefusal(error))) return reject(error);
    // The driver rejects it once more when the connection closes, and resolves it without a result when the connection
    // opens again.
    query.reject = query.resolve = () => {};
    const again = renew(query, { resolve, reject });
    const options = { isRefusal, pauses: later };
    setTimeout(() => sendWithRetry(again, send, options), pause);
  };
  send(query);
}

/** Starts the transaction, and starts it again if its connection was lost before its work began. */
export async function beginWithRetry(
  begin: (onBegun: () => void) => Promise<unknown>,
  isRefusal: (error: unknown) => boolean,
): Promise<unknown> {
  for (let tries = 0;; tries++) {
    let isBegun = false;
    try {
      return await begin(() => isBegun = true);
    } catch (error) {
      const pause = PAUSES_MS[tries];
      const mayWork = isConnectionLost(error) || isRefusal(error);
      if (isBegun || pause === undefined || !mayWork) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Returns a copy of the query that was never sent: the driver may still hold the old one. */
function renew<T extends Retried>(
  query: T,
  ends: Pick<Retried, "resolve" | "reject">,
): T {
  const fresh = { state: null, statement: null, active: false, ...ends };
  return Object.assign(
    Object.create(Object.getPrototypeOf(query)),
    query,
    fresh,
  );
}

/**
 * Reports whether a statement only reads, judging by its words. In doubt it does not. Functions whose names start with
 * `pg_` may lock, notify or end something.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.ok(isRead("with best as (select 1) select updated_at from best"));
 * assert.ok(!isRead("with gone as (delete from marks returning n) select n from gone"));
 * assert.ok(!isRead("select pg_notify('sync', '')"));
 * ```
 */
export function isRead(text: string): boolean {
  return /^\s*(select|with)\b/i.test(text) &&
    !/\b(insert|update|delete|merge|into|nextval|setval|pg_\w+)\b/i.test(text);
}
