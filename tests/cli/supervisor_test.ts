import assert from "node:assert/strict";
import type { Duty } from "../../server/serve.ts";
import { toListeningLine } from "../../cli/listening_line.ts";
import { superviseServers } from "../../cli/supervisor.ts";
import { exists } from "../../embedded_postgres/files.ts";
import {
  type GuardedProcess,
  spawnGuarded,
} from "../../embedded_postgres/guard.ts";
import { until } from "../support/sync.ts";

const LISTENS = `echo "${toListeningLine(7)}" >&2`;
// A shell reports on stderr that its command was terminated.
const SERVES =
  "exec 2>/dev/null; trap 'exit 0' TERM; while :; do sleep 0.05; done";

/** Starts shell scripts in place of servers, and records what was started and said. */
function createScripts(scripts: (duty: Duty, count: number) => string) {
  const started: string[] = [];
  const lines: string[] = [];
  return {
    started,
    lines,
    options: {
      start(duty: Duty, port?: number): GuardedProcess {
        started.push(port === undefined ? duty : `${duty} ${port}`);
        return spawnGuarded("/bin/sh", {
          args: ["-c", scripts(duty, started.length)],
          ...duty === "start" && { errors: "piped" as const },
        });
      },
      say: (line: string) => void lines.push(line),
      pausesMs: [0, 1, 1],
    },
  };
}

Deno.test("superviseServers: ends with the code of a first process that cannot start", async () => {
  const { started, lines, options } = createScripts(() =>
    "echo 'Port 7 is in use' >&2; printf 'no line end' >&2; exit 3"
  );

  const { code } = await superviseServers({ count: 3, ...options }).status;

  assert.equal(code, 3);
  assert.deepEqual(started, ["start"]);
  assert.deepEqual(lines, ["Port 7 is in use", "no line end"]);
});

Deno.test("superviseServers: ends all when one process keeps ending at its start", async () => {
  const { started, lines, options } = createScripts((duty, count) =>
    duty === "start"
      ? `${LISTENS}; ${SERVES}`
      : duty === "requests" && count > 2
      ? "exit 4"
      : SERVES
  );

  const { code } = await superviseServers({ count: 3, ...options }).status;

  assert.equal(code, 4);
  assert.deepEqual(started, [
    "start",
    ...Array.from({ length: 5 }, () => "requests 7"),
  ]);
  const again = "A server process ended with code 4: restarting it";
  assert.deepEqual(lines, [
    ...[again, again, again],
    "A server process ended 4 times within a minute, the last time with code 4, and is not restarted",
  ]);
});

Deno.test("superviseServers: restarts the first process for the schedule", async () => {
  const { started, lines, options } = createScripts((duty) =>
    duty === "start" ? `${LISTENS}; echo 'A warning' >&2; kill -9 $$` : SERVES
  );
  const servers = superviseServers({ count: 2, ...options });
  await until(() => started.length === 3, "the restart");

  const { code } = await servers.stop();

  assert.equal(code, 0);
  assert.deepEqual([...started].sort(), ["requests 7", "schedule 7", "start"]);
  assert.deepEqual([...lines].sort(), [
    "A server process ended with code 137: restarting it",
    "A warning",
  ]);
});

Deno.test("superviseServers: does not restart what ends after it was stopped", async () => {
  const dir = await Deno.makeTempDir();
  for (
    const [trap, expected] of [
      ["trap 'exit 0' TERM", 0],
      // A server that has no handler for signals yet.
      [":", 0],
      ["trap 'exit 9' TERM", 9],
    ] as const
  ) {
    const file = `${dir}/${expected}${trap.length}`;
    const { started, lines, options } = createScripts((duty) =>
      duty === "start"
        ? `${LISTENS}; ${SERVES}`
        : `exec 2>/dev/null; ${trap}; : >"${file}"; while :; do sleep 0.05; done`
    );
    const servers = superviseServers({ count: 2, ...options });
    await until(() => exists(file), "both");

    const [first, second] = await Promise.all([servers.stop(), servers.stop()]);

    assert.deepEqual([first.code, second.code], [expected, expected]);
    assert.deepEqual(started, ["start", "requests 7"]);
    assert.deepEqual(lines, []);
  }
  await Deno.remove(dir, { recursive: true });
});

Deno.test("superviseServers: stops a first process that does not listen yet", async () => {
  const { started, lines, options } = createScripts(() =>
    "trap 'exit 0' TERM; echo Migrating >&2; while :; do sleep 0.05; done"
  );
  const servers = superviseServers({ count: 2, ...options });
  await until(() => lines.includes("Migrating"), "the start");

  const { code } = await servers.stop();

  assert.equal(code, 0);
  assert.deepEqual(started, ["start"]);
});
