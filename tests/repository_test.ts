import assert from "node:assert/strict";
import { parse } from "yaml";
import { ROOT } from "../cli/root.ts";

/** The parts of a workflow that the checks read. */
interface Workflow {
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

interface Job {
  "timeout-minutes"?: number;
  needs?: string | string[];
  permissions?: Record<string, string>;
  steps?: { run?: string; uses?: string; "working-directory"?: string }[];
  uses?: string;
}

/** The files and tasks of the repository that a workflow may use. */
interface Known {
  files: ReadonlySet<string>;
  tasks: readonly string[];
}

/** Folders that a build makes, so a clean clone does not have them. */
const BUILT = /^sdk\/dist(\/|$)/;

async function listFiles(): Promise<string[]> {
  const files: string[] = [];
  async function visit(folder: string): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(ROOT + folder)) {
      if ([".data", ".git", "dist", "node_modules"].includes(name)) continue;
      if (isDirectory) await visit(`${folder}/${name}`);
      else files.push(`${folder}/${name}`.slice(1));
    }
  }
  await visit("");
  return files;
}

const read = (path: string): Promise<string> =>
  Deno.readTextFile(`${ROOT}/${path}`);

async function readKnown(): Promise<Known> {
  const { tasks } = JSON.parse(await read("deno.json"));
  return { files: new Set(await listFiles()), tasks: Object.keys(tasks) };
}

/** Lists what is wrong with a workflow: paths, tasks, pins, permissions and limits. */
function findProblems(workflow: Workflow, { files, tasks }: Known): string[] {
  const problems: string[] = [];
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const report = (problem: string) => problems.push(`${name}: ${problem}`);
    if (!(job.permissions ?? workflow.permissions)) report("no permissions");
    if (!job.uses && !job["timeout-minutes"]) report("no timeout-minutes");
    for (const needed of [job.needs ?? []].flat()) {
      if (!(needed in workflow.jobs)) report(`needs unknown job ${needed}`);
    }
    for (const step of [job, ...job.steps ?? []]) {
      if (step.uses && !isPinned(step.uses, files)) {
        report(`${step.uses} is not a file or a commit`);
      }
    }
    for (const { run = "", "working-directory": folder } of job.steps ?? []) {
      for (const path of [folder ?? [], findPaths(run)].flat()) {
        if (!BUILT.test(path) && !files.has(path)) report(`no file ${path}`);
      }
      for (const [, task] of run.matchAll(/\bdeno task (\S+)/g)) {
        if (!tasks.includes(task!)) report(`no task ${task}`);
      }
    }
  }
  return problems;
}

/** Reports whether an action is one of our workflows or is fixed to a commit. */
function isPinned(action: string, files: ReadonlySet<string>): boolean {
  return action.startsWith("./")
    ? files.has(action.slice(2))
    : /^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/.test(action);
}

/** Finds the paths of the repository in a command: `a/b`, `./a`, `.ci/run`, `--file a`. */
function findPaths(run: string): string[] {
  const words = run.split(/[\s"'();]+/);
  return words
    .filter((word, index) =>
      words[index - 1] === "--file" ||
      /^(\.\/|\.?[a-z][\w-]*\/)[\w./-]*$/.test(word)
    )
    .map((word) => word.replace(/^\.\//, ""));
}

Deno.test("workflows: use files, tasks and pinned actions that exist", async () => {
  const known = await readKnown();
  for (const name of ["ci", "release"]) {
    const workflow = parse(await read(`.github/workflows/${name}.yml`));
    assert.deepEqual(findProblems(workflow, known), [], name);
  }
  const ci: Workflow = parse(await read(".github/workflows/ci.yml"));
  const runs = ci.jobs.check!.steps!.map(({ run }) => run);
  assert.ok(runs.includes(".ci/run"));
});

Deno.test("workflows: write only where a job publishes", async () => {
  const writing: string[] = [];
  for (const name of ["ci", "release"]) {
    const workflow: Workflow = parse(
      await read(`.github/workflows/${name}.yml`),
    );
    const jobs = Object.entries(workflow.jobs);
    for (const [job, { permissions }] of [["*", workflow] as const, ...jobs]) {
      for (const [scope, access] of Object.entries(permissions ?? {})) {
        if (access === "write") writing.push(`${name} ${job} ${scope}`);
      }
    }
  }
  assert.deepEqual(writing, [
    "release npm id-token",
    "release image packages",
    "release release contents",
  ]);
});

Deno.test("findProblems: reports missing files, tasks, pins and limits", () => {
  const known = { files: new Set([".ci/run"]), tasks: ["test"] };
  const commit = "0".repeat(40);
  const workflow: Workflow = {
    jobs: {
      good: {
        "timeout-minutes": 5,
        permissions: {},
        steps: [
          { uses: `actions/checkout@${commit}` },
          { run: ".ci/run && deno task test sdk/dist/package" },
        ],
      },
      bad: {
        needs: ["good", "other"],
        uses: "./.github/workflows/none.yml",
        steps: [
          { uses: "actions/checkout@v6" },
          { run: "./tools/run; docker build --file Image" },
          { run: "deno task tset", "working-directory": "client" },
        ],
      },
    },
  };
  assert.deepEqual(findProblems(workflow, known), [
    "bad: no permissions",
    "bad: needs unknown job other",
    "bad: ./.github/workflows/none.yml is not a file or a commit",
    "bad: actions/checkout@v6 is not a file or a commit",
    "bad: no file tools/run",
    "bad: no file Image",
    "bad: no file client",
    "bad: no task tset",
  ]);
  const { good } = workflow.jobs;
  delete good!["timeout-minutes"];
  assert.deepEqual(findProblems({ jobs: { good: good! } }, known), [
    "good: no timeout-minutes",
  ]);
});

Deno.test("issue forms: have a title, labelled fields and unique ids", async () => {
  for (const name of ["bug_report", "feature_request"]) {
    const form = parse(await read(`.github/ISSUE_TEMPLATE/${name}.yml`));
    assert.ok(form.name && form.description, name);
    const fields = form.body.filter(({ type }: { type: string }) =>
      type !== "markdown"
    );
    assert.ok(fields.length > 0);
    const ids = fields.map(({ id }: { id: string }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const { type, id, attributes } of fields) {
      assert.match(type, /^(textarea|input|dropdown|checkboxes)$/, id);
      assert.match(id, /^[a-z-]+$/);
      assert.ok(attributes.label, id);
      if (type === "dropdown") assert.ok(attributes.options.length > 1, id);
    }
  }
});

Deno.test("editor files: parse, and name folders and ports that exist", async () => {
  const { forwardPorts } = JSON.parse(
    await read(".devcontainer/devcontainer.json"),
  );
  const { "deno.disablePaths": disabled } = JSON.parse(
    await read(".vscode/settings.json"),
  );
  const { exclude } = JSON.parse(await read("deno.json"));
  for (const path of disabled) assert.ok(exclude.includes(path), path);
  assert.ok(forwardPorts.includes(5001));
  assert.match(await read("Dockerfile"), /^EXPOSE 5001$/m);
  JSON.parse(await read(".vscode/extensions.json"));
});

Deno.test("Deno: has the same version everywhere", async () => {
  const [, version] = /^DENO_VERSION=(\S+)$/m.exec(await read(".ci/run"))!;
  for (
    const path of [
      ".devcontainer/devcontainer.json",
      ".github/workflows/release.yml",
      "CONTRIBUTING.md",
      "Dockerfile",
      "README.md",
    ]
  ) {
    const named = [
      ...(await read(path)).matchAll(/\bdeno(?:@|:|\s+v?)(\d+\.\d+\.\d+)/gi),
    ].map(([, each]) => each);
    assert.ok(named.length > 0, path);
    assert.deepEqual([...new Set(named)], [version], path);
  }
});

Deno.test(".gitattributes: marks the generated files, which exist", async () => {
  const files = await listFiles();
  const marked = (await read(".gitattributes")).split("\n")
    .filter((line) => line.endsWith(" linguist-generated"))
    .map((line) => line.split(" ")[0]!);
  assert.deepEqual(marked, [
    "deno.lock",
    "docs/api.md",
    "docs/openapi.json",
    "sdk/contract.gen.ts",
  ]);
  for (const file of marked) assert.ok(files.includes(file), file);
  const generated = files.filter((file) => /\.gen\.\w+$/.test(file));
  for (const file of generated) assert.ok(marked.includes(file), file);
});

Deno.test("community files: link only to files that exist", async () => {
  const files = await listFiles();
  for (const path of ["SECURITY.md", "CODE_OF_CONDUCT.md"]) {
    const links = [
      ...(await read(path)).matchAll(/\]\(([^):]+?)(?:#[^)]*)?\)/g),
    ];
    assert.ok(links.length > 0, path);
    for (const [, link] of links) assert.ok(files.includes(link!), link);
  }
});
