/** A signal that asks a process to end. */
export type StopSignal = "INT" | "QUIT" | "TERM" | "KILL";

/** Options of {@link spawnGuarded}. */
export interface GuardOptions {
  args?: string[];
  cwd?: string;
  /** Variables added to the environment, or the whole environment with `clearEnv`. */
  env?: Record<string, string>;
  clearEnv?: boolean;
  /** User id of the process. Only root may set it. */
  uid?: number;
  gid?: number;
  /** Signal that asks it to end. Default: "TERM". */
  stopSignal?: StopSignal;
  /** Seconds that it has to end before it is killed. Default: 10. */
  stopSeconds?: number;
  /** Destination of its output: ours, a pipe of its stdout, or a file to append to. Default: "inherit". */
  output?: "inherit" | "piped" | { file: string };
  /** Destination of its stderr, unless `output` is a file. Default: "inherit". */
  errors?: "inherit" | "piped";
}

/** A process that cannot outlive the one that started it. */
export interface GuardedProcess extends AsyncDisposable {
  /** Resolves when it ends. Death by signal n gives the code 128 + n. */
  status: Promise<Deno.CommandStatus>;
  /** Its stdout if `output` is "piped". */
  stdout: ReadableStream<Uint8Array<ArrayBuffer>> | undefined;
  /** Its stderr if `errors` is "piped". */
  stderr: ReadableStream<Uint8Array<ArrayBuffer>> | undefined;
  /**
   * Asks it to end, with `stopSignal` unless another signal is given, and kills it after
   * `stopSeconds`. Resolves when it has ended.
   */
  stop(signal?: StopSignal): Promise<Deno.CommandStatus>;
}

/**
 * A shell script that waits for the command and, at the same time, for the end of stdin. Only the
 * starter holds the other end of that pipe, and may write the name of another signal to it. The kernel closes it however the starter ends, kill -9
 * included. The starter also closes it when the command has ended, so that processes which the
 * command left behind are ended too.
 *
 * The no-op traps keep the guard alive through the signal to its own group. The command starts with
 * default handlers, because a trap, unlike an ignored signal, is not inherited. The watcher and the
 * guard close their output: an open one would block readers, and the shell would print "Terminated".
 * While the watcher lives, its process group id cannot be reused.
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
  while read -r other <&3; do signal=$other; done
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
 * Starts a command under a small shell that ends the command when this process ends, however it
 * ends. Processes left in its group end within a second. The command runs in a separate session, so
 * Ctrl-C does not reach it: the caller handles that.
 *
 * Needs permission to run `/bin/sh`.
 */
export function spawnGuarded(
  command: string,
  options: GuardOptions = {},
): GuardedProcess {
  const { output = "inherit", errors = "inherit" } = options;
  const { stopSignal = "TERM", stopSeconds = 10 } = options;
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
    stderr: typeof output === "object" ? "null" : errors,
    clearEnv: options.clearEnv ?? false,
    ...options.env && { env: options.env },
    ...options.cwd !== undefined && { cwd: options.cwd },
    ...options.uid !== undefined && { uid: options.uid },
    ...options.gid !== undefined && { gid: options.gid },
  }).spawn();

  let told: Promise<void> | undefined;
  let closed: Promise<void> | undefined;
  async function close(): Promise<void> {
    // A pipe cannot be closed while it is written to.
    await told;
    await child.stdin.close().catch(() => {});
  }
  const closePipe = () => closed ??= close();
  const status = child.status.finally(closePipe);
  async function stop(signal?: StopSignal): Promise<Deno.CommandStatus> {
    // Ctrl-C may arrive twice: from the terminal, and from `deno task`.
    if (signal && !closed) await (told ??= sayTo(child.stdin, `${signal}\n`));
    await closePipe();
    return await status;
  }

  return {
    status,
    stdout: output === "piped" ? child.stdout : undefined,
    stderr: errors === "piped" && typeof output !== "object"
      ? child.stderr
      : undefined,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/** Writes a line to a process that may have ended. */
async function sayTo(
  stdin: WritableStream<Uint8Array>,
  line: string,
): Promise<void> {
  const writer = stdin.getWriter();
  await writer.write(new TextEncoder().encode(line)).catch(() => {});
  writer.releaseLock();
}
