import type { Background, Caller } from "../context.ts";
import { hasEnded } from "../auth/caller.ts";
import { withDeadline } from "./deadline.ts";
import { AppError } from "../errors.ts";
import type { RequestContext } from "./route.ts";

/** Longest time a client may stop reading. A download holds a database connection. */
const STALL_MS = 60_000;
/** Most downloads at once. Each holds a connection of the pool, and requests need some too. */
const MAX_DOWNLOADS = 4;
/** Most downloads at once for one caller. */
const MAX_OF_CALLER = 2;
const RETRY_AFTER_SECONDS = 30;
/** Time between two checks whether the caller's API key or session is still valid. */
export const RECHECK_MS = 5000;

/** Writes a part of a file. Resolves when the client has read the part before. */
export type WriteText = (text: string) => Promise<void>;

/** Thrown when the client has disconnected, stopped reading or lost access. It is not reported. */
class ClientGone extends Error {
  override name = "ClientGone";
}

/**
 * Returns a stream of what `send` writes, holding one part in memory at a time. Rejects if `send`
 * fails before its first part, so that the failure gets an ordinary error response.
 *
 * @throws {AppError} `too_many_downloads` when the limit of simultaneous downloads is reached.
 */
export async function openDownload(
  ctx: RequestContext,
  { send }: { send: (write: WriteText) => Promise<void> },
): Promise<ReadableStream<Uint8Array>> {
  const release = acquireSlot(ctx);
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  writer.closed.catch(() => {});
  const encoder = new TextEncoder();
  const begun = Promise.withResolvers<void>();
  const { signal } = ctx.background;
  const ending = Promise.withResolvers<never>();
  ending.promise.catch(() => {});
  const stop = (): void => ending.reject(signal.reason);
  signal.addEventListener("abort", stop);

  /** Waits for the client. Even an aborted stream would wait forever for a part to be read. */
  async function waitForClient(work: Promise<void>): Promise<void> {
    const inTime = withDeadline(work, {
      milliseconds: STALL_MS,
      sleep: ctx.sleep,
      toError: () => new Error("The client stopped reading"),
    });
    await Promise.race([inTime, ending.promise]).catch((cause) => {
      throw new ClientGone("The client disconnected", { cause });
    });
  }

  let checkedAt = ctx.now();

  /** Ends the download of a caller whose key or session has ended since it started. */
  async function recheckCaller(): Promise<void> {
    if (Math.abs(ctx.now() - checkedAt) < RECHECK_MS) return;
    checkedAt = ctx.now();
    if (await hasEnded(ctx, ctx)) {
      throw new ClientGone("The API key or session has ended");
    }
  }

  async function write(text: string): Promise<void> {
    await recheckCaller();
    begun.resolve();
    if (text !== "") await waitForClient(writer.write(encoder.encode(text)));
  }

  let isBegun = false;
  async function run(): Promise<void> {
    try {
      await send(write);
      // The database is done: the slot is free while the client reads the last part.
      release();
      await waitForClient(writer.close());
    } catch (error) {
      begun.reject(error);
      writer.abort(error).catch(() => {});
      if (isBegun && !(error instanceof ClientGone)) ctx.requestLog.fail(error);
    } finally {
      release();
      signal.removeEventListener("abort", stop);
    }
  }
  ctx.background.run("export", run);
  await begun.promise;
  isBegun = true;
  return readable;
}

/** The running downloads of each process, by caller. */
const running = new WeakMap<Background, Set<{ caller: string }>>();

/** Takes one of the download slots. Returns a function that releases it. */
function acquireSlot({ background, caller }: RequestContext): () => void {
  const files = running.get(background) ?? new Set();
  running.set(background, files);
  const file = { caller: toCallerName(caller) };
  const ofCaller = [...files].filter((each) => each.caller === file.caller);
  if (files.size >= MAX_DOWNLOADS || ofCaller.length >= MAX_OF_CALLER) {
    throw new AppError("too_many_downloads", {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
  files.add(file);
  return () => void files.delete(file);
}

function toCallerName(caller: Caller): string {
  return "user" in caller ? caller.user.id : caller.kind;
}
