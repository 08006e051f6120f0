/** How the athlete decides on the simulated consent page. */
export interface ConnectOptions {
  /** Answers the server's own routes: over HTTP, or the function itself. */
  server: (request: Request) => Promise<Response>;
  /** The server's address, without a slash at the end. */
  serverUrl: string;
  athleteId: number;
  /** Scopes that stay ticked; all that are asked for by default. */
  scopes?: readonly string[] | undefined;
  /** Cancels instead. */
  deny?: boolean | undefined;
  /** The cookies of a session. */
  cookie?: string | undefined;
}

/**
 * Connects an athlete as a browser does: opens the server's sign-in, keeps its cookie, fills in
 * the consent form, and goes back. Returns the frontend's address that the server sends it to.
 */
export async function connectAthlete(
  { server, serverUrl, athleteId, scopes, deny = false, cookie: session }:
    ConnectOptions,
): Promise<URL> {
  const cookies = session === undefined ? [] : [session];
  const start = await server(
    new Request(`${serverUrl}/strava/authorize`, {
      headers: { cookie: cookies.join("; ") },
      redirect: "manual",
    }),
  );
  const consent = readLocation(start);
  cookies.push(start.headers.get("set-cookie")?.split(";")[0] ?? "");
  const decided = await fetch(consent, {
    method: "POST",
    body: toForm(consent, { athleteId, scopes, deny }),
    redirect: "manual",
  });
  await decided.body?.cancel();
  const back = readLocation(decided);
  const request = new Request(back, {
    headers: { cookie: cookies.join("; ") },
    redirect: "manual",
  });
  return readLocation(await server(request));
}

function toForm(
  consent: URL,
  { athleteId, scopes, deny }: Pick<
    ConnectOptions,
    "athleteId" | "scopes" | "deny"
  >,
): URLSearchParams {
  const form = new URLSearchParams({
    athlete_id: String(athleteId),
    decision: deny ? "cancel" : "authorize",
  });
  const asked = consent.searchParams.get("scope")?.split(",") ?? [];
  for (const scope of scopes ?? asked) form.append("scopes", scope);
  return form;
}

function readLocation(response: Response): URL {
  const location = response.headers.get("location");
  if (location === null) {
    throw new Error(`Expected a redirect, got ${response.status}`);
  }
  return new URL(location);
}
