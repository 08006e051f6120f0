/**
 * Collects the licences of the packages in the bundled JavaScript, as those licences require.
 *
 * @throws {Error} Naming a package without a licence.
 */
export async function toLicences(
  store: string,
  names: readonly string[],
): Promise<string> {
  const sections: string[] = [];
  for (const name of names) {
    const folder = await findPackage(store, name);
    const { version } = JSON.parse(
      await Deno.readTextFile(`${folder}/package.json`),
    );
    const licence = await readLicence(folder, name);
    sections.push(`## ${name} ${version}\n\n${licence.trim()}\n`);
  }
  return `# Licences of what is inside\n\n${sections.join("\n")}`;
}

/**
 * Matches a package in the folder in which Deno keeps it:
 * `@trpc+client@11.25.2/node_modules/@trpc/client`.
 */
async function findPackage(store: string, name: string): Promise<string> {
  for await (const entry of Deno.readDir(store)) {
    if (entry.name.startsWith(`${name.replace("/", "+")}@`)) {
      return `${store}/${entry.name}/node_modules/${name}`;
    }
  }
  throw new Error(`${name} is not installed`);
}

async function readLicence(folder: string, name: string): Promise<string> {
  for await (const entry of Deno.readDir(folder)) {
    if (/^licen[cs]e/i.test(entry.name)) {
      return await Deno.readTextFile(`${folder}/${entry.name}`);
    }
  }
  throw new Error(`${name} has no licence`);
}
