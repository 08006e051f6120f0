const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Time between two checks for the end of `deno task`. */
const CHECK_EVERY_MS = 500;

/** A signal that asks a program to end. */
export type Interruption = (typeof SIGNALS)[number];

/**
 * Calls `stop` for each signal that asks this program to end, and with `SIGHUP` when the `deno task`
 * that runs it has ended: after a kill -9 of the task the program would run on unnoticed. A program
 * started by a shell runs on without the shell, as usual.
 */
export function onInterruption(stop: (signal: Interruption) => void): void {
  for (const signal of SIGNALS) {
    Deno.addSignalListener(signal, () => stop(signal));
  }
  // Only `deno task` sets this variable.
  if (Deno.env.get("INIT_CWD") === undefined) return;
  const runner = Deno.ppid;
  const timer = setInterval(() => {
    if (Deno.ppid === runner) return;
    clearInterval(timer);
    stop("SIGHUP");
  }, CHECK_EVERY_MS);
  Deno.unrefTimer(timer);
}
