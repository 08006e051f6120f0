import type { GuardedProcess } from "../embedded_postgres/guard.ts";

/** Why an export cannot go to this file; `undefined` where it can. */
export async function findTargetProblem(
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
    return `"${path}" is there already: name another file, or add --force to replace it`;
  }
  return undefined;
}

/**
 * Writes what the process prints to a file that has its name only when it is whole; returns the
 * exit code. Only its owner may read it.
 */
export async function keepOutput(
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
    // deno-lint-ignore no-console -- for the person at the shell
    console.error(`Cannot write "${path}": ${error.message}`);
    return 1;
  } finally {
    await process.stop();
    await Deno.remove(draft).catch(() => {});
  }
}
