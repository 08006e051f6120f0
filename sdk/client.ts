import { createTRPCUntypedClient, httpBatchLink, httpLink } from "@trpc/client";
import superjson from "superjson";
import type { Api } from "./contract.gen.ts";
import { type ApiError, isApiError } from "./errors.ts";
import { createPathProxy } from "./path_proxy.ts";
import { getRetryDelay, limit, pause } from "./patience.ts";
import type { CallOptions, StreamEvent } from "./procedure.ts";
import { readStream } from "./stream.ts";
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

/** A stream outlives a server's start anew. */
const STREAM_RETRIES = 10;

type Kind = "query" | "mutate";

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
  const { timeout = 30_000, retries = 2 } = options;
  const connection = createConnection(options);
  const attempt = createAttempt(connection, options.batch ?? true);
  if (options.apiKey !== undefined) warnInPage();

  async function call(
    path: string,
    kind: Kind,
    input: unknown,
    { signal, timeout: ownTimeout = timeout }: CallOptions = {},
  ): Promise<unknown> {
    const left = kind === "query" ? retries : 0;
    for (let failures = 0;; failures++) {
      try {
        return await limit(
          (signal) => attempt(path, kind, input, signal),
          ownTimeout,
          signal,
        );
      } catch (error) {
        const attempt = { path, failures, retries: left, signal };
        await waitOrThrow(error, attempt, options);
      }
    }
  }

  async function* subscribe(
    path: string,
    input: unknown,
    { signal, timeout: ownTimeout = timeout }: CallOptions = {},
  ): AsyncGenerator<StreamEvent<unknown>> {
    let lastEventId: string | undefined;
    for (let failures = 0;; failures++) {
      try {
        const stream = readStream({
          url: `${connection.url}/${path}?input=${
            encodeURIComponent(JSON.stringify(superjson.serialize(input)))
          }`,
          headers: {
            ...await connection.headers(),
            accept: "text/event-stream",
            ...(lastEventId === undefined
              ? {}
              : { "last-event-id": lastEventId }),
          },
          fetch: connection.fetch,
          timeout: ownTimeout,
          signal,
        });
        for await (const event of stream) {
          failures = 0;
          lastEventId = event.id;
          yield event;
        }
        return;
      } catch (error) {
        const attempt = { path, failures, retries: STREAM_RETRIES, signal };
        await waitOrThrow(error, attempt, options);
      }
    }
  }

  return createPathProxy((fullPath, [input, options]) => {
    const kind = fullPath.at(-1);
    const path = fullPath.slice(0, -1).join(".");
    const callOptions = options as CallOptions | undefined;
    if (kind === "subscribe") return subscribe(path, input, callOptions);
    if (kind === "query" || kind === "mutate") {
      return call(path, kind, input, callOptions);
    }
    throw new TypeError(`api.${fullPath.join(".")} cannot be called`);
  }) as Client;
}

/** Waits until the next attempt makes sense; throws where there is none. */
async function waitOrThrow(
  error: unknown,
  { path, failures, retries, signal }: {
    path: string;
    failures: number;
    retries: number;
    signal: AbortSignal | undefined;
  },
  { maxRetryDelay = 10_000, onError = () => {} }: ClientOptions,
): Promise<void> {
  if (!isApiError(error)) throw error;
  error.path = path;
  const delay = failures < retries ? getRetryDelay(error, failures) : Infinity;
  const willRetry = delay <= maxRetryDelay;
  onError(error, { path, willRetry });
  if (!willRetry) throw error;
  await pause(delay, signal);
}

/** Where requests go, and what they carry. */
interface Connection {
  url: string;
  headers: () => Promise<Record<string, string>>;
  fetch: Fetch;
}

function createConnection(
  { url, apiKey, headers, fetch }: ClientOptions,
): Connection {
  return {
    url: `${String(url).replace(/\/+$/, "")}/trpc`,
    headers: async () => ({
      ...await getValue(headers),
      ...(apiKey === undefined ? {} : { "x-api-key": await getValue(apiKey) }),
    }),
    fetch: (url, init) => (fetch ?? globalThis.fetch)(url, init),
  };
}

/** One attempt of a call, through tRPC. */
function createAttempt(
  { url, headers, fetch }: Connection,
  batch: boolean,
): (
  path: string,
  kind: Kind,
  input: unknown,
  signal: AbortSignal,
) => Promise<unknown> {
  const link = {
    url,
    transformer: superjson,
    headers,
    fetch: (url: unknown, init: unknown) =>
      send(fetch, String(url), init as RequestInit),
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

async function getValue<T>(value: Value<T>): Promise<T> {
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
