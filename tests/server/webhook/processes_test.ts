import assert from "node:assert/strict";
import { ROOT } from "../../../cli/root.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../../support/app.ts";
import { takeFreePort } from "../../support/port.ts";
import { type Program, startProgram } from "../../support/program.ts";
import {
  connectWithoutSync,
  readStoredIds,
  until,
} from "../../support/sync.ts";
import { VERIFY_TOKEN } from "../../support/webhook.ts";

/** Starts a program that receives Strava's events on a port. */
function start(
  test: TestApp,
  { port, env = {}, ...options }: {
    args?: string[];
    port: number;
    env?: Record<string, string>;
  },
): Program {
  return startProgram(test, {
    ...options,
    env: {
      PORT: String(port),
      SYNC_CRON: "0 0 1 1 *",
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      WEBHOOK_VERIFY_TOKEN: VERIFY_TOKEN,
      ...env,
    },
  });
}

/** Creates an app with a finished sync of an empty history. Its clock is the real one. */
async function createConnected(): Promise<TestApp> {
  const test = await createTestApp({ strava: { autoDeliver: true } });
  test.clock.now = Date.now();
  await connectWithoutSync(test);
  const now = new Date();
  await test.deps.sql`
    update sync_state
    set first_synced_at = ${now}, last_success_at = ${now}, next_due_at = '2100-01-01'
  `;
  return test;
}

Deno.test("main.ts serve: subscribes, and loses no event on SIGKILL", async () => {
  await using test = await createConnected();
  const { strava, deps } = test;
  const port = takeFreePort();
  const hang = strava.faults.inject({ kind: "hang" }, {
    path: "/api/v3/activities/*",
    times: 1,
  });
  await using first = start(test, { port });
  await until(() => strava.push.subscription !== null, "the subscription");
  const added = strava.athletes.get(ATHLETE_ID)!.add({ name: "New" });
  await until(() => hang.hits === 1, "the request for the activity");

  first.kill("SIGKILL");
  await first.status;
  strava.faults.release();
  assert.deepEqual(await readStoredIds(deps.sql), []);
  await deps.sql`
    update webhook_events set leased_until = now() - interval '1 second'
  `;
  await using second = start(test, { port });
  await until(
    async () => (await readStoredIds(deps.sql)).length === 1,
    "the second server to process the event",
  );

  assert.deepEqual(await readStoredIds(deps.sql), [added.id]);
  const subscriptions = strava.requests.filter(({ method, path }) =>
    method === "POST" && path === "/api/v3/push_subscriptions"
  );
  assert.equal(subscriptions.length, 1);
  second.kill("SIGTERM");
  assert.equal((await second.status).code, 0, second.text());
});

Deno.test("webhook: creates, views and deletes the subscription", async () => {
  await using test = await createConnected();
  const { strava } = test;
  const port = takeFreePort();
  async function run(
    action: string,
    env: Record<string, string> = {},
  ): Promise<[number, string]> {
    await using program = start(test, { args: ["webhook", action], port, env });
    const { code } = await program.status;
    return [code, program.text().trim()];
  }

  const none = await run("view");
  const unset = await run("create", { PUBLIC_URL: "" });
  const unreachable = await run("create");
  await using server = start(test, { port });
  await until(() => strava.push.subscription !== null, "the subscription");
  strava.push.subscription = null;
  const created = await run("create");
  const again = await run("create");
  const viewed = await run("view");
  const deleted = await run("delete");
  const nothing = await run("delete");
  const unknown = await run("other");
  server.kill("SIGTERM");
  await server.status;

  assert.deepEqual(none, [1, "There is no subscription"]);
  assert.equal(unset[0], 1);
  assert.match(unset[1], /^Set PUBLIC_URL .* and WEBHOOK_VERIFY_TOKEN/);
  assert.equal(unreachable[0], 1);
  assert.match(unreachable[1], /not verifiable/);
  assert.match(unreachable[1], /^Strava must be able to reach http:\/\/127/m);
  assert.equal(created[0], 0);
  assert.match(created[1], /^Subscription \d+ was created$/);
  assert.match(again[1], /^Subscription \d+ exists already$/);
  assert.equal(viewed[0], 0);
  assert.match(
    viewed[1],
    /^Subscription \d+: http:\/\/127\.0\.0\.1:\d+\/strava\/webhook\/\*\*\* \(this server\)$/,
  );
  assert.match(deleted[1], /^Subscription \d+ is deleted$/);
  assert.deepEqual(nothing, [0, "There is no subscription"]);
  assert.equal(strava.push.subscription, null);
  assert.equal(unknown[0], 2);
});

Deno.test("webhook: answers --help on stdout with 0, mistakes on stderr with 2", async () => {
  const run = async (...args: string[]): Promise<[number, string, string]> => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-all", "cli/launch.ts", ...args],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    return [code, decoder.decode(stdout), decoder.decode(stderr)];
  };

  const help = await run("webhook", "--help");
  assert.deepEqual([help[0], help[2]], [0, ""]);
  assert.match(help[1], /^ {2}deno task paceline webhook create$/m);
  for (const args of [[], ["other"], ["view", "more"], ["view", "--watch"]]) {
    const unknown = await run("webhook", ...args);
    assert.deepEqual([unknown[0], unknown[1]], [2, ""], args.join(" "));
    assert.match(unknown[2], /^Usage:\n {2}deno task paceline webhook /m);
  }
});
