import type { Logger } from "@logtape/logtape";
import { AppError, type Failure, toFailure } from "../errors.ts";

/** The one line that a request leaves in the log. */
export interface RequestLog {
  /** Notes what failed, for the line; returns what the client may know of it. */
  fail(error: unknown): Failure;
  /** Writes the line. */
  end(answer: Answered): void;
}

interface Answered {
  method: string;
  path: string;
  status: number;
}

/** A failure, and the cause where the line should tell it. */
interface Note {
  failure: Failure;
  cause: unknown;
}

/**
 * Begins a request's line: `info` for what went well or was refused, `warning` for an outage,
 * `error` for what nobody expected. What fails in a stream, after the line was written, has a line
 * of its own.
 */
export function createRequestLog(
  log: Logger,
  { onOutage }: { onOutage: (cause: unknown) => void },
): RequestLog {
  const start = performance.now();
  const notes: Note[] = [];
  let hasEnded = false;
  return {
    fail(error) {
      const failure = toFailure(error);
      const cause = failure.status >= 500 ? readCause(error) : undefined;
      const isOutage = failure.reason === "database_unavailable";
      if (isOutage) onOutage(cause);
      // The outage's own line tells why.
      const note = { failure, cause: isOutage ? undefined : cause };
      if (hasEnded) write(log, "Failed amid the answer", [note], {});
      else notes.push(note);
      return failure;
    },
    end({ method, path, status }) {
      hasEnded = true;
      const milliseconds = Math.round(performance.now() - start);
      const properties = { method, path, status, milliseconds };
      write(log, "{method} {path} {status}", notes, properties);
    },
  };
}

/** An expected failure says nothing beside what brought it about. */
function readCause(error: unknown): unknown {
  return error instanceof AppError ? error.cause : error;
}

/** Of several failures, as in a batch, the gravest counts; each cause is told. */
function write(
  log: Logger,
  message: string,
  notes: readonly Note[],
  properties: Record<string, unknown>,
): void {
  const [gravest] = notes.map(({ failure }) => failure)
    .sort((a, b) => b.status - a.status);
  if (!gravest) return log.info(message, properties);
  const { status, reason } = gravest;
  const [cause, ...others] = notes.map((note) => note.cause)
    .filter((cause) => cause !== undefined);
  const level = status < 500
    ? "info"
    : reason === "internal_error"
    ? "error"
    : "warning";
  log[level](`${message} {reason}`, {
    ...properties,
    reason,
    ...(cause === undefined ? {} : { cause }),
    ...(others.length > 0 ? { others } : {}),
  });
}
