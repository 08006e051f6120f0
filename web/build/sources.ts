import { createHash } from "node:crypto";
import { ROOT } from "../../cli/root.ts";

/** The files and folders that decide what the built app is. */
const SOURCES: readonly string[] = [
  "sdk",
  "web/build",
  "web/deno.lock",
  "web/index.html",
  "web/package.json",
  "web/public",
  "web/src",
  "web/vite.config.ts",
];
/** Folders that hold no source. */
const LEFT_OUT: ReadonlySet<string> = new Set(["build", "dist"]);

/** Returns the hash of the app's sources. */
export async function hashSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    for (const path of await listFiles(source)) {
      hash.update(path).update("\0");
      hash.update(await Deno.readFile(`${ROOT}/${path}`)).update("\0");
    }
  }
  return hash.digest("base64url");
}

/** Lists a file, or the files of a folder and its folders by name. */
async function listFiles(path: string): Promise<string[]> {
  const { isFile } = await Deno.stat(`${ROOT}/${path}`);
  if (isFile) return [path];
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${ROOT}/${path}`)) {
    const isLeftOut = isDirectory && path === "sdk" && LEFT_OUT.has(name);
    if (!isLeftOut) files.push(...await listFiles(`${path}/${name}`));
  }
  return files.sort();
}
