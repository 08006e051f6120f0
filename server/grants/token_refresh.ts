import type { Sql } from "../../db/driver/client.ts";
import {
  getGrant,
  type Grant,
  markGrantDead,
  updateGrantTokens,
} from "../../db/grants.ts";
import { type Deps, retryWhileUnavailable } from "../context.ts";
import { StravaError } from "../strava/errors.ts";
import type { TokenRefresh } from "../strava/schemas.ts";
import { sealTokens, unsealToken } from "./token_encryption.ts";

/** Strava issues a new access token in the last hour of the old one, and returns the old one before. */
const REFRESH_BEFORE_MS = 60 * 60 * 1000;
/** Time that another process gets to store new tokens, before a refused grant is checked again. */
const REREAD_PAUSE_MS = 1000;

/** Options to get an access token. */
interface TokenOptions {
  athleteId: number;
  /** An access token that Strava refused before it expired. It is not returned again. */
  rejectedToken?: string | undefined;
}

/**
 * Returns the stored access token, or `undefined` if it must be refreshed first.
 *
 * @throws {StravaError} `unauthorized` if the athlete has no grant or a dead one.
 */
export async function getStoredToken(
  deps: Pick<Deps, "sql" | "seal" | "now">,
  { athleteId, rejectedToken }: TokenOptions,
): Promise<string | undefined> {
  const grant = requireGrant(await getGrant(deps.sql, { athleteId }));
  return await unsealValidToken(deps, { grant, rejectedToken });
}

/**
 * Returns an access token that is valid for the next requests.
 *
 * A refresh locks the row of the grant during the request and stores the new tokens in the same
 * transaction. So only one of several callers refreshes, and the others find the result. If the
 * database fails before the tokens are stored, they are kept in memory and stored later, because
 * Strava no longer accepts the earlier refresh token.
 *
 * @throws {StravaError} `unauthorized` if there is no grant or Strava refuses it.
 */
export async function getAccessToken(
  deps: Deps,
  { athleteId, rejectedToken }: TokenOptions,
): Promise<string> {
  const stored = await getStoredToken(deps, { athleteId, rejectedToken });
  if (stored !== undefined) return stored;
  const refresh = createRefresh(deps, { athleteId, rejectedToken });
  const first = await refresh();
  if (typeof first === "string") return first;
  // Another process may have received new tokens for the same refresh token, and could not store
  // them while this one held the lock. Once stored, they make the grant valid again.
  await deps.sleep(REREAD_PAUSE_MS, deps.background.signal);
  const second = await refresh().catch((cause) => cause);
  if (typeof second === "string") return second;
  if (!(second instanceof StravaError)) throw second;
  deps.log.warning(
    "Strava refuses the grant of athlete {athleteId}: no requests until they connect again at /strava/authorize",
    { athleteId, cause: first },
  );
  throw first;
}

/**
 * Returns a function that refreshes the grant in a transaction, and repeats the transaction while the
 * database is unavailable. It returns the token, or Strava's refusal after marking the grant as dead.
 */
function createRefresh(
  deps: Deps,
  { athleteId, rejectedToken }: TokenOptions,
): () => Promise<string | StravaError> {
  const { sql, strava, seal, now } = deps;
  // By refresh token: Strava accepts each one only once, and its response must outlive a transaction
  // that fails.
  const responses = new Map<string, Promise<TokenRefresh>>();

  async function refresh(tx: Sql): Promise<string | StravaError> {
    const grant = requireGrant(await getGrant(tx, { athleteId, lock: true }));
    const token = await unsealValidToken(deps, { grant, rejectedToken });
    if (token !== undefined) return token;
    const refreshToken = await unsealToken(grant, "refresh_token", seal);
    const response = responses.get(refreshToken) ??
      strava.refreshTokens(refreshToken);
    responses.set(refreshToken, response);
    const result = await response.catch((error) => {
      if (isRefusal(error)) return error;
      throw error;
    });
    if (result instanceof StravaError) {
      await markGrantDead(tx, { athleteId, now: new Date(now()) });
      return result;
    }
    const tokens = {
      athleteId,
      accessToken: result.access_token,
      refreshToken: result.refresh_token,
      expiresAt: new Date(result.expires_at * 1000),
    };
    const sealed = await sealTokens(tokens, seal);
    await updateGrantTokens(tx, { ...tokens, ...sealed, now: new Date(now()) });
    return tokens.accessToken;
  }

  return () => retryWhileUnavailable(deps, () => sql.begin(refresh));
}

function isRefusal(error: unknown): error is StravaError {
  return error instanceof StravaError && error.kind === "unauthorized";
}

/** Returns the access token of a grant, or `undefined` if it was refused or expires soon. */
async function unsealValidToken(
  { seal, now }: Pick<Deps, "seal" | "now">,
  { grant, rejectedToken }: {
    grant: Grant;
    rejectedToken: string | undefined;
  },
): Promise<string | undefined> {
  if (grant.expiresAt.getTime() - now() <= REFRESH_BEFORE_MS) return undefined;
  const token = await unsealToken(grant, "access_token", seal);
  return token === rejectedToken ? undefined : token;
}

/** Throws if the athlete has no grant or a dead one. */
function requireGrant(grant: Grant | undefined): Grant {
  if (!grant) {
    throw new StravaError(
      "unauthorized",
      "The athlete is not connected: open /strava/authorize to connect",
    );
  }
  if (grant.deadSince) {
    throw new StravaError(
      "unauthorized",
      "Strava no longer accepts the grant: open /strava/authorize to connect again",
    );
  }
  return grant;
}
