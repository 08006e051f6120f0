import { ROOT } from "../../cli/root.ts";
import { PAGE_PATHS } from "../src/page_paths.ts";
import { emitFiles } from "./emit.ts";
import { type BuiltApp, LIST_NAME } from "../../server/web/built_app.ts";
import { hashSources } from "./sources.ts";

const WEB = `${ROOT}/web`;
/** The folder of the built app, from which the server serves it. */
export const DIST = `${WEB}/dist`;

/** The tool that bundles the app. Its version is that of `web/package.json`. */
const VITE = "npm:vite";

/**
 * Builds the web app into `web/dist`, unless it is there and its sources have not changed. The first
 * time this downloads the libraries of the app.
 *
 * @throws {Error} If the libraries cannot be downloaded, or the sources cannot be built.
 */
export async function buildWebApp(
  { say = () => {} }: { say?: (line: string) => void } = {},
): Promise<void> {
  const sources = await hashSources();
  if ((await readBuiltApp())?.sources === sources) return;
  say("Building the web app; the first time this downloads its libraries");
  await installPackages();
  // A server that runs would serve half an app if its folder were filled slowly.
  const folder = await Deno.makeTempDir({ dir: WEB, prefix: ".dist-" });
  try {
    await run(["run", ...toViteFlags(), VITE, "build", "--outDir", folder]);
    await emitFiles(folder, { sources, pages: PAGE_PATHS });
    await Deno.chmod(folder, 0o755);
    await replaceFolder(DIST, folder);
  } finally {
    await remove(folder);
  }
}

/** Downloads the app's libraries, in the versions of `web/deno.lock`. */
async function installPackages(): Promise<void> {
  await run(["install", "--quiet", "--frozen"]);
}

/**
 * Returns Deno's options for Vite. It loads native code and reads `/proc`, which only `--allow-all`
 * allows. It runs before the server does, on nothing but our sources.
 */
function toViteFlags(): string[] {
  return ["--quiet", "--no-prompt", "--frozen", "--allow-all"];
}

/** Returns the list of the built app, or undefined if the app has not been built. */
async function readBuiltApp(): Promise<BuiltApp | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(`${DIST}/${LIST_NAME}`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Checks the types of the app. Returns the compiler's exit code. */
export async function checkTypes(): Promise<number> {
  await installPackages();
  const compiler = "node_modules/typescript/bin/tsc";
  return await runHere([...toViteFlags(), compiler]);
}

/** Serves the app with hot reload until it is interrupted. Returns the exit code. */
export async function serveForDevelopment(): Promise<number> {
  await installPackages();
  return await runHere([...toViteFlags(), VITE]);
}

/** Runs a program of the app's libraries in this terminal. */
async function runHere(args: readonly string[]): Promise<number> {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...args],
    cwd: WEB,
  }).spawn().status;
  return code;
}

/** Runs Deno in `web/`, which is a separate project. */
async function run(args: readonly string[]): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: WEB,
    env: { NO_COLOR: "1", NODE_ENV: "production" },
    stdin: "null",
  }).output();
  if (success) return;
  const text = [stdout, stderr].map((each) => new TextDecoder().decode(each))
    .join("").trim();
  throw new Error(`deno ${args.join(" ")} failed in web/:\n${text}`);
}

/**
 * Puts a folder in the place of another one. Two builds at once leave one of their results.
 *
 * @throws {Error} If the result of neither is there.
 */
async function replaceFolder(path: string, by: string): Promise<void> {
  const old = `${by}-old`;
  await Deno.rename(path, old).catch(ignoreMissing);
  try {
    await Deno.rename(by, path);
  } catch (error) {
    if (!await readBuiltApp()) throw error;
  } finally {
    await remove(old);
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

async function remove(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch(ignoreMissing);
}
