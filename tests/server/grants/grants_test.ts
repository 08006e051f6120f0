import assert from "node:assert/strict";
import { createSeal } from "../../../server/crypto/encryption.ts";
import { getAccessToken } from "../../../server/grants/token_refresh.ts";
import { resealGrants, revokeGrant } from "../../../server/grants/grants.ts";
import { StravaClient } from "../../../server/strava/client.ts";
import { ATHLETE_ID, createTestApp } from "../../support/app.ts";
import {
  ATHLETE,
  readStored,
  setTimeLeft,
  TOKEN,
  unsealStored,
} from "../../support/grants.ts";

Deno.test("revokeGrant: ends the grant at Strava and deletes it here", async () => {
  await using test = await createTestApp({ synced: true });
  const { access } = await unsealStored(test.deps);
  assert.deepEqual(await revokeGrant(test.deps, ATHLETE), {
    revokedAtStrava: true,
  });
  assert.equal(test.strava.grants.get(ATHLETE_ID), undefined);
  assert.equal(test.strava.grants.findAccess(access)?.live, false);
  const rows = await test.deps.sql`select athlete_id from grants`;
  assert.equal(rows.length, 0);
  assert.deepEqual(await revokeGrant(test.deps, ATHLETE), {
    revokedAtStrava: false,
  });
});

Deno.test("revokeGrant: waits for a running refresh and revokes its tokens", async () => {
  await using test = await createTestApp({ synced: true });
  await setTimeLeft(test, 0);
  const rotated = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  // Strava has rotated the tokens, but its response has not arrived yet.
  test.deps.strava = new StravaClient({
    ...test.config.strava,
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      if (String(input).endsWith(TOKEN)) {
        rotated.resolve();
        await released.promise;
      }
      return response;
    },
  });
  const refreshed = getAccessToken(test.deps, ATHLETE);
  await rotated.promise;
  const revoked = revokeGrant(test.deps, ATHLETE);
  // Waits until the revocation waits for the refresh, or has overtaken it.
  for (let isDone = false; !isDone;) {
    const [row] = await test.deps.sql`
      select exists (select from pg_locks where not granted) as waits
    `;
    isDone = row!["waits"] ||
      test.strava.requests.some(({ path }) => path === "/oauth/revoke");
  }
  released.resolve();
  await refreshed;
  assert.deepEqual(await revoked, { revokedAtStrava: true });
  assert.equal(test.strava.grants.get(ATHLETE_ID), undefined);
});

const NEW_KEY = "new-0123456789-abcdefghijklmnopqrstuv";

Deno.test("resealGrants: seals the same tokens once under the new key", async () => {
  await using test = await createTestApp({ synced: true });
  const { sql, config } = test.deps;
  const tokens = await unsealStored(test.deps);
  const before = await readStored(sql);
  const seal = await createSeal(NEW_KEY, [config.encryptionKey]);
  const deps = { ...test.deps, seal };
  assert.equal(await resealGrants(deps), 1);
  assert.equal(await resealGrants(deps), 0);
  const alone = { sql, seal: await createSeal(NEW_KEY) };
  assert.deepEqual(await unsealStored(alone), tokens);
  const after = await readStored(sql);
  assert.deepEqual(after.expires_at, before.expires_at);
  test.deps.seal = alone.seal;
  assert.equal(await getAccessToken(test.deps, ATHLETE), tokens.access);
});

Deno.test("resealGrants: writes nothing with the same key or without grants", async () => {
  await using test = await createTestApp();
  const { sql } = test.deps;
  assert.equal(await resealGrants(test.deps), 0);
  await test.connect();
  await test.idle();
  const before = await readStored(sql);
  assert.equal(await resealGrants(test.deps), 0);
  assert.deepEqual(await readStored(sql), before);
});

Deno.test("resealGrants: logs a lost key and keeps the grant", async () => {
  await using test = await createTestApp({ synced: true });
  const { sql } = test.deps;
  const before = await readStored(sql);
  const seal = await createSeal(NEW_KEY);
  assert.equal(await resealGrants({ ...test.deps, seal }), 0);
  assert.match(test.log.text(), /neither ENCRYPTION_KEY nor one of/);
  assert.deepEqual(await readStored(sql), before);
});
