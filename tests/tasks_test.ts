import assert from "node:assert/strict";
import { ROOT } from "../cli/root.ts";

/** What starts the server in a process of its own, and what it starts there. */
const STARTER = "cli/server_process.ts";
const STARTED = "server/main.ts";

type Task = string | { description: string; command: string };

/** Two processes that fill an empty cache at once may wait for each other for ever. */
const PREPARED = /^deno install --quiet --frozen --entrypoint ([^&]+?) && /;

/** The program that a task runs in the end, if it is one of ours. */
function readEntry(task: string): string | undefined {
  return task.match(/deno run (?:-\S+ )*(\S+\.ts)/)?.[1];
}

/** The programs that a task must have in the cache before it starts the first, and has not. */
function findUnprepared(task: string, programs: readonly string[]): string[] {
  const prepared = task.match(PREPARED)?.[1]?.split(" ") ?? [];
  return programs.filter((program) => !prepared.includes(program));
}

/** The files of ours that a program imports, however far away. */
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

Deno.test("tasks: what starts the server beside itself has filled the cache for both before", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`));
  const starting: string[] = [];
  for (const [name, value] of Object.entries<Task>(tasks)) {
    const task = typeof value === "string" ? value : value.command;
    const entry = readEntry(task);
    if (!entry || !(await listModules(entry)).includes(STARTER)) continue;
    starting.push(name);
    assert.deepEqual(findUnprepared(task, [entry, STARTED]), [], name);
  }

  assert.deepEqual(starting, [
    "demo",
    "start",
    "dev",
    "sync",
    "webhook",
    "key",
    "export",
    "erase",
    "user",
    "chaos",
  ]);
});

Deno.test("findUnprepared: sees a task without an install, and one that forgets a program", () => {
  const programs = ["demo/main.ts", STARTED];
  const install = "deno install --quiet --frozen --entrypoint";
  const run = "deno run --allow-env --allow-sys=uid demo/main.ts serve";

  assert.equal(readEntry(`${install} ${STARTED} && ${run}`), "demo/main.ts");
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
