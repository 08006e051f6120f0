import type { Sql } from "../../db/driver/client.ts";
import {
  deleteGrant,
  getGrant,
  listGrantAthletes,
  updateGrantSeals,
  upsertGrant,
} from "../../db/grants.ts";
import { type Deps, forEachAthlete } from "../context.ts";
import type { Seal } from "../crypto/encryption.ts";
import { sealTokens, type TokenPair, unsealToken } from "./token_encryption.ts";

/** A grant with its tokens in the clear. */
export interface UnsealedGrant extends TokenPair {
  expiresAt: Date;
  scopes: string[];
}

/** Seals the tokens of a grant and stores it. */
export async function storeGrant(
  sql: Sql,
  { grant, seal, now }: { grant: UnsealedGrant; seal: Seal; now: Date },
): Promise<void> {
  await upsertGrant(sql, { ...grant, ...await sealTokens(grant, seal), now });
}

/**
 * Ends the grant at Strava, then deletes it here. The tokens are deleted even if Strava does not
 * answer. The lock waits for a running refresh, because its new tokens are the ones to revoke.
 */
export async function revokeGrant(
  { sql, strava, seal, log }: Pick<Deps, "sql" | "strava" | "seal" | "log">,
  { athleteId }: { athleteId: number },
): Promise<{ revokedAtStrava: boolean }> {
  return await sql.begin(async (tx) => {
    const grant = await getGrant(tx, { athleteId, lock: true });
    if (!grant) return { revokedAtStrava: false };
    let revokedAtStrava = false;
    try {
      await strava.revokeToken(await unsealToken(grant, "refresh_token", seal));
      revokedAtStrava = true;
    } catch (cause) {
      log.warning(
        "Could not revoke the grant of athlete {athleteId} at Strava",
        { athleteId, cause },
      );
    }
    await deleteGrant(tx, { athleteId });
    return { revokedAtStrava };
  });
}

/**
 * Seals tokens under the current key if an old key has sealed them, and returns the number of grants.
 * A grant whose key is lost is logged and kept. Its athlete has to connect again.
 */
export async function resealGrants(
  deps: Pick<Deps, "sql" | "seal" | "log" | "now" | "background">,
): Promise<number> {
  const { sql, seal, now } = deps;
  let count = 0;
  await forEachAthlete(deps, await listGrantAthletes(sql), {
    task: "seal the grant",
    work: async (athleteId) => {
      if (await sql.begin((tx) => resealGrant(tx, { athleteId }))) count++;
    },
  });
  return count;

  async function resealGrant(
    tx: Sql,
    { athleteId }: { athleteId: number },
  ): Promise<boolean> {
    const grant = await getGrant(tx, { athleteId, lock: true });
    const isOutdated = grant &&
      (seal.isOutdated(grant.accessToken) ||
        seal.isOutdated(grant.refreshToken));
    if (!isOutdated) return false;
    const tokens = {
      athleteId,
      accessToken: await unsealToken(grant, "access_token", seal),
      refreshToken: await unsealToken(grant, "refresh_token", seal),
    };
    const sealed = await sealTokens(tokens, seal);
    await updateGrantSeals(tx, {
      athleteId,
      ...sealed,
      now: new Date(now()),
    });
    return true;
  }
}
