import { renderConsent } from "./consent.ts";
import { orderScopes, SCOPES } from "./grants.ts";
import { athleteLimit, badRequest } from "./responses.ts";
import { type Call, readParam, type Simulation } from "./simulation.ts";

/** The validated parameters of the authorize page. */
interface AuthorizeRequest {
  redirectUri: URL;
  scopes: string[];
  state: string | undefined;
  force: boolean;
}

/** Serves `GET /oauth/authorize`: the consent page, or at once the callback when the athlete has agreed before. */
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
 * Serves `POST /oauth/authorize`: the consent form, which a script may send itself.
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

/** Reports whether a redirect host is the registered domain, a subdomain of it, or local. */
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

/** Returns the browser's athlete: the named one, the one who consented before, or the first. */
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
