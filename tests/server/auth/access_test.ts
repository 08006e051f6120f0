import assert from "node:assert/strict";
import type { AnyTRPCProcedure } from "@trpc/server";
import superjson from "superjson";
import type { OpenApiMeta } from "trpc-to-openapi";
import { z } from "zod";
import { unwrap } from "../../../server/http/query.ts";
import { appRouter } from "../../../server/router.ts";
import { SCOPES } from "../../../server/auth/scope.ts";
import { createToken } from "../../../server/auth/token.ts";
import { changeUserActive } from "../../../server/accounts/users.ts";
import { API_KEY, createTestApp, type TestApp } from "../../support/app.ts";
import {
  insertAthlete,
  insertCaller,
  insertKey,
  type TestUser,
} from "../../support/callers.ts";

const ADAS = 700_011;
const BOBS = 700_012;
const OF_INSTANCE = 700_013;
const NOBODYS = 799_999;

/** Procedures that are not about one athlete and therefore accept none. */
const OF_NO_ATHLETE = /^(auth|keys)\.|^admin\.(status|audit)$|^athletes\.list$/;

/** Further inputs that a procedure requires. */
const USUAL_INPUT: Record<string, Record<string, unknown>> = {
  "activities.get": { id: 1 },
  "activities.laps": { id: 1 },
  "activities.streams": { id: 1 },
  "athleteValues.set": { kind: "weight", date: "2026-01-01", value: 70 },
  "athleteValues.delete": { kind: "weight", date: "2026-01-01" },
  "gear.create": { kind: "bike", name: "Blue" },
  "imports.get": { id: 1 },
  "imports.progress": { id: 1 },
  "athletes.setVisibility": { visibility: "public" },
  "stats.goal": { metric: "distance", target: 1_000_000, period: "year" },
};

interface Procedure {
  name: string;
  type: "query" | "mutation" | "subscription";
  openapi: OpenApiMeta["openapi"];
  shape: Record<string, z.ZodType>;
}

/** Every procedure. A new one is covered without being listed here. */
const PROCEDURES: Procedure[] = Object.entries(
  appRouter._def.procedures as unknown as Record<string, AnyTRPCProcedure>,
).map(([name, { _def }]) => {
  const { inputs } = _def as unknown as { inputs: z.ZodType[] };
  const schema = unwrap(inputs[0]);
  return {
    name,
    type: _def.type,
    openapi: (_def.meta as OpenApiMeta | undefined)?.openapi,
    shape: schema instanceof z.ZodObject ? schema.shape : {},
  };
}).filter(({ name }) => !OF_NO_ATHLETE.test(name));

type Ask = (
  test: TestApp,
  athlete: number | string,
  headers: Record<string, string>,
) => Promise<Response>;

/** Every way to ask about an athlete: each procedure by tRPC and by REST, and the export. */
const WAYS: Record<string, Ask> = Object.fromEntries([
  ...PROCEDURES.map((procedure) =>
    [`tRPC ${procedure.name}`, askTrpc(procedure)] as const
  ),
  ...PROCEDURES.flatMap((procedure) =>
    procedure.openapi ? [[`REST ${procedure.name}`, askRest(procedure)]] : []
  ),
  [
    "the export",
    (test, athlete, headers) =>
      test.get(`/strava/activities/export?format=csv&athlete=${athlete}`, {
        headers,
      }),
  ] as const,
]);

function askTrpc({ name, type }: Procedure): Ask {
  return (test, athlete, headers) => {
    const input = superjson.serialize({ ...USUAL_INPUT[name], athlete });
    if (type === "mutation") {
      return test.post(`/trpc/${name}`, {
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(input),
      });
    }
    const query = encodeURIComponent(JSON.stringify(input));
    const accept = type === "subscription"
      ? { accept: "text/event-stream" }
      : {};
    return test.get(`/trpc/${name}?input=${query}`, {
      headers: { ...headers, ...accept },
    });
  };
}

function askRest({ name, openapi }: Procedure): Ask {
  return (test, athlete, headers) => {
    const { id = 0, ...input } = USUAL_INPUT[name] ?? {};
    const path = openapi!.path.replace("{id}", String(id));
    if (openapi!.method === "GET") {
      const query = new URLSearchParams({
        ...input as Record<string, string>,
        athlete: String(athlete),
      });
      return test.get(`${path}?${query}`, { headers });
    }
    return test.post(path, {
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ ...input, athlete }),
    });
  };
}

/** Returns status and reason for any kind of request; a stream is closed. */
async function judge(
  response: Response,
): Promise<{ status: number; reason: string | undefined }> {
  const { status, headers } = response;
  const type = headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream")) {
    const reader = response.body!.getReader();
    let text = "";
    while (!/"reason"|"activities"|"state"/.test(text)) {
      const { value, done } = await reader.read();
      if (done) break;
      text += new TextDecoder().decode(value);
    }
    await reader.cancel();
    const reason = /"reason":"(\w+)"/.exec(text)?.[1];
    const refused = reason === "missing_api_key" ? 401 : 404;
    return { status: reason ? refused : status, reason };
  }
  const text = await response.text();
  const reason = /"reason":"(\w+)"/.exec(text)?.[1];
  return { status, reason: status < 300 ? undefined : reason };
}

/** Ada and Bob with an athlete each, private, and the instance's own, which everyone sees. */
async function createHouse(
  env: Parameters<typeof createTestApp>[0] = {},
): Promise<TestApp & { ada: TestUser; bob: TestUser; root: TestUser }> {
  const test = await createTestApp(env);
  const ada = await insertCaller(test, "ada");
  const bob = await insertCaller(test, "bob");
  const root = await insertCaller(test, "root", { role: "admin" });
  await insertAthlete(test, { id: ADAS, userId: ada.id });
  await insertAthlete(test, { id: BOBS, userId: bob.id });
  await insertAthlete(test, { id: OF_INSTANCE });
  await test.deps.sql`
    insert into imports (
      athlete_id, id, name, state, time_zone, visibility, started_at, ended_at
    )
    overriding system value
    values (${ADAS}, 1, 'a.zip', 'done', 'UTC', 'only_me', now(), now())
  `;
  return Object.assign(test, { ada, bob, root });
}

async function dump({ deps: { sql } }: TestApp): Promise<unknown> {
  return await sql`
    select athletes.*, grants.refresh_token, sync_state.full_sync_requested_at
    from athletes
    join grants on grants.athlete_id = athletes.id
    join sync_state on sync_state.athlete_id = athletes.id
    order by athletes.id
  `;
}

Deno.test("router: every procedure about an athlete accepts `athlete`", () => {
  assert.ok(PROCEDURES.length > 30);
  for (const { name, shape } of PROCEDURES) {
    assert.ok(shape["athlete"], name);
  }
});

Deno.test("access: treats another user's private athlete as missing", async (t) => {
  await using test = await createHouse();
  const { bob } = test;
  const callers = {
    "a stranger": {},
    "another user": bob.headers,
    "another user's key": (await insertKey(test, {
      user: bob,
      scopes: SCOPES.filter((scope) => scope !== "admin"),
    })).headers,
    "another user's almighty key":
      (await insertKey(test, { user: bob, scopes: SCOPES })).headers,
  };
  const before = await dump(test);
  const unknown = createToken("ps");
  for (const [way, ask] of Object.entries(WAYS)) {
    await t.step(way, async () => {
      for (const [who, headers] of Object.entries(callers)) {
        const refused = await judge(await ask(test, ADAS, headers));
        const absent = await judge(await ask(test, NOBODYS, headers));
        assert.deepEqual(refused, absent, who);
        assert.notEqual(refused.status, 200, who);
        if (who === "another user") {
          assert.deepEqual(
            refused,
            { status: 404, reason: "athlete_not_found" },
          );
        }
        const guessed = await judge(await ask(test, unknown, headers));
        if (!way.includes("athletes.")) {
          assert.deepEqual(guessed, absent, who);
        }
      }
    });
  }
  assert.deepEqual(await dump(test), before);
});

Deno.test("access: shows another user's public athlete, but not owner routes", async (t) => {
  await using test = await createHouse();
  const { headers } = test.bob;
  await test.deps.sql`
    update athletes set visibility = 'public' where id = ${ADAS}
  `;
  const before = await dump(test);
  let owners = 0;
  for (const [way, ask] of Object.entries(WAYS)) {
    await t.step(way, async () => {
      const answer = await judge(await ask(test, ADAS, headers));
      const { status } = await judge(await ask(test, ADAS, {}));
      if (status === 401) {
        const notFound = { status: 404, reason: "athlete_not_found" };
        assert.deepEqual(answer, notFound);
        owners++;
      } else if (answer.reason !== "activity_not_found") {
        assert.deepEqual([status, answer.status], [200, 200]);
      }
    });
  }
  assert.ok(owners > 15, `only ${owners}`);
  assert.deepEqual(await dump(test), before);
});

Deno.test("access: allows owner, administrator and INTERNAL_API_KEY every query", async (t) => {
  await using test = await createHouse();
  const callers = {
    "its owner": test.ada.headers,
    "an administrator": test.root.headers,
    "an administrator's key":
      (await insertKey(test, { user: test.root, scopes: SCOPES })).headers,
    INTERNAL_API_KEY: { "x-api-key": API_KEY },
  };
  for (const [way, ask] of Object.entries(WAYS)) {
    const name = way.split(" ")[1]!;
    const procedure = PROCEDURES.find((each) => each.name === name);
    if (procedure?.type === "mutation") continue;
    await t.step(way, async () => {
      for (const [who, headers] of Object.entries(callers)) {
        const { status, reason } = await judge(await ask(test, ADAS, headers));
        // Activity 1 does not exist, and the athlete may have no run.
        if (reason === "activity_not_found") continue;
        assert.equal(status, 200, `${who}: ${reason}`);
      }
    });
  }
});

Deno.test("access: defaults to the own athlete, else the instance's public one", async () => {
  await using test = await createHouse();
  const { ada, root } = test;
  const carl = await insertCaller(test, "carl");
  const read = async (
    headers: Record<string, string>,
  ): Promise<number | string> => {
    const response = await test.get("/strava/activities?limit=1", { headers });
    const { data, reason } = await response.json();
    if (!data) return reason;
    const rows = await test.deps.sql<{ athleteId: number }[]>`
      select athlete_id as "athleteId" from activities where id = ${data[0].id}
    `;
    return rows[0]!.athleteId;
  };

  assert.equal(await read(ada.headers), ADAS);
  assert.equal(await read(carl.headers), OF_INSTANCE);
  assert.equal(await read({}), OF_INSTANCE);
  assert.equal(await read({ "x-api-key": API_KEY }), ADAS, "the first of all");
  assert.equal(await read(root.headers), ADAS, "the first of all");

  await test.deps.sql`
    update athletes set visibility = 'private' where id = ${OF_INSTANCE}
  `;
  assert.equal(await read({}), "athlete_not_found");
  assert.equal(await read(carl.headers), "athlete_not_found");
});

Deno.test("PUBLIC_STATS=false: hides the instance's athlete, not a public one", async () => {
  await using test = await createHouse({ env: { PUBLIC_STATS: "false" } });
  const path = "/strava/stats/ytd";
  const ask = async (query: string): Promise<unknown> =>
    await judge(await test.get(path + query));
  const missing = { status: 401, reason: "missing_api_key" };
  const notFound = { status: 404, reason: "athlete_not_found" };
  const fine = { status: 200, reason: undefined };

  assert.deepEqual(await ask(""), missing);
  assert.deepEqual(await ask(`?athlete=${OF_INSTANCE}`), notFound);
  assert.deepEqual(await ask(`?athlete=${ADAS}`), notFound);

  await test.deps.sql`
    update athletes set visibility = 'public' where id = ${ADAS}
  `;
  assert.deepEqual(await ask(`?athlete=${ADAS}`), fine);
  assert.deepEqual(await ask(""), fine);
  assert.deepEqual(await ask(`?athlete=${OF_INSTANCE}`), notFound);
});

Deno.test("`athlete`: answers 400 for anything but an id or a token", async () => {
  await using test = await createHouse();
  const { headers } = test.ada;
  const token = createToken("ps");
  for (
    const athlete of [
      "",
      "0",
      "-1",
      "1.5",
      "1e3",
      "9007199254740993",
      "ada",
      "ps_",
      token.slice(0, -1),
      `${token}x`,
      token.replace("ps_", "pa_"),
      `${ADAS} or 1=1`,
      "%00",
    ]
  ) {
    const path = `/strava/stats/ytd?athlete=${athlete}`;
    const answer = await judge(await test.get(path, { headers }));
    assert.deepEqual(answer, { status: 400, reason: "invalid_input" }, athlete);
  }
  for (
    const athlete of [
      String(ADAS),
      -1,
      1.5,
      2 ** 53,
      null,
      true,
      [ADAS],
      { id: ADAS },
    ]
  ) {
    const input = encodeURIComponent(JSON.stringify({ json: { athlete } }));
    const path = `/trpc/stats.ytd?input=${input}`;
    const answer = await judge(await test.get(path, { headers }));
    assert.deepEqual(
      answer,
      { status: 400, reason: "invalid_input" },
      String(athlete),
    );
    const body = JSON.stringify({ athlete });
    const posted = await test.post("/strava/refresh-data", {
      headers: { ...headers, "content-type": "application/json" },
      body,
    });
    assert.deepEqual(
      await judge(posted),
      { status: 400, reason: "invalid_input" },
      body,
    );
  }
});

Deno.test("`athlete`: refuses a repeated parameter", async () => {
  await using test = await createHouse();
  const path = `/strava/stats/ytd?athlete=${ADAS}&athlete=${BOBS}`;
  const answer = await judge(await test.get(path, test.ada));
  assert.deepEqual(answer, { status: 400, reason: "invalid_input" });
});

Deno.test("API key: shows own private data only with activities:read_private", async () => {
  await using test = await createHouse();
  const { ada, bob } = test;
  await test.deps.sql`
    update activities
    set visibility = 'only_me'
    where (athlete_id, id) in (
      select athlete_id, min(id) from activities group by athlete_id
    )
  `;
  await test.deps.sql`
    update activities
    set visibility = 'everyone'
    where visibility <> 'only_me'
  `;
  await test.deps.sql`update athletes set visibility = 'public'`;
  const count = async (
    headers: Record<string, string>,
    athlete: number,
  ): Promise<number> => {
    const path = `/strava/activities?athlete=${athlete}`;
    return (await (await test.get(path, { headers })).json()).total;
  };
  const readers = (await insertKey(test, {
    user: ada,
    scopes: ["stats:read", "activities:read"],
  })).headers;
  const privates = (await insertKey(test, {
    user: ada,
    scopes: ["activities:read", "activities:read_private"],
  })).headers;

  assert.equal(await count(readers, ADAS), 2);
  assert.equal(await count(privates, ADAS), 3);
  assert.equal(await count(ada.headers, ADAS), 3);
  for (const headers of [privates, bob.headers]) {
    const other = headers === privates ? BOBS : ADAS;
    assert.equal(await count(headers, other), 2);
  }
  // An administrator's key lacks administrator rights without the scope.
  const roots = (await insertKey(test, {
    user: test.root,
    scopes: ["activities:read", "activities:read_private"],
  })).headers;
  assert.equal(await count(roots, ADAS), 2);
  assert.equal(await count(test.root.headers, ADAS), 3);
});

type House = Awaited<ReturnType<typeof createHouse>>;

/** Events that end a reader's right to an open stream, and the error that the stream then sends. */
const CUTS: [
  what: string,
  reason: string | undefined,
  toHeaders: (house: House) => Promise<Record<string, string>>,
  cut: (house: House) => Promise<unknown>,
][] = [
  [
    "nothing that ends it",
    undefined,
    (house) => Promise.resolve(house.ada.headers),
    () => Promise.resolve(),
  ],
  [
    "a visibility that is withdrawn",
    "athlete_not_found",
    async ({ deps: { sql } }) => {
      await sql`update athletes set visibility = 'public' where id = ${ADAS}`;
      return {};
    },
    ({ deps: { sql } }) =>
      sql`update athletes set visibility = 'private' where id = ${ADAS}`,
  ],
  [
    "a session that is ended",
    "session_expired",
    (house) => Promise.resolve(house.ada.headers),
    (house) => house.post("/api/auth/logout", { headers: house.ada.headers }),
  ],
  [
    "an access token that runs out",
    "session_expired",
    ({ ada: { cookie } }) => Promise.resolve({ cookie }),
    ({ deps: { sql, now }, ada: { sessionId } }) =>
      sql`
        update sessions
        set access_expires_at = ${new Date(now())}
        where id = ${sessionId}
      `,
  ],
  [
    "a key that is revoked",
    "invalid_api_key",
    async (house) =>
      (await insertKey(house, { user: house.ada, scopes: ["stats:read"] }))
        .headers,
    ({ deps: { sql, now } }) =>
      sql`update api_keys set revoked_at = ${new Date(now())}`,
  ],
  [
    "a user who is disabled",
    "session_expired",
    (house) => Promise.resolve(house.ada.headers),
    ({ deps, ada: { id: userId } }) =>
      changeUserActive(deps, { userId, isActive: false }),
  ],
  [
    "an administrator who is one no more",
    "athlete_not_found",
    (house) => Promise.resolve(house.root.headers),
    ({ deps: { sql }, root: { id } }) =>
      sql`update users set role = 'member' where id = ${id}`,
  ],
];

for (const [what, reason, toHeaders, cut] of CUTS) {
  Deno.test(
    `sync.progress: with ${what} while it streams, ${
      reason === undefined ? "it goes on" : `it ends with ${reason}`
    }`,
    async () => {
      await using test = await createHouse();
      const input = encodeURIComponent(
        JSON.stringify({ json: { athlete: ADAS } }),
      );
      const response = await test.get(`/trpc/sync.progress?input=${input}`, {
        headers: { ...await toHeaders(test), accept: "text/event-stream" },
      });
      const reader = response.body!.pipeThrough(new TextDecoderStream())
        .getReader();
      const readUntil = async (pattern: RegExp): Promise<string> => {
        let text = "";
        while (!pattern.test(text)) {
          const { value, done } = await reader.read();
          if (done) break;
          text += value;
        }
        return text;
      };
      await readUntil(/"activities"/);

      await cut(test);
      await test.deps.sql`delete from activities where athlete_id = ${ADAS}`;
      const rest = await readUntil(/reason|"activities"/);
      await reader.cancel();

      const told = /"reason":"(\w+)"/.exec(rest)?.[1];
      assert.equal(told, reason);
      assert.equal(/"activities"/.test(rest), reason === undefined);
    },
  );
}
