/** Notices documentation and a changelog that lag behind the program. */
import assert from "node:assert/strict";
import { ROOT } from "../cli/root.ts";
import { VARIABLES } from "../server/config.ts";
import { createOpenApiDocument } from "../server/openapi/document.ts";

const read = (path: string): Promise<string> =>
  Deno.readTextFile(`${ROOT}/${path}`);

interface Statistic {
  name: string;
  path: string;
  parameters: string[];
}

function listStatistics(): Statistic[] {
  const { paths } = createOpenApiDocument() as unknown as {
    paths: Record<string, { get?: { parameters?: { name: string }[] } }>;
  };
  return Object.entries(paths).flatMap(([path, { get }]) => {
    const name = /^\/strava\/stats\/(.+)$/.exec(path)?.[1];
    const parameters = get?.parameters?.map(({ name }) => name) ?? [];
    return name === undefined ? [] : [{ name, path, parameters }];
  });
}

Deno.test("docs/statistics.md: describes each statistic and each parameter", async () => {
  const page = await read("docs/statistics.md");
  const missing = listStatistics().flatMap(({ path, parameters }) => [
    ...page.includes(`GET ${path}`) ? [] : [path],
    ...parameters.filter((name) =>
      // docs/athletes.md has it for all routes.
      name !== "athlete" && !new RegExp(`[\`?&]${name}\\b`).test(page)
    ).map((name) => `${path}: ${name}`),
  ]);

  assert.deepEqual(missing, [], "docs/statistics.md lacks these");
});

/** Settings without which nothing runs. The changelog need not name them. */
const BASIC =
  /^(STRAVA_(CLIENT|API|OAUTH|WEBHOOK)|POSTGRES_|DATABASE_URL|ENCRYPTION_KEY|STATE_|INTERNAL_|LOG_|ENVIRONMENT|FRONTEND_URL|CORS_|HOST$|SYNC_CRON)/;

Deno.test("CHANGELOG.md: names each statistic and each setting", async () => {
  const log = await read("CHANGELOG.md");
  const names = [
    ...listStatistics().map(({ name }) => name),
    ...VARIABLES.filter((name) => !BASIC.test(name)),
  ];

  assert.deepEqual(
    names.filter((name) => !new RegExp(`\\b${name}\\b`).test(log)),
    [],
    "CHANGELOG.md lacks these: add a line as a user feels the change",
  );
});

Deno.test("docs/deploy.md: gives the systemd unit what Deno needs without a home", async () => {
  const page = await read("docs/deploy.md");
  const unit = /^```ini\n([^]*?)^```/m.exec(page)?.[1] ?? "";

  assert.match(unit, /^Environment=.*\bHOME=\/\S/m);
  assert.match(unit, /^Environment=.*\bDENO_DIR=\/\S/m);
});

/** Returns the anchors of a page's headings, as GitHub builds them. */
function listAnchors(page: string): string[] {
  const text = page.replaceAll(/^```[^]*?^```/gm, "");
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!.toLowerCase().replaceAll(/[^\w\- ]/g, "").replaceAll(" ", "-")
  );
}

Deno.test("documentation: links lead to files and headings that exist", async () => {
  const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md"];
  for await (const { name } of Deno.readDir(`${ROOT}/docs`)) {
    // The API reference is generated.
    if (name.endsWith(".md") && name !== "api.md") pages.push(`docs/${name}`);
  }
  const broken: string[] = [];
  for (const page of pages) {
    const text = (await read(page)).replaceAll(/^```[^]*?^```/gm, "");
    for (const [, link] of text.matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)) {
      const [file, anchor] = link!.split("#") as [string, string?];
      const target = file === ""
        ? page
        : new URL(file, `file:///${page}`).pathname.slice(1);
      const found = await read(target).catch(async () =>
        (await Deno.stat(`${ROOT}/${target}`).catch(() => undefined)) && ""
      );
      if (
        found === undefined || anchor && !listAnchors(found).includes(anchor)
      ) {
        broken.push(`${page}: ${link}`);
      }
    }
  }

  assert.deepEqual(broken, []);
});
