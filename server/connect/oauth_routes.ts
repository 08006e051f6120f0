import { takeOauthState } from "../../db/oauth_states.ts";
import type { Caller, Context } from "../context.ts";
import { readCookies, toCookie } from "../auth/cookies.ts";
import { createRandomText } from "../crypto/random_text.ts";
import { AppError } from "../errors.ts";
import type { RequestContext, Route } from "../http/route.ts";
import { StravaError, type StravaErrorKind } from "../strava/errors.ts";
import {
  createAuthorizeUrl,
  mayReadActivities,
  parseScopes,
} from "../strava/oauth.ts";
import { syncAthlete } from "../sync/run_sync.ts";
import {
  createState,
  type OauthState,
  parseState,
  STATE_LIFETIME_MS,
} from "./oauth_state.ts";
import { countExchange } from "./exchange_limit.ts";
import {
  type ConnectionRefusal,
  revokeUnusedGrant,
  storeConnection,
} from "./store_connection.ts";

/** Reason why a connection failed, for the frontend in `?strava=error&reason=...`. */
export type ConnectError =
  | ConnectionRefusal
  | "access_denied"
  | "athlete_limit_reached"
  | "code_rejected"
  | "invalid_state"
  | "scope_missing"
  | "server_error"
  | "strava_unavailable";

const BROWSER_TOKEN_BYTES = 32;
const BROWSER_TOKEN_PATTERN = /^[\w-]{43}$/;

/** Units of the rate limit. A person opens these routes a few times. */
const COST = 10;

/** The routes of the sign-in at Strava. */
export const oauthRoutes: Route[] = [
  { method: "GET", path: "/strava/authorize", cost: COST, handle: authorize },
  { method: "GET", path: "/strava/connect", cost: COST, handle: authorize },
  { method: "GET", path: "/strava/callback", cost: COST, handle: callback },
];

/**
 * Redirects the browser to Strava's consent page, with a state that only this browser can use. With a
 * session, its user will own the athlete. Without one, it will be the instance's own athlete.
 */
async function authorize(request: Request, ctx: Context): Promise<Response> {
  const { caller } = ctx;
  requireStravaApp(ctx);
  if (caller.kind === "refused" && caller.reason === "session_expired") {
    // The frontend can offer to log in again, which helps a person more than a JSON error.
    const query = { strava: "error", reason: caller.reason };
    return toFrontend(ctx, query, { keepCookie: true });
  }
  // An existing cookie is kept, so that a sign-in in another tab still works.
  const browserToken = readBrowserToken(request, ctx) ??
    createRandomText(BROWSER_TOKEN_BYTES);
  const { stateSecret: secret, strava } = ctx.config;
  const state = await createState({
    secret,
    browserToken,
    now: ctx.now(),
    sessionId: resolveSessionId(caller),
  });
  return new Response(null, {
    status: 302,
    headers: {
      location: createAuthorizeUrl(ctx.strava.app, {
        redirectUri: strava.redirectUri,
        state,
      }),
      "set-cookie": toBrowserCookie(
        ctx,
        browserToken,
        STATE_LIFETIME_MS / 1000,
      ),
      "cache-control": "no-store",
    },
  });
}

/** Throws if the instance has no Strava application to connect with. */
function requireStravaApp({ config }: Context): void {
  if (!config.strava.hasApp) throw new AppError("no_strava_application");
}

/**
 * Returns the session that connects the athlete, or `undefined` for an anonymous caller and an
 * administrator's key.
 *
 * @throws {AppError} For a refused credential, and for an API key: a program cannot give consent.
 */
function resolveSessionId(caller: Caller): string | undefined {
  if (caller.kind === "refused") throw new AppError(caller.reason);
  if (caller.kind === "key") {
    throw new AppError("scope_missing", {
      detail: "No API key can do this: log in and open it with the session",
    });
  }
  return caller.kind === "session" ? caller.session.id : undefined;
}

/** Handles the return from Strava: connects the athlete and starts the first sync. */
async function callback(
  request: Request,
  ctx: RequestContext,
): Promise<Response> {
  requireStravaApp(ctx);
  const result: ConnectResult & { cause?: unknown } = await connect(
    request,
    ctx,
  )
    .catch((cause) => {
      if (cause instanceof AppError) throw cause;
      const error = toConnectError(cause);
      if (error !== "server_error") return { error, cause };
      ctx.requestLog.fail(cause);
      return { error };
    });
  if ("error" in result) {
    ctx.log.warning("Could not connect an athlete: {error}", { ...result });
    return toFrontend(ctx, { strava: "error", reason: result.error });
  }
  const { athleteId } = result;
  ctx.background.run(
    "first sync",
    () => syncAthlete(ctx, { athleteId, trigger: "connect" }),
  );
  return toFrontend(ctx, { strava: "success" });
}

type ConnectResult = { athleteId: number } | { error: ConnectError };

/**
 * Checks the redirect, exchanges its code and stores the connection.
 *
 * @throws {StravaError} If Strava refuses the code or does not answer.
 * @throws {AppError} `too_many_requests` if too many codes were sent.
 */
async function connect(
  request: Request,
  ctx: Context,
): Promise<ConnectResult> {
  const query = new URL(request.url).searchParams;
  const state = await takeState(request, ctx);
  if (!state) return { error: "invalid_state" };
  if (query.get("error") === "access_denied") return { error: "access_denied" };
  const { sessionId } = state;
  if (isOtherSession(ctx.caller, sessionId)) {
    return { error: "session_expired" };
  }
  const code = query.get("code");
  if (!code) return { error: "code_rejected" };

  // Outside any transaction, because Strava may answer slowly.
  const uncount = await countExchange(ctx);
  const exchange = await ctx.strava.exchangeCode(code);
  const scopes = parseScopes(query.get("scope") ?? exchange.scope);
  if (!mayReadActivities(scopes)) {
    await revokeUnusedGrant(ctx, exchange);
    return { error: "scope_missing" };
  }
  const refusal = await storeConnection(ctx, { exchange, scopes, sessionId });
  if (refusal) return { error: refusal };
  await uncount();
  return { athleteId: exchange.athlete.id };
}

/**
 * Takes the state in the address, which is valid once, until it expires, and only in the browser that
 * received it. Returns `undefined` for any other.
 */
async function takeState(
  request: Request,
  ctx: Context,
): Promise<OauthState | undefined> {
  const browserToken = readBrowserToken(request, ctx);
  const text = new URL(request.url).searchParams.get("state");
  if (!browserToken || !text) return undefined;
  const { stateSecret: secret } = ctx.config;
  const state = await parseState(text, {
    secret,
    browserToken,
    now: ctx.now(),
  });
  if (!state) return undefined;
  const { nonce, expiresAt } = state;
  const now = new Date(ctx.now());
  const isUnused = await takeOauthState(ctx.sql, { nonce, expiresAt, now });
  return isUnused ? state : undefined;
}

/**
 * Reports whether another session has replaced the one that started the sign-in. The athlete would go
 * to the user of the earlier session.
 */
function isOtherSession(
  caller: Caller,
  sessionId: string | undefined,
): boolean {
  return sessionId !== undefined && caller.kind === "session" &&
    caller.session.id !== sessionId;
}

const ERROR_OF_KIND: Partial<Record<StravaErrorKind, ConnectError>> = {
  athlete_limit: "athlete_limit_reached",
  rate_limited: "strava_unavailable",
  refused: "code_rejected",
  unauthorized: "code_rejected",
  unavailable: "strava_unavailable",
  unreachable: "strava_unavailable",
};

function toConnectError(cause: unknown): ConnectError {
  const error = cause instanceof StravaError
    ? ERROR_OF_KIND[cause.kind]
    : undefined;
  return error ?? "server_error";
}

/** Redirects the browser to the frontend. The callback redirects to no other place. */
function toFrontend(
  ctx: Context,
  query: Record<string, string>,
  { keepCookie = false } = {},
): Response {
  const cookie = { "set-cookie": toBrowserCookie(ctx, "", 0) };
  return new Response(null, {
    status: 303,
    headers: {
      location: `${ctx.config.frontendUrl}/?${new URLSearchParams(query)}`,
      ...(keepCookie ? {} : cookie),
      "cache-control": "no-store",
    },
  });
}

/** `Lax`, because the browser comes back from Strava's site and must send the cookie. */
function toBrowserCookie(
  { config }: Context,
  value: string,
  maxAgeSeconds: number,
): string {
  const sameSite = "Lax";
  return toCookie(config, { name: "oauth", value, maxAgeSeconds, sameSite });
}

function readBrowserToken(
  request: Request,
  ctx: Context,
): string | undefined {
  const [value] = readCookies(request.headers, ctx.config, "oauth");
  return value && BROWSER_TOKEN_PATTERN.test(value) ? value : undefined;
}
