import { createTRPCUntypedClient, httpBatchLink, httpLink } from "@trpc/client";
import superjson from "superjson";
import type { ClientOptions, Value } from "./options.ts";
import type { Session } from "./session.ts";
import { type Fetch, send, toApiError } from "./transport.ts";

/** The URL of the API, and the headers and the `fetch` of its requests. */
export interface Connection {
  url: string;
  headers: () => Promise<Record<string, string>>;
  fetch: Fetch;
}

/** The kind of a call. */
export type Kind = "query" | "mutate";

/** One attempt of a call. */
export type Attempt = (
  path: string,
  kind: Kind,
  input: unknown,
  signal: AbortSignal,
) => Promise<unknown>;

/** Maximum length of a URL, which servers and proxies commonly accept. */
const MAX_URL_LENGTH = 2000;
/** Maximum number of calls in one request, as the server allows. */
const MAX_BATCH_SIZE = 20;

/** Creates the connection that the options describe, with the session's credentials. */
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

/** Returns the URL of the procedures. */
export function toApiUrl(url: string | URL): string {
  return `${String(url).replace(/\/+$/, "")}/trpc`;
}

/**
 * Creates a function that sends one attempt through tRPC. Calls of the same moment share a
 * request, except those that set cookies. Responses are never streamed, because a streamed
 * response cannot set cookies.
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
