import { badRequest } from "./responses.ts";

/** Every scope of Strava. The legacy names ended in October 2019. */
export const SCOPES: readonly string[] = [
  "read",
  "read_all",
  "profile:read_all",
  "profile:write",
  "activity:read",
  "activity:read_all",
  "activity:write",
];

export interface AccessToken {
  token: string;
  athleteId: number;
  scopes: ReadonlySet<string>;
  /** Epoch seconds. */
  expiresAt: number;
}

/** The scopes that an athlete has granted to the app, and the tokens issued for them. */
export interface Grant {
  athleteId: number;
  scopes: ReadonlySet<string>;
  /** Scopes that the consent page offered. `approval_prompt=auto` does not ask for a refused one again. */
  offered: ReadonlySet<string>;
  refreshToken: string;
  /** The newest access token; older ones live on until their own expiry. */
  access: AccessToken;
}

/** The app's connected athletes and their tokens. */
export interface Grants {
  get(athleteId: number): Grant | undefined;
  liveRefreshToken(athleteId: number): string | undefined;
  /** Valid access tokens, newest last. Right after a refresh there are two. */
  liveAccessTokens(athleteId: number): string[];
  scope(athleteId: number): string[];
  /** Connects an athlete without the consent page and returns the grant, for tests. */
  issue(athleteId: number, scopes: readonly string[]): Grant;
  /** Revokes every token of the athlete. Returns true if there was a grant. */
  revoke(athleteId: number): boolean;
  /** Expires the athlete's access tokens and keeps the refresh token, for tests. */
  expireAccess(athleteId: number): void;
  createCode(
    athleteId: number,
    scopes: readonly string[],
    offered: readonly string[],
  ): string;
  /** Consumes the code. `check` may refuse its athlete before a token is issued. */
  exchange(code: string, check?: (athleteId: number) => void): Grant;
  refresh(refreshToken: string): Grant;
  findAccess(token: string): { token: AccessToken; live: boolean } | undefined;
  /** The athlete an access or refresh token belongs to. */
  findOwner(token: string): number | undefined;
}

const CODE_SECONDS = 10 * 60;
const ACCESS_SECONDS = 6 * 60 * 60;
const REUSE_SECONDS = 60 * 60;

/** Returns the scopes in Strava's order, `read` first, which every grant has. */
export function orderScopes(scopes: Iterable<string>): string[] {
  const wanted = new Set(["read", ...scopes]);
  return SCOPES.filter((scope) => wanted.has(scope));
}

interface Code {
  athleteId: number;
  scopes: readonly string[];
  offered: readonly string[];
  expiresAt: number;
}

export function createGrants(
  options: { now: () => number; random: () => number },
): Grants {
  const grants = new Map<number, Grant>();
  const codes = new Map<string, Code>();
  const accessTokens = new Map<string, AccessToken>();
  const revoked = new Set<string>();

  function seconds(): number {
    return Math.floor(options.now() / 1000);
  }

  function mint(): string {
    return Array.from(
      { length: 40 },
      () => Math.floor(options.random() * 16).toString(16),
    ).join("");
  }

  function issueAccess(
    athleteId: number,
    scopes: ReadonlySet<string>,
  ): AccessToken {
    const access = {
      token: mint(),
      athleteId,
      scopes,
      expiresAt: seconds() + ACCESS_SECONDS,
    };
    accessTokens.set(access.token, access);
    return access;
  }

  function isLive(access: AccessToken): boolean {
    return access.expiresAt > seconds() && !revoked.has(access.token);
  }

  /** Returns the same pair while it is valid for over an hour. Otherwise it issues a new access token and revokes the old refresh token at once. */
  function renew(grant: Grant): Grant {
    if (
      grant.access.expiresAt - seconds() > REUSE_SECONDS && isLive(grant.access)
    ) return grant;
    grant.access = issueAccess(grant.athleteId, grant.scopes);
    grant.refreshToken = mint();
    return grant;
  }

  function issue(
    athleteId: number,
    scopes: readonly string[],
    offered: readonly string[] = scopes,
  ): Grant {
    const granted = new Set(orderScopes(scopes));
    const earlier = grants.get(athleteId);
    const all = new Set([...offered, ...(earlier?.offered ?? [])]);
    if (earlier && earlier.scopes.symmetricDifference(granted).size === 0) {
      return renew(Object.assign(earlier, { offered: all }));
    }
    const grant = {
      athleteId,
      scopes: granted,
      offered: all,
      refreshToken: mint(),
      access: issueAccess(athleteId, granted),
    };
    grants.set(athleteId, grant);
    return grant;
  }

  function exchange(code: string, check?: (athleteId: number) => void): Grant {
    const found = codes.get(code);
    codes.delete(code);
    if (!found || found.expiresAt <= seconds()) {
      throw badRequest("AuthorizationCode", "code");
    }
    check?.(found.athleteId);
    return issue(found.athleteId, found.scopes, found.offered);
  }

  function refresh(refreshToken: string): Grant {
    for (const grant of grants.values()) {
      if (grant.refreshToken === refreshToken) return renew(grant);
    }
    throw badRequest("RefreshToken", "refresh_token");
  }

  function createCode(
    athleteId: number,
    scopes: readonly string[],
    offered: readonly string[],
  ): string {
    const code = mint();
    codes.set(code, {
      athleteId,
      scopes,
      offered,
      expiresAt: seconds() + CODE_SECONDS,
    });
    return code;
  }

  function ofAthlete(athleteId: number): AccessToken[] {
    return [...accessTokens.values()].filter((access) =>
      access.athleteId === athleteId
    );
  }

  function revoke(athleteId: number): boolean {
    for (const access of ofAthlete(athleteId)) revoked.add(access.token);
    return grants.delete(athleteId);
  }

  function findOwner(token: string): number | undefined {
    const access = accessTokens.get(token);
    if (access) return revoked.has(token) ? undefined : access.athleteId;
    return [...grants.values()].find((grant) => grant.refreshToken === token)
      ?.athleteId;
  }

  return {
    get: (athleteId) => grants.get(athleteId),
    liveRefreshToken: (athleteId) => grants.get(athleteId)?.refreshToken,
    liveAccessTokens: (athleteId) =>
      ofAthlete(athleteId).filter(isLive).map(({ token }) => token),
    scope: (athleteId) => orderScopesOf(grants.get(athleteId)),
    issue,
    revoke,
    expireAccess: (athleteId) => {
      for (const access of ofAthlete(athleteId)) access.expiresAt = seconds();
    },
    createCode,
    exchange,
    refresh,
    findAccess: (token) => {
      const access = accessTokens.get(token);
      return access && { token: access, live: isLive(access) };
    },
    findOwner,
  };
}

function orderScopesOf(grant: Grant | undefined): string[] {
  return grant ? orderScopes(grant.scopes) : [];
}
