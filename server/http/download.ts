import type { Background, Caller } from "../context.ts";
import { withDeadline } from "./deadline.ts";
import { AppError } from "../errors.ts";
import type { RequestContext } from "./route.ts";

/** How long a client may take nothing of a file: it holds a connection to the database. */
const STALL_MS = 60_000;
/** So many files are written at once: each holds a connection of the pool, others need some too. */
const MAX_DOWNLOADS = 4;
/** So many of them are one caller's. */
const MAX_OF_CALLER = 2;
const RETRY_AFTER_SECONDS = 30;

/** Writes a part of a file; ends when the client has taken the one before. */
export type WriteText = (text: string) => Promise<void>;

/** The client has gone, or takes nothing any more: nobody is left to be told. */
class ClientGone extends Error {
  override name = "ClientGone";
}

/**
 * The file that `send` writes, as it is written: no more than a part of it is here at a time.
 * Rejects where `send` fails before its first part, so that this is answered as any failure is.
 *
 * @throws {AppError} `too_many_downloads` where as many as may be are under way.
 */
export async function openDownload(
  ctx: RequestContext,
  { send }: { send: (write: WriteText) => Promise<void> },
): Promise<ReadableStream<Uint8Array>> {
  const leave = enter(ctx);
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

  /** Waits for the client; not even an aborted stream lets go of a part that nobody takes. */
  async function taken(work: Promise<void>): Promise<void> {
    const inTime = withDeadline(work, {
      milliseconds: STALL_MS,
      sleep: ctx.sleep,
      toError: () => new Error("The client takes nothing"),
    });
    await Promise.race([inTime, ending.promise]).catch((cause) => {
      throw new ClientGone("The client has gone", { cause });
    });
  }

  async function write(text: string): Promise<void> {
    begun.resolve();
    if (text !== "") await taken(writer.write(encoder.encode(text)));
  }

  let isBegun = false;
  async function run(): Promise<void> {
    try {
      await send(write);
      // The last part is the client's to take, and nobody's connection waits for it.
      leave();
      await taken(writer.close());
    } catch (error) {
      begun.reject(error);
      writer.abort(error).catch(() => {});
      if (isBegun && !(error instanceof ClientGone)) ctx.requestLog.fail(error);
    } finally {
      leave();
      signal.removeEventListener("abort", stop);
    }
  }
  ctx.background.run("export", run);
  await begun.promise;
  isBegun = true;
  return readable;
}

/** Whose files are written at the moment, process by process. */
const underWay = new WeakMap<Background, Set<{ caller: string }>>();

/** Counts a file in; what is returned counts it out, once. */
function enter({ background, caller }: RequestContext): () => void {
  const files = underWay.get(background) ?? new Set();
  underWay.set(background, files);
  const file = { caller: nameOf(caller) };
  const ofCaller = [...files].filter((each) => each.caller === file.caller);
  if (files.size >= MAX_DOWNLOADS || ofCaller.length >= MAX_OF_CALLER) {
    throw new AppError("too_many_downloads", {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
  files.add(file);
  return () => void files.delete(file);
}

function nameOf(caller: Caller): string {
  return "user" in caller ? caller.user.id : caller.kind;
}
