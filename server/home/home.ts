import { createHash } from "node:crypto";
import { toPage } from "../openapi/docs_routes.ts";
import type { ConnectError } from "../connect/oauth_routes.ts";
import { type HomeState, readHomeState } from "./home_state.ts";
import type { RequestContext, Route } from "../http/route.ts";

/** The page at `/`: what Paceline is and where to go next. */
export const homeRoutes: Route[] = [
  { method: "GET", path: "/", handle: showHome },
];

/** The sentence for each reason in the callback's `?strava=error&reason=...`. */
const SENTENCES: Record<ConnectError, string> = {
  access_denied:
    "You declined on Strava’s page. Nothing was stored. You can connect at any time.",
  athlete_limit_reached:
    "The Strava application has reached its athlete limit: see strava.com/settings/api.",
  athlete_not_allowed:
    "ALLOWED_ATHLETES does not include you, or another athlete is already connected. Nothing was stored.",
  athlete_taken:
    "This athlete belongs to another account. Log in to that account and connect again. An athlete of the instance itself can be taken over by an administrator. Nothing was changed.",
  code_rejected:
    "Strava did not accept the sign-in, often because STRAVA_CLIENT_SECRET is wrong. The server log has Strava’s response.",
  invalid_state:
    "The sign-in link has expired, was already used, or was opened in another browser or under another host name. Connect again.",
  scope_missing:
    "“View data about your activities” was not ticked, and Paceline needs it. Connect again and leave it ticked.",
  server_error: "Internal error: the server log has the cause.",
  session_expired:
    "Your session has ended, or another user has logged in since. Log in and connect again.",
  strava_unavailable:
    "Strava did not respond, or its rate limit is used up. Try again in a few minutes.",
};

/** Text has a contrast of at least 4.5, in light and in dark mode. */
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
.state b { display: block; }
progress { display: block; width: 100%; margin-top: .5rem; accent-color: var(--link); }
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

async function showHome(
  request: Request,
  ctx: RequestContext,
): Promise<Response> {
  const { basePath, publicStats, strava } = ctx.config;
  const notice = readNotice(new URL(request.url).searchParams);
  const state = await readHomeState(ctx);
  const html = toPage(
    notice ? `${notice.title}: Paceline` : "Paceline",
    {
      basePath,
      head: `<style>${STYLE}</style>`,
      body: `<main>
<h1><img src="${basePath}/docs/icon.svg" alt="" width="36" height="36">Paceline</h1>
<p>Your training history, stored in your own database and served to the apps you build.</p>
${notice ? renderNotice(notice) : ""}
${renderState(state, { now: ctx.now(), basePath, hasApp: strava.hasApp })}
${
        strava.hasApp
          ? renderConnect(state, { basePath, hasTried: notice !== undefined })
          : ""
      }
${
        renderLinks({
          basePath,
          note: publicStats ? "" : " (requires an API key or a session)",
        })
      }
</main>`,
    },
  );
  return new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": POLICY,
    },
  });
}

/** Returns the button that leads to Strava. */
function renderConnect(
  state: HomeState,
  { basePath, hasTried }: { basePath: string; hasTried: boolean },
): string {
  const text = state.kind === "nobody" || state.kind === "private" && !hasTried
    ? "Connect your Strava account"
    : state.kind === "files"
    ? "Connect a Strava account"
    : "Connect again";
  return `<p><a class="connect" href="${basePath}/strava/authorize">${text}</a></p>`;
}

/** Returns what the page says about the athlete. Nothing in it comes from the request. */
function renderState(
  state: HomeState,
  { now, basePath, hasApp }: { now: number; basePath: string; hasApp: boolean },
): string {
  switch (state.kind) {
    case "nobody":
      return hasApp
        ? renderParagraph(
          "No athlete is connected yet",
          "Connect your Strava account to fetch all your activities.",
        )
        : renderParagraph(
          "There are no activities yet",
          "Import files of your watch, or Strava’s bulk export: <code>deno task paceline import FILE...</code>",
        );
    case "private":
      return "";
    case "unavailable":
      return renderParagraph(
        "The database does not answer",
        "The server log has the cause. This page works again when it is back.",
      );
    case "syncing":
      return renderParagraph(
        "The first sync is running",
        `${toCount(state)} so far${
          state.remaining ? `, about ${toNumber(state.remaining)} to go` : ""
        }. Statistics are available when it has finished. <a href="${basePath}/">Refresh</a>`,
        renderProgress(state),
      );
    case "waiting":
      return renderParagraph(
        "The first sync is waiting",
        `${toCount(state)} so far. It continues by itself${
          toNextTry(state.nextDueAt, now)
        }. The server log has the reason. <a href="${basePath}/">Refresh</a>`,
        renderProgress(state),
      );
    case "disconnected":
      return renderParagraph(
        "Strava is disconnected",
        `${
          toCount(state)
        } remain stored and served. Connect again to fetch new ones.`,
      );
    case "files":
      return renderParagraph(
        `${toCount(state)} stored`,
        "This athlete's activities come from files.",
      );
    case "synced":
      return renderParagraph(
        `${toCount(state)} stored`,
        state.lastSuccessAt
          ? `Last synced ${toAge(now - state.lastSuccessAt.getTime())}.`
          : "",
      );
  }
}

function renderParagraph(title: string, text: string, more = ""): string {
  return `<p class="state"><b>${title}</b>${text}${more}</p>`;
}

function renderProgress(
  { activities, remaining }: { activities: number; remaining: number | null },
): string {
  if (!remaining) return "";
  return `<progress max="${
    activities + remaining
  }" value="${activities}" aria-label="Progress of the first sync"></progress>`;
}

/** Returns the number of activities. Visitors who may not see all of them read "public" with it. */
function toCount(
  { activities, seesAll }: { activities: number; seesAll: boolean },
): string {
  const noun = activities === 1 ? "activity" : "activities";
  return `${toNumber(activities)} ${seesAll ? "" : "public "}${noun}`;
}

function toNumber(value: number): string {
  return value.toLocaleString("en-US");
}

function toNextTry(at: Date | null, now: number): string {
  const minutes = at ? Math.ceil((at.getTime() - now) / 60_000) : 0;
  return minutes > 1 ? ` in ${minutes} minutes` : " within a minute";
}

function toAge(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 2) return "just now";
  if (minutes < 120) return `${minutes} minutes ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48
    ? `${hours} hours ago`
    : `${Math.round(hours / 24)} days ago`;
}

interface Notice {
  kind: "good" | "bad";
  title: string;
  sentence: string;
}

/** Returns the result of a connection. Anyone can write the URL, so none of it is repeated. */
function readNotice(query: URLSearchParams): Notice | undefined {
  switch (query.get("strava")) {
    case "success":
      return {
        kind: "good",
        title: "Connected",
        sentence: "Paceline fetches your activities now.",
      };
    case "error": {
      const reason = query.get("reason") ?? "";
      return {
        kind: "bad",
        title: "Not connected",
        sentence: Object.hasOwn(SENTENCES, reason)
          ? SENTENCES[reason as ConnectError]
          : "The server log has the reason.",
      };
    }
    default:
      return undefined;
  }
}

function renderNotice({ kind, title, sentence }: Notice): string {
  return `<p class="notice ${kind}" role="status"><b>${title}</b>${sentence}</p>`;
}

function renderLinks(
  { basePath, note }: { basePath: string; note: string },
): string {
  const links = [
    ["/strava/stats/ytd", `This year so far, as JSON${note}`],
    ["/docs", "Try the API"],
    ["/redoc", "Read the API reference"],
    ["/strava/health", "Server health"],
  ] as const;
  const items = links.map(([path, what]) =>
    `<li><a href="${basePath}${path}"><code>${basePath}${path}</code></a><span>${what}</span></li>`
  );
  return `<ul>\n${items.join("\n")}\n</ul>`;
}
