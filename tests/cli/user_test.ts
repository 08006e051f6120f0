import assert from "node:assert/strict";
import { lockConnecting, upsertAthlete } from "../../db/athletes.ts";
import { askHidden, type Input, readLine } from "../../cli/hidden_input.ts";
import { ROOT } from "../../cli/root.ts";
import { SERVER_FLAGS } from "../../cli/server_process.ts";
import { runUserCommand, type UserDialog } from "../../cli/user.ts";
import {
  readUserAction,
  toUserArguments,
  type UserAction,
} from "../../cli/user_usage.ts";
import { insertUser, openBrowser, PASSWORD } from "../support/accounts.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../support/app.ts";
import { connectQuietly, untilLockWait } from "../support/sync.ts";

const CREATE: UserAction = {
  action: "create",
  username: "ada",
  email: "Ada@example.com",
  displayName: undefined,
  isAdmin: false,
};

interface Typed {
  /** What is typed at the terminal, line by line; without it there is none. */
  typed?: (string | null)[];
  /** What is typed unseen. */
  hidden?: (string | null)[];
  /** What comes through a pipe. */
  piped?: string | null;
}

interface Told {
  code: number;
  said: string;
  printed: string;
}

async function run(
  { config }: TestApp,
  action: UserAction,
  { typed, hidden = [], piped = null }: Typed = {},
): Promise<Told> {
  const said: string[] = [];
  const printed: string[] = [];
  const dialog: UserDialog = {
    ask: typed && ((question) => {
      said.push(question);
      return typed.shift() ?? null;
    }),
    askHidden: (question) => {
      said.push(question);
      return Promise.resolve(hidden.shift() ?? null);
    },
    readLine: () => Promise.resolve(piped),
    say: (line) => void said.push(line),
    print: (line) => void printed.push(line),
  };
  const code = await runUserCommand(config, action, dialog);
  return { code, said: said.join("\n"), printed: printed.join("\n") };
}

async function createApp(): Promise<TestApp> {
  return await createTestApp({ env: { LOG_LEVEL: "error" } });
}

Deno.test("user create: from a pipe makes an account that can log in, and prints it", async () => {
  await using test = await createApp();

  const { code, said, printed } = await run(test, CREATE, { piped: PASSWORD });

  assert.deepEqual([code, said], [0, ""]);
  assert.match(
    printed,
    /^ada\tada@example.com\tmember\tactive\t\d{4}-\d\d-\d\d\tada$/,
  );
  assert.equal((await openBrowser(test).logIn()).status, 200);
});

Deno.test("user create: at a terminal asks until the answers fit", async () => {
  await using test = await createApp();
  const action = { ...CREATE, username: undefined, email: undefined };

  const { code, said } = await run(test, action, {
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
    "The password is among those that are tried first",
    "Password:",
    "The same again:",
    "The two are not the same",
    "Password:",
    "The same again:",
  ]);
  assert.equal((await openBrowser(test).logIn()).status, 200);
});

Deno.test("user create: what is missing, weak, taken or cancelled makes nothing, and says why", async () => {
  await using test = await createApp();
  await insertUser(test, { username: "grace" });
  const cases: [Partial<typeof CREATE>, Typed, RegExp][] = [
    [{ username: undefined }, { piped: PASSWORD }, /^Add --username/],
    [{ email: undefined }, { piped: PASSWORD }, /^Add --email/],
    [{ username: "a@b" }, { piped: PASSWORD }, /^Username must have 2 to 32/],
    [{ email: "ada" }, { piped: PASSWORD }, /must be an address such as/],
    [{ displayName: " " }, { piped: PASSWORD }, /^--name/],
    [{}, { piped: null }, /first line of the input, which is empty/],
    [{}, { piped: "" }, /at least 10 characters/],
    [{}, { piped: "ada@example.com" }, /username or the e-mail/],
    [{}, { typed: [], hidden: [null] }, /Nothing was done/],
    [{}, { typed: [], hidden: [PASSWORD, null] }, /Nothing was done/],
    [{ username: undefined }, { typed: [null] }, /Nothing was done/],
    [{ username: "GRACE" }, { piped: PASSWORD }, /has the username "GRACE"/],
    [{ email: "GRACE@example.com" }, { piped: PASSWORD }, /already$/],
  ];
  for (const [input, typed, reason] of cases) {
    const action = { ...CREATE, ...input } as UserAction;
    const { code, said, printed } = await run(test, action, typed);
    assert.deepEqual([code, printed], [1, ""]);
    assert.match(said, reason);
  }
  assert.equal((await test.deps.sql`select id from users`).length, 1);
});

Deno.test("user create --admin: the first takes over the athletes of nobody, a later one and a member none", async () => {
  await using test = await createApp();
  await connectQuietly(test);
  const owners = async (): Promise<unknown[]> => [
    ...await test.deps.sql`
      select username, is_default as "isDefault"
      from athletes
      left join users on users.id = athletes.user_id
    `,
  ];
  await insertUser(test, { username: "member" });
  assert.deepEqual(await owners(), [{ username: null, isDefault: false }]);

  const first = await run(test, { ...CREATE, isAdmin: true }, {
    piped: PASSWORD,
  });

  assert.equal(
    first.said,
    `The athletes that belonged to nobody are ada's now: ${ATHLETE_ID}`,
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

Deno.test("users: of two first administrators at once one takes the athletes, and no other is without an owner", async () => {
  await using test = await createApp();
  await connectQuietly(test);
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

Deno.test("user create --admin: the first takes over no member's athlete", async () => {
  await using test = await createApp();
  const member = await insertUser(test, { username: "member" });
  await connectQuietly(test);
  await test.deps.sql`update athletes set user_id = ${member.id}`;

  const { said } = await run(test, { ...CREATE, isAdmin: true }, {
    piped: PASSWORD,
  });

  assert.doesNotMatch(said, /belonged to nobody/);
  const athletes = await test.deps.sql`select user_id from athletes`;
  assert.deepEqual(athletes.map((row) => row["user_id"]), [member.id]);
});

Deno.test("user create --admin: an athlete who is being connected at that moment is taken over too", async () => {
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

Deno.test("user list: every account on a line, or how to make one", async () => {
  await using test = await createApp();
  const none = await run(test, { action: "list" });
  assert.deepEqual([none.code, none.printed], [0, ""]);
  assert.match(none.said, /^There is no user yet/);
  await insertUser(test);
  await insertUser(test, { username: "grace", role: "admin" });
  await run(test, { action: "disable", name: "ada" });

  const { printed } = await run(test, { action: "list" });

  assert.match(
    printed,
    /^ada\tada@example.com\tmember\tdisabled\t.*\ngrace\t.*\tadmin\tactive\t/,
  );
});

Deno.test("user disable, enable: ends the sessions at once; twice is once; an unknown user is told", async () => {
  await using test = await createApp();
  await insertUser(test);
  const browser = openBrowser(test);
  await browser.logIn();
  const disable: UserAction = { action: "disable", name: "ADA@example.com" };

  const first = await run(test, disable);
  const second = await run(test, disable);

  assert.deepEqual([first.code, first.said], [0, "ada is disabled"]);
  assert.deepEqual([second.code, second.said], [0, "ada is disabled already"]);
  assert.equal((await browser.get("/api/auth/me")).status, 401);
  assert.equal((await openBrowser(test).logIn()).status, 401);
  await run(test, { action: "enable", name: "ada" });
  assert.equal((await openBrowser(test).logIn()).status, 200);
  assert.equal((await browser.get("/api/auth/me")).status, 401);
  const unknown = await run(test, { action: "disable", name: "nobody" });
  assert.deepEqual([unknown.code, unknown.said], [
    1,
    'There is no user "nobody"',
  ]);
});

Deno.test("user reset-password: the new one counts, all sessions end, a weak one is refused", async () => {
  await using test = await createApp();
  await insertUser(test);
  const browser = openBrowser(test);
  await browser.logIn();
  const reset: UserAction = { action: "reset-password", name: "ada" };

  const weak = await run(test, reset, { piped: "password123" });
  assert.deepEqual([weak.code, weak.said], [
    1,
    "The password is among those that are tried first",
  ]);
  assert.equal((await browser.get("/api/auth/me")).status, 200);
  const { code, said } = await run(test, reset, { piped: "hundred climbs" });
  assert.deepEqual([code, said], [
    0,
    "The password of ada is set; sessions ended: 1",
  ]);
  assert.equal((await browser.get("/api/auth/me")).status, 401);
  assert.equal((await openBrowser(test).logIn()).status, 401);
  const body = { username: "ada", password: "hundred climbs" };
  assert.equal((await openBrowser(test).logIn({ body })).status, 200);
});

Deno.test("main.ts user create: takes the password from a pipe, with the permissions it has in service", async () => {
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

/** Keys as a terminal sends them, in pieces as they may come. */
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
    ["Backspace takes a whole letter back", ["aé👟", "\u007f\u007fb\r"], "ab"],
    ["Ctrl-U begins anew", ["wrong\u0015right\n"], "right"],
    ["arrows are no letters", ["a\u001b[Ab\u001bOCc\u001b[3~\r"], "abc"],
    ["Ctrl-C cancels", ["abc\u0003\r"], null],
    ["Ctrl-D in an empty line cancels", ["\u0004"], null],
    ["the end of the input cancels", ["abc"], null],
    ["nothing is an answer", ["\r"], ""],
  ] as const
) {
  Deno.test(`askHidden: ${promise}, shows nothing, and leaves the terminal as it was`, async () => {
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

Deno.test("readLine: the first line, without its end, or nothing", async () => {
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

Deno.test("readUserAction: reads what toUserArguments writes, and refuses the rest", () => {
  const actions: UserAction[] = [
    CREATE,
    { ...CREATE, isAdmin: true, displayName: "--Ada Example--" },
    { action: "list" },
    { action: "disable", name: "ada" },
    { action: "enable", name: "ada" },
    { action: "reset-password", name: "ada@example.com" },
  ];
  for (const action of actions) {
    assert.deepEqual(readUserAction(toUserArguments(action)), action);
  }
  for (
    const args of [
      [],
      ["delete", "ada"],
      ["list", "ada"],
      ["disable"],
      ["disable", "ada", "grace"],
      ["disable", "--all"],
      ["create", "ada"],
      ["create", "--password", "x"],
    ]
  ) {
    assert.ok("problem" in readUserAction(args), args.join(" "));
  }
});
