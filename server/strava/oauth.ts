import type { StravaApp } from "./app.ts";
import { parseCoerced } from "./coerce.ts";
import { TokenExchange, TokenRefresh } from "./schemas.ts";
import type { SendRequest } from "./send_request.ts";

/** Scopes that Paceline requests: the profile, and all activities including private ones. */
export const REQUESTED_SCOPES = [
  "read",
  "activity:read",
  "activity:read_all",
  "profile:read_all",
];

/** Returns the address of Strava's consent page. */
export function createAuthorizeUrl(
  app: StravaApp,
  { redirectUri, state }: { redirectUri: string; state: string },
): string {
  const url = new URL(`${app.oauthUrl}/authorize`);
  url.search = new URLSearchParams({
    client_id: app.clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    // "auto" would repeat the earlier consent without asking. An athlete who left out a scope, or
    // whose grant has ended, could never choose again.
    approval_prompt: "force",
    scope: REQUESTED_SCOPES.join(","),
    state,
  }).toString();
  return url.href;
}

/**
 * Parses scopes and removes duplicates. Redirects separate scopes with commas, token responses with
 * spaces.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseScopes("read,activity:read"), ["read", "activity:read"]);
 * assert.deepEqual(parseScopes("read activity:read"), ["read", "activity:read"]);
 * ```
 */
export function parseScopes(text: string | null | undefined): string[] {
  return [
    ...new Set((text ?? "").split(/[\s,]+/).filter((scope) => scope !== "")),
  ];
}

/** Reports whether the scopes allow reading activities. */
export function mayReadActivities(scopes: readonly string[]): boolean {
  return scopes.includes("activity:read") ||
    scopes.includes("activity:read_all");
}

/** Exchanges the single-use code of a redirect for tokens. */
export async function exchangeCode(
  send: SendRequest,
  app: StravaApp,
  { code }: { code: string },
): Promise<TokenExchange> {
  const fields = { code, grant_type: "authorization_code" };
  return parseCoerced(TokenExchange, await postToken(send, app, fields));
}

/**
 * Requests a new access token. The response replaces both stored tokens at once, because the earlier
 * refresh token may already be invalid.
 */
export async function refreshTokens(
  send: SendRequest,
  app: StravaApp,
  { refreshToken }: { refreshToken: string },
): Promise<TokenRefresh> {
  const fields = { refresh_token: refreshToken, grant_type: "refresh_token" };
  return parseCoerced(TokenRefresh, await postToken(send, app, fields));
}

/** Ends the grant and both its tokens at Strava, which accepts unknown tokens without an error. */
export async function revokeToken(
  send: SendRequest,
  app: StravaApp,
  { token }: { token: string },
): Promise<void> {
  const credentials = btoa(`${app.clientId}:${app.clientSecret}`);
  await send(`${app.oauthUrl}/revoke`, {
    method: "POST",
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ token }),
    ignoreBody: true,
  });
}

function postToken(
  send: SendRequest,
  app: StravaApp,
  fields: Record<string, string>,
): Promise<unknown> {
  return send(`${app.oauthUrl}/token`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: app.clientId,
      client_secret: app.clientSecret,
      ...fields,
    }),
  });
}
