import assert from "node:assert/strict";

const ROOT = new URL("../..", import.meta.url);

/** An import statement of one of our files. */
export interface Import {
  from: string;
  /** A file of the project, or a package name; `node:crypto` for a built-in module. */
  to: string;
  /** True when the compiler removes the import. */
  isType: boolean;
}

interface Info {
  modules: {
    specifier: string;
    dependencies?: {
      specifier: string;
      code?: { specifier?: string };
      type?: { specifier?: string };
    }[];
  }[];
}

/** Returns every import below an entry point. */
export async function readImports(entryPoint: string): Promise<Import[]> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entryPoint],
    cwd: ROOT,
    stderr: "piped",
  });
  const { code, stdout, stderr } = await command.output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const info: Info = JSON.parse(new TextDecoder().decode(stdout));
  return info.modules.flatMap(({ specifier, dependencies = [] }) =>
    specifier.startsWith(ROOT.href)
      ? dependencies.map(({ specifier: text, code, type }) => ({
        from: toName(specifier),
        to: toName(code?.specifier ?? type?.specifier ?? text),
        isType: code === undefined,
      }))
      : []
  );
}

/** Returns a file's path in the project, or a package's name without version and path. */
function toName(specifier: string): string {
  if (specifier.startsWith(ROOT.href)) return specifier.slice(ROOT.href.length);
  const [, name] = /^npm:\/?((?:@[^/@]+\/)?[^/@]+)/.exec(specifier) ?? [];
  return name ?? specifier;
}

/** Returns a path of imports from a file back to itself, if there is one. */
export function findCycle(imports: readonly Import[]): string[] | undefined {
  const targets = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  function visit(file: string, path: readonly string[]): string[] | undefined {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const { to } of targets.get(file) ?? []) {
      const cycle = visit(to, [...path, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  }
  for (const file of targets.keys()) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** Folders of the program; tests and benchmarks are not among them. */
const SOURCE = [
  "cli",
  "db",
  "demo",
  "embedded_postgres",
  "sdk",
  "server",
  "strava_simulator",
  "web/build",
];

/** Returns the program's TypeScript files as paths in the project; build output is left out. */
export async function listSource(): Promise<string[]> {
  const files = await Promise.all(SOURCE.map((name) => listFiles(`${name}/`)));
  return files.flat().filter((file) => !file.startsWith("sdk/dist/"));
}

/** Returns the TypeScript files below a folder such as `db/`, as sorted paths in the project. */
async function listFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (
    const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))
  ) {
    if (isDirectory) files.push(...await listFiles(`${folder}${name}/`));
    else if (name.endsWith(".ts")) files.push(`${folder}${name}`);
  }
  return files.sort();
}

/** Returns the files whose code, whole-line comments removed, matches a pattern. */
export async function findFilesWith(
  pattern: RegExp,
  files: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) {
    const text = await Deno.readTextFile(new URL(file, ROOT));
    // Only whole lines: an address such as "/trpc/*" does not start a comment.
    const code = text.replace(/^\s*\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
    if (pattern.test(code)) found.push(file);
  }
  return found;
}
