import assert from "node:assert/strict";

const ROOT = new URL("..", import.meta.url);

/** What is run or read by itself; all else is there because one of these needs it. */
const ENTRY_POINTS = [
  "server/main.ts",
  "server/launch.ts",
  "server/healthcheck.ts",
  "server/openapi/main.ts",
  "demo/main.ts",
  "sdk/build/contract_main.ts",
  "sdk/build/main.ts",
  "sdk/mod.ts",
  "sdk/query.ts",
  "sdk/react.ts",
  "sdk/schemas.ts",
  "sdk/trpc.ts",
];

interface Layer {
  name: string;
  files: RegExp;
  /** The layers it may import, beside itself. */
  imports: readonly string[];
  /** The packages it may import; `node:` stands for all that Deno brings. */
  packages: readonly string[];
}

/** The house from the cellar up. A file belongs to the first layer that knows its name. */
const LAYERS: readonly Layer[] = [
  {
    name: "embedded",
    files: /^db\/(embedded\w*|guard|interruption)\.ts$/,
    imports: ["db"],
    packages: ["node:"],
  },
  {
    name: "db",
    files: /^db\//,
    imports: [],
    packages: ["postgres"],
  },
  {
    name: "strava",
    files: /^server\/strava\//,
    imports: [],
    packages: ["zod"],
  },
  {
    name: "config",
    files: /^server\/config(_schema)?\.ts$/,
    imports: [],
    packages: ["croner", "zod"],
  },
  {
    name: "parts",
    files:
      /^server\/(address|agent|base64url|constant_time|cookies|credential|forgery|local_time|log|oauth_state|root|schedule|seal|token|track|accounts\/password(_rules)?|webhook\/address)\.ts$/,
    imports: ["config"],
    packages: ["@logtape/logtape", "croner", "node:"],
  },
  {
    name: "context",
    files: /^server\/context\.ts$/,
    imports: ["config", "db", "parts", "strava"],
    packages: ["@logtape/logtape"],
  },
  {
    name: "sync",
    files:
      /^server\/(activity_input|activity_refetch|ask_strava|audit|budget|database_retry|deauthorize|deletions|disconnect|gear|lease|rate_counter|retention|sharing|sync|tokens|walk|walk_page|webhook\/(strangers|subscription|upkeep|work))\.ts$/,
    imports: ["context", "db", "parts", "strava"],
    packages: ["node:"],
  },
  {
    name: "cron",
    files: /^server\/cron\.ts$/,
    imports: ["accounts", "context", "parts", "sync"],
    packages: [],
  },
  {
    name: "accounts",
    files: /^server\/(accounts\/\w+|archive)\.ts$/,
    imports: ["context", "db", "parts", "sync"],
    packages: ["node:"],
  },
  {
    name: "errors",
    files: /^server\/(errors|problem)\.ts$/,
    imports: ["db"],
    packages: ["@trpc/server"],
  },
  {
    name: "access",
    files: /^server\/(access|caller|scope)\.ts$/,
    imports: ["context", "db", "errors", "parts"],
    packages: [],
  },
  {
    name: "trpc",
    files: /^server\/trpc\.ts$/,
    imports: ["access", "context", "db", "errors"],
    packages: ["@trpc/server", "superjson", "trpc-to-openapi", "zod"],
  },
  {
    name: "versions",
    files: /^(sdk\/)?deno\.json$/,
    imports: [],
    packages: [],
  },
  {
    name: "schemas",
    files: /^sdk\/schemas(\.ts|\/)/,
    imports: [],
    packages: ["zod"],
  },
  {
    name: "sdk",
    files: /^sdk\/[\w.]+\.ts$/,
    imports: [],
    packages: [
      "@tanstack/react-query",
      "@trpc/client",
      "@trpc/server",
      "eventsource-parser",
      "react",
      "superjson",
    ],
  },
  {
    name: "statistics",
    files: /^server\/statistics\//,
    imports: ["db"],
    packages: [],
  },
  {
    name: "routers",
    files: /^server\/(router\.ts|routers\/)/,
    imports: [
      "access",
      "accounts",
      "context",
      "db",
      "errors",
      "parts",
      "schemas",
      "statistics",
      "sync",
      "trpc",
    ],
    packages: ["@trpc/server", "croner", "trpc-to-openapi", "zod"],
  },
  {
    name: "routes",
    files:
      /^server\/(body|connection|deadline|download|health|oauth|outage|request_log|route|webhook\/(inbox|route))\.ts$/,
    imports: ["access", "context", "db", "errors", "parts", "strava", "sync"],
    packages: ["@logtape/logtape", "node:"],
  },
  {
    name: "rest",
    files:
      /^server\/(account_export|docs|export|export_formats|home|openapi\/(document|errors|examples(_\w+)?|export|plain)|query|rest|trpc_route)\.ts$/,
    imports: [
      "access",
      "accounts",
      "context",
      "db",
      "errors",
      "parts",
      "routers",
      "routes",
      "schemas",
      "sync",
      "trpc",
      "versions",
    ],
    packages: [
      "@trpc/server",
      "node:",
      "redoc",
      "swagger-ui-dist",
      "trpc-to-openapi",
      "zod",
    ],
  },
  {
    name: "app",
    files: /^server\/app\.ts$/,
    imports: ["access", "context", "errors", "parts", "rest", "routes"],
    packages: ["hono"],
  },
  {
    name: "program",
    files:
      /^server\/(commands\/\w+|deps|healthcheck|launch|main|openapi\/main|serve|server_process|start_failure)\.ts$/,
    imports: [
      "accounts",
      "app",
      "config",
      "context",
      "cron",
      "db",
      "embedded",
      "parts",
      "rest",
      "schemas",
      "strava",
      "sync",
    ],
    packages: ["node:", "zod"],
  },
  {
    name: "sdk build",
    files: /^sdk\/build\//,
    imports: ["errors", "rest", "routers", "schemas", "versions"],
    packages: ["@trpc/server", "tar", "typescript", "zod"],
  },
];

interface Import {
  from: string;
  /** A file of the project, or the name of a package; `node:crypto` for one of Deno's. */
  to: string;
  /** Gone once compiled. */
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

async function readImports(entryPoint: string): Promise<Import[]> {
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

/** A file's path in the project, or a package's name without its version and path. */
function toName(specifier: string): string {
  if (specifier.startsWith(ROOT.href)) return specifier.slice(ROOT.href.length);
  const [, name] = /^npm:\/?((?:@[^/@]+\/)?[^/@]+)/.exec(specifier) ?? [];
  return name ?? specifier;
}

function findLayer(file: string): Layer | undefined {
  return LAYERS.find(({ files }) => files.test(file));
}

/** The imports that go up, sideways, or to a package that is another layer's business. */
function findWrong(imports: readonly Import[]): string[] {
  const wrong = imports.filter(({ from, to }) => {
    const layer = findLayer(from);
    if (!layer) return true;
    if (to.startsWith("node:")) return !layer.packages.includes("node:");
    const target = findLayer(to);
    if (!target) return !layer.packages.includes(to);
    return target !== layer && !layer.imports.includes(target.name);
  });
  return wrong.map(({ from, to }) =>
    `${from} (${findLayer(from)?.name ?? "no layer"}) imports ${to}`
  );
}

/** A way from a file back to itself. */
function findCycle(imports: readonly Import[]): string[] | undefined {
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

/** The TypeScript files below a folder, as paths in the project. */
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

function isOurs({ from }: Import): boolean {
  return /^(server|db|sdk)\//.test(from);
}

Deno.test("imports: go down only, and each layer keeps to its packages", async () => {
  const imports = (await Promise.all(ENTRY_POINTS.map(readImports))).flat()
    .filter(isOurs);

  assert.ok(imports.length > 100, `Only ${imports.length} imports were found`);
  assert.deepEqual([...new Set(findWrong(imports))], []);
});

Deno.test("imports: of what runs none leads back to where it began", async () => {
  const imports = (await Promise.all(ENTRY_POINTS.map(readImports))).flat()
    .filter((each) => isOurs(each) && !each.isType);

  assert.equal(findCycle(imports)?.join(" -> "), undefined);
});

Deno.test("files: each of server/, db/ and sdk/ belongs to a layer and is needed by an entry point", async () => {
  const imports = (await Promise.all(ENTRY_POINTS.map(readImports))).flat();
  const needed = new Set([...ENTRY_POINTS, ...imports.map(({ to }) => to)]);
  const files = (await Promise.all(["server/", "db/", "sdk/"].map(listFiles)))
    .flat().filter((file) => !file.startsWith("sdk/dist/"));

  assert.ok(files.length > 50, `Only ${files.length} files were found`);
  assert.deepEqual(files.filter((file) => !findLayer(file)), []);
  assert.deepEqual(files.filter((file) => !needed.has(file)), []);
});

Deno.test("findWrong: sees an import that goes up, and one of another layer's package", () => {
  const isWrong = (from: string, to: string): boolean =>
    findWrong([{ from, to, isType: true }]).length > 0;
  for (
    const [from, to] of [
      ["db/stats.ts", "server/errors.ts"],
      ["db/stats.ts", "zod"],
      ["db/stats.ts", "node:fs"],
      ["db/client.ts", "db/embedded.ts"],
      ["db/stats.ts", "demo/history.ts"],
      ["server/strava/client.ts", "server/config.ts"],
      ["server/strava/client.ts", "db/client.ts"],
      ["server/strava/client.ts", "strava-v3"],
      ["server/strava/client.ts", "node:crypto"],
      ["server/sync.ts", "server/errors.ts"],
      ["server/sync.ts", "server/routers/admin.ts"],
      ["server/tokens.ts", "hono"],
      ["server/routers/stats.ts", "server/app.ts"],
      ["server/routers/stats.ts", "server/strava/client.ts"],
      ["server/routers/stats.ts", "postgres"],
      ["server/oauth.ts", "server/router.ts"],
      ["server/cron.ts", "db/sync_state.ts"],
      ["server/app.ts", "server/deps.ts"],
      ["server/main.ts", "demo/strava.ts"],
      ["server/app.ts", "tests/support/app.ts"],
      ["server/new.ts", "server/errors.ts"],
      ["sdk/client.ts", "server/errors.ts"],
      ["sdk/client.ts", "zod"],
      ["sdk/schemas/total.ts", "db/stats.ts"],
    ] as const
  ) {
    assert.ok(isWrong(from, to), `${from} imports ${to}`);
  }
  for (
    const [from, to] of [
      ["db/stats.ts", "db/client.ts"],
      ["server/routers/stats.ts", "server/sync.ts"],
      ["server/app.ts", "hono"],
      ["server/serve.ts", "server/app.ts"],
    ] as const
  ) {
    assert.ok(!isWrong(from, to), `${from} imports ${to}`);
  }
});

Deno.test("findCycle: finds a way back", () => {
  const edge = (from: string, to: string): Import => ({
    from,
    to,
    isType: false,
  });
  const line = [edge("a", "b"), edge("b", "c"), edge("a", "c")];
  assert.equal(findCycle(line), undefined);
  assert.deepEqual(findCycle([...line, edge("c", "b")]), ["b", "c", "b"]);
});

/** The files whose code, comments left out, says this. */
async function findUsers(
  folders: readonly string[],
  pattern: RegExp,
): Promise<string[]> {
  const files = (await Promise.all(folders.map(listFiles))).flat();
  const users: string[] = [];
  for (const file of files) {
    const text = await Deno.readTextFile(new URL(file, ROOT));
    // Only whole lines: an address such as "/trpc/*" begins no comment.
    const code = text.replace(/^\s*\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
    if (pattern.test(code)) users.push(file);
  }
  return users;
}

Deno.test("side effects: the environment, the schedule and the driver have one place each", async () => {
  const ours = ["server/", "db/"];
  assert.deepEqual(
    await findUsers(ours, /\bDeno\.env\b|\bprocess\.env\b|node:process/),
    [
      "server/healthcheck.ts",
      "server/launch.ts",
      "server/main.ts",
      "db/interruption.ts",
    ],
  );
  assert.deepEqual(await findUsers(ours, /\bDeno\.cron\b/), ["server/cron.ts"]);
  assert.deepEqual(await findUsers(ours, /\bDeno\.serve\b/), [
    "server/serve.ts",
  ]);
  assert.deepEqual(await findUsers(ours, /from "postgres"/), ["db/client.ts"]);
});

Deno.test("files: none has grown beyond a sitting", async () => {
  for (const file of await findUsers(["server/", "db/", "demo/"], /./)) {
    const text = await Deno.readTextFile(new URL(file, ROOT));
    const lines = text.split("\n").length - 1;
    assert.ok(lines <= MAX_LINES, `${file} has ${lines} lines: divide it`);
  }
});

/** About 250 is the aim; schemas with their descriptions may need somewhat more. */
const MAX_LINES = 300;
