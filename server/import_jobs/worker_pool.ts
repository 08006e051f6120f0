import type {
  ParseAnswer,
  ParsedFile,
  ParseRequest,
} from "../imports/worker/messages.ts";

/** Longest time that one file may take to parse, in milliseconds. */
const PARSE_MS = 45_000;
/** Time after which a worker without work ends, so that its memory is free. */
const IDLE_MS = 10_000;
/** Most workers of a process. One processor is left for the requests. */
const MAX_WORKERS = 4;

/** A file that no activity can be read from. The message is for its owner. */
export class EntryUnreadable extends Error {
  override readonly name = "EntryUnreadable";
}

/** Parses files in workers, a few at a time. */
export interface WorkerPool {
  /** Number of files that are parsed at the same time. */
  readonly size: number;
  /**
   * Parses a file when a worker is free.
   *
   * @throws {EntryUnreadable} If the file is refused, or takes too long.
   */
  parse(request: Omit<ParseRequest, "kind" | "id">): Promise<ParsedFile>;
}

/** Starts a worker. It may read no file, reach no network and see no variable. */
export function startWorker(): Worker {
  const options = { type: "module", deno: { permissions: "none" } } as const;
  return new Worker(
    new URL("../imports/worker/main.ts", import.meta.url),
    options,
  );
}

interface Task {
  request: ParseRequest;
  done: PromiseWithResolvers<ParsedFile>;
}

/** Creates a pool without workers. They start with the first file, and end with the signal. */
export function createWorkerPool(
  { signal, size = toPoolSize(), parseMs = PARSE_MS }: {
    signal: AbortSignal;
    size?: number;
    parseMs?: number;
  },
): WorkerPool {
  const waiting: Task[] = [];
  const idle = new Map<Worker, ReturnType<typeof setTimeout>>();
  let running = 0;
  let lastId = 0;

  function next(): void {
    while (waiting.length > 0 && running < size) {
      const [worker = startWorker()] = idle.keys();
      clearTimeout(idle.get(worker));
      idle.delete(worker);
      running++;
      run(worker, waiting.shift()!);
    }
  }

  function run(worker: Worker, { request, done }: Task): void {
    const timer = setTimeout(
      () => end(() => done.reject(new EntryUnreadable(TOO_SLOW))),
      parseMs,
    );
    const stop = (): void => end(() => done.reject(signal.reason));
    signal.addEventListener("abort", stop);

    /** Gives the worker back if it has answered, and ends it otherwise. */
    function end(settle: () => void, { isFree = false } = {}): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      worker.onmessage = worker.onerror = worker.onmessageerror = null;
      running--;
      if (isFree && !signal.aborted) rest(worker);
      else worker.terminate();
      settle();
      next();
    }
    worker.onmessage = ({ data }: MessageEvent<ParseAnswer>) =>
      end(() => {
        if (data.kind === "parsed") done.resolve(data.file);
        else done.reject(new EntryUnreadable(data.reason));
      }, { isFree: true });
    // Such as a file for which the memory does not suffice.
    worker.onerror = (event) => {
      event.preventDefault();
      const reason = `The file cannot be read: ${event.message}`;
      end(() => done.reject(new EntryUnreadable(reason)));
    };
    const { content } = request;
    worker.postMessage(request, content ? [content.buffer as ArrayBuffer] : []);
  }

  function rest(worker: Worker): void {
    const timer = setTimeout(() => {
      idle.delete(worker);
      worker.terminate();
    }, IDLE_MS);
    Deno.unrefTimer(timer);
    idle.set(worker, timer);
  }

  signal.addEventListener("abort", () => {
    for (const task of waiting.splice(0)) task.done.reject(signal.reason);
    for (const [worker, timer] of idle) {
      clearTimeout(timer);
      worker.terminate();
    }
    idle.clear();
  });

  return {
    size,
    async parse(request) {
      signal.throwIfAborted();
      const done = Promise.withResolvers<ParsedFile>();
      // A copy, because the buffer moves to the worker. The driver's may not.
      const content = request.content && new Uint8Array(request.content);
      const whole = {
        ...request,
        content,
        kind: "parse",
        id: ++lastId,
      } as const;
      waiting.push({ request: whole, done });
      next();
      return await done.promise;
    },
  };
}

const TOO_SLOW = "The file takes too long to read";

/** Returns the number of workers: one processor fewer than there are. */
function toPoolSize(): number {
  return Math.max(1, Math.min(navigator.hardwareConcurrency - 1, MAX_WORKERS));
}
