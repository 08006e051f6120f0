import * as tar from "tar";
import ts from "typescript";
import root from "../../deno.json" with { type: "json" };
import sdk from "../deno.json" with { type: "json" };
import { toLicences } from "./licences.ts";
import { toPackageJson } from "./package_json.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const SDK = `${ROOT}sdk/`;

/**
 * Packages that the bundles do not contain. The app has them, or does not use the entry that needs
 * them.
 */
const EXTERNAL = ["@tanstack/react-query", "react", "zod"];

/** A fixed time, so that the same sources produce the same bytes. */
const MTIME = new Date("2000-01-01T00:00:00Z");

/** The package as a folder and as an archive. */
export interface Built {
  folder: string;
  tarball: string;
}

/**
 * Builds the package: declarations by TypeScript, with maps to the sources next to them, and
 * JavaScript by Deno's bundler, with tRPC's client and superjson inside.
 *
 * The build uses a separate folder, because TypeScript finds packages only in `node_modules`.
 */
export async function build(dist = `${SDK}dist`): Promise<Built> {
  const workshop = await Deno.makeTempDir({ prefix: "paceline-sdk-" });
  try {
    const folder = `${workshop}/package`;
    const entries = Object.values(sdk.exports).map((file) =>
      `${folder}/src/${file.slice(2)}`
    );
    await copySources(`${folder}/src`);
    await installPackages(workshop, entries);
    emitDeclarations(folder, entries);
    await bundle(workshop, entries);
    await finishJavaScript(workshop);
    await copyWords(folder);
    await Deno.remove(dist, { recursive: true }).catch(() => {});
    await Deno.mkdir(dist, { recursive: true });
    await run("cp", ["-R", folder, `${dist}/package`]);
    return { folder: `${dist}/package`, tarball: await pack(dist) };
  } finally {
    await Deno.remove(workshop, { recursive: true });
  }
}

/** Copies the TypeScript files of the SDK and, with their subfolders, of its schemas. */
async function copySources(target: string, folder = ""): Promise<void> {
  await Deno.mkdir(`${target}/${folder}`, { recursive: true });
  for await (const { name, isFile } of Deno.readDir(`${SDK}${folder}`)) {
    const path = `${folder}${name}`;
    if (path === "schemas" || (!isFile && folder !== "")) {
      await copySources(target, `${path}/`);
    } else if (isFile && name.endsWith(".ts")) {
      await Deno.copyFile(`${SDK}${path}`, `${target}/${path}`);
    }
  }
}

/**
 * Creates a `node_modules` with only the packages that the entries import, in the versions of the
 * project's lock file.
 */
async function installPackages(
  workshop: string,
  entries: readonly string[],
): Promise<void> {
  const config = { imports: root.imports, nodeModulesDir: "auto" };
  await Deno.writeTextFile(`${workshop}/deno.json`, JSON.stringify(config));
  await Deno.copyFile(`${ROOT}deno.lock`, `${workshop}/deno.lock`);
  await run(
    Deno.execPath(),
    ["install", "--quiet", "--entrypoint", ...entries],
    workshop,
  );
}

function emitDeclarations(folder: string, entries: readonly string[]): void {
  const program = ts.createProgram([...entries], {
    ...root.compilerOptions,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.esnext.disposable.d.ts"],
    types: [],
    allowImportingTsExtensions: true,
    declaration: true,
    declarationMap: true,
    emitDeclarationOnly: true,
    rootDir: `${folder}/src`,
    outDir: `${folder}/dist`,
  });
  const { diagnostics } = program.emit(undefined, (file, text) => {
    // TypeScript keeps the file names of the sources.
    Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(
      file,
      text.replace(/(from "\.{1,2}\/[^"]+)\.ts"/g, '$1.js"'),
    );
  });
  const all = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (all.length > 0) {
    throw new Error(ts.formatDiagnostics(all, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => folder,
      getNewLine: () => "\n",
    }));
  }
}

async function bundle(
  workshop: string,
  entries: readonly string[],
): Promise<void> {
  await run(Deno.execPath(), [
    "bundle",
    "--quiet",
    "--platform=browser",
    "--format=esm",
    "--code-splitting",
    ...EXTERNAL.flatMap((name) => ["--external", name]),
    "--outdir",
    `${workshop}/package/dist`,
    ...entries,
  ], workshop);
}

/**
 * Removes the bundler's comments on the origin of each part, because they contain paths of this
 * machine, and returns the licences of those parts.
 */
async function finishJavaScript(workshop: string): Promise<void> {
  const dist = `${workshop}/package/dist`;
  const packages = new Set<string>();
  for await (const { name } of Deno.readDir(dist)) {
    if (!name.endsWith(".js")) continue;
    const text = await Deno.readTextFile(`${dist}/${name}`);
    const notes =
      /^\/\/ (?:.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\/.*|\S+\.ts)\n/gm;
    for (const [, name] of text.matchAll(notes)) if (name) packages.add(name);
    await Deno.writeTextFile(`${dist}/${name}`, text.replace(notes, ""));
  }
  await Deno.writeTextFile(
    `${workshop}/package/THIRD_PARTY_LICENSES.md`,
    await toLicences(`${workshop}/node_modules/.deno`, [...packages].sort()),
  );
}

async function copyWords(folder: string): Promise<void> {
  await Deno.copyFile(`${ROOT}LICENSE`, `${folder}/LICENSE`);
  await Deno.copyFile(`${SDK}README.md`, `${folder}/README.md`);
  await Deno.copyFile(`${SDK}CHANGELOG.md`, `${folder}/CHANGELOG.md`);
  await Deno.writeTextFile(
    `${folder}/package.json`,
    JSON.stringify(toPackageJson(sdk), null, 2) + "\n",
  );
}

async function pack(dist: string): Promise<string> {
  const name = sdk.name.replace("@", "").replace("/", "-");
  const file = `${dist}/${name}-${sdk.version}.tgz`;
  await tar.create({
    cwd: dist,
    file,
    gzip: { level: 9 },
    portable: true,
    noDirRecurse: true,
    mtime: MTIME,
  }, await listFiles(dist, "package"));
  return file;
}

/** Lists the files below a folder, sorted by name. */
async function listFiles(root: string, folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(`${root}/${folder}`)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) files.push(...await listFiles(root, path));
    else files.push(path);
  }
  return files.sort();
}

async function run(
  command: string,
  args: readonly string[],
  cwd = ROOT,
): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) {
    throw new Error(
      `${command} ${args[0]}: ${new TextDecoder().decode(stderr)}`,
    );
  }
}
