import assert from "node:assert/strict";

/** Prints the signal that asked it to end, and ends. */
const PROGRAM = `
import { onInterruption } from ${
  JSON.stringify(import.meta.resolve("../../embedded_postgres/interruption.ts"))
};
onInterruption((signal) => {
  console.log(signal);
  Deno.exit();
});
console.log("up");
setTimeout(() => console.log("still there"), 2000);
setTimeout(() => Deno.exit(), 2500);
`;

/** Starts the program under a shell, which plays a task runner or a plain shell. */
async function start(
  env: Record<string, string>,
): Promise<{ shell: Deno.ChildProcess; read(): Promise<string> }> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, PROGRAM);
  const shell = new Deno.Command("/bin/sh", {
    args: ["-c", '"$0" run --quiet --no-check --allow-env=INIT_CWD "$1" & wait']
      .concat(Deno.execPath(), file),
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin", ...env },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const reader = shell.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const read = async (): Promise<string> => (await reader.read()).value ?? "";
  assert.equal(await read(), "up\n");
  await Deno.remove(file);
  return { shell, read };
}

for (
  const { promise, env, said } of [
    {
      promise: "ends a task's program when its runner is killed",
      env: { INIT_CWD: "/" },
      said: "SIGHUP\n",
    },
    {
      promise: "lets a shell's program run on without the shell",
      env: {},
      said: "still there\n",
    },
  ]
) {
  Deno.test(`onInterruption: ${promise}`, async () => {
    const { shell, read } = await start(env);

    shell.kill("SIGKILL");

    assert.equal(await read(), said);
    assert.equal(await read(), "");
    await shell.status;
  });
}
