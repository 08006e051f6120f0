import { createTRPCUntypedClient, httpBatchLink, httpLink } from "@trpc/client";
import superjson from "superjson";
import type { ClientOptions, Value } from "./options.ts";
import type { Session } from "./session.ts";
import { type Fetch, send, toApiError } from "./transport.ts";

/** Where requests go, and what they carry. */
export interface Connection {
  url: string;
  headers: () => Promise<Record<string, string>>;
  fetch: Fetch;
}

/** What a procedure does. */
export type Kind = "query" | "mutate";

/** One attempt of a call. */
export type Attempt = (
  path: string,
  kind: Kind,
  input: unknown,
  signal: AbortSignal,
) => Promise<unknown>;

/** What servers and proxies in between take without complaint. */
const MAX_URL_LENGTH = 2000;
/** As many calls as the server takes in one request. */
const MAX_BATCH_SIZE = 20;

/** The connection that the options tell of, in a session if there is one. */
export function createConnection(
  { url, apiKey, headers, fetch }: ClientOptions,
  session: Session | undefined,
): Connection {
  return {
    url: toApiUrl(url),
    headers: async () => ({
      ...await getValue(headers),
      ...(apiKey === undefined ? {} : { "x-api-key": await getValue(apiKey) }),
      ...session?.headers(),
    }),
    fetch: (url, init) =>
      (fetch ?? globalThis.fetch)(
        url,
        session ? { ...init, credentials: session.credentials() } : init,
      ),
  };
}

/** The address of the procedures. */
export function toApiUrl(url: string | URL): string {
  return `${String(url).replace(/\/+$/, "")}/trpc`;
}

/**
 * Attempts through tRPC: calls of one moment in one request, but for what sets cookies. Never
 * streamed, as a streamed answer has no cookies.
 */
export function createAttempt(
  { url, headers, fetch }: Connection,
  { batch }: { batch: boolean },
): Attempt {
  const link = {
    url,
    transformer: superjson,
    headers,
    fetch: (url: unknown, init: unknown) =>
      send(fetch, String(url), init as RequestInit),
  };
  const limits = { maxURLLength: MAX_URL_LENGTH, maxItems: MAX_BATCH_SIZE };
  const alone = createTRPCUntypedClient({ links: [httpLink(link)] });
  const shared = batch
    ? createTRPCUntypedClient({
      links: [httpBatchLink({ ...link, ...limits })],
    })
    : alone;
  return async (path, kind, input, signal) => {
    try {
      if (kind === "query") return await shared.query(path, input, { signal });
      const client = path.startsWith("auth.") ? alone : shared;
      return await client.mutation(path, input, { signal });
    } catch (error) {
      throw toApiError(error);
    }
  };
}

async function getValue<T>(value: Value<T>): Promise<T> {
  return typeof value === "function"
    ? await (value as () => T | Promise<T>)()
    : value;
}
