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
  return resolve(findCallerFolder(), path);
}

/** Returns the folder in which the command line was typed. */
export function findCallerFolder(): string {
  // A task runs in the folder of deno.json, wherever it was called.
  return Deno.env.get("INIT_CWD") ?? Deno.cwd();
}

/** Options of {@link writeOutputFile}. */
export interface OutputFileOptions {
  path: string;
  /** Bytes before the output. */
  preface?: Uint8Array | undefined;
}

/**
 * Writes the stdout of a process to a file, which gets its name only when it is complete and on the
 * disk. Only its owner may read it. Returns the exit code.
 */
export async function writeOutputFile(
  process: Pick<GuardedProcess, "status" | "stop" | "stdout">,
  { path, preface = new Uint8Array() }: OutputFileOptions,
): Promise<number> {
  const draft = `${path}.paceline.part`;
  try {
    await using file = await openDraft(draft);
    await writeAll(file.file, preface);
    for await (const chunk of process.stdout!) await writeAll(file.file, chunk);
    const { code } = await process.status;
    if (code !== 0) return code;
    await file.file.sync();
    await Deno.rename(draft, path);
    await syncFolder(path);
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    sayLine(`Cannot write "${path}": ${error.message}`);
    return 1;
  } finally {
    await process.stop();
  }
}

/**
 * Opens the file that becomes the output. A file that a killed process has left is used again. The lock
 * keeps two processes from writing the same one. Disposal removes it unless it was renamed.
 */
async function openDraft(
  draft: string,
): Promise<{ file: Deno.FsFile } & AsyncDisposable> {
  const file = await Deno.open(draft, {
    write: true,
    create: true,
    mode: 0o600,
  });
  const isLocked = await file.tryLock(true);
  // The process that had the lock may have renamed the file between the two calls.
  if (!isLocked || !await isSame(file, draft)) {
    file.close();
    throw new Error("another process is writing it");
  }
  await file.truncate();
  return {
    file,
    async [Symbol.asyncDispose]() {
      if (await isSame(file, draft)) await Deno.remove(draft);
      file.close();
    },
  };
}

async function isSame(file: Deno.FsFile, path: string): Promise<boolean> {
  const there = await Deno.stat(path).catch(() => undefined);
  return there?.ino === (await file.stat()).ino;
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
}

/** Puts the new name on the disk too. Some file systems cannot, and need not. */
async function syncFolder(path: string): Promise<void> {
  try {
    using folder = await Deno.open(path.replace(/[^/]*$/, "") || "/");
    await folder.sync();
  } catch {
    // The file itself is on the disk.
  }
}
