import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom, type Random } from "../../../demo/history/random.ts";
import { createApp } from "../../../server/app.ts";
import { listenForChanges } from "../../../db/athlete_changes.ts";
import { connect } from "../../../db/driver/client.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";
import { until } from "../../support/sync.ts";
import { SEED } from "../../support/seed.ts";

const SCHEDULES = 300;
const STEPS = 12;
/** Longest time that a process may answer with older data than the last commit. */
const PROMISE_MS = 1000;

const PATHS = [
  `/strava/activities?limit=1&athlete=${ATHLETE_ID}`,
  `/trpc/activities.list?input=${
    encodeURIComponent(`{"json":{"limit":1,"athlete":${ATHLETE_ID}}}`)
  }`,
  `/strava/activities?limit=1&offset=0&athlete=${ATHLETE_ID}`,
];

/** A server process of the test: an app with its own pool and listener. */
interface Process extends AsyncDisposable {
  /** Returns the version that the answer shows; `null` if the athlete is hidden. */
  read(path: string): Promise<number | null>;
  /** Newest version that it has answered. */
  newest: number;
}

async function createPair(): Promise<
  { test: TestApp; processes: Process[] } & AsyncDisposable
> {
  const stack = new AsyncDisposableStack();
  const test = stack.use(
    await createTestApp({
      synced: true,
      activities: createHistory(3),
      env: { ANSWER_CACHE_MB: "8" },
    }),
  );
  const processes = [0, 1].map(() => {
    const { databaseUrl } = test.config;
    const sql = connect(databaseUrl, { max: 2 });
    stack.defer(() => sql.end());
    const app = createApp({
      ...test.deps,
      sql,
      listenForChanges: (handlers) =>
        stack.use(listenForChanges(databaseUrl, handlers)),
    });
    async function read(path: string): Promise<number | null> {
      const response = await app(new Request(`http://localhost:5001${path}`));
      const text = await response.text();
      if (response.status === 404) return null;
      assert.equal(response.status, 200, text);
      return Number(/version (\d+)/.exec(text)![1]);
    }
    return { read, newest: -1 } as Process;
  });
  return {
    test,
    processes,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Commits a version: a name that the answers show, with the data version that belongs to it. */
async function commit(
  { deps: { sql } }: TestApp,
  version: number,
  visibility: string,
): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`update activities set name = ${`version ${version}`}`;
    await tx`update sync_state set data_version = data_version + 1`;
    await tx`update athletes set visibility = ${visibility}`;
  });
}

/** Ends the connections that hear of changes, as a failing network does. */
async function endListeners({ deps: { sql } }: TestApp): Promise<void> {
  await sql`
    select pg_terminate_backend(pid)
    from pg_stat_activity
    where datname = current_database() and application_name = 'paceline listener'
  `;
}

Deno.test(`answers: ${SCHEDULES} random schedules show nothing old, SEED=${SEED}`, async () => {
  await using pair = await createPair();
  const { test, processes } = pair;
  /** All commits: their version, null for a hidden athlete, and when they were visible. */
  const commits: { version: number | null; at: number }[] = [];
  let version = 0;
  async function change(visibility: "public" | "private"): Promise<void> {
    const shown = visibility === "public" ? ++version : null;
    // Others may see the commit before this process knows of it.
    const entry = { version: shown, at: Infinity };
    commits.push(entry);
    await commit(test, version, visibility);
    entry.at = performance.now();
  }
  await change("public");

  /** Reads once and checks the answer against what was committed before the request. */
  async function check(random: Random, at: string): Promise<void> {
    const process = random.pick(processes as [Process, ...Process[]]);
    const begin = performance.now();
    const before = process.newest;
    const shown = await process.read(random.pick(PATHS as [string]));
    // The index of the commit that the answer shows. A hidden athlete may be any hidden one.
    const index = commits.findLastIndex((each) => each.version === shown);
    assert.ok(index >= before, `${at}: ${shown} after ${before}`);
    const next = commits[index + 1];
    const age = next ? begin - next.at : 0;
    assert.ok(age < PROMISE_MS, `${at}: ${shown} is old for ${age} ms`);
    process.newest = Math.max(process.newest, index);
  }

  for (let seed = SEED; seed < SEED + SCHEDULES; seed++) {
    const random = createRandom(seed);
    const at = `seed ${seed}`;
    for (let step = 0; step < STEPS; step++) {
      const action = random.next();
      if (action < 0.15) await change("public");
      else if (action < 0.2) {
        // The commit falls in the middle of requests.
        const reading = [check(random, at), check(random, at)];
        await Promise.all([...reading, change("public"), check(random, at)]);
      } else if (action < 0.23) {
        await change("private");
        if (random.chance(0.5)) await change("public");
      } else if (action < 0.235) await endListeners(test);
      else if (action < 0.245) {
        test.clock.now += random.whole(1, 30) * 3_600_000;
      } else await check(random, at);
    }
    if (commits.at(-1)!.version === null) await change("public");
    if (seed % (SCHEDULES / 5) > 0) continue;
    for (const path of PATHS) {
      for (const { read } of [...processes, ...processes]) await read(path);
    }
    await change("public");
    await sleep(PROMISE_MS);
    for (const path of PATHS) {
      for (const { read } of processes) {
        assert.equal(await read(path), version, at);
      }
    }
  }
});

Deno.test("answers: are not served while the connection that hears changes is stuck", async () => {
  await using pair = await createPair();
  const { test, processes: [process] } = pair;
  await commit(test, 1, "public");
  const [path] = PATHS as [string];
  await until(async () => await process!.read(path) === 1);
  await process!.read(path);
  await process!.read(path);
  const backends = await test.deps.sql<{ pid: number }[]>`
    select pid
    from pg_stat_activity
    where datname = current_database() and application_name = 'paceline listener'
  `;
  assert.ok(backends.length > 0);
  const signal = (name: Deno.Signal): void => {
    for (const { pid } of backends) Deno.kill(pid, name);
  };

  signal("SIGSTOP");
  try {
    await commit(test, 2, "public");
    const start = performance.now();
    await until(async () => await process!.read(path) === 2);
    assert.ok(performance.now() - start < 2 * PROMISE_MS);
    for (let count = 0; count < 5; count++) {
      assert.equal(await process!.read(path), 2);
    }
  } finally {
    signal("SIGCONT");
  }
});
