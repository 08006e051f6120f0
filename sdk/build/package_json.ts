import root from "../../deno.json" with { type: "json" };

/** The parts of `sdk/deno.json` that npm needs too. */
export interface SdkConfig {
  name: string;
  version: string;
  license: string;
  exports: Readonly<Record<string, string>>;
}

/**
 * The peer dependencies of the entries. An app that does not use an entry does not need its
 * dependencies.
 */
const PEERS: Readonly<Record<string, string>> = {
  "@tanstack/react-query": "^5.80.0",
  "@trpc/server": `^${readVersion("@trpc/server")}`,
  "react": ">=18.2",
  "zod": `^${readVersion("zod")}`,
};

/** Creates the package's `package.json` for npm. */
export function toPackageJson(
  { name, version, license, exports }: SdkConfig,
): Record<string, unknown> {
  return {
    name,
    version,
    description:
      "The typed client of Paceline, the training-data backend an athlete owns",
    keywords: ["strava", "training", "statistics", "trpc", "client", "sdk"],
    license,
    type: "module",
    sideEffects: false,
    engines: { node: ">=20.3" },
    exports: {
      ...Object.fromEntries(
        Object.entries(exports).map(([entry, file]) => [entry, toTarget(file)]),
      ),
      "./package.json": "./package.json",
    },
    files: ["dist", "src", "CHANGELOG.md", "THIRD_PARTY_LICENSES.md"],
    peerDependencies: PEERS,
    peerDependenciesMeta: Object.fromEntries(
      Object.keys(PEERS).map((peer) => [peer, { optional: true }]),
    ),
  };
}

function toTarget(file: string): Record<string, string> {
  const stem = `./dist/${file.slice("./".length, -".ts".length)}`;
  return { types: `${stem}.d.ts`, default: `${stem}.js` };
}

/** Returns the version that the project is built and tested with. */
function readVersion(name: keyof typeof root.imports): string {
  return root.imports[name].split("@").at(-1)!;
}
