/** The clock of a schedule, for the simulator and for all servers. */
export interface Clock extends AsyncDisposable {
  /** Returns the time in epoch milliseconds. */
  now(): number;
  /** Moves the clock. Resolves when every process has the new time. */
  jump(seconds: number): Promise<void>;
  /** Returns the address of the module that a process preloads to follow this clock. */
  preload(actor: number): string;
  /** Returns the process id of a server, which it sends when it starts. */
  pid(actor: number): Promise<number>;
  /** Stops waiting for a process that has ended. */
  forget(actor: number): void;
}

/** A process that follows the clock, and the latest version that it has seen. */
interface Follower {
  pid: PromiseWithResolvers<number>;
  seen: number;
}

/**
 * Starts a clock. Without `isRunning` only `jump` moves it, so that nothing depends on the speed of
 * the machine.
 */
export function startClock(
  { start, isRunning }: { start: number; isRunning: boolean },
): Clock {
  const base = start - Date.now();
  const followers = new Map<number, Follower>();
  let jumped = 0;
  let version = 1;
  let changed = Promise.withResolvers<void>();

  function change(): void {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  }

  function follower(actor: number): Follower {
    const known = followers.get(actor);
    if (known) return known;
    const made = { pid: Promise.withResolvers<number>(), seen: 0 };
    followers.set(actor, made);
    return made;
  }

  /** Stores the version that a process has seen, and responds when there is a newer one. */
  async function respond(request: Request): Promise<Response> {
    const query = new URL(request.url).searchParams;
    const each = follower(Number(query.get("actor")));
    each.pid.resolve(Number(query.get("pid")));
    each.seen = Number(query.get("seen"));
    change();
    while (each.seen === version && !request.signal.aborted) {
      await changed.promise;
    }
    return Response.json({ version, offset: base + jumped });
  }

  const server = isRunning
    ? Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      respond,
    )
    : undefined;
  const preloaded = new URL("process_clock.ts", import.meta.url);

  return {
    now: () => isRunning ? Date.now() + base + jumped : start + jumped,
    async jump(seconds) {
      jumped += seconds * 1000;
      version++;
      change();
      while ([...followers.values()].some(({ seen }) => seen < version)) {
        await changed.promise;
      }
    },
    preload: (actor) =>
      `${preloaded.href}?port=${server?.addr.port}&actor=${actor}`,
    pid: (actor) => follower(actor).pid.promise,
    forget(actor) {
      followers.delete(actor);
      change();
    },
    async [Symbol.asyncDispose]() {
      version = -1;
      change();
      await server?.shutdown();
    },
  };
}
