import { type BuiltApp, type BuiltFile, LIST_NAME } from "./built_app.ts";

/** The built web app, as the server serves it. */
export interface WebApp {
  /** Paths of the pages, such as `/activities/{id}`. */
  pages: readonly string[];
  files: readonly BuiltFile[];
  /** Text of `index.html`. */
  index: string;
  /** Returns the content of a file. Reads it on the first call only. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
}

/** Reads the built app. Returns undefined if none has been built. */
export async function loadWebApp(folder: URL): Promise<WebApp | undefined> {
  const list = await readList(folder);
  if (!list) return undefined;
  const kept = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  const read = (path: string): Promise<Uint8Array<ArrayBuffer>> => {
    const content = kept.get(path) ?? Deno.readFile(new URL(path, folder));
    kept.set(path, content);
    // A file that could not be read once may be there at the next request.
    content.catch(() => kept.delete(path));
    return content;
  };
  const index = new TextDecoder().decode(await read("index.html"));
  return { pages: list.pages, files: list.files, index, read };
}

async function readList(folder: URL): Promise<BuiltApp | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(new URL(LIST_NAME, folder)));
  } catch (error) {
    // A process without the permission to read the folder serves no app.
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
