import assert from "node:assert/strict";
import {
  findCycle,
  type Import,
  listSource,
  readImports,
} from "./support/imports.ts";

/** Files that are run or published. Every other file must be imported by one of these. */
// deno-fmt-ignore
const ENTRY_POINTS = [
  "server/openapi/main.ts", "cli/launch.ts", "cli/launch_image.ts", "server/main.ts", "cli/healthcheck.ts",
  "server/imports/worker/main.ts", "demo/main.ts", "web/build/main.ts", "web/build/check_main.ts", "web/build/dev_main.ts", "sdk/build/contract_main.ts", "sdk/build/main.ts", "sdk/mod.ts", "sdk/query.ts",
  "sdk/react.ts", "sdk/schemas.ts", "sdk/trpc.ts",
];

/** Files or a folder (ending in `/`), and what they may import besides themselves. */
type Rule = [files: string, imports: string, packages: string];

/** The house from the ground up. The first rule whose files match a path applies to it. */
// deno-fmt-ignore
const RULES: readonly Rule[] = [
  ["deno.json sdk/deno.json", "", ""],
  ["db/driver/", "", "postgres"],
  ["db/", "db/driver/", ""],
  ["embedded_postgres/", "", "node: postgres"],
  ["sdk/schemas.ts sdk/schemas/", "", "zod"],
  ["sdk/build/", "deno.json sdk/ sdk/deno.json sdk/schemas/ server/errors.ts server/openapi/ server/router.ts", "@trpc/server tar typescript zod"],
  ["sdk/", "", "@tanstack/react-query @trpc/client @trpc/server eventsource-parser react superjson"],
  ["server/config.ts server/config_problems.ts server/config_schema.ts server/database_url.ts", "db/driver/", "croner node: zod"],
  ["server/crypto/", "", "node:"],
  ["server/strava/", "", "zod"],
  ["server/recordings/", "", "@photostructure/tz-lookup csv-parse fit-file-parser node: saxes simplify-js"],
  ["server/context.ts", "db/ db/driver/ server/config.ts server/crypto/ server/strava/", "@logtape/logtape"],
  ["server/errors.ts server/errors/", "db/driver/", "@trpc/server"],
  ["server/log.ts", "server/config.ts server/context.ts", "@logtape/logtape"],
  ["server/audit.ts", "db/ db/driver/ server/context.ts", ""],
  ["server/auth/", "db/ server/config.ts server/context.ts server/crypto/ server/errors.ts", "node:"],
  ["server/trpc.ts server/trpc_values.ts", "db/ server/auth/ server/context.ts server/errors.ts", "@trpc/server superjson trpc-to-openapi zod"],
  ["server/http/", "server/auth/ server/config.ts server/context.ts server/errors.ts", "@logtape/logtape hono node: zod"],
  ["server/grants/", "db/ db/driver/ server/audit.ts server/context.ts server/crypto/ server/imports/ server/strava/", ""],
  ["server/imports/", "db/ db/driver/ server/recordings/", "node:"],
  ["server/import_jobs/", "db/ db/driver/ sdk/schemas/ server/audit.ts server/auth/ server/context.ts server/errors.ts server/http/ server/imports/ server/trpc.ts", "@trpc/server zod"],
  ["server/athlete_values/", "db/ db/driver/ sdk/schemas/ server/activities/ server/context.ts server/errors.ts server/trpc.ts", ""],
  ["server/gear/", "db/ db/driver/ sdk/schemas/ server/context.ts server/errors.ts server/imports/ server/recordings/ server/trpc.ts", "zod"],
  ["server/edits/", "db/ db/driver/ sdk/schemas/ server/context.ts server/imports/", "node: zod"],
  ["server/sync/", "db/ db/driver/ sdk/schemas/ server/athlete_values/ server/auth/ server/audit.ts server/context.ts server/errors.ts server/grants/ server/imports/ server/strava/ server/trpc.ts", "@trpc/server croner node: zod"],
  ["server/webhook/", "db/ db/driver/ sdk/schemas/ server/config.ts server/context.ts server/crypto/ server/errors.ts server/grants/ server/http/ server/strava/ server/sync/", "node: zod"],
  ["server/connect/", "db/ db/driver/ server/athlete_values/ server/audit.ts server/auth/ server/context.ts server/crypto/ server/errors.ts server/grants/ server/http/ server/strava/ server/sync/", "node:"],
  ["server/athletes/", "db/ db/driver/ sdk/schemas/ server/audit.ts server/auth/ server/context.ts server/crypto/ server/errors.ts server/grants/ server/trpc.ts", "zod"],
  ["server/accounts/", "db/ db/driver/ sdk/schemas/ server/audit.ts server/auth/ server/config.ts server/context.ts server/crypto/ server/errors.ts server/grants/ server/http/ server/trpc.ts", "node: zod"],
  ["server/privacy/", "db/ db/driver/ sdk/schemas/ server/audit.ts server/auth/ server/athletes/ server/context.ts server/errors.ts server/recordings/ server/trpc.ts", "zod"],
  ["server/activities/", "db/ sdk/schemas/ server/auth/ server/context.ts server/edits/ server/errors.ts server/http/ server/privacy/ server/trpc.ts", "lru-cache zod"],
  ["server/stats/compute/", "db/", ""],
  ["server/stats/", "db/ db/driver/ sdk/schemas/ server/activities/ server/auth/ server/context.ts server/errors.ts server/stats/compute/ server/trpc.ts", "trpc-to-openapi zod"],
  ["server/answers/", "db/ db/driver/ server/activities/ server/auth/ server/config.ts server/context.ts server/http/", "hono lru-cache node:"],
  ["server/admin/", "db/ sdk/schemas/ server/accounts/ server/athletes/ server/context.ts server/edits/ server/errors.ts server/sync/ server/trpc.ts server/webhook/", "zod"],
  ["server/router.ts", "server/accounts/ server/activities/ server/admin/ server/athlete_values/ server/athletes/ server/gear/ server/import_jobs/ server/privacy/ server/stats/ server/sync/ server/trpc.ts", ""],
  ["server/openapi/", "db/driver/ sdk/deno.json sdk/schemas/ server/errors.ts server/http/ server/router.ts server/trpc.ts", "@trpc/server node: redoc swagger-ui-dist trpc-to-openapi zod"],
  ["server/rest.ts server/trpc_route.ts", "server/errors.ts server/http/ server/router.ts server/trpc.ts", "@trpc/server trpc-to-openapi zod"],
  ["server/health.ts server/home/", "db/ server/auth/ server/connect/ server/context.ts server/errors.ts server/http/ server/openapi/ server/sync/", "node:"],
  ["server/web/", "server/http/", "node:"],
  ["server/cron.ts server/retention.ts", "db/ server/accounts/ server/context.ts server/import_jobs/ server/sync/ server/webhook/", ""],
  ["server/app.ts", "server/accounts/ server/activities/ server/answers/ server/connect/ server/context.ts server/errors.ts server/health.ts server/home/ server/http/ server/import_jobs/ server/openapi/ server/rest.ts server/web/ server/webhook/", "hono"],
  ["cli/root.ts", "", "node:"],
  ["server/deps.ts server/serve.ts", "db/ db/driver/ server/app.ts server/athletes/ server/config.ts server/context.ts server/cron.ts server/crypto/ server/grants/ server/http/ server/import_jobs/ server/log.ts server/strava/ server/sync/ server/web/ server/webhook/", "node:"],
  ["web/build/", "cli/root.ts server/web/ web/src/page_paths.ts", "node:"],
  ["web/src/page_paths.ts", "", ""],
  ["cli/", "cli/root.ts db/ db/driver/ embedded_postgres/ sdk/deno.json sdk/schemas/ server/accounts/ server/audit.ts server/config.ts server/context.ts server/crypto/ server/deps.ts server/grants/ server/import_jobs/ server/imports/ server/log.ts server/recordings/ server/strava/ server/sync/ server/webhook/", "@stricli/core node: zod"],
  ["server/main.ts", "cli/ server/config.ts", ""],
  ["strava_simulator/", "", "node:"],
  ["demo/history/", "strava_simulator/", ""],
  ["demo/", "cli/ cli/root.ts db/driver/ demo/history/ embedded_postgres/ server/accounts/ server/crypto/ strava_simulator/", "node:"],
];

const words = (text: string): string[] => text.split(" ").filter(Boolean);

function findRule(path: string): Rule | undefined {
  return RULES.find(([files]) =>
    words(files).some((each) =>
      each.endsWith("/") ? path.startsWith(each) : path === each
    )
  );
}

function isAllowed({ from, to }: Pick<Import, "from" | "to">): boolean {
  const rule = findRule(from);
  if (!rule) return false;
  const [, imports, packages] = rule;
  if (to.startsWith("node:")) return words(packages).includes("node:");
  const target = findRule(to);
  if (!target) return words(packages).includes(to);
  return target === rule ||
    words(imports).some((each) => words(target[0]).includes(each));
}

async function readAllImports(): Promise<Import[]> {
  const imports = (await Promise.all(ENTRY_POINTS.map(readImports))).flat();
  return imports.filter(({ from }) => from.endsWith(".ts"));
}

Deno.test("imports: go down only, and each folder keeps to its packages", async () => {
  const imports = await readAllImports();
  const wrong = imports.filter((each) => !isAllowed(each));
  assert.deepEqual(
    [...new Set(wrong.map(({ from, to }) => `${from} imports ${to}`))],
    [],
  );
});

Deno.test("imports: a worker needs no code but what the server may read for it", async () => {
  const imports = await readImports("server/imports/worker/main.ts");
  const atRuntime = new Set(["server/imports/worker/main.ts"]);
  for (const from of atRuntime) {
    for (const each of imports) {
      if (each.from === from && !each.isType) atRuntime.add(each.to);
    }
  }
  const files = [...atRuntime].filter((to) => to.endsWith(".ts"));
  assert.ok(files.length > 20);
  // Deno loads it with the server's permission to read: WORKER_CODE of cli/server_process.ts.
  const outside = files.filter((to) =>
    !/^server\/(imports|recordings)\//.test(to)
  );
  assert.deepEqual(outside, []);
});

Deno.test("imports: run-time imports form no cycle", async () => {
  const imports = (await readAllImports()).filter(({ isType }) => !isType);
  assert.equal(findCycle(imports)?.join(" -> "), undefined);
});

Deno.test("files: each has a rule and is needed by an entry point", async () => {
  const needed = new Set(ENTRY_POINTS);
  for (const { to } of await readAllImports()) needed.add(to);
  const files = await listSource();
  assert.ok(files.length > 50);
  assert.deepEqual(files.filter((file) => !findRule(file)), []);
  assert.deepEqual(files.filter((file) => !needed.has(file)), []);
});

Deno.test("isAllowed: refuses imports that go up or use another folder's package", () => {
  const path = (text: string): boolean => {
    const [from, to] = text.split(" -> ") as [string, string];
    return isAllowed({ from, to });
  };
  for (
    const wrong of [
      "db/activity_totals.ts -> server/errors.ts",
      "db/activity_totals.ts -> zod",
      "db/driver/client.ts -> db/activity_totals.ts",
      "server/strava/client.ts -> server/config.ts",
      "server/sync/run_sync.ts -> server/admin/admin_router.ts",
      "server/stats/stats_router.ts -> postgres",
      "server/app.ts -> server/deps.ts",
      "server/serve.ts -> cli/root.ts",
      "server/main.ts -> strava_simulator/simulator.ts",
      "sdk/client.ts -> zod",
    ]
  ) assert.ok(!path(wrong), wrong);
  assert.ok(path("db/activity_totals.ts -> db/driver/client.ts"));
  assert.ok(path("server/serve.ts -> server/app.ts"));
});

Deno.test("findCycle: finds a path from a file back to itself", () => {
  const edge = (from: string, to: string): Import => ({
    from,
    to,
    isType: false,
  });
  const line = [edge("a", "b"), edge("b", "c"), edge("a", "c")];
  assert.equal(findCycle(line), undefined);
  assert.deepEqual(findCycle([...line, edge("c", "b")]), ["b", "c", "b"]);
});
