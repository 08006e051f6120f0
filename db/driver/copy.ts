import { cancelCopy, type DriverQuery } from "./driver_query.ts";
import type { Sql } from "./types.ts";

/** A statement that was not sent yet. */
type Statement = Pick<ReturnType<Sql>, "readable">;

/**
 * Sends a `copy ... to stdout` and returns its output in chunks. A reader that stops early ends the
 * statement.
 *
 * The driver stops reading from its socket when the chunks are read slowly, and goes on when its stream
 * asks for more. A stream that has ended never asks, and the connection would never answer again.
 */
export async function* readCopy(
  statement: Statement,
): AsyncGenerator<Uint8Array> {
  const stream = await statement.readable();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  stream.once("close", end);
  stream.once("error", () => {}); // the iteration throws it
  let isComplete = false;
  try {
    // The driver would refuse a rollback after a destroyed stream.
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      yield (chunk as Uint8Array).slice(); // the driver uses the memory of a chunk again
    }
    isComplete = true;
  } finally {
    stream.push = (chunk: unknown): boolean => {
      if (chunk === null) end();
      return true;
    };
    stream._read(0);
    if (!isComplete) {
      cancelCopy(statement as Statement & DriverQuery);
      await ended;
    }
  }
}
