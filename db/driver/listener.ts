import postgres from "postgres";
import { parseConnectionUrl } from "./connection_url.ts";
import { isShared } from "./pooler.ts";

/** A connection that receives the notifications of a channel. */
export interface Listener extends AsyncDisposable {
  /**
   * Resolves when the notification of every transaction that committed before this call has arrived.
   * Rejects if the database does not answer, if a pooler shares its connections, or if nobody announces
   * changes.
   */
  catchUp(): Promise<void>;
}

/** Longest time that the database may take to answer, in milliseconds. */
const ANSWER_MS = 1000;

/**
 * Opens a connection that passes the messages of a channel to `onMessage`. It connects with the first
 * `catchUp`. Calls `onGap` when messages may have been lost, because the connection is a new one.
 *
 * The driver's own `listen` reconnects without a word about what was missed. Here each `catchUp`
 * sends a message to a channel of this connection alone. PostgreSQL delivers in the order of the
 * commits, so everything before that message has arrived when it does.
 *
 * A connection that does not answer in time is given up: after some losses the driver would never
 * settle a query on it again.
 */
export function openListener(
  url: string,
  options: {
    channel: string;
    /** A condition in SQL that is true while changes are announced on the channel. */
    isAnnounced: string;
    onMessage: (message: string) => void;
    onGap: () => void;
  },
): Listener {
  let connection: Connection | undefined;
  const closing = new Set<Promise<void>>();

  async function close(used: Connection): Promise<void> {
    const closed = used.close();
    closing.add(closed);
    await closed;
    closing.delete(closed);
  }

  return {
    async catchUp() {
      const used = connection ??= openConnection(url, options);
      const { promise: late, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(
        () => reject(new Error("The database does not answer")),
        ANSWER_MS,
      );
      try {
        await Promise.race([used.catchUp(), late]);
      } catch (error) {
        if (connection === used) connection = undefined;
        void close(used);
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    async [Symbol.asyncDispose]() {
      if (connection) void close(connection);
      await Promise.all(closing);
    },
  };
}

interface Connection {
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

function openConnection(
  url: string,
  { channel, isAnnounced, onMessage, onGap }: Parameters<
    typeof openListener
  >[1],
): Connection {
  const own = `${channel}_${crypto.randomUUID().replaceAll("-", "")}`;
  const arrivals = new Map<string, PromiseWithResolvers<void>>();
  const { settings, parameters, ...server } = parseConnectionUrl(url).options;
  const driver = postgres({
    ...server,
    ...settings,
    max: 1,
    max_lifetime: null,
    connect_timeout: 5,
    fetch_types: false,
    backoff: false,
    connection: { application_name: "paceline listener", ...parameters },
    onnotice() {},
    onnotify(from: string, message: string) {
      if (from === channel) onMessage(message);
      else arrivals.get(message)?.resolve();
    },
    onclose() {
      const lost = new Error("The connection was lost");
      for (const { reject } of arrivals.values()) reject(lost);
    },
  } as postgres.Options<Record<string, never>>);
  let count = 0;
  let backend: number | undefined;

  /** Throws if a pooler would give the notifications to another client. */
  async function requireDirect(): Promise<void> {
    const result = await driver<{ pid: number }[]>`
      select pg_backend_pid() as pid
    `;
    if (isShared(result, result[0]!.pid)) {
      throw new Error(
        "Notifications need a direct connection to PostgreSQL: set DATABASE_DIRECT_URL",
      );
    }
  }

  return {
    async catchUp() {
      const id = String(++count);
      const arrival = Promise.withResolvers<void>();
      arrival.promise.catch(() => {}); // the query rejects as well
      arrivals.set(id, arrival);
      try {
        if (backend === undefined) await requireDirect();
        const results = await driver.unsafe(
          `listen ${channel}; listen ${own}; notify ${own}, '${id}';
          select pg_backend_pid() as pid, ${isAnnounced} as announced`,
        ).simple() as unknown as { pid: number; announced: boolean }[][];
        await arrival.promise;
        const state = results.at(-1)![0]!;
        if (!state.announced) {
          throw new Error(`No trigger announces changes on "${channel}"`);
        }
        const pid = Number(state.pid);
        if (backend !== pid) onGap();
        backend = pid;
      } finally {
        arrivals.delete(id);
      }
    },
    async close() {
      // The driver's own end waits forever for a connection that was lost during a query.
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, ANSWER_MS);
      await Promise.race([driver.end({ timeout: 0 }).catch(() => {}), late]);
      clearTimeout(timer);
    },
  };
}
