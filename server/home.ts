import { createHash } from "node:crypto";
import type { Context } from "./context.ts";
import { toPage } from "./openapi/docs_routes.ts";
import type { ConnectError } from "./connect/oauth.ts";
import type { Route } from "./http/route.ts";

/** Where a browser lands that has no frontend to land on: what this is, and where to go from here. */
export const homeRoutes: Route[] = [
  { method: "GET", path: "/", handle: showHome },
];

/** What the callback says with `?strava=error&reason=...`, for a person. */
const SENTENCES: Record<ConnectError, string> = {
  access_denied:
    "You said no on Strava’s page. Nothing was stored; connect whenever you like.",
  athlete_limit_reached:
    "The Strava application may not have another athlete: its limit is on strava.com/settings/api.",
  athlete_not_allowed:
    "ALLOWED_ATHLETES does not list you, or allows one athlete and there is another. Nothing was stored.",
  athlete_taken:
    "This athlete belongs to an account here. Whoever has it logs in and connects again; an athlete of the instance itself is an administrator’s to take over. Nothing was changed.",
  code_rejected:
    "Strava did not accept the sign-in, often for a wrong STRAVA_CLIENT_SECRET. The server’s log has its answer.",
  invalid_state:
    "The sign-in took more than 10 minutes, was used before, or came back in another browser or under another host name. Connect again.",
  scope_missing:
    "“View data about your activities” was unticked, and there is nothing to do without it. Connect again and leave it ticked.",
  server_error: "Something failed here; the server’s log says what.",
  session_expired:
    "Your session has ended, or somebody else has logged in meanwhile. Log in and connect again.",
  strava_unavailable:
    "Strava did not answer, or its rate limit is used up. Try again in some minutes.",
};

/** Text on its ground has a contrast of 4.5 or more, in the light and in the dark. */
const STYLE = `
:root { color-scheme: light dark; --ground: #f4f4f5; --card: #fff; --line: #d4d4d8; --text: #242428; --soft: #56565f; --link: #b23a00; --good: #0b6b33; --bad: #a8231b; }
@media (prefers-color-scheme: dark) { :root { --ground: #18181b; --card: #242428; --line: #46464d; --text: #f4f4f5; --soft: #b4b4bd; --link: #ff9a6b; --good: #6fd69a; --bad: #ff9b92; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 38rem; margin: 6vh auto; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
h1 { display: flex; align-items: center; gap: .75rem; margin: 0 0 .5rem; line-height: 1.2; }
p { margin: 0 0 1.25rem; }
a { color: var(--link); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.notice { padding: .75rem 1rem; border: 1px solid var(--line); border-left: 5px solid var(--good); border-radius: 6px; }
.notice.bad { border-left-color: var(--bad); }
.notice b { display: block; color: var(--good); }
.notice.bad b { color: var(--bad); }
.connect { display: inline-block; padding: .6rem 1.1rem; border-radius: 8px; background: #b23a00; color: #fff; font-weight: 600; text-decoration: none; }
ul { margin: 0; padding: 0; list-style: none; }
li { padding: .6rem 0; border-top: 1px solid var(--line); }
li span { display: block; color: var(--soft); }
code { overflow-wrap: anywhere; }
`;

const POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "img-src 'self'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
].join("; ");

function showHome(request: Request, ctx: Context): Response {
  const notice = readNotice(new URL(request.url).searchParams);
  const html = toPage(
    notice ? `${notice.title}: Paceline` : "Paceline",
    `<style>${STYLE}</style>`,
    `<main>
<h1><img src="/docs/icon.svg" alt="" width="36" height="36">Paceline</h1>
<p>Your training history from Strava, kept in your own database and served to what you build on it.</p>
${notice ? renderNotice(notice) : ""}
<p><a class="connect" href="/strava/authorize">Connect ${
      notice?.kind === "good" ? "again" : "your Strava account"
    }</a></p>
${
      renderLinks(
        ctx.config.publicStats ? "" : " (needs the API key or a session)",
      )
    }
</main>`,
  );
  return new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": POLICY,
    },
  });
}

interface Notice {
  kind: "good" | "bad";
  title: string;
  sentence: string;
}

/** What became of a connection. The address is anyone's to write: none of it is repeated here. */
function readNotice(query: URLSearchParams): Notice | undefined {
  switch (query.get("strava")) {
    case "success":
      return {
        kind: "good",
        title: "Connected",
        sentence:
          "The first sync is on its way; statistics answer as soon as it is through.",
      };
    case "error": {
      const reason = query.get("reason") ?? "";
      return {
        kind: "bad",
        title: "Not connected",
        sentence: Object.hasOwn(SENTENCES, reason)
          ? SENTENCES[reason as ConnectError]
          : "The server’s log says why.",
      };
    }
    default:
      return undefined;
  }
}

function renderNotice({ kind, title, sentence }: Notice): string {
  return `<p class="notice ${kind}" role="status"><b>${title}</b>${sentence}</p>`;
}

function renderLinks(note: string): string {
  const links = [
    ["/strava/stats/ytd", `This year so far, as JSON${note}`],
    ["/docs", "The API to try out"],
    ["/redoc", "The API to read"],
    ["/strava/health", "Is the server well?"],
  ] as const;
  const items = links.map(([path, what]) =>
    `<li><a href="${path}"><code>${path}</code></a><span>${what}</span></li>`
  );
  return `<ul>\n${items.join("\n")}\n</ul>`;
}
