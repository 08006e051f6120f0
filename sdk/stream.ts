import { EventSourceParserStream } from "eventsource-parser/stream";
import superjson from "superjson";
import { ApiError } from "./errors.ts";
import { limit } from "./patience.ts";
import type { StreamEvent } from "./procedure.ts";
import {
  type Fetch,
  readFailure,
  toNetworkError,
  toShapeError,
} from "./transport.ts";

/** The server says something every 15 seconds; a connection that is silent for longer is lost. */
const SILENCE_MS = 45_000;

/** One connection of a stream. */
export interface StreamConnection {
  url: string;
  headers: Record<string, string>;
  fetch: Fetch;
  /** Milliseconds until the answer has begun. */
  timeout: number;
  signal: AbortSignal | undefined;
}

/**
 * The events of one connection (Server-Sent Events, with tRPC's names of events) until the server
 * says that there are no more.
 *
 * @throws {ApiError} Also where the connection ends before that.
 */
export async function* readStream(
  { url, headers, fetch, timeout, signal }: StreamConnection,
): AsyncGenerator<StreamEvent<unknown>> {
  const connection = new AbortController();
  try {
    const response = await limit(
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
      const { done, value } = await limit(
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
    throw new Error("The stream broke off");
  } catch (cause) {
    throw cause instanceof ApiError ? cause : toNetworkError(cause);
  } finally {
    connection.abort();
  }
}
