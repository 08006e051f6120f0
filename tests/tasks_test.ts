import assert from "node:assert/strict";
import { ROOT } from "../cli/root.ts";

/** A task of deno.json. */
interface Task {
  description: string;
  command: string;
}

/** The file that starts a second process, and the program of that process. */
const STARTER = "cli/server_process.ts";
const STARTED = "server/main.ts";

/** Two processes that fill an empty cache at the same time may wait for each other forever. */
const PREPARED =
  /^(?:echo '[^']*' 1>&2 && )?deno install --quiet --frozen --entrypoint ([^&]+?) && /;

/** Returns the program of this repository that a task runs, if any. */
function findEntry(command: string): string | undefined {
  return command.match(/deno run (?:-\S+ )*(\S+\.ts)/)?.[1];
}

/** Returns the programs that a task does not put into the cache before it starts the first. */
function findUnprepared(
  command: string,
  programs: readonly string[],
): string[] {
  const prepared = command.match(PREPARED)?.[1]?.split(" ") ?? [];
  return programs.filter((program) => !prepared.includes(program));
}

/** Returns our files that a program imports, directly or not. */
async function listModules(entry: string): Promise<string[]> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
    cwd: ROOT,
    stderr: "null",
  }).output();
  assert.ok(success);
  const { modules } = JSON.parse(new TextDecoder().decode(stdout));
  return modules.map(({ specifier }: { specifier: string }) =>
    specifier.replace(`file://${ROOT}/`, "")
  );
}

/** Returns what Deno needs to find its cache. */
function readBareEnvironment(): Record<string, string> {
  const { PATH, HOME, DENO_DIR } = Deno.env.toObject();
  const env = { PATH, HOME, DENO_DIR, NO_COLOR: "1" };
  return JSON.parse(JSON.stringify(env));
}

async function readTasks(): Promise<Record<string, Task>> {
  return JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`)).tasks;
}

Deno.test("tasks: say one line before a download, and list none of it", async () => {
  const tasks = await readTasks();
  for (const name of ["demo", "start", "dev"]) {
    assert.match(
      tasks[name]!.command,
      /^echo '[^']*downloads its libraries' 1>&2 && /,
    );
  }
  for (const [name, { command }] of Object.entries(tasks)) {
    assert.doesNotMatch(command, /deno install (?!--quiet )/, name);
  }
});

Deno.test("tasks: fill the cache for both programs before they start two", async () => {
  const starting: string[] = [];
  for (const [name, { command }] of Object.entries(await readTasks())) {
    const entry = findEntry(command);
    if (!entry || !(await listModules(entry)).includes(STARTER)) continue;
    starting.push(name);
    assert.deepEqual(findUnprepared(command, [entry, STARTED]), [], name);
  }

  assert.deepEqual(starting, [
    "demo",
    "start",
    "dev",
    "paceline",
    "sync",
    "webhook",
    "user",
    "key",
    "export",
    "erase",
    "chaos",
    "bench",
  ]);
});

Deno.test("tasks: each has a description in one line", async () => {
  for (const [name, { description }] of Object.entries(await readTasks())) {
    assert.match(description, /^[A-Z].{10,80}[^.]$/, name);
  }
});

// A program ends with its `deno task`, even after kill -9. It could not see the end of an outer task,
// so the short tasks start the launcher directly instead of running the task `paceline`.
Deno.test("tasks: the short ones run a command of `paceline`", async () => {
  const tasks = await readTasks();
  const launch = tasks["paceline"]?.command;
  const [start, dev] = ["start", "dev"].map((name) =>
    tasks[name]?.command.replace(/^echo .*? 1>&2 && /, "")
  );
  assert.equal(start, `${launch} serve`);
  assert.equal(dev, `${launch} serve --watch`);
  for (const name of ["sync", "webhook", "user", "key", "export", "erase"]) {
    assert.equal(tasks[name]?.command, `${launch} ${name}`);
  }
});

Deno.test("deno task export: keeps the caller's folder and arguments", async () => {
  const folder = await Deno.makeTempDir();
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "task",
      "--quiet",
      `--config=${ROOT}/deno.json`,
      "export",
      "--output",
      "no such/me.jsonl",
    ],
    cwd: folder,
    // Without INIT_CWD, which `deno task test` has set.
    clearEnv: true,
    env: readBareEnvironment(),
  }).output();
  await Deno.remove(folder);

  assert.equal(code, 2);
  assert.equal(
    new TextDecoder().decode(stderr).trim(),
    `Cannot write "${folder}/no such/me.jsonl": there is no folder ${folder}/no such/`,
  );
});

Deno.test("findUnprepared: finds a missing install and a forgotten program", () => {
  const programs = ["demo/main.ts", STARTED];
  const install = "deno install --quiet --frozen --entrypoint";
  const run = "deno run --allow-env --allow-sys=uid demo/main.ts serve";

  assert.equal(findEntry(`${install} ${STARTED} && ${run}`), "demo/main.ts");
  assert.deepEqual(findUnprepared(run, programs), programs);
  assert.deepEqual(
    findUnprepared(`${install} demo/main.ts && ${run}`, programs),
    [STARTED],
  );
  assert.deepEqual(
    findUnprepared(`${install} ${programs.join(" ")} && ${run}`, programs),
    [],
  );
});
