import type { SimulatedAthlete } from "./athletes.ts";

const LABELS: Record<string, string> = {
  "read": "View data about your public profile",
  "read_all": "View data about your private routes, segments and events",
  "profile:read_all": "View your complete Strava profile",
  "profile:write": "Change your weight, FTP and starred segments",
  "activity:read": "View data about your activities",
  "activity:read_all": "View data about your private activities",
  "activity:write": "Upload and edit your activities",
};

const STYLE = `
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f4f4f5; color: #242428; font: 16px/1.5 system-ui, sans-serif; }
main { box-sizing: border-box; width: min(26rem, 100% - 2rem); padding: 2rem; background: #fff; border: 1px solid #e0e0e4; border-radius: 12px; }
h1 { margin: 0 0 .75rem; font-size: 1.3rem; } p { margin: 0 0 1.25rem; color: #6d6d78; }
fieldset { margin: 0 0 1.25rem; padding: 0; border: 0; } legend { padding: 0 0 .5rem; font-weight: 600; }
label { display: flex; gap: .6rem; padding: .25rem 0; } input { accent-color: #fc5200; }
button { width: 100%; padding: .7rem; border: 1px solid #c24000; border-radius: 8px; background: #c24000; color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
.notice { margin: 0 0 1.25rem; padding: .6rem .8rem; border-left: 4px solid #fc5200; background: #fff3ec; color: #494950; }
button + button { margin-top: .6rem; background: none; border-color: #d4d4d8; color: #494950; }
@media (prefers-color-scheme: dark) { body { background: #18181b; color: #f4f4f5; } main { background: #242428; border-color: #3f3f46; } p { color: #a1a1aa; } .notice { background: #33261f; color: #e4e4e7; } button + button { color: #d4d4d8; border-color: #52525b; } }
`;

/** Notice that the page is not Strava's and needs no account. */
const NOTICE =
  `<p class="notice"><b>This is a simulation of Strava</b>, on your computer: no account is needed, and nothing is sent to Strava.</p>`;

/** The content of the consent page. The form posts to the page's own URL, which holds the request. */
export interface Consent {
  athletes: readonly SimulatedAthlete[];
  chosenId: number;
  scopes: readonly string[];
  redirectOrigin: string;
}

/** Returns the consent page: one form without script or external asset. */
export async function renderConsent(consent: Consent): Promise<Response> {
  return await toPage({
    title: "Connect your account (simulated Strava)",
    // Browsers hold every redirect after the POST to form-action too, so the callback and the
    // local pages behind it are named.
    formTargets:
      `'self' ${consent.redirectOrigin} http://localhost:* http://127.0.0.1:* https:`,
    body: `<h1>Connect your account</h1>
${NOTICE}
<p>The application asks to:</p>
<form method="post">
${renderAthletes(consent)}
<fieldset><legend>Permissions</legend>
${consent.scopes.map(renderScope).join("\n")}
</fieldset>
<button name="decision" value="authorize">Authorize</button>
<button name="decision" value="cancel">Cancel</button>
</form>`,
  });
}

/** Returns the page at the simulator's root. */
export async function renderHome(): Promise<Response> {
  return await toPage({
    title: "Simulated Strava",
    formTargets: "'none'",
    body: `<h1>Simulated Strava</h1>
${NOTICE}
<p>It answers as Strava does, for the demo and the tests: the consent page at <code>/oauth/authorize</code>, which the server leads to, and the API below <code>/api/v3</code>, which asks for the token of a connected athlete.</p>`,
  });
}

async function toPage(
  { title, body, formTargets }: {
    title: string;
    body: string;
    formTargets: string;
  },
): Promise<Response> {
  const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
  return new Response(html, {
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Content-Security-Policy": await toPolicy(formTargets),
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
    },
  });
}

async function toPolicy(formTargets: string): Promise<string> {
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(STYLE),
  );
  const hash = new Uint8Array(digest).toBase64();
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    `form-action ${formTargets}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; ");
}

function renderAthletes({ athletes, chosenId }: Consent): string {
  const name = ({ profile }: SimulatedAthlete): string =>
    escapeHtml(`${profile.firstname} ${profile.lastname}`);
  if (athletes.length === 1) {
    return athletes.map((athlete) =>
      `<p>Signed in as <b>${
        name(athlete)
      }</b></p><input type="hidden" name="athlete_id" value="${athlete.id}">`
    ).join("");
  }
  const choices = athletes.map((athlete) => {
    const checked = athlete.id === chosenId ? " checked" : "";
    return `<label><input type="radio" name="athlete_id" value="${athlete.id}"${checked}> ${
      name(athlete)
    }</label>`;
  });
  return `<fieldset><legend>Athlete</legend>\n${
    choices.join("\n")
  }\n</fieldset>`;
}

function renderScope(scope: string): string {
  const label = escapeHtml(LABELS[scope] ?? scope);
  const fixed = scope === "read" ? " disabled" : ""; // Strava grants it to every app
  return `<label><input type="checkbox" name="scopes" value="${scope}" checked${fixed}> ${label}</label>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(
    ">",
    "&gt;",
  )
    .replaceAll('"', "&quot;");
}
