import { type BuiltApp, type BuiltFile, LIST_NAME } from "./built_app.ts";

/** The built web app, as the server serves it. */
export interface WebApp {
  /** Paths of the pages, such as `/activities/{id}`. */
  pages: readonly string[];
  files: readonly BuiltFile[];
  /** Text of `index.html`. */
  index: string;
  /** Returns the content of a file, or of one of its compressed forms. */
  read(path: string): Uint8Array<ArrayBuffer>;
}

/**
 * Reads the whole built app, about 5 MB, so that it stays complete while another build replaces it.
 * Returns undefined if none has been built.
 */
export async function loadWebApp(folder: URL): Promise<WebApp | undefined> {
  try {
    const text = await Deno.readTextFile(new URL(LIST_NAME, folder));
    const { pages, files }: BuiltApp = JSON.parse(text);
    const contents = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const { path, isCompressed } of files) {
      const endings = isCompressed ? ["", ".br", ".gz"] : [""];
      for (const ending of endings) {
        const name = path + ending;
        contents.set(name, await Deno.readFile(new URL(name, folder)));
      }
    }
    const read = (path: string): Uint8Array<ArrayBuffer> => {
      const content = contents.get(path);
      if (!content) throw new Error(`The web app has no file ${path}`);
      return content;
    };
    const index = new TextDecoder().decode(read("index.html"));
    return { pages, files, index, read };
  } catch (error) {
    // There is none yet, or another build is taking its place. A process without the permission to
    // read the folder serves no app.
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
