import assert from "node:assert/strict";
import { lockConnecting, upsertAthlete } from "../../db/athletes.ts";
import { askHidden, type Input, readLine } from "../../cli/hidden_input.ts";
import { ROOT } from "../../cli/root.ts";
import { SERVER_FLAGS } from "../../cli/server_process.ts";
import { insertUser, openBrowser, PASSWORD } from "../support/accounts.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../support/app.ts";
import { type Answers, runCommand } from "../support/command.ts";
import { connectWithoutSync, untilLockWait } from "../support/sync.ts";

const CREATE = [
  "user",
  "create",
  "--username=ada",
  "--email=Ada@example.com",
] as const;

/** Creates an app with the real clock, which is also the clock of the commands. */
async function createApp(): Promise<TestApp> {
  const test = await createTestApp({ env: { LOG_LEVEL: "error" } });
  test.clock.now = Date.now();
  return test;
}

Deno.test("user create: reads a password from a pipe and prints the account", async () => {
  await using test = await createApp();

  const { code, said, printed } = await runCommand(test, CREATE, {
    piped: PASSWORD,
  });

  assert.deepEqual([code, said], [0, ""]);
  assert.match(
    printed,
    /^ada\tada@example.com\tmember\tactive\t\d{4}-\d\d-\d\d\tada\n$/,
  );
  assert.equal((await openBrowser(test).logIn()).status, 200);
});

Deno.test("user create: asks at a terminal until the answers are valid", async () => {
  await using test = await createApp();

  const { code, said } = await runCommand(test, ["user", "create"], {
    typed: ["a da", "ada", "ada", "ada@example.com"],
    hidden: ["short", "password123", PASSWORD, "another", PASSWORD, PASSWORD],
  });

  assert.equal(code, 0, said);
  assert.deepEqual(said.split("\n"), [
    "Username:",
    "Username must have 2 to 32 letters, digits or _ . - and begin with a letter or digit",
    "Username:",
    "E-mail address:",
    "E-mail address must be an address such as ada@example.com",
    "E-mail address:",
    "Password:",
    "The password must have at least 10 characters",
    "Password:",
    "The password is one of those that attackers try first",
    "Password:",
    "Repeat the password:",
    "The passwords do not match",
    "Password:",
    "Repeat the password:",
  ]);
  assert.equal((await openBrowser(test).logIn()).status, 200);
});

Deno.test("user create: refuses missing, weak, taken and cancelled answers", async () => {
  await using test = await createApp();
  await insertUser(test, { username: "grace" });
  const username = "--username=ada";
  const email = "--email=ada@example.com";
  const cases: [string[], Answers, RegExp][] = [
    [[], { piped: null }, /^Add --username and --email, and the password as/],
    [[email], { piped: PASSWORD }, /^Add --username/],
    [[username], { piped: PASSWORD }, /^Add --email/],
    [["--username=a@b", email], { piped: PASSWORD }, /^Username must have 2/],
    [
      [username, "--email=ada"],
      { piped: PASSWORD },
      /must be an address such as/,
    ],
    [[username, email, "--name= "], { piped: PASSWORD }, /^--name/],
    [[username, email], { piped: null }, /^Missing password: .* first line/],
    [[username, email], { piped: "" }, /at least 10 characters/],
    [[username, email], { piped: "ada@example.com" }, /username or the e-mail/],
    [[username, email], { typed: [], hidden: [null] }, /^Cancelled/m],
    [[username, email], { typed: [], hidden: [PASSWORD, null] }, /^Cancelled/m],
    [[email], { typed: [null] }, /^Cancelled/m],
    [["--username=GRACE", email], { piped: PASSWORD }, /username "GRACE" or/],
    [[username, "--email=GRACE@example.com"], { piped: PASSWORD }, /already$/],
  ];
  for (const [args, answers, reason] of cases) {
    const { code, said, printed } = await runCommand(
      test,
      ["user", "create", ...args],
      answers,
    );
    assert.deepEqual([code, printed], [1, ""], args.join(" "));
    assert.match(said, reason);
  }
  assert.equal((await test.deps.sql`select id from users`).length, 1);
});

Deno.test("user create --admin: gives athletes without an owner to the first one only", async () => {
  await using test = await createApp();
  await connectWithoutSync(test);
  const owners = async (): Promise<unknown[]> => [
    ...await test.deps.sql`
      select username, is_default as "isDefault"
      from athletes
      left join users on users.id = athletes.user_id
    `,
  ];
  await insertUser(test, { username: "member" });
  assert.deepEqual(await owners(), [{ username: null, isDefault: false }]);

  const first = await runCommand(test, [...CREATE, "--admin"], {
    piped: PASSWORD,
  });

  assert.equal(
    first.said,
    `ada now owns the athletes that had no owner: ${ATHLETE_ID}`,
  );
  assert.deepEqual(await owners(), [{ username: "ada", isDefault: true }]);
  await test.deps.sql`update athletes set user_id = null, is_default = false`;
  await insertUser(test, { username: "second", role: "admin" });
  assert.deepEqual(await owners(), [{ username: null, isDefault: false }]);
  const events = await test.deps.sql<{ kind: string }[]>`
    select kind from audit_events where athlete_id = ${ATHLETE_ID}
  `;
  assert.deepEqual([...events], [{ kind: "athlete_connected" }]);
});

Deno.test("createUser: gives the athletes to one of two simultaneous first administrators", async () => {
  await using test = await createApp();
  await connectWithoutSync(test);
  await Promise.all(
    ["ada", "grace"].map((username) =>
      insertUser(test, { username, role: "admin" })
    ),
  );
  const rows = await test.deps.sql`
    select user_id from athletes where user_id is not null and is_default
  `;
  assert.equal(rows.length, 1);
});

Deno.test("user create --admin: leaves the athletes of members alone", async () => {
  await using test = await createApp();
  const member = await insertUser(test, { username: "member" });
  await connectWithoutSync(test);
  await test.deps.sql`update athletes set user_id = ${member.id}`;

  const { said } = await runCommand(test, [...CREATE, "--admin"], {
    piped: PASSWORD,
  });

  assert.doesNotMatch(said, /had no owner/);
  const athletes = await test.deps.sql`select user_id from athletes`;
  assert.deepEqual(athletes.map((row) => row["user_id"]), [member.id]);
});

Deno.test("user create --admin: takes over an athlete who is being connected", async () => {
  await using test = await createApp();
  const { sql } = test.deps;
  const locked = Promise.withResolvers<void>();
  const waiting = Promise.withResolvers<void>();
  const connecting = sql.begin(async (tx) => {
    await lockConnecting(tx);
    locked.resolve();
    await waiting.promise;
    const now = new Date(test.clock.now);
    await upsertAthlete(tx, {
      id: ATHLETE_ID,
      profile: { id: ATHLETE_ID },
      now,
    });
  });
  await locked.promise;

  const creating = insertUser(test, { role: "admin" });
  await Promise.race([untilLockWait(test), creating]);
  waiting.resolve();
  await connecting;
  const { id } = await creating;

  const athletes = await sql`select user_id from athletes`;
  assert.deepEqual(athletes.map((row) => row["user_id"]), [id]);
});

Deno.test("user list: prints a line per account, or how to create one", async () => {
  await using test = await createApp();
  const none = await runCommand(test, ["user", "list"]);
  assert.deepEqual([none.code, none.printed], [0, ""]);
  assert.match(none.said, /^There is no user yet/);
  await insertUser(test);
  await insertUser(test, { username: "grace", role: "admin" });
  await runCommand(test, ["user", "disable", "ada"]);

  const { printed } = await runCommand(test, ["user", "list"]);

  assert.match(
    printed,
    /^ada\tada@example.com\tmember\tdisabled\t.*\ngrace\t.*\tadmin\tactive\t/,
  );
});

Deno.test("user disable and enable: end sessions, are idempotent, report unknown users", async () => {
  await using test = await createApp();
  await insertUser(test);
  const browser = openBrowser(test);
  await browser.logIn();
  const disable = ["user", "disable", "ADA@example.com"];

  const first = await runCommand(test, disable);
  const second = await runCommand(test, disable);

  assert.deepEqual([first.code, first.said], [0, "ada is disabled"]);
  assert.deepEqual([second.code, second.said], [0, "ada is already disabled"]);
  assert.equal((await browser.get("/api/auth/me")).status, 401);
  assert.equal((await openBrowser(test).logIn()).status, 401);
  await runCommand(test, ["user", "enable", "ada"]);
  assert.equal((await openBrowser(test).logIn()).status, 200);
  assert.equal((await browser.get("/api/auth/me")).status, 401);
  const unknown = await runCommand(test, ["user", "disable", "nobody"]);
  assert.deepEqual([unknown.code, unknown.said], [
    1,
    'There is no user "nobody"',
  ]);
});

Deno.test("user reset-password: sets the password and ends sessions, refuses a weak one", async () => {
  await using test = await createApp();
  await insertUser(test);
  const browser = openBrowser(test);
  await browser.logIn();
  const reset = ["user", "reset-password", "ada"];

  const weak = await runCommand(test, reset, { piped: "password123" });
  assert.deepEqual([weak.code, weak.said], [
    1,
    "The password is one of those that attackers try first",
  ]);
  assert.equal((await browser.get("/api/auth/me")).status, 200);
  const { code, said } = await runCommand(test, reset, {
    piped: "hundred climbs",
  });
  assert.deepEqual([code, said], [
    0,
    "The password of ada is set; sessions ended: 1",
  ]);
  assert.equal((await browser.get("/api/auth/me")).status, 401);
  assert.equal((await openBrowser(test).logIn()).status, 401);
  const body = { username: "ada", password: "hundred climbs" };
  assert.equal((await openBrowser(test).logIn({ body })).status, 200);
});

Deno.test("main.ts user create: needs only the permissions of the server", async () => {
  await using test = await createApp();
  const { config } = test;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      ...SERVER_FLAGS,
      `${ROOT}/server/main.ts`,
      "user",
      "create",
      "--username=ada",
      "--email=ada@example.com",
    ],
    env: {
      DATABASE_URL: config.databaseUrl,
      INTERNAL_API_KEY: config.internalApiKey,
      STATE_SECRET: config.stateSecret,
      ENCRYPTION_KEY: config.encryptionKey,
      STRAVA_CLIENT_ID: "1",
      STRAVA_CLIENT_SECRET: "1",
      LOG_LEVEL: "error",
      NO_COLOR: "1",
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${PASSWORD}\r\nmore\n`));
  await writer.close();

  const { code, stdout, stderr } = await child.output();

  const decoder = new TextDecoder();
  assert.deepEqual([code, decoder.decode(stderr)], [0, ""]);
  assert.match(decoder.decode(stdout), /^ada\tada@example.com\tmember\tactive/);
  assert.equal((await openBrowser(test).logIn()).status, 200);
});

/** Creates an input that delivers the keys of a terminal in these pieces. */
function createInput(pieces: string[]): Input & { modes: boolean[] } {
  const chunks = pieces.map((piece) => new TextEncoder().encode(piece));
  const modes: boolean[] = [];
  return {
    modes,
    setRaw: (mode) => void modes.push(mode),
    read(bytes) {
      const chunk = chunks.shift();
      if (!chunk) return Promise.resolve(null);
      bytes.set(chunk);
      return Promise.resolve(chunk.length);
    },
  };
}

for (
  const [promise, pieces, expected] of [
    ["reads up to Enter", ["sec", "ret\rmore"], "secret"],
    ["removes a whole letter at Backspace", ["aé👟", "\u007f\u007fb\r"], "ab"],
    ["clears the line at Ctrl-U", ["wrong\u0015right\n"], "right"],
    ["ignores arrow keys", ["a\u001b[Ab\u001bOCc\u001b[3~\r"], "abc"],
    ["cancels at Ctrl-C", ["abc\u0003\r"], null],
    ["cancels at Ctrl-D in an empty line", ["\u0004"], null],
    ["cancels at the end of the input", ["abc"], null],
    ["accepts an empty answer", ["\r"], ""],
  ] as const
) {
  Deno.test(`askHidden: ${promise} and restores the terminal`, async () => {
    const input = createInput([...pieces]);
    const shown: string[] = [];
    const answer = await askHidden("Password:", {
      input,
      say: (text) => void shown.push(text),
    });
    assert.equal(answer, expected);
    assert.deepEqual(shown, ["Password: ", "\n"]);
    assert.deepEqual(input.modes, [true, false]);
  });
}

Deno.test("readLine: returns the first line without its end, or null", async () => {
  for (
    const [pieces, expected] of [
      [["ab", "c\nd"], "abc"],
      [["abc\r\n"], "abc"],
      [["abc"], "abc"],
      [["\n"], ""],
      [[], null],
    ] as const
  ) {
    assert.equal(await readLine(createInput([...pieces])), expected);
  }
});
