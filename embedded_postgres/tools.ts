/** Environment of the server. Our own `LC_ALL` and `TZ` would become the cluster's defaults. */
export const SERVER_ENV = { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" };

/** Returns the last twenty lines of a log, from the byte `offset` on. */
export async function readTail(path: string, offset = 0): Promise<string> {
  const text = new TextDecoder().decode(
    (await Deno.readFile(path)).subarray(offset),
  );
  return text.trimEnd().split("\n").slice(-20).join("\n");
}

/** Runs a standard system tool and returns its output. */
export async function runTool(name: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(name, { args })
    .output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(
    `Could not run "${name}": ${new TextDecoder().decode(stderr).trim()}`,
  );
}

/** Waits for a number of milliseconds, or until `signal` aborts. */
export function delay(
  milliseconds: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
