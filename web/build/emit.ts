import { createHash } from "node:crypto";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { type BuiltFile, LIST_NAME } from "../../server/web/built_app.ts";

/** Content types by the end of a file's name. */
const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  mjs: "text/javascript; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  webmanifest: "application/manifest+json",
};
/** Types that compress well. */
const COMPRESSIBLE = /^text\/|json$|svg/;
/** Vite writes files whose names contain a hash of their content into this folder. */
const HASHED = "assets/";

/**
 * Compresses the files of a folder, and writes the list of all of them.
 *
 * @throws {Error} If a file has an unknown type.
 */
export async function emitFiles(
  folder: string,
  { sources, pages }: { sources: string; pages: readonly string[] },
): Promise<void> {
  const files: BuiltFile[] = [];
  for (const path of listPaths(folder)) {
    files.push(await emitFile(folder, path));
  }
  await Deno.writeTextFile(
    `${folder}/${LIST_NAME}`,
    JSON.stringify({ sources, pages, files }, null, 2) + "\n",
  );
}

function listPaths(folder: string, below = ""): string[] {
  const paths: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(`${folder}/${below}`)) {
    const path = `${below}${name}`;
    paths.push(...isDirectory ? listPaths(folder, `${path}/`) : [path]);
  }
  return paths.sort();
}

async function emitFile(folder: string, path: string): Promise<BuiltFile> {
  const content = await Deno.readFile(`${folder}/${path}`);
  const type = TYPES[path.replace(/^.*\./, "")];
  if (!type) throw new Error(`File of an unknown type: ${path}`);
  const isCompressed = COMPRESSIBLE.test(type);
  if (isCompressed) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    const brotli = brotliCompressSync(content, { params });
    await Deno.writeFile(`${folder}/${path}.br`, brotli);
    await Deno.writeFile(
      `${folder}/${path}.gz`,
      gzipSync(content, { level: 9 }),
    );
  }
  return {
    path,
    type,
    hash: createHash("sha256").update(content).digest("base64url").slice(0, 22),
    isImmutable: path.startsWith(HASHED),
    isCompressed,
  };
}
