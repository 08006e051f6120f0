import assert from "node:assert/strict";
import { readCommandLine, toServerArguments } from "../../cli/command_line.ts";
import { runKeyCommand } from "../../cli/key.ts";
import { isApiKey } from "../../server/auth/token.ts";
import { insertCaller } from "../support/callers.ts";
import { createTestApp, type TestApp } from "../support/app.ts";

async function run(
  { config }: TestApp,
  args: readonly string[],
): Promise<{ code: number; text: string; said: string }> {
  const read = readCommandLine(["key", ...args]);
  assert.ok("command" in read && read.command === "key", JSON.stringify(read));
  let text = "";
  const said: string[] = [];
  const code = await runKeyCommand(config, {
    line: read.key,
    write: (part) => Promise.resolve(void (text += part)),
    say: (line) => void said.push(line),
  });
  return { code, text, said: said.join("\n") };
}

const CREATE = [
  "create",
  "--user=ada",
  "--name",
  "The phone",
  "--scope",
  "stats:read,sync:write",
];

Deno.test("key create, list, revoke: a key that works until it is revoked, alone on stdout", async () => {
  await using test = await createTestApp({
    synced: true,
    env: { LOG_LEVEL: "error" },
  });
  await insertCaller(test, "ada");
  test.clock.now = Date.now();
  const use = async (key: string): Promise<number> => {
    const response = await test.get("/strava/stats/ytd", {
      headers: { "x-api-key": key },
    });
    await response.body?.cancel();
    return response.status;
  };

  const made = await run(test, CREATE);
  const key = made.text.trim();
  const used = await use(key);
  const listed = await run(test, ["list", "--user", "ADA@example.org"]);
  const prefix = key.slice(0, 11);
  const revoked = await run(test, ["revoke", "--user=ada", "--key", prefix]);
  const late = await use(key);
  const again = await run(test, ["revoke", "--user=ada", `--key=${prefix}`]);
  const after = await run(test, ["list", "--user=ada"]);

  assert.deepEqual([made.code, listed.code, revoked.code, again.code], [
    0,
    0,
    0,
    0,
  ]);
  assert.ok(isApiKey(key), made.text);
  assert.match(made.said, /^Made "The phone" for ada\. Keep the key/);
  assert.deepEqual([used, late], [200, 401]);
  assert.match(
    listed.text,
    /^pl_\w{8} {2}[\da-f-]{36} {2}live {2}used \S+ from .* {2}stats:read,sync:write {2}The phone\n$/,
  );
  assert.match(revoked.said, /^"The phone" is revoked/);
  assert.match(again.said, /was revoked already/);
  assert.match(after.text, /revoked \d{4}-/);
  assert.ok(!after.text.includes(key));
});

Deno.test("key create: with an end, a date or an instant", async () => {
  await using test = await createTestApp();
  await insertCaller(test, "ada");

  for (const expires of ["2099-01-31", "2099-01-31T12:00:00+01:00"]) {
    const { code, said } = await run(test, [...CREATE, "--expires", expires]);
    assert.equal(code, 0, said);
  }

  const ends = await test.deps.sql<{ at: Date }[]>`
    select expires_at as at from api_keys order by 1
  `;
  assert.deepEqual(ends.map(({ at }) => at.toISOString()), [
    "2099-01-31T00:00:00.000Z",
    "2099-01-31T11:00:00.000Z",
  ]);
});

for (
  const [what, args, code, sentence] of [
    ["nobody", ["list", "--user=eve"], 1, /^There is no user "eve"$/],
    ["an unknown scope", [...CREATE, "--scope=everything"], 2, /^--scope: /],
    [
      "the scope admin for a member",
      [...CREATE, "--scope=admin"],
      1,
      /administrators/,
    ],
    ["a scope twice", [...CREATE, "--scope=stats:read"], 2, /scope twice/],
    ["an end in the past", [...CREATE, "--expires=2020-01-01"], 2, /past/],
    ["an end that is none", [...CREATE, "--expires=soon"], 2, /^--expires: /],
    ["a long name", [...CREATE, `--name=${"x".repeat(81)}`], 2, /^--name: /],
    [
      "a key that is not there",
      ["revoke", "--user=ada", "--key=pl_nothing1"],
      1,
      /has no key "pl_nothing1"/,
    ],
  ] as const
) {
  Deno.test(`key: ${what} is refused with a sentence, and nothing is made`, async () => {
    await using test = await createTestApp();
    await insertCaller(test, "ada");

    const result = await run(test, args);

    assert.deepEqual([result.code, result.text], [code, ""]);
    assert.match(result.said, sentence);
    assert.equal((await test.deps.sql`select from api_keys`).length, 0);
  });
}

Deno.test("key list: of nobody's keys says so; another user's are not there", async () => {
  await using test = await createTestApp();
  await insertCaller(test, "ada");
  await insertCaller(test, "bob");
  const { text } = await run(test, CREATE);

  const list = await run(test, ["list", "--user=bob"]);
  const revoke = await run(test, [
    "revoke",
    "--user=bob",
    `--key=${text.slice(0, 11)}`,
  ]);

  assert.deepEqual([list.text, list.said], ["", "The user bob has no keys"]);
  assert.equal(revoke.code, 1);
});

for (
  const [args, problem] of [
    [[], /What is to be done/],
    [["delete"], /Unknown action "delete"/],
    [["list"], /--user is missing/],
    [["list", "--user="], /--user is missing/],
    [["create", "--user=ada", "--name=a"], /--scope is missing/],
    [["create", "--user=ada", "--scope=admin"], /--name is missing/],
    [["create", "--user=ada", "--scope=,", "--name=a"], /--scope is missing/],
    [["revoke", "--user=ada"], /--key is missing/],
    [["list", "--user=ada", "--key=x"], /takes no --key/],
    [["list", "--user=ada", "--force"], /force/],
    [["list", "ada"], /ada/],
  ] as const
) {
  Deno.test(`readCommandLine: key ${args.join(" ")} is a sentence`, () => {
    const line = readCommandLine(["key", ...args]);
    assert.ok("problem" in line);
    assert.match(line.problem, problem);
  });
}

for (
  const args of [
    ["key", "create", "--user=ada", "--name=-x --y", "--scope=a,b"],
    ["key", "create", "--user=a", "--name=b", "--scope=c", "--expires=d"],
    ["key", "list", "--user=-odd"],
    ["key", "revoke", "--user=ada", "--key=pl_12345678"],
    ["export", "--user=ada"],
    ["erase", "--user=-odd", "--yes"],
  ]
) {
  Deno.test(`toServerArguments: hands on ${args.join(" ")}`, () => {
    const line = readCommandLine(args);
    assert.ok("command" in line);
    assert.deepEqual(toServerArguments(line), args);
  });
}

for (const command of ["export", "erase"]) {
  Deno.test(`readCommandLine: ${command} is about an athlete or a user, not both`, () => {
    const line = readCommandLine([command, "--user=ada", "--athlete=1"]);
    assert.ok("problem" in line);
    assert.match(line.problem, /exclude each other/);
  });
}
