import type { StravaRequest } from "./client.ts";
import { TokenExchange, TokenRefresh } from "./schemas.ts";

/** The application as registered at https://www.strava.com/settings/api. */
export interface StravaApp {
  clientId: string;
  clientSecret: string;
  /** Such as `https://www.strava.com/oauth`. */
  oauthUrl: string;
}

/** What is asked for: the profile, and activities down to the private ones. */
export const REQUESTED_SCOPES = [
  "read",
  "activity:read",
  "activity:read_all",
  "profile:read_all",
];

/** The page at Strava where the athlete consents. */
export function authorizeUrl(
  app: StravaApp,
  { redirectUri, state }: { redirectUri: string; state: string },
): string {
  const url = new URL(`${app.oauthUrl}/authorize`);
  url.search = new URLSearchParams({
    client_id: app.clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    // "auto" would repeat what was allowed before without asking: who left out a scope, or whose
    // grant has ended, could never choose again.
    approval_prompt: "force",
    scope: REQUESTED_SCOPES.join(","),
    state,
  }).toString();
  return url.href;
}

/**
 * Scopes as a set: a redirect separates them by commas, a token answer by spaces.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readScopes("read,activity:read"), ["read", "activity:read"]);
 * assert.deepEqual(readScopes("read activity:read"), ["read", "activity:read"]);
 * ```
 */
export function readScopes(text: string | null | undefined): string[] {
  return [
    ...new Set((text ?? "").split(/[\s,]+/).filter((scope) => scope !== "")),
  ];
}

/** Whether activities may be read at all. */
export function mayReadActivities(scopes: readonly string[]): boolean {
  return scopes.includes("activity:read") ||
    scopes.includes("activity:read_all");
}

/** Exchanges the single-use code of a redirect for tokens. */
export async function exchangeCode(
  request: StravaRequest,
  app: StravaApp,
  { code }: { code: string },
): Promise<TokenExchange> {
  const fields = { code, grant_type: "authorization_code" };
  return TokenExchange.parse(await postToken(request, app, fields));
}

/**
 * Asks for a fresh access token. What comes back replaces both stored tokens at once: the earlier
 * refresh token may already be dead.
 */
export async function refreshTokens(
  request: StravaRequest,
  app: StravaApp,
  { refreshToken }: { refreshToken: string },
): Promise<TokenRefresh> {
  const fields = { refresh_token: refreshToken, grant_type: "refresh_token" };
  return TokenRefresh.parse(await postToken(request, app, fields));
}

/** Ends the grant at Strava, both tokens with it; an unknown token is no error there. */
export async function revokeToken(
  request: StravaRequest,
  app: StravaApp,
  { token }: { token: string },
): Promise<void> {
  const credentials = btoa(`${app.clientId}:${app.clientSecret}`);
  await request(`${app.oauthUrl}/revoke`, {
    method: "POST",
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ token }),
    emptyAnswer: true,
  });
}

function postToken(
  request: StravaRequest,
  app: StravaApp,
  fields: Record<string, string>,
): Promise<unknown> {
  return request(`${app.oauthUrl}/token`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: app.clientId,
      client_secret: app.clientSecret,
      ...fields,
    }),
  });
}
