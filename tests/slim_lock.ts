import { ROOT } from "../cli/root.ts";

/** A package of the lock file with its dependencies. */
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
 * Returns the lock file with redoc but without its hundred dependencies. The server sends redoc's
 * self-contained bundle as text. Deno downloads everything in the lock file, and adds the
 * dependencies again whenever it writes it. See docs/adr/0008-redoc-alone.md.
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
  // The format that Deno writes.
  return JSON.stringify(lock, null, 2)
    .replace(/"(os|cpu)": \[\s+("[^"]+")\s+\]/g, '"$1": [$2]') + "\n";
}

/** Returns the roots and all of their direct and indirect dependencies. */
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
      // The name lacks the version if there is only one, and never includes the resolved peers.
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
