import assert from "node:assert/strict";
import { updateSharing } from "../../db/athlete_sharing.ts";
import { revokeAthlete } from "../../db/athletes.ts";
import { insertEvents } from "../../db/webhook_events.ts";
import { resealLinks } from "../../server/athletes/sharing.ts";
import type { Deps } from "../../server/context.ts";
import { createSeal } from "../../server/crypto/encryption.ts";
import { deleteDeauthorizedAthletes } from "../../server/grants/deauthorize.ts";
import { resealGrants } from "../../server/grants/grants.ts";
import { applyRetention } from "../../server/retention.ts";
import { processEvents } from "../../server/webhook/process_events.ts";
import { copyActivities } from "../support/activities.ts";
import { ATHLETE_ID, type TestApp } from "../support/app.ts";
import { connectWithoutSync, createSpacedRuns, sync } from "../support/sync.ts";
import { createWebhookApp } from "../support/webhook.ts";

/** An athlete after `ATHLETE_ID` in every list. */
const OTHER_ID = 700_002;
const DAY_MS = 24 * 60 * 60 * 1000;
const NEW_KEY = "new-0123456789-abcdefghijklmnopqrstuv";

/** Creates two athletes. Every write to a row of the first one in `table` fails. */
async function createBroken(
  table: "grants" | "athletes" | "activities" | "webhook_events",
  prepare: (test: TestApp) => Promise<void> = async () => {},
): Promise<TestApp> {
  const test = await createWebhookApp({
    env: { STRAVA_RETENTION: "7" },
    activities: createSpacedRuns(3),
  });
  await sync(test);
  await connectWithoutSync(test, OTHER_ID);
  await prepare(test);
  const { sql } = test.deps;
  const column = table === "athletes" ? "id" : "athlete_id";
  await sql.unsafe(`
    create function fail() returns trigger language plpgsql as
      $$ begin raise 'A broken row'; end $$;
    create trigger fail before update or delete on ${table} for each row
      when (old.${column} = ${ATHLETE_ID}) execute function fail();
  `);
  return test;
}

/** Returns what failed for the first athlete, according to the log. */
function listFailures({ log }: TestApp): unknown[] {
  return log.lines.filter(({ level }) => level === "error")
    .map(({ properties }) => properties)
    .filter(({ athleteId }) => athleteId === ATHLETE_ID)
    .map(({ task }) => task);
}

/** Returns the dependencies after a change of the key. */
async function changeKey({ deps }: TestApp): Promise<Deps> {
  const seal = await createSeal(NEW_KEY, [deps.config.encryptionKey]);
  return { ...deps, seal };
}

Deno.test("resealGrants: seals every grant but a broken one", async () => {
  await using test = await createBroken("grants");

  assert.equal(await resealGrants(await changeKey(test)), 1);

  assert.deepEqual(listFailures(test), ["seal the grant"]);
});

Deno.test("resealLinks: seals every link but a broken one", async () => {
  await using test = await createBroken("athletes", async ({ deps }) => {
    for (const id of [ATHLETE_ID, OTHER_ID]) {
      const context = { athleteId: id, column: "share_token" };
      await updateSharing(deps.sql, {
        id,
        visibility: "link",
        shareHash: new Uint8Array(32).fill(id % 256),
        shareToken: await deps.seal.seal("token", context),
      });
    }
  });

  assert.equal(await resealLinks(await changeKey(test)), 1);

  assert.deepEqual(listFailures(test), ["seal the share link"]);
});

Deno.test("deleteDeauthorizedAthletes: deletes every athlete but a broken one", async () => {
  await using test = await createBroken("athletes", async ({ deps }) => {
    const now = new Date(deps.now());
    for (const id of [ATHLETE_ID, OTHER_ID]) {
      await revokeAthlete(deps.sql, { id, deleteAt: now, now });
    }
  });

  await deleteDeauthorizedAthletes(test.deps);

  const rows = await test.deps.sql`select id from athletes`;
  assert.deepEqual([...rows], [{ id: ATHLETE_ID }]);
  assert.deepEqual(listFailures(test), ["delete the data"]);
});

Deno.test("applyRetention: drops old data of every athlete but a broken one", async () => {
  await using test = await createBroken("activities", async ({ deps }) => {
    const { sql } = deps;
    await copyActivities(sql, {
      changes: sql`jsonb_build_object('athlete_id', ${OTHER_ID}::bigint)`,
      from: sql`activities`,
    });
  });
  test.clock.now += 8 * DAY_MS;

  assert.equal((await applyRetention(test.deps)).dropped, 3);

  assert.deepEqual(listFailures(test), ["drop old data"]);
});

Deno.test("processEvents: processes the events of every athlete but a broken one", async () => {
  await using test = await createBroken(
    "webhook_events",
    async ({ deps, strava }) => {
      const now = new Date(deps.now());
      const events = [ATHLETE_ID, OTHER_ID].map((ownerId) => ({
        ownerId,
        objectType: "athlete" as const,
        objectId: ownerId,
        aspectType: "update" as const,
        eventTime: now,
        subscriptionId: strava.push.subscription!.id,
        raw: "{}",
        contentHash: "00",
        receivedAt: now,
      }));
      await insertEvents(deps.sql, { events, drops: {}, now });
    },
  );

  await processEvents(test.deps);

  const rows = await test.deps.sql`
    select athlete_id
    from webhook_events
    where processed_at is not null
  `;
  assert.deepEqual([...rows], [{ athlete_id: OTHER_ID }]);
  assert.deepEqual(listFailures(test), ["process push events"]);
});
