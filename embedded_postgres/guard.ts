/** How a guarded process is started, and how it is ended. */
export interface GuardOptions {
  args?: string[];
  cwd?: string;
  /** Added to the environment; with `clearEnv`, all of it. */
  env?: Record<string, string>;
  clearEnv?: boolean;
  /** Who runs it; only root may say so. */
  uid?: number;
  gid?: number;
  /** What asks it to end. Default: "TERM". */
  stopSignal?: "INT" | "QUIT" | "TERM" | "KILL";
  /** How long it may take to end before it is killed. Default: 10. */
  stopSeconds?: number;
  /** Where its output goes: ours, a pipe of its stdout, or appended to this file. Default: "inherit". */
  output?: "inherit" | "piped" | { file: string };
}

/** A process that cannot outlive the one that started it. */
export interface GuardedProcess extends AsyncDisposable {
  /** Its end; a death by signal n is code 128 + n. */
  status: Promise<Deno.CommandStatus>;
  /** Its stdout, where `output` is "piped". */
  stdout: ReadableStream<Uint8Array<ArrayBuffer>> | undefined;
  /** Asks it to end, kills it after `stopSeconds`; resolves when it is gone. */
  stop(): Promise<Deno.CommandStatus>;
}

/**
 * Waits for the command and, beside it, for the end of stdin. Only the starter holds the other end
 * of that pipe, so the kernel closes it however the starter ends, also by kill -9; and the starter
 * closes it when the command has ended, for the sake of what the command may have left behind.
 *
 * The no-op traps keep the guard alive through the signal that goes to its own group; the command
 * starts with default handlers, because a trap, unlike an ignored signal, is not inherited. The
 * watcher writes nowhere, so that it never holds a reader of our output; nor does the guard, whose
 * shell would report "Terminated". While the watcher lives no other group can get its number.
 */
const GUARD = `
signal=$1 seconds=$2 log=$3
shift 3
trap : HUP INT QUIT TERM
exec 3<&0 </dev/null
[ -z "$log" ] || exec >>"$log" 2>&1
"$@" 3<&- &
child=$!
(
  trap '' HUP INT QUIT TERM
  while read -r _ <&3; do :; done
  kill -s "$signal" -- "-$$"
  while kill -0 "$child" && [ "$seconds" -gt 1 ]; do
    sleep 1
    seconds=$((seconds - 1))
  done
  sleep 1
  kill -s KILL -- "-$$"
) >/dev/null 2>&1 &
exec 3<&- 2>/dev/null
while :; do
  wait "$child"
  status=$?
  [ "$status" -gt 128 ] && kill -0 "$child" || break
done
exit "$status"
`;

/**
 * Starts a command under a small shell that ends it when we end, however we end. What it leaves
 * behind in its process group is ended with it, within a second. Being in a session of its own, it
 * hears no Ctrl-C: that is ours to handle.
 *
 * Needs permission to run `/bin/sh`.
 */
export function spawnGuarded(
  command: string,
  options: GuardOptions = {},
): GuardedProcess {
  const { output = "inherit", stopSignal = "TERM", stopSeconds = 10 } = options;
  const log = typeof output === "object" ? output.file : "";
  const child = new Deno.Command("/bin/sh", {
    args: [
      "-c",
      GUARD,
      "guard",
      stopSignal,
      String(stopSeconds),
      log,
      command,
      ...options.args ?? [],
    ],
    detached: true,
    stdin: "piped",
    stdout: typeof output === "object" ? "null" : output,
    stderr: typeof output === "object" ? "null" : "inherit",
    clearEnv: options.clearEnv ?? false,
    ...options.env && { env: options.env },
    ...options.cwd !== undefined && { cwd: options.cwd },
    ...options.uid !== undefined && { uid: options.uid },
    ...options.gid !== undefined && { gid: options.gid },
  }).spawn();

  let closed: Promise<void> | undefined;
  const closePipe = () => closed ??= child.stdin.close().catch(() => {});
  const status = child.status.finally(closePipe);
  async function stop(): Promise<Deno.CommandStatus> {
    await closePipe();
    return await status;
  }

  return {
    status,
    stdout: output === "piped" ? child.stdout : undefined,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}
