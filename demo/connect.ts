/** The athlete's choices on the simulated consent page. */
export interface ConnectOptions {
  /** Calls the server's routes: over HTTP, or the app function directly. */
  server: (request: Request) => Promise<Response>;
  /** The server's URL without trailing slash. */
  serverUrl: string;
  athleteId: number;
  /** Scopes that stay ticked. Default: all requested ones. */
  scopes?: readonly string[] | undefined;
  /** Whether to cancel instead. */
  deny?: boolean | undefined;
  /** The cookies of a session. */
  cookie?: string | undefined;
}

/**
 * Connects an athlete as a browser does: opens the server's sign-in, keeps its cookie, submits the
 * consent form and follows the callback. Returns the URL that the server redirects to.
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
