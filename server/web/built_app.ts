/** A file of the built app, as the server finds it in `dist/files.json`. */
export interface BuiltFile {
  /** Path below `dist`, such as `assets/index-C6Ghpnu5.js`. */
  path: string;
  /** Content type. */
  type: string;
  /** Hash of the content: the file's entity tag. */
  hash: string;
  /** Whether the name changes with the content, so that browsers may keep the file forever. */
  isImmutable: boolean;
  /** Whether `path + ".br"` and `path + ".gz"` exist. */
  isCompressed: boolean;
}

/** The built app: `dist/files.json`. */
export interface BuiltApp {
  /** Hash of all sources, which tells whether the app must be built again. */
  sources: string;
  /** Paths of the pages. The server answers each one with `index.html`. */
  pages: readonly string[];
  files: readonly BuiltFile[];
}

/** Name of the list of files. */
export const LIST_NAME = "files.json";
