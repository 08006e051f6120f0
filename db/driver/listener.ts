import postgres from "postgres";
import { isShared } from "./pooler.ts";

/** A connection that receives the notifications of a channel. */
export interface Listener extends AsyncDisposable {
  /**
   * Resolves when the notification of every transaction that committed before this call has arrived.
   * Rejects if the database does not answer, or if a pooler shares its connections.
   */
  catchUp(): Promise<void>;
}

/**
 * Opens a connection that passes the messages of a channel to `onMessage`. It connects with the first
 * `catchUp`. Calls `onGap` when messages may have been lost, because the connection is a new one.
 *
 * The driver's own `listen` reconnects without a word about what was missed. Here each `catchUp`
 * sends a message to a channel of this connection alone. PostgreSQL delivers in the order of the
 * commits, so everything before that message has arrived when it does.
 */
export function openListener(
  url: string,
  { channel, onMessage, onGap }: {
    channel: string;
    onMessage: (message: string) => void;
    onGap: () => void;
  },
): Listener {
  const own = `${channel}_${crypto.randomUUID().replaceAll("-", "")}`;
  const arrivals = new Map<string, PromiseWithResolvers<void>>();
  const driver = postgres(url, {
    max: 1,
    max_lifetime: null,
    connect_timeout: 5,
    fetch_types: false,
    backoff: false,
    connection: { application_name: "paceline listener" },
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
  let connection: number | undefined;

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
        if (connection === undefined) await requireDirect();
        const results = await driver.unsafe(
          `listen ${channel}; listen ${own}; notify ${own}, '${id}'; select pg_backend_pid() as pid`,
        ).simple() as unknown as { pid?: number }[][];
        await arrival.promise;
        const pid = Number(results.at(-1)?.[0]?.pid);
        if (connection !== pid) onGap();
        connection = pid;
      } finally {
        arrivals.delete(id);
      }
    },
    [Symbol.asyncDispose]: () => driver.end({ timeout: 1 }),
  };
}
