import type { Grant } from "./grants.ts";
import {
  athleteLimit,
  badRequest,
  invalidToken,
  StravaFault,
  toJson,
  unknownPath,
} from "./responses.ts";
import { toSummaryAthlete } from "./profile.ts";
import {
  authenticate,
  type Call,
  readParam,
  type Simulation,
} from "./simulation.ts";

/** Throws if the client id or secret is not the app's. */
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

/** Serves `POST /oauth/token`: a code or a refresh token for a token pair. */
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

/** Returns the wire form of a token pair. Its scopes are separated by spaces, in another order than in the callback. */
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

/** Serves `POST /oauth/revoke` (RFC 7009): 200 and an empty body, even for an unknown token. */
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

/** Serves `POST /oauth/deauthorize`: the older way, by a valid access token. It ends on 1 June 2027. */
export function deauthorize(sim: Simulation, call: Call): Response {
  if (sim.now() >= Date.UTC(2027, 5, 1)) throw unknownPath();
  const { athlete, token } = authenticate(sim, call);
  if (!sim.grants.get(athlete.id)) throw invalidToken();
  endGrant(sim, athlete.id);
  return toJson({ access_token: token });
}

/** Revokes the athlete's tokens and notifies the subscriber, whether the app or the athlete ended it. */
export function endGrant(sim: Simulation, athleteId: number): void {
  if (sim.grants.revoke(athleteId)) sim.push.emitDeauthorization(athleteId);
}
