import { ROOT } from "../cli/root.ts";

/** A package of the lock file, and what it brings. */
interface Package {
  integrity: string;
  dependencies?: string[];
  optionalDependencies?: string[];
  optionalPeers?: string[];
}

interface Lock {
  specifiers: Record<string, string>;
  npm: Record<string, Package>;
}

/**
 * The lock file with redoc alone, without the hundred packages that it names: we serve its bundle
 * as a text, which has all it needs within. Deno fetches what the lock file lists, and would put
 * them back whenever it writes that file; docs/adr/0008-redoc-alone.md tells more.
 */
export function slimLock(text: string): string {
  const lock: Lock = JSON.parse(text);
  const packages = Object.entries(lock.npm).map(([key, each]) => {
    const [alone] = key.match(/^redoc@[\d.]+/) ?? [];
    return alone
      ? [alone, { integrity: each.integrity }] as const
      : [key, each] as const;
  });
  const roots = Object.entries(lock.specifiers).map(([specifier, version]) => {
    const name = specifier.replace(/^npm:(.+)@.*$/, "$1");
    if (name === "redoc") version = version.replace(/_.*$/, "");
    lock.specifiers[specifier] = version;
    return `${name}@${version}`;
  });
  const needed = findNeeded(new Map(packages), roots);
  lock.npm = Object.fromEntries(packages.filter(([key]) => needed.has(key)));
  // As Deno writes it.
  return JSON.stringify(lock, null, 2)
    .replace(/"(os|cpu)": \[\s+("[^"]+")\s+\]/g, '"$1": [$2]') + "\n";
}

/** The packages that the roots bring, however far away. */
function findNeeded(
  packages: Map<string, Package>,
  roots: readonly string[],
): Set<string> {
  const needed = new Set<string>();
  const open = [...roots];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const found = packages.get(key);
    if (!found || needed.has(key)) continue;
    needed.add(key);
    for (
      const name of [
        ...found.dependencies ?? [],
        ...found.optionalDependencies ?? [],
        ...found.optionalPeers ?? [],
      ]
    ) {
      // Named without a version where there is but one, and without the peers it was resolved with.
      open.push(
        ...packages.keys().filter((each) =>
          each === name || each.startsWith(`${name}@`) ||
          each.startsWith(`${name}_`)
        ),
      );
    }
  }
  return needed;
}

if (import.meta.main) {
  const path = `${ROOT}/deno.lock`;
  await Deno.writeTextFile(path, slimLock(await Deno.readTextFile(path)));
}
