import { resolve } from "node:path";
import type { GuardedProcess } from "../embedded_postgres/guard.ts";
import { sayLine } from "./terminal.ts";

/** Returns why an export cannot go to this file; `undefined` if it can. */
export async function findFileProblem(
  path: string,
  { force }: { force: boolean },
): Promise<string | undefined> {
  const folder = path.replace(/[^/]*$/, "") || "/";
  const isFolder = await Deno.stat(folder).then(
    (info) => info.isDirectory,
    () => false,
  );
  if (!isFolder) return `Cannot write "${path}": there is no folder ${folder}`;
  const target = await Deno.stat(path).catch(() => undefined);
  if (target?.isDirectory) return `Cannot write "${path}": it is a folder`;
  if (target && !force) {
    return `"${path}" exists already: name another file, or add --force to replace it`;
  }
  return undefined;
}

/** Returns the absolute path of a file named on the command line. */
export function resolveFile(path: string): string {
  // A task runs in the folder of deno.json, wherever it was called.
  return resolve(Deno.env.get("INIT_CWD") ?? Deno.cwd(), path);
}

/**
 * Writes the stdout of a process to a file, which gets its name only when it is complete. Only its
 * owner may read it. Returns the exit code.
 */
export async function writeOutputFile(
  process: Pick<GuardedProcess, "status" | "stop" | "stdout">,
  path: string,
): Promise<number> {
  const draft = `${path}.${crypto.randomUUID()}.part`;
  try {
    using file = await Deno.open(draft, {
      write: true,
      createNew: true,
      mode: 0o600,
    });
    for await (const chunk of process.stdout!) {
      for (let at = 0; at < chunk.length;) {
        at += await file.write(chunk.subarray(at));
      }
    }
    const { code } = await process.status;
    if (code !== 0) return code;
    await file.sync();
    await Deno.rename(draft, path);
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    sayLine(`Cannot write "${path}": ${error.message}`);
    return 1;
  } finally {
    await process.stop();
    await Deno.remove(draft).catch(() => {});
  }
}
