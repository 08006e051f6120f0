import { findApiKeyCaller } from "../../db/api_keys.ts";
import { findSessionCaller, isSessionLive } from "../../db/sessions.ts";
import { equalsSecret } from "../crypto/constant_time.ts";
import type { Caller, Deps } from "../context.ts";
import { readCookies } from "./cookies.ts";
import { readBearer } from "./credential.ts";
import { hashToken, isApiKey, isToken } from "./token.ts";

/** The dependencies of {@link readCaller}. */
export type CallerDeps = Pick<Deps, "sql" | "config" | "now">;

type Refusal = Extract<Caller, { kind: "refused" }>;

/**
 * Returns the caller of a request, by `X-API-Key` or `Authorization: Bearer`, else by the session's
 * cookies.
 *
 * A wrong credential in a header is refused and never falls back to a cookie or to an anonymous
 * caller. Otherwise a typing error would look like missing data.
 */
export async function readCaller(
  deps: CallerDeps,
  { headers, address }: { headers: Headers; address: string | undefined },
): Promise<Caller> {
  const key = headers.get("x-api-key");
  const bearer = readBearer(headers);
  if (key !== null && bearer !== null) return refuse("too_many_credentials");
  const given = key ?? bearer;
  if (given === null) return await readCookieCaller(deps, headers);
  if (equalsSecret(given, deps.config.internalApiKey)) return { kind: "admin" };
  if (isApiKey(given)) return await readKeyCaller(deps, { given, address });
  return bearer !== null && isToken(bearer, "pa")
    ? await readSessionCaller(deps, bearer)
    : refuse("invalid_api_key");
}

/**
 * Reports whether the key or session of a caller has ended since the request began. A session outlives
 * its access tokens, so a refresh does not count.
 */
export async function hasEnded(
  deps: CallerDeps,
  { caller, headers, address }: {
    caller: Caller;
    headers: Headers;
    address: string | undefined;
  },
): Promise<boolean> {
  if (caller.kind === "session") {
    const options = { id: caller.session.id, now: new Date(deps.now()) };
    return !await isSessionLive(deps.sql, options);
  }
  if (caller.kind !== "key") return false;
  return (await readCaller(deps, { headers, address })).kind !== "key";
}

async function readKeyCaller(
  { sql, now }: CallerDeps,
  { given, address }: { given: string; address: string | undefined },
): Promise<Caller> {
  const options = {
    hash: hashToken(given),
    address,
    now: new Date(now()),
  };
  const found = await findApiKeyCaller(sql, options);
  return found ? { kind: "key", ...found } : refuse("invalid_api_key");
}

/**
 * Returns the holder of an access cookie. An expired one is refused rather than treated as anonymous:
 * a page would otherwise show the instance's public data as its user's own.
 */
async function readCookieCaller(
  deps: CallerDeps,
  headers: Headers,
): Promise<Caller> {
  const access = readCookies(headers, deps.config, "access");
  const refresh = readCookies(headers, deps.config, "refresh");
  if (access.length > 1 || refresh.length > 1) {
    return refuse("too_many_credentials");
  }
  const [token] = access;
  if (token !== undefined) return await readSessionCaller(deps, token);
  return refresh.length > 0 ? refuse("session_expired") : { kind: "anonymous" };
}

async function readSessionCaller(
  { sql, now }: CallerDeps,
  token: string,
): Promise<Caller> {
  if (!isToken(token, "pa")) return refuse("session_expired");
  const options = { accessHash: hashToken(token), now: new Date(now()) };
  const found = await findSessionCaller(sql, options);
  return found ? { kind: "session", ...found } : refuse("session_expired");
}

function refuse(reason: Refusal["reason"]): Refusal {
  return { kind: "refused", reason };
}
