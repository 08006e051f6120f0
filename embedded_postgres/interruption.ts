const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const LOOK_EVERY_MS = 500;

/** What asked a program to end. */
export type Interruption = (typeof SIGNALS)[number];

/**
 * Calls `stop` at each signal that asks this program to end, and as at a hangup when the `deno task`
 * that runs it is gone: after its kill -9 nobody could tell that something still runs. What a shell
 * has started by itself goes on without the shell, as anything does.
 */
export function onInterruption(stop: (signal: Interruption) => void): void {
  for (const signal of SIGNALS) {
    Deno.addSignalListener(signal, () => stop(signal));
  }
  // Set by `deno task` alone.
  if (Deno.env.get("INIT_CWD") === undefined) return;
  const runner = Deno.ppid;
  const timer = setInterval(() => {
    if (Deno.ppid === runner) return;
    clearInterval(timer);
    stop("SIGHUP");
  }, LOOK_EVERY_MS);
  Deno.unrefTimer(timer);
}
