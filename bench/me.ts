/**
 * Compares the requests per second of `GET /api/auth/me` with those of a bare tRPC procedure with one query.
 *
 * ```sh
 * deno run --allow-env --allow-net=127.0.0.1 --allow-read --allow-write --allow-run --allow-sys=uid bench/me.ts [requests]
 * ```
 *
 * Starts the embedded PostgreSQL, or uses the server of DATABASE_URL, where it creates and drops a database.
 * Both are called as functions, ten requests at a time. A network between would only hide the difference.
 * They take turns, so that the state of the machine affects both alike. The first rounds are a warm-up.
 * The result is the median of the rounds' ratios. Exits with 1 if it is below the goal.
 */

import { initTRPC } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import superjson from "superjson";
import type { Pool } from "../db/driver/client.ts";
import { createApp } from "../server/app.ts";
import { openDeps } from "../server/deps.ts";
import { createUser } from "../server/accounts/users.ts";
import { createConfig, median, openDatabase, printCells } from "./database.ts";

const MIN_RATIO = 0.6;
const AT_ONCE = 10;
const WARM_UP = 3;
const ROUNDS = 15;
const SERVER_URL = "http://localhost:5001";
const USER = { username: "ada", password: "ten thousand miles" };

type SendRequest = () => Promise<Response>;

async function main(count: number): Promise<void> {
  await using database = await openDatabase();
  await using deps = await openDeps(createConfig(database.url));
  const app = createApp(deps);
  await createUser({ ...deps, address: undefined, agent: undefined }, {
    ...USER,
    email: "ada@example.com",
    displayName: "Ada Example",
    role: "member",
  }, "user_created");
  const me = await createMe(app);
  const bare = createBare(deps.sql);
  const rounds: { me: number; bare: number }[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    // The order alternates, because the second measurement runs on a warmer machine.
    const isOdd = round % 2 !== 0;
    const first = await measure(isOdd ? me : bare, count);
    const second = await measure(isOdd ? bare : me, count);
    const [meRate, bareRate] = isOdd ? [first, second] : [second, first];
    if (round >= 0) rounds.push({ me: meRate, bare: bareRate });
  }
  const ratio = median(rounds.map(({ me, bare }) => me / bare));
  if (ratio < MIN_RATIO) Deno.exitCode = 1;
  printCells("", "requests/s");
  printCells("/api/auth/me", median(rounds.map(({ me }) => me)).toFixed(0));
  printCells("bare", median(rounds.map(({ bare }) => bare)).toFixed(0));
  const verdict = Deno.exitCode === 1 ? "MISSED" : "met";
  printCells(
    `Goal ${verdict}: ${
      (100 * ratio).toFixed(0)
    } % of a bare procedure, at least ${100 * MIN_RATIO} %`,
  );
}

/** Logs in and returns a function that requests `/api/auth/me` from the whole server. */
async function createMe(
  app: ReturnType<typeof createApp>,
): Promise<SendRequest> {
  const login = await app(
    new Request(`${SERVER_URL}/api/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(USER),
    }),
  );
  const cookie = login.headers.getSetCookie().map((line) => line.split(";")[0])
    .join("; ");
  return async () =>
    await app(
      new Request(`${SERVER_URL}/api/auth/me`, { headers: { cookie } }),
    );
}

/** Returns a function that calls a minimal tRPC procedure with one query. */
function createBare(sql: Pool): SendRequest {
  const t = initTRPC.create({ transformer: superjson });
  const router = t.router({
    user: t.procedure.query(async () => {
      const [user] = await sql<{ id: string; createdAt: Date }[]>`
        select id, created_at
        from users
        where username = ${USER.username}
      `;
      return user;
    }),
  });
  return () =>
    fetchRequestHandler({
      endpoint: "/trpc",
      router,
      req: new Request(`${SERVER_URL}/trpc/user`),
      createContext: () => ({}),
    });
}

/** Returns the requests per second. */
async function measure(send: SendRequest, count: number): Promise<number> {
  let sent = 0;
  async function work(): Promise<void> {
    while (sent < count) {
      sent++;
      const response = await send();
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status} ${text}`);
    }
  }
  const start = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return 1000 * count / (performance.now() - start);
}

if (import.meta.main) await main(Number(Deno.args[0] ?? 2000));
