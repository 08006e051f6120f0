/**
 * Tests the package as it is published, like a user of it. Run by `deno task sdk:check`, because
 * it needs Node, npm, Chromium and, the first time, a network.
 */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import ts from "typescript";
import { build } from "../../sdk/build/build.ts";
import { createOpenApiDocument } from "../../server/openapi/document.ts";
import { ROOT } from "../../cli/root.ts";
import { createHistory, createTestApp, type TestApp } from "../support/app.ts";
import { takeFreePort } from "../support/port.ts";
import {
  CHROMIUM,
  hasChromium,
  installProject,
  run,
  runWell,
  serveFolder,
} from "./workshop.ts";

const MAX_GZIPPED_BYTES = 16 * 1024;

const workshop = await Deno.makeTempDir({ prefix: "paceline-check-" });
const consumer = `${workshop}/consumer`;
const example = `${workshop}/examples/react`;
const { tarball, folder } = await build(`${workshop}/sdk/dist`);

Deno.test.beforeAll(async () => {
  await Deno.mkdir(`${workshop}/examples`);
  const source = `${workshop}/consumer-source`;
  await runWell("cp", ["-R", `${ROOT}/tests/sdk/consumer`, source]);
  await Deno.copyFile(tarball, `${source}/paceline-sdk.tgz`);
  await installProject(source, consumer);
  await installProject(`${ROOT}/examples/react`, example);
});

Deno.test.afterAll(() => Deno.remove(workshop, { recursive: true }));

Deno.test("package: builds the same bytes from the same sources", async () => {
  const again = await build(`${workshop}/again`);

  assert.deepEqual(
    await Deno.readFile(again.tarball),
    await Deno.readFile(tarball),
  );
});

Deno.test("package: passes publint and are-the-types-wrong", async () => {
  await runWell("npx", ["publint", "--strict", "paceline-sdk.tgz"], {
    cwd: consumer,
  });
  await runWell("npx", ["attw", "--profile", "esm-only", "paceline-sdk.tgz"], {
    cwd: consumer,
  });
});

Deno.test("package: passes the dry runs of npm and JSR", async () => {
  await runWell("npm", ["publish", "--dry-run", tarball]);
  await runWell(Deno.execPath(), [
    "publish",
    "--dry-run",
    "--allow-dirty",
    "--allow-slow-types",
  ], { cwd: `${ROOT}/sdk` });
});

Deno.test("package: contains no server code and no path of this machine", async () => {
  const names = await runWell("tar", ["-tzf", tarball]);
  const { code, stdout } = await run("grep", [
    "-rE",
    "[Pp]ostgres|Deno\\.|/server/|/root/|/home/|/tmp/|file://|appRouter",
    `${folder}/dist`,
    `${folder}/src`,
  ]);

  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(names, /package\/THIRD_PARTY_LICENSES\.md/);
  assert.doesNotMatch(names, /build|test|dist\/package/);
});

Deno.test("package: contains the licences of all bundled packages", async () => {
  const licences = await Deno.readTextFile(`${folder}/THIRD_PARTY_LICENSES.md`);

  assert.deepEqual(
    [...licences.matchAll(/^## (\S+)/gm)].map(([, name]) => name),
    [
      "@trpc/client",
      "@trpc/server",
      "copy-anything",
      "eventsource-parser",
      "superjson",
    ],
  );
  assert.equal(licences.match(/Permission is hereby granted/g)?.length, 5);
});

Deno.test("package: adds less than 16 KB to an app with a client and a call", async () => {
  const entry = `${consumer}/size.html`;
  await Deno.writeTextFile(entry, '<script type="module" src="/size.js">');
  await Deno.writeTextFile(
    `${consumer}/size.js`,
    'import { createClient } from "@paceline/sdk";\n' +
      'createClient({ url: "" }).stats.ytd.query().then(console.log);\n',
  );
  await runWell("npx", ["vite", "build", "--logLevel=error"], {
    cwd: consumer,
    env: { NODE_ENV: "production" },
  });
  const size = await gzippedSize(`${consumer}/dist/assets`);

  assert.ok(size < MAX_GZIPPED_BYTES, `${size} bytes`);
  assert.ok(size > 5000, `${size} bytes: the client is not in there`);
  const readme = await Deno.readTextFile(`${ROOT}/sdk/README.md`);
  const stated = `${Math.round(size / 1024)} KB gzipped`;
  assert.ok(readme.replace(/\s+/g, " ").includes(stated), stated);
});

Deno.test("types: accept right uses and reject wrong ones, for Node and browsers", async () => {
  await writeReadme(`${consumer}/src/readme`);
  await writeOpenApi(consumer);
  for (const compiler of ["typescript", "typescript-6"]) {
    for (const project of ["tsconfig.json", "tsconfig.browser.json"]) {
      await runWell("node", [
        `node_modules/${compiler}/bin/tsc`,
        "-p",
        project,
      ], { cwd: consumer });
    }
  }
});

Deno.test("types: show the descriptions of procedures and fields, with units", () => {
  const file = `${consumer}/src/hover.ts`;
  const text = `import { createClient } from "@paceline/sdk";
    const ytd = await createClient({ url: "" }).stats.ytd.query();
    ytd.data.run.distance;`;
  const service = createLanguageService(file, text);
  const hover = (part: string): string => {
    const info = service.getQuickInfoAtPosition(file, text.indexOf(part) + 1);
    return ts.displayPartsToString(info?.documentation);
  };

  assert.match(hover("ytd.query"), /^This year so far\.\n\nTotals of runs/);
  assert.match(hover("distance"), /^Metres$/);
  const [definition] = service.getDefinitionAtPosition(
    file,
    text.indexOf("distance"),
  ) ?? [];
  assert.match(definition?.fileName ?? "", /contract\.gen\.d\.ts$/);
});

Deno.test("calls: work in Node, Deno and Bun", async () => {
  await using test = await createTestApp({
    activities: createHistory(30),
    synced: true,
  });
  await using server = serveApp(test.app, takeFreePort());
  const url = `http://127.0.0.1:${server.addr.port}`;
  const script = ["src/call.mjs", url];
  const commands: [string, string[]][] = [
    ["node", script],
    [Deno.execPath(), [
      "run",
      "--allow-net=127.0.0.1",
      "--allow-env",
      "--allow-read",
      ...script,
    ]],
    ["node_modules/.bin/bun", ["run", ...script]],
  ];

  for (const [command, args] of commands) {
    const result = JSON.parse(await runWell(command, args, { cwd: consumer }));
    assert.equal(result.total, await countVisible(test), command);
    assert.equal(result.isDate, true, command);
    assert.equal(result.reason, "missing_api_key", command);
    assert.equal(result.distance, "1 km", command);
  }
});

Deno.test("REST: works with openapi-typescript and openapi-fetch", async () => {
  const types = await writeOpenApi(consumer);
  await using test = await createTestApp({
    activities: createHistory(30),
    synced: true,
  });
  await using server = serveApp(test.app, takeFreePort());
  await runWell("npx", ["tsc", "-p", "tsconfig.rest.json"], { cwd: consumer });
  const code = `import { readRest } from "./rest-built/rest.js";
    process.stdout.write(await readRest(process.argv[1]));`;
  const output = await runWell("node", [
    "--input-type=module",
    "-e",
    code,
    `http://127.0.0.1:${server.addr.port}`,
  ], { cwd: consumer });

  assert.match(output, /^\d{4}-\d\d-\d\dT[\d:]+Z \w+,/m);
  assert.match(types, /Format: date-time/);
  assert.doesNotMatch(types, /9007199254740991/);
  for (const model of ["Activity", "Total", "HeartRate", "SyncRun"]) {
    const definitions = types.match(new RegExp(`^ {8}${model}: \\{`, "gm"));
    assert.equal(definitions?.length, 1, model);
  }
});

Deno.test({
  name: "React: shows data across origins, and errors if refused or down",
  ignore: !hasChromium,
}, async () => {
  const [apiPort, pagePort, unknownPort] = [
    takeFreePort(),
    takeFreePort(),
    takeFreePort(),
  ];
  await using test = await createTestApp({
    activities: createHistory(30),
    synced: true,
    env: {
      FRONTEND_URL: `http://localhost:${pagePort}`,
      // A server that is on this machine only would allow all of its pages.
      STRAVA_REDIRECT_URI: "https://localhost/strava/callback",
    },
  });
  await runWell("npm", ["run", "build"], {
    cwd: example,
    env: { VITE_API_URL: `http://127.0.0.1:${apiPort}` },
  });
  await using _page = serveFolder(`${example}/dist`, pagePort);
  await using _unknown = serveFolder(`${example}/dist`, unknownPort);
  const open = async (port: number, name: string) =>
    JSON.parse(
      await runWell("node", [
        "src/browser.mjs",
        CHROMIUM,
        `${Deno.env.get("SCREENSHOTS") ?? workshop}/${name}.png`,
        `http://localhost:${port}/`,
      ], { cwd: consumer }),
    );

  const server = serveApp(test.app, apiPort);
  const shown = await open(pagePort, "shown");
  const refused = await open(unknownPort, "refused");
  await server.shutdown();
  const down = await open(pagePort, "down");

  assert.match(shown.text, /This year so far/);
  assert.match(shown.text, /\d+ times · /);
  assert.deepEqual([shown.rows, shown.rowsAfterMore, shown.bars], [10, 20, 12]);
  assert.deepEqual(shown.reasons, []);
  // The browser logs the 401 of the page's request for the current user.
  assert.equal(shown.messages.length, 1);
  assert.match(shown.messages[0], /status of 401/);
  const failed = ["network_error"];
  assert.deepEqual([refused.reasons, refused.rows], [failed, 0]);
  assert.match(refused.messages.join(), /CORS policy/);
  assert.deepEqual([down.reasons, down.rows], [failed, 0]);
  assert.match(down.text, /The server cannot be reached/);
});

/** Number of activities that everyone can see. */
async function countVisible({ get }: TestApp): Promise<number> {
  const response = await get("/strava/activities");
  return (await response.json()).total;
}

function serveApp(
  app: (request: Request) => Promise<Response>,
  port: number,
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ port, hostname: "127.0.0.1", onListen: () => {} }, app);
}

async function gzippedSize(folder: string): Promise<number> {
  let size = 0;
  for await (const { name } of Deno.readDir(folder)) {
    size += gzipSync(await Deno.readFile(`${folder}/${name}`)).length;
  }
  return size;
}

/** Writes each block of code of the package's README to a file. */
async function writeReadme(folder: string): Promise<void> {
  const text = await Deno.readTextFile(`${ROOT}/sdk/README.md`);
  const blocks = [...text.matchAll(/^```(tsx?)\n([\s\S]*?)^```$/gm)];
  assert.ok(blocks.length >= 5, `${blocks.length} blocks`);
  await Deno.mkdir(folder, { recursive: true });
  for (const [index, [, type, code]] of blocks.entries()) {
    await Deno.writeTextFile(`${folder}/block_${index}.${type}`, code!);
  }
}

async function writeOpenApi(folder: string): Promise<string> {
  await Deno.writeTextFile(
    `${folder}/openapi.json`,
    JSON.stringify(createOpenApiDocument()),
  );
  const file = "src/openapi.d.ts";
  await runWell("npx", ["openapi-typescript", "openapi.json", "-o", file], {
    cwd: folder,
  });
  return await Deno.readTextFile(`${folder}/${file}`);
}

/** A TypeScript language service, as an editor uses it. */
function createLanguageService(
  file: string,
  text: string,
): ts.LanguageService {
  const options = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2023,
  };
  return ts.createLanguageService({
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const content = name === file ? text : ts.sys.readFile(name);
      return content === undefined
        ? undefined
        : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => consumer,
  });
}
