import {
  hasOtherAthlete,
  lockConnecting,
  upsertAthlete,
} from "../db/athletes.ts";
import { getGrant } from "../db/grants.ts";
import { takeOauthState } from "../db/oauth_states.ts";
import { insertSyncState, lockSyncState } from "../db/sync_state.ts";
import type { Context } from "./context.ts";
import { readCookies, toCookie } from "./cookies.ts";
import {
  createState,
  randomText,
  readState,
  STATE_LIFETIME_MS,
} from "./oauth_state.ts";
import type { RequestContext, Route } from "./route.ts";
import { StravaError, type StravaErrorKind } from "./strava/errors.ts";
import { authorizeUrl, mayReadActivities, readScopes } from "./strava/oauth.ts";
import type { TokenExchange } from "./strava/schemas.ts";
import { syncAthlete } from "./sync.ts";
import { storeGrant } from "./tokens.ts";

/** Why a connection failed, as the frontend reads it in `?strava=error&reason=...`. */
export type ConnectError =
  | "access_denied"
  | "athlete_limit_reached"
  | "athlete_not_allowed"
  | "code_rejected"
  | "invalid_state"
  | "scope_missing"
  | "server_error"
  | "strava_unavailable";

const BROWSER_BYTES = 32;

export const oauthRoutes: Route[] = [
  { method: "GET", path: "/strava/authorize", handle: authorize },
  { method: "GET", path: "/strava/callback", handle: callback },
];

/** Sends the browser to Strava's consent page, with a state that only this browser can bring back. */
async function authorize(request: Request, ctx: Context): Promise<Response> {
  // A browser that is on its way in another tab keeps its cookie, so that both ways work.
  const browser = readBrowser(request, ctx) ?? randomText(BROWSER_BYTES);
  const { stateSecret: secret, strava } = ctx.config;
  const state = await createState({ secret, browser, now: ctx.now() });
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
  const code = query.get("code");
  if (!code) return { error: "code_rejected" };

  // Outside any transaction: Strava may take its time.
  const exchange = await ctx.strava.exchangeCode(code);
  const scopes = readScopes(query.get("scope") ?? exchange.scope);
  const refusal = mayReadActivities(scopes)
    ? await storeAthlete(ctx, { exchange, scopes }).catch(async (cause) => {
      await forget(ctx, exchange).catch(() => {});
      throw cause;
    })
    : "scope_missing";
  if (!refusal) return { athleteId: exchange.athlete.id };
  await forget(ctx, exchange);
  return { error: refusal };
}

/** Uses up the state of the address: good once, in time, and in the browser that got it. */
async function takeState(request: Request, ctx: Context): Promise<boolean> {
  const browser = readBrowser(request, ctx);
  const text = new URL(request.url).searchParams.get("state");
  if (!browser || !text) return false;
  const { stateSecret: secret } = ctx.config;
  const state = await readState(text, { secret, browser, now: ctx.now() });
  return state !== undefined &&
    await takeOauthState(ctx.sql, { ...state, now: new Date(ctx.now()) });
}

/** Stores athlete and grant together, or nothing and why not. */
async function storeAthlete(
  ctx: Context,
  { exchange, scopes }: { exchange: TokenExchange; scopes: string[] },
): Promise<ConnectError | undefined> {
  const { athlete } = exchange;
  const now = new Date(ctx.now());
  return await ctx.sql.begin(async (sql) => {
    await lockConnecting(sql);
    await lockSyncState(sql, { athleteId: athlete.id });
    const { allowedAthletes } = ctx.config;
    const isAllowed = allowedAthletes === "first"
      ? !await hasOtherAthlete(sql, { id: athlete.id })
      : allowedAthletes.includes(athlete.id);
    if (!isAllowed) return "athlete_not_allowed" as const;
    await upsertAthlete(sql, { id: athlete.id, profile: athlete, now });
    const grant = {
      athleteId: athlete.id,
      accessToken: exchange.access_token,
      refreshToken: exchange.refresh_token,
      expiresAt: new Date(exchange.expires_at * 1000),
      scopes,
    };
    await storeGrant(sql, { grant, seal: ctx.seal, now });
    await insertSyncState(sql, { athleteId: athlete.id, now });
    return undefined;
  });
}

/** Gives a grant that is not wanted back, so that nothing half-connected is left at Strava. */
async function forget(
  ctx: Context,
  { athlete, refresh_token }: TokenExchange,
): Promise<void> {
  // Revoking ends all of an athlete's tokens: one who is connected would lose the good grant.
  if (await getGrant(ctx.sql, { athleteId: athlete.id })) return;
  await ctx.strava.revokeToken(refresh_token).catch((cause) => {
    ctx.log.warning("Could not give a grant back to Strava", { cause });
  });
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
function toFrontend(ctx: Context, query: Record<string, string>): Response {
  return new Response(null, {
    status: 303,
    headers: {
      location: `${ctx.config.frontendUrl}/?${new URLSearchParams(query)}`,
      "set-cookie": toBrowserCookie(ctx, "", 0),
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
