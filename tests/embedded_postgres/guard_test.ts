import assert from "node:assert/strict";
import { spawnGuarded } from "../../embedded_postgres/guard.ts";

Deno.test("spawnGuarded: exits with the command's code", async () => {
  const process = spawnGuarded("/bin/sh", { args: ["-c", "exit 7"] });
  assert.equal((await process.status).code, 7);
});

Deno.test("spawnGuarded: passes arguments, environment and directory unchanged", async () => {
  const process = spawnGuarded("/bin/sh", {
    args: [
      "-c",
      'printf "%s|" "$@" "$WORD"; pwd',
      "sh",
      "a b",
      "'\"$(exit 3)",
      "",
    ],
    cwd: "/",
    env: { WORD: "two words" },
    output: "piped",
  });
  const text = await new Response(process.stdout).text();
  assert.equal((await process.status).code, 0);
  assert.equal(text, "a b|'\"$(exit 3)||two words|/\n");
});

Deno.test("spawnGuarded: asks the command to end before it kills it", async () => {
  const process = spawnGuarded("/bin/sh", {
    args: [
      "-c",
      "exec 2>/dev/null; trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.1; done",
    ],
    output: "piped",
  });
  const reader = process.stdout!.pipeThrough(new TextDecoderStream())
    .getReader();
  assert.equal((await reader.read()).value, "up\n");

  const { code } = await process.stop();

  assert.equal((await reader.read()).value, "bye\n");
  assert.equal((await reader.read()).done, true);
  assert.equal(code, 5);
});

Deno.test("spawnGuarded: kills a command that ignores the signal, with its children", async () => {
  const process = spawnGuarded("/bin/sh", {
    args: ["-c", "trap '' TERM; sleep 600 & echo up; wait; sleep 600"],
    output: "piped",
    stopSeconds: 1,
  });
  const reader = process.stdout!.pipeThrough(new TextDecoderStream())
    .getReader();
  assert.equal((await reader.read()).value, "up\n");

  const { success } = await process.stop();

  assert.equal(success, false);
  // Both sleeps hold the pipe, so its end shows that they have ended.
  assert.equal((await reader.read()).done, true);
});

Deno.test("spawnGuarded: ends processes that the command left behind", async () => {
  const process = spawnGuarded("/bin/sh", {
    args: ["-c", "trap '' TERM; sleep 600 & exit 3"],
    output: "piped",
  });
  assert.equal((await process.status).code, 3);
  assert.equal(await new Response(process.stdout).text(), ""); // its end: nobody holds the pipe
});

Deno.test("spawnGuarded: closes the output of an ended command", async () => {
  const process = spawnGuarded("/bin/sh", {
    args: ["-c", "echo done"],
    output: "piped",
  });
  assert.equal(await new Response(process.stdout).text(), "done\n");
  assert.equal((await process.stop()).code, 0);
});

Deno.test("spawnGuarded: ends the command when its starter is killed", async () => {
  const url = new URL("../../embedded_postgres/guard.ts", import.meta.url);
  const starter = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-run", "--no-lock", "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const input = starter.stdin.getWriter();
  await input.write(new TextEncoder().encode(`
    import { spawnGuarded } from "${url}";
    await spawnGuarded("/bin/sh", { args: ["-c", "echo up; exec sleep 600"] }).status;
  `));
  await input.close();
  const reader = starter.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  assert.equal((await reader.read()).value, "up\n");

  starter.kill("SIGKILL");
  await starter.status;

  assert.equal((await reader.read()).done, true);
});

Deno.test("spawnGuarded: stops the command with another signal on request", async () => {
  // Not a shell: a shell that runs in the background cannot trap SIGINT.
  const program = `
    Deno.addSignalListener("SIGINT", () => {
      console.log("int");
      Deno.exit(5);
    });
    console.log("up");
    setInterval(() => {}, 1000);
  `;
  const process = spawnGuarded(Deno.execPath(), {
    args: ["eval", program],
    output: "piped",
  });
  const reader = process.stdout!.pipeThrough(new TextDecoderStream())
    .getReader();
  assert.equal((await reader.read()).value, "up\n");

  const { code } = await process.stop("INT");

  assert.equal((await reader.read()).value, "int\n");
  assert.equal((await reader.read()).done, true);
  assert.equal(code, 5);
});

Deno.test("spawnGuarded: stops the command once when asked several times at once", async () => {
  const process = spawnGuarded("/bin/sh", {
    args: [
      "-c",
      "exec 2>/dev/null; trap 'exit 5' TERM; echo up; while :; do sleep 0.1; done",
    ],
    stopSignal: "KILL",
    output: "piped",
  });
  const reader = process.stdout!.pipeThrough(new TextDecoderStream())
    .getReader();
  await reader.read();

  const ends = await Promise.all([
    process.stop("TERM"),
    process.stop("TERM"),
    process.stop(),
  ]);
  while (!(await reader.read()).done);

  assert.deepEqual(ends.map(({ code }) => code), [5, 5, 5]);
});
