import { takeOauthState } from "../../db/oauth_states.ts";
import {
  forgetExchange,
  type Refusal,
  storeConnection,
} from "./store_connection.ts";
import type { Caller, Context } from "../context.ts";
import { readCookies, toCookie } from "../auth/cookies.ts";
import { AppError } from "../errors.ts";
import {
  createState,
  type OauthState,
  randomText,
  readState,
  STATE_LIFETIME_MS,
} from "./oauth_state.ts";
import type { RequestContext, Route } from "../http/route.ts";
import { StravaError, type StravaErrorKind } from "../strava/errors.ts";
import {
  authorizeUrl,
  mayReadActivities,
  readScopes,
} from "../strava/oauth.ts";
import { syncAthlete } from "../sync/sync.ts";

/** Why a connection failed, as the frontend reads it in `?strava=error&reason=...`. */
export type ConnectError =
  | Refusal
  | "access_denied"
  | "athlete_limit_reached"
  | "code_rejected"
  | "invalid_state"
  | "scope_missing"
  | "server_error"
  | "strava_unavailable";

const BROWSER_BYTES = 32;

export const oauthRoutes: Route[] = [
  { method: "GET", path: "/strava/authorize", handle: authorize },
  { method: "GET", path: "/strava/connect", handle: authorize },
  { method: "GET", path: "/strava/callback", handle: callback },
];

/**
 * Sends the browser to Strava's consent page, with a state that only this browser can bring back. In
 * a session the athlete will be its user's, otherwise the instance's own.
 */
async function authorize(request: Request, ctx: Context): Promise<Response> {
  const { caller } = ctx;
  if (caller.kind === "refused" && caller.reason === "session_expired") {
    // A person in a browser can do more with the page to log in than with an error.
    const query = { strava: "error", reason: caller.reason };
    return toFrontend(ctx, query, { keepCookie: true });
  }
  const session = readSession(caller);
  // A browser that is on its way in another tab keeps its cookie, so that both ways work.
  const browser = readBrowser(request, ctx) ?? randomText(BROWSER_BYTES);
  const { stateSecret: secret, strava } = ctx.config;
  const state = await createState({ secret, browser, now: ctx.now(), session });
  return new Response(null, {
    status: 302,
    headers: {
      location: authorizeUrl(ctx.strava.app, {
        redirectUri: strava.redirectUri,
        state,
      }),
      "set-cookie": toBrowserCookie(ctx, browser, STATE_LIFETIME_MS / 1000),
      "cache-control": "no-store",
    },
  });
}

/** The session that an athlete is connected in; keys are for programs, which consent to nothing. */
function readSession(caller: Caller): string | undefined {
  if (caller.kind === "refused") throw new AppError(caller.reason);
  if (caller.kind === "key") throw new AppError("scope_missing");
  return caller.kind === "session" ? caller.session.id : undefined;
}

/** Takes the browser back from Strava, connects the athlete, and begins the first sync. */
async function callback(
  request: Request,
  ctx: RequestContext,
): Promise<Response> {
  const result: Connected & { cause?: unknown } = await connect(request, ctx)
    .catch((cause) => {
      const error = toConnectError(cause);
      if (error !== "server_error") return { error, cause };
      ctx.requestLog.fail(cause);
      return { error };
    });
  if ("error" in result) {
    ctx.log.warning("No athlete was connected: {error}", { ...result });
    return toFrontend(ctx, { strava: "error", reason: result.error });
  }
  const { athleteId } = result;
  ctx.background.run(
    "first sync",
    () => syncAthlete(ctx, { athleteId, trigger: "connect" }),
  );
  return toFrontend(ctx, { strava: "success" });
}

type Connected = { athleteId: number } | { error: ConnectError };

async function connect(request: Request, ctx: Context): Promise<Connected> {
  const query = new URL(request.url).searchParams;
  const state = await takeState(request, ctx);
  if (!state) return { error: "invalid_state" };
  if (query.get("error") === "access_denied") return { error: "access_denied" };
  const { session } = state;
  if (isOtherSession(ctx.caller, session)) return { error: "session_expired" };
  const code = query.get("code");
  if (!code) return { error: "code_rejected" };

  // Outside any transaction: Strava may take its time.
  const exchange = await ctx.strava.exchangeCode(code);
  const scopes = readScopes(query.get("scope") ?? exchange.scope);
  const refusal = mayReadActivities(scopes)
    ? await storeConnection(ctx, { exchange, scopes, session }).catch(
      async (cause) => {
        await forgetExchange(ctx, exchange).catch(() => {});
        throw cause;
      },
    )
    : "scope_missing";
  if (!refusal) return { athleteId: exchange.athlete.id };
  await forgetExchange(ctx, exchange);
  return { error: refusal };
}

/** Uses up the state of the address: good once, in time, and in the browser that got it. */
async function takeState(
  request: Request,
  ctx: Context,
): Promise<OauthState | undefined> {
  const browser = readBrowser(request, ctx);
  const text = new URL(request.url).searchParams.get("state");
  if (!browser || !text) return undefined;
  const { stateSecret: secret } = ctx.config;
  const state = await readState(text, { secret, browser, now: ctx.now() });
  if (!state) return undefined;
  const { nonce, expiresAt } = state;
  const now = new Date(ctx.now());
  const isUnused = await takeOauthState(ctx.sql, { nonce, expiresAt, now });
  return isUnused ? state : undefined;
}

/** Whether somebody else has logged in meanwhile: the athlete would go to who began. */
function isOtherSession(caller: Caller, session: string | undefined): boolean {
  return session !== undefined && caller.kind === "session" &&
    caller.session.id !== session;
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

/** The only place where a browser is sent to. */
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

/** Lax: Strava's page sends the browser back. */
function toBrowserCookie(
  { config }: Context,
  value: string,
  maxAgeSeconds: number,
): string {
  const sameSite = "Lax";
  return toCookie(config, { name: "oauth", value, maxAgeSeconds, sameSite });
}

function readBrowser(request: Request, ctx: Context): string | undefined {
  const [value] = readCookies(request.headers, ctx.config, "oauth");
  return value && /^[\w-]{43}$/.test(value) ? value : undefined;
}
