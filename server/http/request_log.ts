import type { Logger } from "@logtape/logtape";
import type { Deps } from "../context.ts";
import { AppError, type Failure, toFailure } from "../errors.ts";

/** The one log line of a request. */
export interface RequestLog {
  /** Notes a failure for the line and returns what the client may know of it. */
  fail(error: unknown): Failure;
  /** Writes the line. */
  end(response: LoggedResponse): void;
}

interface LoggedResponse {
  method: string;
  path: string;
  status: number;
}

/** A failure, with its cause where the line should include it. */
interface Note {
  failure: Failure;
  cause: unknown;
}

/**
 * Starts a request's log line. Its level is `info` for success and refusals, `warning` for an outage
 * and `error` for the unexpected. A stream that fails after the line was written gets a second line.
 */
export function createRequestLog(
  log: Logger,
  { requestId, logRequest, onOutage }: {
    requestId: string;
    logRequest: Deps["logRequest"];
    onOutage: (cause: unknown) => void;
  },
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
      // The outage has its own line with the cause.
      const note = { failure, cause: isOutage ? undefined : cause };
      if (hasEnded) write(log, "Failed while sending the response", [note], {});
      else notes.push(note);
      return failure;
    },
    end({ method, path, status }) {
      hasEnded = true;
      const milliseconds = Math.round(performance.now() - start);
      const line = { method, path, status, milliseconds };
      if (notes.length === 0) logRequest({ requestId, ...line });
      else write(log, "{method} {path} {status}", notes, line);
    },
  };
}

/** Levels of a request's line, the least severe first. */
const LEVELS = ["info", "warning", "error"] as const;

function toLevel({ status, reason }: Failure): (typeof LEVELS)[number] {
  if (status < 500) return "info";
  return reason === "internal_error" ? "error" : "warning";
}

/** Returns the cause of an expected failure, or the unexpected error itself. */
function readCause(error: unknown): unknown {
  return error instanceof AppError ? error.cause : error;
}

/** Writes the line. In a batch the most severe failure sets the level; every cause is included. */
function write(
  log: Logger,
  message: string,
  notes: readonly Note[],
  properties: Record<string, unknown>,
): void {
  const [worst] = notes.map(({ failure }) => failure)
    .sort((a, b) => LEVELS.indexOf(toLevel(b)) - LEVELS.indexOf(toLevel(a)));
  if (!worst) return log.info(message, properties);
  const [cause, ...others] = notes.map((note) => note.cause)
    .filter((cause) => cause !== undefined);
  log[toLevel(worst)](`${message} {reason}`, {
    ...properties,
    reason: worst.reason,
    ...(cause === undefined ? {} : { cause }),
    ...(others.length > 0 ? { others } : {}),
  });
}
