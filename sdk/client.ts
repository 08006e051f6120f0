import superjson from "superjson";
import { ATHLETE, withAthlete } from "./athlete.ts";
import {
  createAttempt,
  createConnection,
  type Kind,
  toApiUrl,
} from "./connection.ts";
import type { Api, Import } from "./contract.gen.ts";
import { isApiError } from "./errors.ts";
import type { ClientOptions } from "./options.ts";
import { createPathProxy } from "./path_proxy.ts";
import { getRetryDelay, sleep, withTimeout } from "./retry.ts";
import type { CallOptions, StreamEvent } from "./procedure.ts";
import { createSession, type Session } from "./session.ts";
import { readStream } from "./stream.ts";
import {
  sendFile,
  type UploadBody,
  type UploadOptions,
  type Uploads,
} from "./upload.ts";

/** The server's procedures, such as `api.stats.ytd.query()`. */
export type Client = Api & Uploads;

/** Number of attempts to reopen a stream. They bridge a restart of the server. */
const STREAM_RETRIES = 10;

/**
 * Maximum duration of one refresh attempt, in milliseconds. The server repeats its response within
 * ten seconds, in case the first one is lost.
 */
const REFRESH_TIMEOUT_MS = 8000;

/**
 * Creates a typed client of the API. No request is sent before the first call.
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
  const { timeout = 30_000, retries = 2, athlete, fetch: ownFetch } = options;
  const session = openSession(
    options,
    (input) =>
      retry("auth.refresh", retries, undefined, () =>
        withTimeout(
          (signal) => attempt("auth.refresh", "mutate", input, signal),
          Math.min(timeout, REFRESH_TIMEOUT_MS),
          undefined,
        )),
  );
  const connection = createConnection(options, session);
  const attempt = createAttempt(connection, { batch: options.batch ?? true });
  if (options.apiKey !== undefined) warnInPage();

  /** Runs the work until it succeeds or fails for good. */
  async function retry<T>(
    path: string,
    retries: number,
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    for (let failures = 0;; failures++) {
      try {
        return await work();
      } catch (error) {
        const attempt = { path, failures, retries, signal };
        await waitOrThrow(error, attempt, options);
      }
    }
  }

  async function call(
    path: string,
    kind: Kind,
    input: unknown,
    { signal, timeout: ownTimeout = timeout }: CallOptions = {},
  ): Promise<unknown> {
    const send = () =>
      withTimeout(
        (signal) =>
          attempt(path, kind, session?.addToken(path, input) ?? input, signal),
        ownTimeout,
        signal,
      );
    return await retry(
      path,
      kind === "query" ? retries : 0,
      signal,
      () => session ? callInSession(session, { path, signal }, send) : send(),
    );
  }

  async function* subscribe(
    path: string,
    input: unknown,
    { signal, timeout: ownTimeout = timeout }: CallOptions = {},
  ): AsyncGenerator<StreamEvent<unknown>> {
    let lastEventId: string | undefined;
    let isRenewed = false;
    for (let failures = 0;; failures++) {
      const sentAt = session?.now();
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
          isRenewed = false;
          lastEventId = event.id;
          yield event;
        }
        return;
      } catch (error) {
        const attempt = { path, failures, retries: STREAM_RETRIES, signal };
        try {
          const renewing = async () =>
            sentAt !== undefined && !isRenewed &&
            await session?.renew(error, path, sentAt);
          if (!await withTimeout(renewing, Infinity, signal)) throw error;
          isRenewed = true;
        } catch (error) {
          await waitOrThrow(error, attempt, options);
        }
      }
    }
  }

  /** Sends a file, and follows its import to the end. */
  async function upload(
    file: UploadBody,
    given: UploadOptions = {},
  ): Promise<Import> {
    const path = "imports.upload";
    const { size, length } = file as Partial<Blob & Uint8Array>;
    const total = size ?? length ?? null;
    const { signal, onProgress } = given;
    const options = { ...given, athlete: given.athlete ?? athlete };
    const send = () =>
      withTimeout(
        async (signal) =>
          await sendFile(file, {
            ...options,
            total,
            url: connection.url,
            headers: await connection.headers(),
            fetch: ownFetch,
            credentials: session?.credentials(),
            signal,
          }),
        Infinity,
        signal,
      );
    const id = await retry(
      path,
      total === null ? 0 : retries,
      signal,
      () => session ? callInSession(session, { path, signal }, send) : send(),
    );
    const input = withAthlete(["imports"], { id }, options.athlete);
    for (;;) {
      const events = subscribe("imports.progress", input, { signal });
      for await (const { data } of events) {
        const job = data as Import;
        const { received_bytes: sent } = job;
        onProgress?.({ sent, total: total ?? sent, import: job });
        if (job.ended_at) return job;
      }
      // The server was restarted.
      await sleep(1000, signal);
    }
  }

  return createPathProxy((fullPath, [given, options]) => {
    if (fullPath.join(".") === "imports.upload") {
      return upload(given as UploadBody, options as UploadOptions | undefined);
    }
    const kind = fullPath.at(-1);
    const parts = fullPath.slice(0, -1);
    const path = parts.join(".");
    const input = withAthlete(parts, given, athlete);
    const callOptions = options as CallOptions | undefined;
    if (kind === "subscribe") return subscribe(path, input, callOptions);
    if (kind === "query" || kind === "mutate") {
      return call(path, kind, input, callOptions);
    }
    throw new TypeError(`api.${fullPath.join(".")} cannot be called`);
  }, { [ATHLETE]: athlete }) as Client;
}

/** Waits until the next attempt. Throws the error if there is none. */
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
  await sleep(delay, signal);
}

function openSession(
  { url, apiKey, session }: ClientOptions,
  refresh: (input: unknown) => Promise<unknown>,
): Session | undefined {
  if (!session) return undefined;
  if (apiKey !== undefined) {
    throw new TypeError("Give the client an API key or a session, not both");
  }
  const options = session === true ? {} : session;
  return createSession({
    ...options,
    name: `paceline ${toApiUrl(url)}`,
    refresh,
  });
}

/** Most refreshes for one call. Another tab may rotate the tokens again before the repeated call. */
const MAX_RENEWALS = 2;

/** Sends a call in a session. If the session expired, refreshes it and sends the call again. */
async function callInSession(
  session: Session,
  { path, signal }: { path: string; signal: AbortSignal | undefined },
  send: () => Promise<unknown>,
): Promise<unknown> {
  for (let renewals = 0;; renewals++) {
    const sentAt = session.now();
    try {
      const output = await send();
      session.recordOutput(path, output);
      return output;
    } catch (error) {
      if (renewals === MAX_RENEWALS) throw error;
      // Other calls wait for the same refresh, so the signal ends only this call's wait.
      const renewing = () => session.renew(error, path, sentAt);
      if (!await withTimeout(renewing, Infinity, signal)) throw error;
    }
  }
}

function warnInPage(): void {
  if (!("document" in globalThis)) return;
  // deno-lint-ignore no-console -- a page has no other log
  console.warn(
    "@paceline/sdk: the API key is part of this page, so everyone who opens the page can read it. " +
      "Call the API from a server, or omit the key: statistics need none unless PUBLIC_STATS=false.",
  );
}
