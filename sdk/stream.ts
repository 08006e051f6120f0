import { EventSourceParserStream } from "eventsource-parser/stream";
import superjson from "superjson";
import { ApiError } from "./errors.ts";
import { withTimeout } from "./retry.ts";
import type { StreamEvent } from "./procedure.ts";
import {
  type Fetch,
  readFailure,
  toNetworkError,
  toShapeError,
} from "./transport.ts";

/**
 * Milliseconds of silence after which a connection counts as lost. The server sends something
 * every 15 seconds.
 */
const SILENCE_MS = 45_000;

/** One connection of a stream. */
export interface StreamConnection {
  url: string;
  headers: Record<string, string>;
  fetch: Fetch;
  /** Maximum time in milliseconds until the response starts. */
  timeout: number;
  signal: AbortSignal | undefined;
}

/**
 * Yields the events of one connection (Server-Sent Events, with tRPC's event names) until the
 * server ends the stream.
 *
 * @throws {ApiError} Also if the connection ends before that.
 */
export async function* readStream(
  { url, headers, fetch, timeout, signal }: StreamConnection,
): AsyncGenerator<StreamEvent<unknown>> {
  const connection = new AbortController();
  try {
    const response = await withTimeout(
      () => fetch(url, { headers, signal: connection.signal }),
      timeout,
      signal,
    );
    if (!response.ok || !response.body) throw await readFailure(response, url);
    const events = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream())
      .getReader();
    for (;;) {
      const { done, value } = await withTimeout(
        () => events.read(),
        SILENCE_MS,
        signal,
      );
      if (done) break;
      const { event, id, data } = value;
      if (event === "return") return;
      const content = JSON.parse(data || "null");
      if (event === "serialized-error") throw toShapeError(content, {});
      if (event === undefined && id !== undefined) {
        yield { id, data: superjson.deserialize(content) };
      }
    }
    throw new Error("The stream ended unexpectedly");
  } catch (cause) {
    throw cause instanceof ApiError ? cause : toNetworkError(cause);
  } finally {
    connection.abort();
  }
}
