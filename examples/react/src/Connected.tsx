import { useEffect, useState } from "react";

/** Sentences for the reasons in `?strava=error&reason=...`, which the server redirects to. */
const SENTENCES: Record<string, string> = {
  access_denied: "You declined on Strava's page, so nothing was connected.",
  athlete_not_allowed: "This server does not accept this athlete.",
  athlete_taken: "This athlete belongs to another account.",
  scope_missing: "Leave “View data about your activities” ticked.",
  session_expired: "Your session has expired. Log in and connect again.",
  invalid_state: "The sign-in link has expired or was already used. Connect again.",
};

/** Shows the result of connecting Strava. */
export function Connected() {
  const [{ outcome, reason }] = useState(readOutcome);
  // A reload should not show the message again.
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
        Connected. Your activities are being fetched, newest first.
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
