import { useEffect, useState } from "react";

/** What the server says with `?strava=error&reason=...` when it sends the browser back. */
const SENTENCES: Record<string, string> = {
  access_denied: "You said no on Strava's page, so nothing was connected.",
  athlete_not_allowed: "This server does not take this athlete.",
  athlete_taken: "Somebody else has connected this athlete here.",
  scope_missing: "Leave “View data about your activities” ticked.",
  session_expired: "Your session was over meanwhile. Log in, and connect again.",
  invalid_state: "That took too long, or was done before. Connect again.",
};

/** What became of a way to Strava and back. */
export function Connected() {
  const [{ outcome, reason }] = useState(readOutcome);
  // Loading the page again should not tell it again.
  useEffect(() => {
    const url = new URL(location.href);
    url.searchParams.delete("strava");
    url.searchParams.delete("reason");
    history.replaceState(null, "", url);
  }, []);
  if (outcome === null) return null;
  if (outcome === "success") {
    return (
      <p className="note-box" role="note">
        Connected. The history is being fetched, newest first.
      </p>
    );
  }
  return (
    <p className="failure" role="alert" data-reason={reason}>
      {SENTENCES[reason ?? ""] ?? `Strava was not connected (${reason}).`}
    </p>
  );
}

function readOutcome(): { outcome: string | null; reason: string | null } {
  const query = new URLSearchParams(location.search);
  return { outcome: query.get("strava"), reason: query.get("reason") };
}
