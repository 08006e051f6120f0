/**
 * Loaded by a server's process before its own program (`deno run --preload`): its `Date` follows
 * the clock of the schedule. The program itself knows nothing of it, and has no way to be told.
 */

const RealDate = Date;
const query = new URL(import.meta.url).searchParams;
const clock = `http://127.0.0.1:${query.get("port")}/`;
const askClock = fetch;
let offset = 0;
let seen = 0;

async function follow(): Promise<void> {
  const asked = new URLSearchParams({
    actor: query.get("actor")!,
    pid: String(Deno.pid),
    seen: String(seen),
  });
  const response = await askClock(`${clock}?${asked}`);
  const told: { version: number; offset: number } = await response.json();
  offset = told.offset;
  seen = told.version;
}

/** Begins with the first look at the clock: the program starts only once this module has nothing to do. */
let following: Promise<void> | undefined;

async function followOn(): Promise<void> {
  while (seen >= 0) await follow();
}

function now(): number {
  // The runner is gone before its servers only when it was killed, and they end with it.
  following ??= followOn().catch(() => {});
  return RealDate.now() + offset;
}

await follow();

/** What `Date` is without arguments is the schedule's present; all else is as ever. */
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(
      target,
      args.length === 0 ? [now()] : args,
      newTarget,
    ),
  get: (target, name, receiver) =>
    name === "now" ? now : Reflect.get(target, name, receiver),
});
