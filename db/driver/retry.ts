/**
 * What a connection that the database has ended may cost: nothing where it was only to be read. Each of the pool's
 * connections notices its end with the next query, unless that comes some milliseconds later.
 */

import { isConnectionLost } from "./errors.ts";

/** What is looked at of the driver's query, and what a new try of it begins with. */
interface Retried {
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
  /** Its text, once it was made ready to be sent. */
  string?: string;
  cancelled: unknown;
}

/** Before each further try: the other connections that are gone have noticed it by then. */
const PAUSES_MS = [20, 200];

/**
 * Sends the query, and again where its connection is lost and it only reads, or was not sent yet.
 * A write that was sent may have been done, so it is never sent twice.
 */
export function sendWithRetry<T extends Retried>(
  query: T,
  send: (query: T) => void,
  pauses: readonly number[] = PAUSES_MS,
): void {
  const [pause, ...later] = pauses;
  if (pause === undefined) return send(query);
  const { resolve, reject } = query;
  query.reject = (error) => {
    const isHarmless = query.string === undefined || isRead(query.string);
    if (!isHarmless || query.cancelled || !isConnectionLost(error)) {
      return reject(error);
    }
    // The driver rejects it once more as the connection closes, and resolves it with nothing as the
    // connection opens again.
    query.reject = query.resolve = () => {};
    const again = renew(query, { resolve, reject });
    setTimeout(() => sendWithRetry(again, send, later), pause);
  };
  send(query);
}

/** Begins the transaction, and again where its connection was lost before its work began. */
export async function beginWithRetry(
  begin: (onBegun: () => void) => Promise<unknown>,
): Promise<unknown> {
  for (let tries = 0;; tries++) {
    let isBegun = false;
    try {
      return await begin(() => isBegun = true);
    } catch (error) {
      const pause = PAUSES_MS[tries];
      if (isBegun || pause === undefined || !isConnectionLost(error)) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** A query like it that was never sent: the driver may still hold the old one. */
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
 * Whether a statement only reads, as far as its words tell; in doubt it does not. Functions whose
 * names begin with `pg_` may lock, notify or end something.
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
