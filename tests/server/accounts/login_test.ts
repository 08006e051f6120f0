import assert from "node:assert/strict";
import { createPasswords } from "../../../server/crypto/password_hash.ts";
import {
  insertUser,
  openBrowser,
  PASSWORD,
  readWhole,
  reasonOf,
  recordHashing,
} from "../../support/accounts.ts";
import { API_KEY, createTestApp, type TestApp } from "../../support/app.ts";

const WRONG = { username: "ada", password: "ten thousand smiles" };
const UNKNOWN = { username: "nobody", password: "ten thousand smiles" };
const REFUSED = [401, "invalid_login"];

/** Runs a function and returns the parameters of each Argon2id computation. */
async function recordDerivations(
  run: () => Promise<unknown>,
): Promise<unknown[]> {
  const { subtle } = crypto;
  const derive = subtle.deriveBits;
  const seen: unknown[] = [];
  subtle.deriveBits = (algorithm, ...rest) => {
    const { name, memory, passes, parallelism } = algorithm as unknown as {
      [name: string]: unknown;
    };
    seen.push({ name, memory, passes, parallelism });
    return derive.call(subtle, algorithm, ...rest);
  };
  try {
    await run();
  } finally {
    subtle.deriveBits = derive;
  }
  return seen;
}

Deno.test("POST /api/auth/login: accepts username or e-mail, ignoring case and spaces", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  for (const username of ["ada", "ADA", " Ada ", "Ada@Example.COM"]) {
    const body = { username, password: PASSWORD };
    const response = await openBrowser(test).logIn({ body });
    assert.equal(response.status, 200, username);
  }
});

Deno.test("POST /api/auth/login: answers the same for every kind of wrong login", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  await insertUser(test, { username: "gone" });
  await insertUser(test, { username: "bare" });
  const { sql } = test.deps;
  await sql`update users set is_active = false where username = 'gone'`;
  await sql`
    delete from passwords
    where user_id = (select id from users where username = 'bare')
  `;
  const answers: unknown[] = [];
  for (
    const body of [
      WRONG,
      UNKNOWN,
      { username: "gone", password: PASSWORD },
      { username: "bare", password: PASSWORD },
      { username: "näme", password: PASSWORD },
      { username: "a\u0000b", password: PASSWORD },
      { username: "\ud800", password: PASSWORD },
      { username: "ada'--", password: PASSWORD },
      { username: "ada%", password: PASSWORD },
    ]
  ) {
    answers.push(await readWhole(await openBrowser(test).logIn({ body })));
  }
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal((answers[0] as { status: number }).status, 401);
});

Deno.test("POST /api/auth/login: does the same work for an unknown or disabled user", async () => {
  await using test = await createTestApp();
  test.deps.passwords = createPasswords();
  await insertUser(test);
  await insertUser(test, { username: "gone" });
  await test.deps.sql`
    update users set is_active = false where username = 'gone'
  `;
  const calls = recordHashing(test);
  for (
    const body of [WRONG, UNKNOWN, { username: "gone", password: PASSWORD }, {
      username: "näme",
      password: PASSWORD,
    }]
  ) {
    calls.length = 0;
    const derived = await recordDerivations(async () => {
      const response = await openBrowser(test).logIn({ body });
      assert.deepEqual(await reasonOf(response), REFUSED);
    });
    assert.deepEqual(calls, ["verify"], body.username);
    assert.deepEqual(derived, [{
      name: "Argon2id",
      memory: 47_104,
      passes: 1,
      parallelism: 1,
    }], body.username);
  }
});

Deno.test("POST /api/auth/login: stores and logs nothing that was typed", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const username = "oops-i-typed-my-password";
  const body = { username, password: "a-secret-password" };
  await (await openBrowser(test).logIn({ body })).body?.cancel();
  const login = await openBrowser(test).logIn({
    body: { username: "ada", password: PASSWORD, return_tokens: true },
  });
  const { access_token, refresh_token } = await login.json();
  const dump = await dumpTables(test);
  const log = test.log.text();
  for (
    const secret of [
      username,
      "a-secret-password",
      PASSWORD,
      access_token,
      refresh_token,
    ]
  ) {
    assert.ok(!dump.includes(secret), secret);
    assert.ok(!log.includes(secret), secret);
  }
});

async function dumpTables({ deps: { sql } }: TestApp): Promise<string> {
  const tables = await sql<{ name: string }[]>`
    select table_name as name
    from information_schema.tables
    where table_schema = 'public'
  `;
  const dumps = tables.map(({ name }) =>
    sql<{ text: string }[]>`select t::text as text from ${sql(name)} t`
  );
  return (await Promise.all(dumps)).flat().map(({ text }) => text).join("\n");
}

Deno.test("sessions: no value in a database dump works as a token or password", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const owner = openBrowser(test);
  assert.equal((await owner.logIn()).status, 200);
  const rows = await test.deps.sql<
    { access: Uint8Array; refresh: Uint8Array; password: string }[]
  >`
    select
      sessions.access_hash as access,
      refresh_tokens.hash as refresh,
      passwords.hash as password
    from sessions
    join refresh_tokens on refresh_tokens.session_id = sessions.id
    join passwords on passwords.user_id = sessions.user_id
  `;
  const { access, refresh, password } = rows[0]!;
  for (const [name, stored] of Object.entries({ access, refresh })) {
    const token = owner.cookies.get(`paceline_${name}`)!;
    const bytes = new TextEncoder().encode(token);
    const hash = await crypto.subtle.digest("SHA-256", bytes);
    assert.equal(stored.toHex(), new Uint8Array(hash).toHex());
  }
  const toSpellings = (bytes: Uint8Array): string[] => [
    bytes.toBase64({ alphabet: "base64url", omitPadding: true }),
    bytes.toHex(),
    `\\x${bytes.toHex()}`,
  ];
  for (const text of [...toSpellings(access), ...toSpellings(refresh)]) {
    for (const token of [text, `pa_${text}`, `pr_${text}`]) {
      for (const name of ["access", "refresh"]) {
        const thief = openBrowser(test);
        thief.cookies.set(`paceline_${name}`, token);
        assert.equal((await thief.get("/api/auth/me")).status, 401, token);
        const refreshed = await thief.post("/api/auth/refresh");
        assert.equal(refreshed.status, 401, token);
      }
      const headers = { authorization: `Bearer ${token}` };
      const me = await test.get("/api/auth/me", { headers });
      assert.equal(me.status, 401);
    }
  }
  const body = { username: "ada", password };
  const login = await openBrowser(test).logIn({ body });
  assert.deepEqual(await reasonOf(login), REFUSED);
});

Deno.test("POST /api/auth/login: ends the session of a planted cookie", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  await insertUser(test, { username: "mallory" });
  const attacker = openBrowser(test);
  await attacker.logIn({ body: { username: "mallory", password: PASSWORD } });
  const victim = attacker.copy();
  const planted = new Map(attacker.cookies);

  assert.equal((await victim.logIn()).status, 200);

  for (const [name, value] of planted) {
    assert.notEqual(victim.cookies.get(name), value);
  }
  const me = await (await victim.get("/api/auth/me")).json();
  assert.equal(me.user.username, "ada");
  assert.equal((await attacker.get("/api/auth/me")).status, 401);
  assert.equal((await attacker.post("/api/auth/refresh")).status, 401);
});

Deno.test("POST /api/auth/login: return_tokens returns working tokens and no cookies", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const program = openBrowser(test, { origin: null });
  const login = await program.logIn({
    body: { username: "ada", password: PASSWORD, return_tokens: true },
  });
  assert.deepEqual(login.headers.getSetCookie(), []);
  const first = await login.json();
  assert.match(first.access_token, /^pa_[\w-]{43}$/);
  assert.match(first.refresh_token, /^pr_[\w-]{43}$/);
  const getMe = async (token: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await program.get("/api/auth/me", { headers })).status;
  };
  assert.equal(await getMe(first.access_token), 200);
  const body = { refresh_token: first.refresh_token };
  const refreshed = await program.post("/api/auth/refresh", { body });
  assert.deepEqual(refreshed.headers.getSetCookie(), []);
  const second = await refreshed.json();
  assert.equal(await getMe(first.access_token), 401);
  assert.equal(await getMe(second.access_token), 200);
  const headers = { authorization: `Bearer ${second.access_token}` };
  const logout = await program.post("/api/auth/logout", { headers });
  assert.equal(logout.status, 200);
  assert.equal(await getMe(second.access_token), 401);
});

Deno.test("POST /api/auth/refresh: refuses two credentials", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const browser = openBrowser(test);
  await browser.logIn();
  const token = browser.cookies.get("paceline_refresh")!;
  const twice = await browser.post("/api/auth/refresh", {
    body: { refresh_token: token },
  });
  assert.deepEqual(await reasonOf(twice), [400, "too_many_credentials"]);
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`)
    .join("; ");
  const planted = await browser.post("/api/auth/refresh", {
    headers: { cookie: `${cookie}; paceline_refresh=pr_planted` },
  });
  assert.deepEqual(await reasonOf(planted), [400, "too_many_credentials"]);
  const program = openBrowser(test, { origin: null });
  const without = await program.post("/api/auth/refresh");
  assert.deepEqual(await reasonOf(without), [401, "missing_session"]);
});

Deno.test("POST /api/auth/refresh, /logout: ignore the cookie if a header has credentials", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const browser = openBrowser(test);
  await browser.logIn();
  const { access_token: token } = await (await openBrowser(test).logIn({
    body: { username: "ada", password: PASSWORD, return_tokens: true },
  })).json();
  for (
    const [headers, refresh] of [
      [{ authorization: `Bearer ${token}` }, [401, "missing_session"]],
      [{ authorization: "Bearer wrong" }, [401, "invalid_api_key"]],
      [{ "x-api-key": API_KEY }, [401, "missing_session"]],
      [{ authorization: `Bearer ${API_KEY}` }, [401, "missing_session"]],
    ] as const
  ) {
    const thief = browser.copy();
    const refreshed = await thief.post("/api/auth/refresh", { headers });
    assert.deepEqual(await reasonOf(refreshed), refresh);
    await (await thief.post("/api/auth/logout", { headers })).body?.cancel();
    const me = await browser.get("/api/auth/me");
    assert.equal(me.status, 200, Deno.inspect(headers));
  }

  const proxied = { authorization: "Basic cHJveHk6cGFzcw==" };
  const refreshed = await browser.post("/api/auth/refresh", {
    headers: proxied,
  });
  assert.equal(refreshed.status, 200);
  await browser.copy().post("/api/auth/logout", { headers: proxied });
  assert.equal((await browser.get("/api/auth/me")).status, 401);
});

Deno.test("GET /api/auth/me: refuses a wrong key with a valid cookie, and two headers", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const browser = openBrowser(test);
  await browser.logIn();
  const token = browser.cookies.get("paceline_access")!;
  for (
    const [headers, status] of [
      [{ "x-api-key": "wrong" }, 401],
      [{ authorization: "Bearer wrong" }, 401],
      [{ authorization: "Bearer" }, 401],
      [{ "x-api-key": token }, 401],
      [{ "x-api-key": token, authorization: `Bearer ${token}` }, 400],
      [{ cookie: `paceline_access=${token}; paceline_access=${token}` }, 400],
      [{ cookie: `paceline_access="${token}"` }, 401],
      [{ cookie: `PACELINE_ACCESS=${token}` }, 401],
    ] as const
  ) {
    const response = await browser.get("/api/auth/me", { headers });
    assert.equal(response.status, status, Deno.inspect(headers));
    await response.body?.cancel();
  }
});

Deno.test("auth.login: sets cookies over tRPC and refuses streamed batches", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const json = { username: "ada", password: PASSWORD };
  const alone = openBrowser(test);
  assert.equal(
    (await alone.post("/trpc/auth.login", { body: { json } })).status,
    200,
  );
  assert.equal(alone.cookies.size, 3);
  const batch = openBrowser(test);
  const path = "/trpc/auth.login?batch=1";
  const body = { 0: { json } };
  assert.equal((await batch.post(path, { body })).status, 200);
  assert.equal(batch.cookies.size, 3);
  const calls = recordHashing(test);
  const streamed = openBrowser(test);
  const response = await streamed.post(path, {
    body,
    headers: { "trpc-accept": "application/jsonl" },
  });
  assert.match(await response.text(), /"reason"|invalid_input/);
  assert.equal(streamed.cookies.size, 0);
  assert.deepEqual(calls, []);
});

Deno.test("POST /api/auth/login: refuses odd and huge inputs without hashing", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const calls = recordHashing(test);
  for (
    const body of [
      {},
      [],
      null,
      "ada",
      { username: "ada" },
      { username: "", password: "" },
      { username: ["ada"], password: PASSWORD },
      { username: { "$ne": null }, password: { "$ne": null } },
      { username: "a".repeat(255), password: PASSWORD },
      { username: "ada", password: "x".repeat(1025) },
      { username: "ada", password: PASSWORD, role: "admin" },
      { username: "ada", password: PASSWORD, return_tokens: "true" },
    ]
  ) {
    const response = await openBrowser(test).logIn({ body });
    assert.deepEqual(
      await reasonOf(response),
      [400, "invalid_input"],
      Deno.inspect(body).slice(0, 60),
    );
  }
  const huge = { username: "ada", password: "x".repeat(200_000) };
  const response = await openBrowser(test).logIn({ body: huge });
  assert.deepEqual(await reasonOf(response), [413, "body_too_large"]);
  assert.deepEqual(calls, []);
});

Deno.test("POST /api/auth/login: answers 503 when too many wait, without counting", async () => {
  await using test = await createTestApp();
  test.deps.passwords = createPasswords({ maxWaiting: 1 });
  await insertUser(test);
  const answers = await Promise.all(
    Array.from(
      { length: 5 },
      (_, count) => openBrowser(test).logIn({ address: `10.${count}.0.1` }),
    ),
  );
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, 200, 200, 503, 503]);
  const busy = answers.find(({ status }) => status === 503)!;
  assert.equal(busy.headers.get("retry-after"), "2");
  assert.deepEqual(await reasonOf(busy), [503, "busy"]);
  const [row] = await test.deps.sql<{ sum: number }[]>`
    select sum(count)::int8 as sum from login_attempts
  `;
  assert.equal(row?.sum, 0);
});

Deno.test("POST /api/auth/login: rehashes a password when the parameters have changed", async () => {
  await using test = await createTestApp();
  const passwords = createPasswords();
  const parameters = { memory: 40_960, passes: 1, lanes: 1 };
  test.deps.passwords = createPasswords({ parameters });
  await insertUser(test);
  test.deps.passwords = passwords;
  const read = async (): Promise<string> => {
    const [row] = await test.deps.sql<{ hash: string }[]>`
      select hash from passwords
    `;
    return row!.hash;
  };
  assert.match(await read(), /m=40960/);

  assert.equal((await openBrowser(test).logIn()).status, 200);

  assert.match(await read(), /m=47104/);
  assert.equal((await openBrowser(test).logIn()).status, 200);
});

Deno.test("POST /api/auth/login: opens no session if the user changes during the login", async () => {
  for (const change of ["password", "active"]) {
    await using test = await createTestApp();
    await insertUser(test);
    const { passwords, sql } = test.deps;
    test.deps.passwords = {
      ...passwords,
      async verify(password, hash) {
        const verdict = await passwords.verify(password, hash);
        if (change === "active") await sql`update users set is_active = false`;
        else {
          await sql`update passwords set hash = ${await passwords.hash(
            "another password",
          )}`;
        }
        return verdict;
      },
    };
    const response = await openBrowser(test).logIn();
    assert.deepEqual(await reasonOf(response), REFUSED, change);
    assert.deepEqual([...await sql`select id from sessions`], []);
  }
});
