/** The time of a schedule: of the simulator, of the servers in this process, and of those in their own. */
export interface Clock extends AsyncDisposable {
  now(): number;
  /** Resolves when every server follows. */
  jump(seconds: number): Promise<void>;
  /** The module that a server in a process of its own loads first, so that it follows. */
  preload(actor: number): string;
  /** The process id of such a server; it tells it as it starts. */
  pid(actor: number): Promise<number>;
  /** It will not follow any more. */
  forget(actor: number): void;
}

interface Follower {
  pid: PromiseWithResolvers<number>;
  seen: number;
}

/** It stands still where `isRunning` is false, so that nothing depends on how fast the machine is. */
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

  /** A server says what it has seen, and hears when there is more. */
  async function answer(request: Request): Promise<Response> {
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
      answer,
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
