import assert from "node:assert/strict";
import { isApiKey } from "../../server/auth/token.ts";
import { createTestApp } from "../support/app.ts";
import { insertCaller } from "../support/callers.ts";
import { runCommand } from "../support/command.ts";

const CREATE = [
  "key",
  "create",
  "--user=ada",
  "--name",
  "The phone",
  "--scope",
  "stats:read, sync:write",
];

Deno.test("key: creates, lists and revokes a key, which is alone on stdout", async () => {
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
  const run = (...args: string[]) => runCommand(test, ["key", ...args]);

  const created = await runCommand(test, CREATE);
  const key = created.printed.trim();
  const used = await use(key);
  const listed = await run("list", "--user", "ADA@example.org");
  const prefix = key.slice(0, 11);
  const revoked = await run("revoke", "--user=ada", "--key", prefix);
  const late = await use(key);
  const again = await run("revoke", "--user=ada", `--key=${prefix}`);
  const after = await run("list", "--user=ada");

  assert.deepEqual(
    [created, listed, revoked, again].map(({ code }) => code),
    [0, 0, 0, 0],
  );
  assert.ok(isApiKey(key), created.printed);
  assert.match(created.said, /^Created "The phone" for ada\. Keep the key/);
  assert.deepEqual([used, late], [200, 401]);
  assert.match(
    listed.printed,
    /^pl_\w{8} {2}[\da-f-]{36} {2}live {2}used \S+ from .* {2}stats:read,sync:write {2}The phone\n$/,
  );
  assert.match(revoked.said, /^"The phone" is revoked/);
  assert.match(again.said, /was revoked already/);
  assert.match(after.printed, /revoked \d{4}-/);
  assert.ok(!after.printed.includes(key));
});

Deno.test("key create: takes a day or an instant as the end", async () => {
  await using test = await createTestApp();
  await insertCaller(test, "ada");

  for (const expires of ["2099-01-31", "2099-01-31T12:00:00+01:00"]) {
    const args = [...CREATE, "--expires", expires];
    const { code, said } = await runCommand(test, args);
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
  const [problem, args, code, sentence] of [
    [
      "an unknown user",
      ["key", "list", "--user=eve"],
      1,
      /^There is no user "eve"$/,
    ],
    [
      "the scope admin for a member",
      [...CREATE, "--scope=admin"],
      1,
      /administrators/,
    ],
    ["a scope twice", [...CREATE, "--scope=stats:read"], 2, /scope twice/],
    ["an end in the past", [...CREATE, "--expires=2020-01-01"], 2, /past/],
    ["an invalid end", [...CREATE, "--expires=soon"], 2, /^--expires: /],
    [
      "a long name",
      [...CREATE.slice(0, 3), `--name=${"x".repeat(81)}`, "--scope=stats:read"],
      2,
      /^--name: /,
    ],
    [
      "an unknown key",
      ["key", "revoke", "--user=ada", "--key=pl_nothing1"],
      1,
      /has no key "pl_nothing1"/,
    ],
  ] as const
) {
  Deno.test(`key: refuses ${problem} and creates nothing`, async () => {
    await using test = await createTestApp();
    await insertCaller(test, "ada");

    const result = await runCommand(test, args);

    assert.deepEqual([result.code, result.printed], [code, ""]);
    assert.match(result.said, sentence);
    assert.equal((await test.deps.sql`select from api_keys`).length, 0);
  });
}

Deno.test("key: never shows or revokes the keys of another user", async () => {
  await using test = await createTestApp();
  await insertCaller(test, "ada");
  await insertCaller(test, "bob");
  const { printed } = await runCommand(test, CREATE);
  const prefix = printed.slice(0, 11);

  const list = await runCommand(test, ["key", "list", "--user=bob"]);
  const revoke = await runCommand(
    test,
    ["key", "revoke", "--user=bob", `--key=${prefix}`],
  );

  assert.deepEqual([list.printed, list.said], ["", "The user bob has no keys"]);
  assert.equal(revoke.code, 1);
});
