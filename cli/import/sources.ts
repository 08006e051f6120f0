import { join, resolve } from "node:path";
import type { ImportSource } from "../../server/imports/inspect.ts";
import {
  type ArchiveEntry,
  EntryRefused,
} from "../../server/recordings/archive/archive_entry.ts";
import {
  ARCHIVE_HEAD_BYTES,
  isArchive,
  readArchive,
} from "../../server/recordings/archive/read_archive.ts";

/** A path that cannot be read. The message is for the person. */
export class PathError extends Error {
  override readonly name = "PathError";
}

const ARCHIVE = /\.(zip|tar|tgz|tar\.gz)$/i;

/**
 * Finds out what each path is: a file, an archive, or a folder with both. Throws `PathError` if one
 * does not exist or may not be read.
 */
export async function openSources(
  paths: readonly string[],
  { base }: {
    /** The folder that relative paths start from. */
    base: string;
  },
): Promise<ImportSource[]> {
  const sources: ImportSource[] = [];
  for (const path of paths) {
    const resolved = resolve(base, path);
    try {
      sources.push(...await openSource(resolved, path));
    } catch (error) {
      throw new PathError(`Cannot read "${path}": ${describe(error)}`);
    }
  }
  return sources;
}

async function openSource(path: string, name: string): Promise<ImportSource[]> {
  const { isDirectory } = await Deno.stat(path);
  if (!isDirectory) return [await openFile(path, name)];
  const names = await listFiles(path);
  const files = names.filter((each) => !ARCHIVE.test(each));
  const folder: ImportSource = {
    name,
    isFile: false,
    async *entries() {
      for (const file of files) yield toEntry(join(path, file), file);
    },
  };
  const archives = names.filter((each) => ARCHIVE.test(each)).map((each) =>
    toArchive(join(path, each), each)
  );
  return files.length > 0 ? [folder, ...archives] : archives;
}

async function openFile(path: string, name: string): Promise<ImportSource> {
  if (await startsLikeArchive(path)) return toArchive(path, name);
  return {
    name,
    isFile: true,
    async *entries() {
      yield toEntry(path, name);
    },
  };
}

async function startsLikeArchive(path: string): Promise<boolean> {
  using file = await Deno.open(path);
  const head = new Uint8Array(ARCHIVE_HEAD_BYTES);
  let length = 0;
  for (let read: number | null = 0; read !== null && length < head.length;) {
    read = await file.read(head.subarray(length));
    length += read ?? 0;
  }
  return isArchive(head.subarray(0, length));
}

function toArchive(path: string, name: string): ImportSource {
  return {
    name,
    isFile: false,
    async *entries() {
      const { readable } = await Deno.open(path);
      yield* readArchive(readable);
    },
  };
}

/** Returns a file in a folder as an entry, which is read when it is asked for. */
function toEntry(path: string, name: string): ArchiveEntry {
  return {
    name,
    size: null,
    async bytes({ maxBytes = Infinity } = {}) {
      const { size } = await Deno.stat(path);
      if (size > maxBytes) throw new EntryRefused("too_large");
      return await Deno.readFile(path);
    },
  };
}

/** Lists the files below a folder in the order of their names. Links are not followed. */
async function listFiles(folder: string, above = ""): Promise<string[]> {
  const found: string[] = [];
  const entries = await Array.fromAsync(Deno.readDir(folder));
  entries.sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isDirectory, isFile } of entries) {
    const path = above + name;
    if (isFile) found.push(path);
    else if (isDirectory) {
      found.push(...await listFiles(join(folder, name), `${path}/`));
    }
  }
  return found;
}

function describe(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) {
    return "there is no such file or folder";
  }
  if (
    error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NotCapable
  ) return "this user may not read it";
  return error instanceof Error ? error.message : String(error);
}
