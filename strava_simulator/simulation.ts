import type { SimulatedAthlete } from "./athletes.ts";
import type { Faults } from "./faults.ts";
import type { Grants } from "./grants.ts";
import type { Push, PushOptions } from "./push.ts";
import type { RateLimit } from "./rate_limit.ts";
import { invalidToken, missingScope } from "./responses.ts";
import type { RequestRecord } from "./types.ts";

/** The shared state of one simulator's handlers. */
export interface Simulation {
  clientId: string;
  clientSecret: string;
  callbackDomain: string;
  now: () => number;
  latencyMs: () => number;
  autoApprove: () => boolean;
  athletes: Map<number, SimulatedAthlete>;
  grants: Grants;
  rateLimit: RateLimit;
  faults: Faults;
  push: Push;
  /** Calls webhook callbacks. */
  callback: Pick<PushOptions, "fetch" | "timeoutMs">;
  requests: RequestRecord[];
}

/** A parsed request. Its body becomes form fields, whether sent as a form or as JSON. */
export interface Call {
  method: string;
  url: URL;
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
  headers: Headers;
  signal: AbortSignal;
}

export async function readCall(request: Request): Promise<Call> {
  const url = new URL(request.url);
  return {
    method: request.method,
    url,
    path: url.pathname.replace(/(?<=.)\/+$/, ""),
    query: url.searchParams,
    form: await readForm(request),
    headers: request.headers,
    signal: request.signal,
  };
}

async function readForm(request: Request): Promise<URLSearchParams> {
  if (request.method === "GET" || request.method === "HEAD") {
    return new URLSearchParams();
  }
  const type = request.headers.get("Content-Type") ?? "";
  const text = type.includes("multipart/form-data") ? "" : await request.text();
  if (type.includes("multipart/form-data")) {
    const fields = [...await request.formData()].filter(([, value]) =>
      typeof value === "string"
    );
    return new URLSearchParams(fields as [string, string][]);
  }
  if (!type.includes("json")) return new URLSearchParams(text);
  return readJsonFields(text);
}

function readJsonFields(text: string): URLSearchParams {
  const fields = new URLSearchParams();
  try {
    for (const [key, value] of Object.entries(JSON.parse(text))) {
      fields.set(key, String(value));
    }
  } catch {
    // A body that is not JSON has no fields, and the missing fields are refused later.
  }
  return fields;
}

/** Returns a parameter from the body or else the query: Strava reads both. */
export function readParam(call: Call, name: string): string | undefined {
  return call.form.get(name) ?? call.query.get(name) ?? undefined;
}

/** From 1 June 2027 tokens count only in the Authorization header. */
const HEADER_ONLY_FROM = Date.UTC(2027, 5, 1);

/** Returns a call's access token, if any. */
export function readToken(sim: Simulation, call: Call): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(
    call.headers.get("Authorization") ?? "",
  )?.[1];
  if (bearer !== undefined || sim.now() >= HEADER_ONLY_FROM) return bearer;
  return readParam(call, "access_token");
}

/** A call on behalf of an athlete. */
export interface ApiCall extends Call {
  athlete: SimulatedAthlete;
  token: string;
  scopes: ReadonlySet<string>;
}

/** Returns the call with its athlete. Throws a 401 for an invalid token. */
export function authenticate(sim: Simulation, call: Call): ApiCall {
  const found = sim.grants.findAccess(readToken(sim, call) ?? "");
  const athlete = found?.live
    ? sim.athletes.get(found.token.athleteId)
    : undefined;
  if (!found || !athlete) throw invalidToken();
  return {
    ...call,
    athlete,
    token: found.token.token,
    scopes: found.token.scopes,
  };
}

export function requireScope(call: ApiCall, scope: string): void {
  const wider = scope === "activity:read" ? "activity:read_all" : scope;
  if (!call.scopes.has(scope) && !call.scopes.has(wider)) {
    throw missingScope(scope);
  }
}
