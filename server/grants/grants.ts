import type { Sql } from "../../db/driver/client.ts";
import {
  deleteGrant,
  endGrant,
  getGrant,
  type Grant,
  listGrantAthletes,
  updateGrantSeals,
  updateGrantTokens,
  upsertGrant,
} from "../../db/grants.ts";
import type { Deps } from "../context.ts";
import { retryWhileUnavailable } from "../database_retry.ts";
import { type Seal, SealError } from "../crypto/seal.ts";
import { StravaError } from "../strava/errors.ts";
import type { TokenRefresh } from "../strava/schemas.ts";

/** A grant whose tokens can be used. */
export interface OpenGrant {
  athleteId: number;
  accessToken: string;
  refreshToken: string;
  expiresAt: Date;
  scopes: string[];
}

/** With an hour or less left, Strava issues a new access token; with more, the same one again. */
const REFRESH_BEFORE_MS = 60 * 60 * 1000;
/** How long another process has to store what it got, before a refused grant is read again. */
const REREAD_PAUSE_MS = 1000;

/** Stores a grant with its tokens sealed. */
export async function storeGrant(
  sql: Sql,
  { grant, seal, now }: { grant: OpenGrant; seal: Seal; now: Date },
): Promise<void> {
  await upsertGrant(sql, { ...grant, ...await sealTokens(grant, seal), now });
}

/** Whose token, and one that Strava did not accept although it should still be good. */
interface TokenOptions {
  athleteId: number;
  rejected?: string | undefined;
}

/**
 * The stored access token, `undefined` where it has to be refreshed first.
 *
 * @throws {StravaError} `unauthorized` where there is no grant, or a dead one.
 */
export async function getStoredToken(
  deps: Pick<Deps, "sql" | "seal" | "now">,
  { athleteId, rejected }: TokenOptions,
): Promise<string | undefined> {
  const grant = requireGrant(await getGrant(deps.sql, { athleteId }));
  return await readGoodToken(deps, { grant, rejected });
}

/**
 * An access token that is good for the next requests.
 *
 * Whoever refreshes holds the row's lock over the request, and what Strava returns is stored in
 * the same transaction: of any number of callers one refreshes and the others find the result.
 * Should the database go away before it is stored, it is kept until it can be: Strava no longer
 * takes the refresh token from before.
 *
 * @throws {StravaError} `unauthorized` where there is no grant or Strava refuses it.
 */
export async function getAccessToken(
  deps: Deps,
  { athleteId, rejected }: TokenOptions,
): Promise<string> {
  const { sql, strava, seal, now } = deps;
  const stored = await getStoredToken(deps, { athleteId, rejected });
  if (stored !== undefined) return stored;
  const answers = new Map<string, Promise<TokenRefresh>>();
  const first = await retryWhileUnavailable(deps, () => sql.begin(refresh));
  if (typeof first === "string") return first;
  // Another process may have got new tokens for the same one, and could not store them as long as
  // the lock was ours: that gives the grant its life back, and what is stored then is good.
  await deps.sleep(REREAD_PAUSE_MS, deps.background.signal);
  const second = await retryWhileUnavailable(deps, () => sql.begin(refresh))
    .catch((cause) => cause);
  if (typeof second === "string") return second;
  if (!(second instanceof StravaError)) throw second;
  deps.log.warning(
    "Strava refuses the grant of athlete {athleteId}: nothing is asked for them until they connect again at /strava/authorize",
    { athleteId, cause: first },
  );
  throw first;

  /** The token, or the refusal that has just ended the grant. */
  async function refresh(tx: Sql): Promise<string | StravaError> {
    const grant = requireGrant(await getGrant(tx, { athleteId, lock: true }));
    const token = await readGoodToken(deps, { grant, rejected });
    if (token !== undefined) return token;
    const used = await openToken(grant, "refresh_token", seal);
    const asked = answers.get(used) ?? strava.refreshTokens(used);
    answers.set(used, asked);
    const answer = await asked.catch((error) => {
      if (isRefusal(error)) return error;
      throw error;
    });
    if (answer instanceof StravaError) {
      await endGrant(tx, { athleteId, now: new Date(now()) });
      return answer;
    }
    const tokens = {
      athleteId,
      accessToken: answer.access_token,
      refreshToken: answer.refresh_token,
      expiresAt: new Date(answer.expires_at * 1000),
    };
    const sealed = await sealTokens(tokens, seal);
    await updateGrantTokens(tx, { ...tokens, ...sealed, now: new Date(now()) });
    return tokens.accessToken;
  }
}

function isRefusal(error: unknown): error is StravaError {
  return error instanceof StravaError && error.kind === "unauthorized";
}

async function readGoodToken(
  { seal, now }: Pick<Deps, "seal" | "now">,
  { grant, rejected }: { grant: Grant; rejected: string | undefined },
): Promise<string | undefined> {
  if (grant.expiresAt.getTime() - now() <= REFRESH_BEFORE_MS) return undefined;
  const token = await openToken(grant, "access_token", seal);
  return token === rejected ? undefined : token;
}

/**
 * Ends the grant: first at Strava, then here. A Strava that does not answer is no reason to keep
 * the tokens. The lock waits for a refresh that is under way: its tokens are the ones to revoke.
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
      await strava.revokeToken(await openToken(grant, "refresh_token", seal));
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
 * Seals anew, under the current key, what an old one has sealed; returns how many grants. One whose
 * key is lost is logged and left: its athlete has to connect again.
 */
export async function resealGrants(
  { sql, seal, log, now }: Pick<Deps, "sql" | "seal" | "log" | "now">,
): Promise<number> {
  let count = 0;
  for (const athleteId of await listGrantAthletes(sql)) {
    const isResealed = await sql.begin((tx) => resealGrant(tx, { athleteId }))
      .catch((cause) => {
        if (!(cause instanceof SealError)) throw cause;
        log.error("The grant of athlete {athleteId} cannot be opened", {
          athleteId,
          cause,
        });
        return false;
      });
    if (isResealed) count++;
  }
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
      accessToken: await openToken(grant, "access_token", seal),
      refreshToken: await openToken(grant, "refresh_token", seal),
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

async function sealTokens(
  { athleteId, accessToken, refreshToken }: Pick<
    OpenGrant,
    "athleteId" | "accessToken" | "refreshToken"
  >,
  seal: Seal,
): Promise<Pick<Grant, "accessToken" | "refreshToken">> {
  return {
    accessToken: await seal.seal(accessToken, {
      athleteId,
      column: "access_token",
    }),
    refreshToken: await seal.seal(refreshToken, {
      athleteId,
      column: "refresh_token",
    }),
  };
}

function openToken(
  grant: Grant,
  column: "access_token" | "refresh_token",
  seal: Seal,
): Promise<string> {
  const sealed = column === "access_token"
    ? grant.accessToken
    : grant.refreshToken;
  return seal.open(sealed, { athleteId: grant.athleteId, column });
}

function requireGrant(grant: Grant | undefined): Grant {
  if (!grant) {
    throw new StravaError(
      "unauthorized",
      "The athlete is not connected: open /strava/authorize",
    );
  }
  if (grant.deadSince) {
    throw new StravaError(
      "unauthorized",
      "Strava does not accept the grant any more: open /strava/authorize",
    );
  }
  return grant;
}
