import { renderConsent } from "./strava_consent.ts";
import { type Grant, orderScopes, SCOPES } from "./strava_grants.ts";
import {
  athleteLimit,
  badRequest,
  invalidToken,
  StravaFault,
  toJson,
  unknownPath,
} from "./strava_responses.ts";
import { toSummaryAthlete } from "./strava_profile.ts";
import {
  authenticate,
  type Call,
  readParam,
  type Simulation,
} from "./strava_simulation.ts";

/** What the app asks for on the authorize page, checked. */
interface AuthorizeRequest {
  redirectUri: URL;
  scopes: string[];
  state: string | undefined;
  force: boolean;
}

/** `GET /oauth/authorize`: the consent page, or at once the callback when the athlete has agreed before. */
export async function authorize(
  sim: Simulation,
  call: Call,
): Promise<Response> {
  const asked = readAuthorizeRequest(sim, call);
  const athletes = [...sim.athletes.values()];
  const athleteId = chooseAthlete(sim, call);
  if (athleteId === undefined) {
    throw new Error(
      "Authorization needs an athlete, and the simulator has none: call addAthlete",
    );
  }
  const earlier = sim.grants.get(athleteId);
  if (sim.autoApprove()) return approve(sim, asked, athleteId, asked.scopes);
  const known = earlier &&
    asked.scopes.every((scope) => earlier.offered.has(scope));
  const sure = athletes.length === 1 || readCookie(call) === athleteId;
  if (known && sure && !asked.force) {
    return approve(sim, asked, athleteId, [...earlier.scopes]);
  }
  return await renderConsent({
    athletes,
    chosenId: athleteId,
    scopes: asked.scopes,
    redirectOrigin: asked.redirectUri.origin === "null"
      ? asked.redirectUri.protocol
      : asked.redirectUri.origin,
  });
}

/**
 * `POST /oauth/authorize`: the consent form, which a script may send itself.
 * `decision` is `authorize` or `cancel`; `scopes`, repeated or comma-separated, are those left ticked; `read` is always granted.
 */
export function decide(sim: Simulation, call: Call): Response {
  const asked = readAuthorizeRequest(sim, call);
  if (readParam(call, "decision") === "cancel") {
    return redirect(asked, { error: "access_denied" });
  }
  const athleteId = chooseAthlete(sim, call);
  if (athleteId === undefined) throw badRequest("Athlete", "athlete_id");
  const ticked = call.form.getAll("scopes").flatMap(splitScopes);
  return approve(
    sim,
    asked,
    athleteId,
    ticked.filter((scope) => asked.scopes.includes(scope)),
  );
}

function readAuthorizeRequest(sim: Simulation, call: Call): AuthorizeRequest {
  if (readParam(call, "client_id") !== sim.clientId) {
    throw badRequest("Application", "client_id");
  }
  const redirectUri = URL.parse(readParam(call, "redirect_uri") ?? "");
  if (
    !redirectUri || !isAllowedHost(redirectUri.hostname, sim.callbackDomain)
  ) {
    throw badRequest("Application", "redirect_uri");
  }
  if (readParam(call, "response_type") !== "code") {
    throw badRequest("Authorize", "response_type");
  }
  const scopes = splitScopes(readParam(call, "scope") ?? "");
  if (scopes.length === 0 || scopes.some((scope) => !SCOPES.includes(scope))) {
    throw badRequest("Authorize", "scope");
  }
  const prompt = readParam(call, "approval_prompt") ?? "auto";
  if (prompt !== "auto" && prompt !== "force") {
    throw badRequest("Authorize", "approval_prompt");
  }
  const state = readParam(call, "state");
  return {
    redirectUri,
    scopes: orderScopes(scopes),
    state,
    force: prompt === "force",
  };
}

/** The app registers one bare domain; its subdomains count, and the local names always do. */
function isAllowedHost(host: string, domain: string): boolean {
  return host === "localhost" || host === "127.0.0.1" || host === domain ||
    host.endsWith(`.${domain}`);
}

function splitScopes(text: string): string[] {
  return text.split(/[\s,]+/).filter((scope) => scope !== "");
}

function readCookie(call: Call): number | undefined {
  const found = /(?:^|;\s*)strava_athlete=(\d+)/.exec(
    call.headers.get("Cookie") ?? "",
  );
  return found ? Number(found[1]) : undefined;
}

/** Who sits at the browser: the one named, the one who agreed in it before, or the first. */
function chooseAthlete(sim: Simulation, call: Call): number | undefined {
  const named = readParam(call, "athlete_id");
  if (named !== undefined) return sim.athletes.get(Number(named))?.id;
  return sim.athletes.get(readCookie(call) ?? NaN)?.id ??
    [...sim.athletes.keys()][0];
}

function approve(
  sim: Simulation,
  asked: AuthorizeRequest,
  athleteId: number,
  scopes: readonly string[],
): Response {
  if (sim.faults.athleteLimit && !sim.grants.get(athleteId)) {
    throw athleteLimit();
  }
  const granted = orderScopes(scopes);
  const code = sim.grants.createCode(athleteId, granted, asked.scopes);
  const response = redirect(asked, { code, scope: granted.join(",") });
  response.headers.set(
    "Set-Cookie",
    `strava_athlete=${athleteId}; Path=/oauth; HttpOnly`,
  );
  return response;
}

function redirect(
  asked: AuthorizeRequest,
  params: Record<string, string>,
): Response {
  const target = new URL(asked.redirectUri);
  if (asked.state !== undefined) target.searchParams.set("state", asked.state);
  for (const [name, value] of Object.entries(params)) {
    target.searchParams.set(name, value);
  }
  return new Response(null, {
    status: 302,
    headers: { Location: target.href },
  });
}

/** Refuses a call whose client id or secret is not the app's. */
export function requireClient(
  sim: Simulation,
  id?: string,
  secret?: string,
): void {
  if (id !== sim.clientId) throw badRequest("Application", "client_id");
  if (secret !== sim.clientSecret) {
    throw badRequest("Application", "client_secret");
  }
}

/** `POST /oauth/token`: a code or a refresh token for a token pair. */
export function exchangeToken(sim: Simulation, call: Call): Response {
  requireClient(
    sim,
    readParam(call, "client_id"),
    readParam(call, "client_secret"),
  );
  const grantType = readParam(call, "grant_type");
  if (grantType === "authorization_code") {
    const grant = sim.grants.exchange(
      readParam(call, "code") ?? "",
      (athleteId) => {
        if (
          sim.faults.athleteLimit && !sim.grants.get(athleteId)
        ) throw athleteLimit();
      },
    );
    const athlete = sim.athletes.get(grant.athleteId);
    return toJson({
      ...toTokens(sim, grant),
      athlete: athlete && toSummaryAthlete(athlete.profile),
    });
  }
  if (grantType === "refresh_token") {
    if (sim.faults.rejectRefresh) {
      throw badRequest("RefreshToken", "refresh_token");
    }
    return toJson(
      toTokens(sim, sim.grants.refresh(readParam(call, "refresh_token") ?? "")),
    );
  }
  throw badRequest("Application", "grant_type");
}

/** The wire form of a token pair; its scope is separated by spaces and in another order than the callback's. */
function toTokens(sim: Simulation, grant: Grant): Record<string, unknown> {
  return {
    token_type: "Bearer",
    expires_at: grant.access.expiresAt,
    expires_in: grant.access.expiresAt - Math.floor(sim.now() / 1000),
    refresh_token: grant.refreshToken,
    access_token: grant.access.token,
    scope: [...grant.scopes].sort().join(" "),
  };
}

/** `POST /oauth/revoke` (RFC 7009): 200 and an empty body, even for a token nobody knows. */
export function revoke(sim: Simulation, call: Call): Response {
  const [id, secret] = readBasic(call);
  if (id !== sim.clientId || secret !== sim.clientSecret) {
    throw new StravaFault(401, "Authorization Error", [
      { resource: "Application", field: "", code: "invalid" },
    ]);
  }
  const token = readParam(call, "token");
  if (!token) throw badRequest("Token", "token");
  const owner = sim.grants.findOwner(token);
  if (owner !== undefined) endGrant(sim, owner);
  return new Response(null, { status: 200 });
}

function readBasic(call: Call): string[] {
  const encoded = /^Basic\s+(\S+)$/i.exec(
    call.headers.get("Authorization") ?? "",
  )?.[1];
  try {
    return atob(encoded ?? "").split(/:(.*)/s);
  } catch {
    return [];
  }
}

/** `POST /oauth/deauthorize`: the older way, by a live access token; gone from 1 June 2027. */
export function deauthorize(sim: Simulation, call: Call): Response {
  if (sim.now() >= Date.UTC(2027, 5, 1)) throw unknownPath();
  const { athlete, token } = authenticate(sim, call);
  if (!sim.grants.get(athlete.id)) throw invalidToken();
  endGrant(sim, athlete.id);
  return toJson({ access_token: token });
}

/** Kills the athlete's tokens and tells the subscriber, whether the app or the athlete ended it. */
export function endGrant(sim: Simulation, athleteId: number): void {
  if (sim.grants.revoke(athleteId)) sim.push.emitDeauthorization(athleteId);
}
