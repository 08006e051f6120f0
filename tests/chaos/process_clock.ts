/**
 * Module that a server's process preloads (`deno run --preload`), so that its `Date` follows the
 * schedule's clock. The server itself has no option for this and does not notice it.
 */

const RealDate = Date;
const query = new URL(import.meta.url).searchParams;
const clock = `http://127.0.0.1:${query.get("port")}/`;
const fetchClock = fetch;
let offset = 0;
let seen = 0;

async function follow(): Promise<void> {
  const params = new URLSearchParams({
    actor: query.get("actor")!,
    pid: String(Deno.pid),
    seen: String(seen),
  });
  const response = await fetchClock(`${clock}?${params}`);
  const latest: { version: number; offset: number } = await response.json();
  offset = latest.offset;
  seen = latest.version;
}

/**
 * Starts with the first use of `Date`. The program only starts once this module has no pending work,
 * so that following must not start earlier.
 */
let following: Promise<void> | undefined;

async function followForever(): Promise<void> {
  while (seen >= 0) await follow();
}

function now(): number {
  // A request only fails if the runner was killed, and then this process ends too.
  following ??= followForever().catch(() => {});
  return RealDate.now() + offset;
}

await follow();

// Only `Date.now()` and `new Date()` return the schedule's time. Everything else is unchanged.
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
