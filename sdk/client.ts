import { createTRPCUntypedClient, httpBatchLink, httpLink } from "@trpc/client";
import superjson from "superjson";
import type { Api } from "./contract.gen.ts";
import { type ApiError, isApiError } from "./errors.ts";
import { createPathProxy } from "./path_proxy.ts";
import { getRetryDelay, limit, pause } from "./patience.ts";
import type { CallOptions } from "./procedure.ts";
import { type Fetch, send, toApiError } from "./transport.ts";

type Value<T> = T | (() => T | Promise<T>);

/** Where the server is, and how it is called. */
export interface ClientOptions {
  /**
   * The server's address, such as `https://paceline.example.org`, or with a path behind it; empty in
   * a page for the address that the page comes from.
   */
  url: string | URL;
  /**
   * The API key, or a function that gets it, asked before each request. Not for a page: whoever
   * opens the page can read it there.
   */
  apiKey?: Value<string> | undefined;
  /** Headers of each request, or a function that gets them. */
  headers?: Value<Record<string, string>> | undefined;
  /** Sends the requests; the platform's own by default. */
  fetch?: Fetch | undefined;
  /**
   * Milliseconds that one attempt may take, `Infinity` for no end. Default: 30,000, as `admin.refresh`
   * waits for 20 seconds.
   */
  timeout?: number | undefined;
  /**
   * How often a query is tried again after no answer or 429, 502, 503, 504. Mutations never are.
   * Default: 2.
   */
  retries?: number | undefined;
  /**
   * Milliseconds between two attempts at most; where the server asks for more with `Retry-After`,
   * the error is given at once. Default: 10,000.
   */
  maxRetryDelay?: number | undefined;
  /** Whether calls of the same moment share a request. Default: true. */
  batch?: boolean | undefined;
  /** Told of every attempt that failed, for a log. */
  onError?: ((error: ApiError, attempt: FailedAttempt) => void) | undefined;
}

/** An attempt that failed. */
export interface FailedAttempt {
  /** The procedure, such as `stats.ytd`. */
  path: string;
  /** Whether it is tried again; if not, the call rejects. */
  willRetry: boolean;
}

/** The server's procedures, as `api.stats.ytd.query()`. */
export type Client = Api;

/** What servers and proxies in between take without complaint. */
const MAX_URL_LENGTH = 2000;
/** As many calls as the server takes in one request. */
const MAX_BATCH_SIZE = 20;

type Kind = "query" | "mutate";
type Attempt = (
  path: string,
  kind: Kind,
  input: unknown,
  signal: AbortSignal,
) => Promise<unknown>;

/**
 * A client of the API, typed from end to end; nothing is sent before the first call.
 *
 * @example
 * ```ts
 * import { createClient } from "@paceline/sdk";
 *
 * const api = createClient({ url: "http://localhost:5001" });
 * const getDistance = async () => (await api.stats.ytd.query()).data.run.distance; // metres
 * ```
 */
export function createClient(options: ClientOptions): Client {
  const {
    timeout = 30_000,
    retries = 2,
    maxRetryDelay = 10_000,
    onError = () => {},
  } = options;
  const attempt = createAttempt(options);
  if (options.apiKey !== undefined) warnInPage();

  async function call(
    path: string,
    kind: Kind,
    input: unknown,
    { signal, timeout: ownTimeout = timeout }: CallOptions = {},
  ): Promise<unknown> {
    for (let failures = 0;;) {
      try {
        return await limit(
          (signal) => attempt(path, kind, input, signal),
          ownTimeout,
          signal,
        );
      } catch (error) {
        if (!isApiError(error)) throw error;
        error.path = path;
        const delay = kind === "query" && failures < retries
          ? getRetryDelay(error, failures)
          : Infinity;
        const willRetry = delay <= maxRetryDelay;
        onError(error, { path, willRetry });
        if (!willRetry) throw error;
        failures++;
        await pause(delay, signal);
      }
    }
  }
  return createPathProxy((path, [input, options]) => {
    const kind = path.at(-1);
    if (kind !== "query" && kind !== "mutate") {
      throw new TypeError(`api.${path.join(".")} cannot be called`);
    }
    return call(
      path.slice(0, -1).join("."),
      kind,
      input,
      options as CallOptions | undefined,
    );
  }) as Client;
}

/** One attempt of a call, through tRPC. */
function createAttempt(
  { url, apiKey, headers, fetch, batch = true }: ClientOptions,
): Attempt {
  const link = {
    url: `${String(url).replace(/\/+$/, "")}/trpc`,
    transformer: superjson,
    headers: async () => ({
      ...await getValue(headers),
      ...(apiKey === undefined ? {} : { "x-api-key": await getValue(apiKey) }),
    }),
    fetch: (url: unknown, init: unknown) =>
      send(fetch ?? globalThis.fetch, String(url), init as RequestInit),
  };
  const client = createTRPCUntypedClient({
    links: [
      batch
        ? httpBatchLink({
          ...link,
          maxURLLength: MAX_URL_LENGTH,
          maxItems: MAX_BATCH_SIZE,
        })
        : httpLink(link),
    ],
  });
  return async (path, kind, input, signal) => {
    try {
      return kind === "query"
        ? await client.query(path, input, { signal })
        : await client.mutation(path, input, { signal });
    } catch (error) {
      throw toApiError(error);
    }
  };
}

async function getValue<T>(
  value: Value<T> | undefined,
): Promise<T | undefined> {
  return typeof value === "function"
    ? await (value as () => T | Promise<T>)()
    : value;
}

function warnInPage(): void {
  if (!("document" in globalThis)) return;
  // deno-lint-ignore no-console -- a page has no other log
  console.warn(
    "@paceline/sdk: the API key is part of this page, and whoever opens it can read it. " +
      "Call from a server, or leave the key out: statistics need none unless PUBLIC_STATS is false.",
  );
}
